package repscorer.ann.sparse;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.ScoreBounds;
import repscorer.ann.SearchStats;
import repscorer.ann.SearchStats.Plan;
import repscorer.ann.SparseIndex;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.ann.TopK;
import repscorer.vector.SparseQuery;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/**
 * An inverted index from clusters to their top items.
 *
 * <p>A search reads the first M items of the query's N strongest clusters: O(N · M), and with rescoring the whole vector of
 * every item met besides. An exact search reads lists until its bounds exclude all other items, and scans all rows where
 * what lies past the lists' ends could matter. Each allocates its answer only. A query column that no item has counts among
 * the N.
 */
public final class ClusterIndex implements SparseIndex {

    /*
     * The released SimClusters-ANN ranks by what was met on the way: P, the sum of source weight × item weight, and Q, the
     * sum of squared item weights, over the clusters read. An item met in one list only then scores s/|s| whatever its own
     * weight, so whole lists tie. Rescoring ranks what was met by whole vectors instead: the query's weights lie in an array
     * by column, and each row is one pass over its entries against that.
     *
     * An exact search is MaxScore [1], term at a time. Every ranking is an inner product over a norm of the item, so a
     * list adds at most s · max(t / norm) to any item's score. Lists are read by falling bound; after j of them
     *
     *     score(t) ≤ P_j(t) / norm(t) + rest_j,    rest_j = Σ unread s · max + Σ read s · max of the dropped
     *
     * with P_j = 0 for an item not met. When rest_j is below the k-th best P_j / norm, no item that was not met can be among
     * the best, and of those met only the ones whose bound reaches it are scored on their whole vectors.
     *
     * [1] Turtle and Flood: Query evaluation: strategies and optimizations. Information Processing & Management 31 (1995).
     */

    /** How many scratch objects are kept for later searches; more searches at once allocate their own. */
    private static final int SCRATCHES_KEPT = 2 * Runtime.getRuntime().availableProcessors();

    /** Scoring a row on its whole vector costs about as much as reading so many postings. */
    private static final int POSTINGS_PER_ROW = 20;

    /** Sums taken in two orders differ by less than this; bounds are raised by it. */
    static final double SLACK = 1 + 1e-9;

    private final SparseRows rows;
    private final Postings postings;
    private final double[] squaredNorms;
    private final ConcurrentLinkedQueue<Scratch> scratches = new ConcurrentLinkedQueue<>();
    private final AtomicInteger scratchesKept = new AtomicInteger();

    private ClusterIndex(SparseRows rows, Postings postings, double[] squaredNorms) {
        this.rows = rows;
        this.postings = postings;
        this.squaredNorms = squaredNorms;
    }

    /**
     * Inverts {@code rows}, keeping the strongest {@code itemsPerClusterMax} items of each cluster. Three passes over the
     * rows; keeps 8 bytes for each posting and for each row, and 64 for each cluster.
     *
     * @param rows stay where they are and must outlive the index; rescoring reads them
     * @throws IllegalArgumentException when {@code itemsPerClusterMax} is less than 1, or the lists together would hold more
     *     than 2³¹ - 9 postings
     */
    public static ClusterIndex build(SparseRows rows, int itemsPerClusterMax) {
        if (itemsPerClusterMax < 1) {
            throw new IllegalArgumentException("itemsPerClusterMax must be at least 1: " + itemsPerClusterMax);
        }
        RowReader reader = new RowReader();
        double[] squaredNorms = squaredNorms(rows, reader);
        Postings postings = Postings.build(rows, itemsPerClusterMax, squaredNorms, reader);
        return new ClusterIndex(rows, postings, squaredNorms);
    }

    private static double[] squaredNorms(SparseRows rows, RowReader reader) {
        double[] squaredNorms = new double[rows.count()];
        for (int ordinal = 0; ordinal < squaredNorms.length; ordinal++) {
            int size = reader.read(rows, ordinal);
            double sum = 0;
            for (int i = 0; i < size; i++) {
                double weight = reader.weights()[i];
                sum += weight * weight;
            }
            squaredNorms[ordinal] = sum;
        }
        return squaredNorms;
    }

    @Override
    public int count() {
        return rows.count();
    }

    @Override
    public Neighbors search(SparseVector query, SparseSearchOptions options) {
        Scratch scratch = borrow();
        try {
            scratch.query().set(query);
            return switch (options.mode()) {
                case RELEASED -> {
                    readFronts(query, options, scratch);
                    yield rankMet(options, scratch);
                }
                case RESCORED -> {
                    readFronts(query, options, scratch);
                    yield rankWhole(options, scratch);
                }
                case EXACT -> rankAll(query, options, scratch);
            };
        } finally {
            giveBack(scratch);
        }
    }

    /** Meets the first M items of each of the query's N strongest clusters. */
    private void readFronts(SparseVector query, SparseSearchOptions options, Scratch scratch) {
        int size = query.size();
        long[] strongest = scratch.ranked(size);
        for (int i = 0; i < size; i++) {
            strongest[i] = TopK.key(i, query.weights()[i]);
        }
        Arrays.sort(strongest, 0, size);
        for (int i = size - 1; i >= Math.max(0, size - options.clustersScanned()); i--) {
            int place = TopK.ordinal(strongest[i]);
            int list = postings.list(query.columns()[place]);
            if (list != IntTable.ABSENT) {
                readList(list, query.weights()[place], options.itemsPerCluster(), options.filter(), scratch);
            }
        }
    }

    /** Meets the first {@code itemsMax} items of a list. */
    private void readList(int list, double sourceWeight, int itemsMax, OrdinalFilter filter, Scratch scratch) {
        int end = Math.min(itemsMax, postings.size(list));
        for (int i = 0; i < end; i++) {
            long posting = postings.posting(list, i);
            int ordinal = TopK.ordinal(posting);
            if (filter.accepts(ordinal)) {
                double weight = TopK.score(posting);
                scratch.meet(ordinal, sourceWeight * weight, weight * weight);
            }
        }
    }

    /** Ranks by P and Q. The ranking keeps the best X and answers the best Y of those by the same score. */
    private Neighbors rankMet(SparseSearchOptions options, Scratch scratch) {
        TopK best = scratch.best();
        best.reset(Math.min(options.candidatesMax(), options.resultsMax()));
        Ranking ranking = options.ranking();
        double sourceNorm = Norms.source(ranking, scratch.query().squaredNorm());
        int itemNorm = Norms.itemNorm(ranking);
        float scoreMin = options.scoreMin();
        int size = scratch.size();
        for (int place = 0; place < size; place++) {
            double norm = sourceNorm * Norms.item(itemNorm, scratch.square(place));
            float score = (float) (scratch.product(place) / norm);
            if (score >= scoreMin) {
                best.offer(scratch.item(place), score);
            }
        }
        return best.drain(new SearchStats(Plan.CLUSTERS, size, 0));
    }

    /** Ranks by the whole vectors of everything met. */
    private Neighbors rankWhole(SparseSearchOptions options, Scratch scratch) {
        TopK best = scratch.best();
        best.reset(options.resultsMax());
        Ranking ranking = options.ranking();
        double sourceNorm = Norms.source(ranking, scratch.query().squaredNorm());
        int itemNorm = Norms.itemNorm(ranking);
        float scoreMin = options.scoreMin();
        int size = scratch.size();
        for (int from = 0; from < size; from += Scratch.BATCH) {
            int to = Math.min(size, from + Scratch.BATCH);
            scratch.fetch(rows, from, to);
            for (int place = from; place < to; place++) {
                int ordinal = scratch.item(place);
                float score = whole(scratch.query(), sourceNorm, itemNorm, ordinal);
                if (score >= scoreMin) {
                    best.offer(ordinal, score);
                }
            }
        }
        return best.drain(new SearchStats(Plan.CLUSTERS_RESCORED, size, 0));
    }

    private float whole(SparseQuery query, double sourceNorm, int itemNorm, int ordinal) {
        query.readProducts(rows, ordinal);
        return (float) (query.dot() / (sourceNorm * Norms.item(itemNorm, squaredNorms[ordinal])));
    }

    /** Ranks all rows that share a cluster with the query. */
    private Neighbors rankAll(SparseVector query, SparseSearchOptions options, Scratch scratch) {
        int itemNorm = Norms.itemNorm(options.ranking());
        double sourceNorm = Norms.source(options.ranking(), scratch.query().squaredNorm());
        int lists = rankLists(query, itemNorm, scratch);
        long[] ranked = scratch.ranked(lists);
        double[] rest = scratch.rest(lists);
        TopK best = scratch.best();
        long unread = 0;
        for (int j = 0; j < lists; j++) {
            unread += postings.size(postings.list(query.columns()[TopK.ordinal(ranked[j])]));
        }
        long readSince = 0;
        float threshold = options.scoreMin();
        int read = 0;
        while (read < lists) {
            int place = TopK.ordinal(ranked[lists - 1 - read]);
            int list = postings.list(query.columns()[place]);
            readList(list, query.weights()[place], Integer.MAX_VALUE, options.filter(), scratch);
            read++;
            unread -= postings.size(list);
            readSince += postings.size(list);
            // Each look at what was met costs about as much as reading as many postings: not more often than that pays.
            if (readSince >= scratch.size() || read == lists) {
                readSince = 0;
                threshold = threshold(options, itemNorm, sourceNorm, scratch);
                if (bound(rest[read] / sourceNorm) < threshold
                        && (long) POSTINGS_PER_ROW * reaching(threshold, rest[read], itemNorm, sourceNorm, scratch)
                                <= unread + (long) POSTINGS_PER_ROW * 2 * options.resultsMax()) {
                    break;
                }
            }
        }
        double left = rest[read];
        boolean scans = left > 0 && bound(left / sourceNorm) >= threshold;
        best.reset(options.resultsMax());
        long scored = scans
                ? scan(options, itemNorm, sourceNorm, scratch)
                : rankReaching(options, threshold, left, itemNorm, sourceNorm, scratch);
        return best.drain(new SearchStats(scans ? Plan.EXACT : Plan.CLUSTERS_EXACT, scored, 0));
    }

    /**
     * Sorts the query's lists by what they can add, least first, and notes for each number of lists read from the end what
     * the rest can add. Answers how many lists there are.
     */
    private int rankLists(SparseVector query, int itemNorm, Scratch scratch) {
        long[] ranked = scratch.ranked(query.size());
        double[] rest = scratch.rest(query.size());
        int lists = 0;
        for (int place = 0; place < query.size(); place++) {
            int list = postings.list(query.columns()[place]);
            if (list != IntTable.ABSENT) {
                ranked[lists++] =
                        TopK.key(place, (float) (query.weights()[place] * postings.impactMax(itemNorm, list)));
            }
        }
        Arrays.sort(ranked, 0, lists);
        double unread = 0; // summed from the least on: as a difference from the whole it would be mostly rounding
        rest[lists] = 0;
        for (int j = 0; j < lists; j++) {
            int place = TopK.ordinal(ranked[j]);
            unread += query.weights()[place] * postings.impactMax(itemNorm, postings.list(query.columns()[place]));
            rest[lists - 1 - j] = unread;
        }
        double dropped = 0;
        for (int read = 1; read <= lists; read++) {
            int place = TopK.ordinal(ranked[lists - read]);
            dropped += query.weights()[place] * postings.droppedMax(itemNorm, postings.list(query.columns()[place]));
            rest[read] += dropped;
        }
        return lists;
    }

    /** What an item must reach: the k-th best of what is known of those met, or the least score to answer. */
    private float threshold(SparseSearchOptions options, int itemNorm, double sourceNorm, Scratch scratch) {
        int size = scratch.size();
        if (size < options.resultsMax()) {
            return options.scoreMin();
        }
        TopK best = scratch.best();
        best.reset(options.resultsMax());
        for (int place = 0; place < size; place++) {
            best.offer(place, (float) (known(place, itemNorm, scratch) / sourceNorm));
        }
        // The score itself is a sum in another order, which may round to the float below.
        return Math.max(options.scoreMin(), Math.nextDown(best.worst()));
    }

    private double known(int place, int itemNorm, Scratch scratch) {
        return scratch.product(place) / Norms.item(itemNorm, squaredNorms[scratch.item(place)]);
    }

    private int reaching(float threshold, double left, int itemNorm, double sourceNorm, Scratch scratch) {
        int reaching = 0;
        for (int place = 0; place < scratch.size(); place++) {
            reaching += bound((known(place, itemNorm, scratch) + left) / sourceNorm) >= threshold ? 1 : 0;
        }
        return reaching;
    }

    private long rankReaching(
            SparseSearchOptions options,
            float threshold,
            double left,
            int itemNorm,
            double sourceNorm,
            Scratch scratch) {
        long scored = 0;
        for (int place = 0; place < scratch.size(); place++) {
            if (bound((known(place, itemNorm, scratch) + left) / sourceNorm) >= threshold) {
                scored++;
                offer(options, itemNorm, sourceNorm, scratch.item(place), scratch);
            }
        }
        return scored;
    }

    private long scan(SparseSearchOptions options, int itemNorm, double sourceNorm, Scratch scratch) {
        long scored = 0;
        int count = rows.count();
        for (int ordinal = 0; ordinal < count; ordinal++) {
            if (options.filter().accepts(ordinal)) {
                scored++;
                offer(options, itemNorm, sourceNorm, ordinal, scratch);
            }
        }
        return scored;
    }

    private void offer(SparseSearchOptions options, int itemNorm, double sourceNorm, int ordinal, Scratch scratch) {
        float score = whole(scratch.query(), sourceNorm, itemNorm, ordinal);
        if (scratch.query().dot() > 0 && score >= options.scoreMin()) {
            scratch.best().offer(ordinal, score);
        }
    }

    /** Reads all lists of the query's clusters: O(their postings). The bounds are safe whatever the lists keep. */
    @Override
    public ScoreBounds bounds(SparseVector query, Ranking ranking) {
        Scratch scratch = borrow();
        scratch.query().set(query);
        int itemNorm = Norms.itemNorm(ranking);
        int lists = rankLists(query, itemNorm, scratch);
        for (int j = 0; j < lists; j++) {
            int place = TopK.ordinal(scratch.ranked(lists)[j]);
            int list = postings.list(query.columns()[place]);
            readList(list, query.weights()[place], Integer.MAX_VALUE, OrdinalFilter.ALL, scratch);
        }
        double sourceNorm = Norms.source(ranking, scratch.query().squaredNorm());
        return new ClusterBounds(this, scratch, itemNorm, sourceNorm, scratch.rest(lists)[lists]);
    }

    double bound(int place, double left, int itemNorm, double sourceNorm, Scratch scratch) {
        return SLACK * (known(place, itemNorm, scratch) + left) / sourceNorm;
    }

    /** A bound as a float that is not below it. */
    private static float bound(double bound) {
        return (float) (bound * SLACK);
    }

    private Scratch borrow() {
        @Nullable Scratch scratch = scratches.poll();
        if (scratch == null) {
            return new Scratch(rows.count());
        }
        scratchesKept.decrementAndGet();
        return scratch;
    }

    void giveBack(Scratch scratch) {
        scratch.clear();
        if (scratchesKept.incrementAndGet() <= SCRATCHES_KEPT) {
            scratches.add(scratch);
        } else {
            scratchesKept.decrementAndGet();
        }
    }
}
