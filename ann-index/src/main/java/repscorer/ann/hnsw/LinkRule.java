package repscorer.ann.hnsw;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import repscorer.os.OffHeap;
import repscorer.vector.Metric;

/**
 * By what a graph's links are chosen: by its scorer, and under inner products by the directions of its rows too. Safe for
 * concurrent use with a scratch each.
 */
final class LinkRule {

    /*
     * By inner products a row is closer to long rows than to itself, and where all rows have a large part in common, to those
     * that reach far along it: all link to the same few, the rule of lists leaves one of these to each, and nothing leads to
     * the rest. So candidates for a row are sought twice, by inner products and by the directions in which rows lie from their
     * mean, and a list is made of two kinds of links: first those chosen by inner products, three quarters of the places at
     * most; then those chosen by directions; what these leave free goes to the former. Searches see one list and rank by inner
     * products alone. ([1] goes over a graph of cosines before one of inner products; a part in common makes all cosines
     * alike, and a second graph takes a second list a row.)
     *
     * [1] Liu, Yan, Dai, Li, Cheng, Yang: Understanding and Improving Proximity Graph based Maximum Inner Product Search,
     *     AAAI 2020 (arXiv 1909.13459).
     */

    /** Of a list's places, how many links chosen by inner products take before those by directions. */
    private static final double PRODUCTS_MAX = 0.75;

    private final RowScorer scorer;
    private final @Nullable DirectionScorer directions;

    private LinkRule(RowScorer scorer, @Nullable DirectionScorer directions) {
        this.scorer = scorer;
        this.directions = directions;
    }

    /** By the scorer alone. */
    static LinkRule by(RowScorer scorer) {
        return new LinkRule(scorer, null);
    }

    /**
     * As the scorer's metric asks for.
     *
     * @param rows those that are linked, or will be first: directions are taken from their mean
     * @param capacity above every row's ordinal
     */
    static LinkRule of(RowScorer scorer, int[] rows, int capacity, int dimension) {
        return scorer.metric == Metric.INNER_PRODUCT
                ? new LinkRule(scorer, DirectionScorer.of(scorer, rows, capacity, dimension))
                : by(scorer);
    }

    /** What searches score by. */
    RowScorer scorer() {
        return scorer;
    }

    /** How often candidates for a row are sought: once by each scorer. */
    int kinds() {
        return directions == null ? 1 : 2;
    }

    /** What the candidates of one kind are sought and chosen by; the last is what searches score by. */
    RowScorer by(int kind) {
        return directions == null || kind > 0 ? scorer : directions;
    }

    /** By what rows lie near each other, whatever their length. */
    RowScorer nearness() {
        return by(0);
    }

    /** Learns what it must know of a row before it is linked; the scratch is overwritten. */
    void set(int row, PreparedQuery scratch) {
        if (directions != null) {
            directions.set(row, scratch);
        }
    }

    /**
     * Chooses a row's links on a level among the candidates of one kind: the first {@code n} of the scratch, with falling scores
     * and with the row as the query. The last kind puts the list in front, with scores, and answers how long it is; the one
     * before keeps its part in the scratch and answers 0.
     */
    int choose(int kind, int level, BuildScratch scratch, int n, int max) {
        int links = scratch.choose(by(kind), n, max);
        if (kind + 1 < kinds()) {
            scratch.chosenBefore[level] = Arrays.copyOf(scratch.ids, links);
            return 0;
        }
        if (kind > 0) {
            links = join(scratch, scratch.chosenBefore[level], links, max);
            scorer.score(scratch.search.query, scratch.ids, links, scratch.scores);
        }
        return links;
    }

    /** Makes one list of the links by products, which are in front, and those by direction. */
    private static int join(BuildScratch scratch, int[] byDirection, int links, int max) {
        int[] byProduct = Arrays.copyOf(scratch.ids, links);
        scratch.search.clearVisited();
        int first = Math.min(links, (int) (PRODUCTS_MAX * max));
        int n = scratch.append(byProduct, 0, first, 0, max);
        n = scratch.append(byDirection, 0, byDirection.length, n, max);
        return scratch.append(byProduct, first, links, n, max);
    }

    /**
     * Chooses an owner's list anew among the first {@code n} rows of the scratch, which come in any order with their scores.
     * Puts the list in front, with scores, and answers how long it is.
     */
    int chooseAnew(BuildScratch scratch, int owner, int n, int max) {
        if (directions != null) {
            return chooseAnew(directions, scratch, owner, n, max, false);
        }
        scratch.sort(n);
        return scratch.choose(scorer, n, max);
    }

    /** The same, then the nearest of those left out, until there are {@code links}. */
    int chooseAtLeast(BuildScratch scratch, int owner, int n, int links) {
        if (directions != null) {
            return chooseAnew(directions, scratch, owner, n, links, true);
        }
        scratch.sort(n);
        return scratch.chooseAtLeast(scorer, n, links);
    }

    private int chooseAnew(DirectionScorer by, BuildScratch scratch, int owner, int n, int max, boolean fills) {
        PreparedQuery query = scratch.search.query;
        by.prepareRow(query, owner);
        by.score(query, scratch.ids, n, scratch.scores);
        scratch.sort(n);
        int[] nearest = Arrays.copyOf(scratch.ids, n);
        int[] byDirection = Arrays.copyOf(scratch.ids, scratch.choose(by, n, max));
        System.arraycopy(nearest, 0, scratch.ids, 0, n);
        scorer.prepareRow(query, owner);
        scorer.score(query, scratch.ids, n, scratch.scores);
        scratch.sort(n);
        int links = join(scratch, byDirection, scratch.choose(scorer, n, max), max);
        if (fills) {
            links = scratch.append(nearest, 0, n, links, max);
        }
        scorer.score(query, scratch.ids, links, scratch.scores);
        return links;
    }

    /** Scores rows by the cosine between the directions in which they lie from a centre, over a scorer of inner products. */
    static final class DirectionScorer extends RowScorer {

        /*
         * With e the direction of one row from the centre, of length one, the cosine of another row x is
         *
         *   (e · x - e · centre) / |x - centre|
         *
         * so the scorer beneath is asked for the inner product with e, and a row needs one float, kept here. A part that all rows
         * have in common is in the centre and cancels out.
         */

        private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

        private final RowScorer products;
        private final float[] centre;

        /** By row: one over its distance from the centre, 0 where that is none. */
        private final MemorySegment inverses;

        private DirectionScorer(RowScorer products, float[] centre, MemorySegment inverses) {
            super(Metric.COSINE);
            this.products = products;
            this.centre = centre;
            this.inverses = inverses;
        }

        /**
         * Directions from the mean of rows. O(rows · dimension).
         *
         * @param products scores by inner products
         * @param rows those that are to be scored; of others, before they are, {@link #set} must be told
         * @param capacity above every row's ordinal
         */
        static DirectionScorer of(RowScorer products, int[] rows, int capacity, int dimension) {
            float[] centre = new float[dimension];
            DirectionScorer scorer = new DirectionScorer(
                    products, centre, OffHeap.allocate(Float.BYTES * (long) capacity, Arena.ofAuto()));
            PreparedQuery scratch = new PreparedQuery(dimension);
            double[] sums = new double[dimension];
            for (int row : rows) {
                products.copyRow(scratch, row);
                for (int j = 0; j < dimension; j++) {
                    sums[j] += scratch.values[j];
                }
            }
            for (int j = 0; rows.length > 0 && j < dimension; j++) {
                centre[j] = (float) (sums[j] / rows.length);
            }
            for (int row : rows) {
                scorer.set(row, scratch);
            }
            return scorer;
        }

        /** Learns how far a row lies from the centre; the scratch is overwritten. */
        void set(int row, PreparedQuery scratch) {
            products.copyRow(scratch, row);
            float[] values = scratch.values;
            double squares = 0;
            for (int j = 0; j < values.length; j++) {
                double distance = values[j] - centre[j];
                squares += distance * distance;
            }
            float inverse = (float) (1 / Math.sqrt(squares));
            inverses.set(FLOAT, Float.BYTES * (long) row, inverse <= Float.MAX_VALUE ? inverse : 0);
        }

        @Override
        void copyRow(PreparedQuery into, int ordinal) {
            products.copyRow(into, ordinal);
        }

        @Override
        void prepare(PreparedQuery query, float[] vector, float norm) {
            float[] values = query.values;
            double squares = 0;
            for (int j = 0; j < values.length; j++) {
                values[j] = vector[j] - centre[j];
                squares += (double) values[j] * values[j];
            }
            double distance = Math.sqrt(squares);
            double product = 0;
            for (int j = 0; j < values.length; j++) {
                values[j] = squares == 0 ? 0 : (float) (values[j] / distance);
                product += (double) values[j] * centre[j];
            }
            query.centre = (float) product;
            products.prepare(query, values, 1);
        }

        @Override
        void prepareRow(PreparedQuery query, int ordinal) {
            products.copyRow(query, ordinal);
            prepare(query, query.values, 1);
        }

        @Override
        void prefetch(int[] ordinals, int n) {
            products.prefetch(ordinals, n);
        }

        @Override
        void score(PreparedQuery query, int[] ordinals, int n, float[] into) {
            products.score(query, ordinals, n, into);
            float beside = query.centre;
            for (int i = 0; i < n; i++) {
                into[i] = (into[i] - beside) * inverses.get(FLOAT, Float.BYTES * (long) ordinals[i]);
            }
        }

        @Override
        long bytes() {
            return products.bytes() + inverses.byteSize();
        }
    }
}
