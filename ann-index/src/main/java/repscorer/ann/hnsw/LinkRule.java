package repscorer.ann.hnsw;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
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
}
