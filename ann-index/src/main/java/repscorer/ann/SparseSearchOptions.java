package repscorer.ann;

/**
 * What one search through clusters asks for. The letters are those of the SimClusters-ANN description.
 *
 * @param clustersScanned N: how many of the query's strongest clusters are read; no effect in {@link Mode#EXACT}
 * @param itemsPerCluster M: how many items are read from the front of each cluster's list; no effect in {@link Mode#EXACT}
 * @param candidatesMax X: how many of the items met are kept for the ranking, by their partial score; for
 *     {@link Mode#RELEASED} only
 * @param resultsMax Y: how many are answered
 * @param scoreMin Z: the least score to answer
 * @param ranking what the score is
 * @param mode which items are ranked, and by what
 * @param filter which ordinals may be answered: that of the source and those out of age, for instance, may not
 * @param deadlineNanos as of {@link SearchOptions}
 */
public record SparseSearchOptions(
        int clustersScanned,
        int itemsPerCluster,
        int candidatesMax,
        int resultsMax,
        float scoreMin,
        Ranking ranking,
        Mode mode,
        OrdinalFilter filter,
        long deadlineNanos) {

    public static final int CLUSTERS_SCANNED_DEFAULT = 50;
    public static final int ITEMS_PER_CLUSTER_DEFAULT = 400;
    public static final int CANDIDATES_MAX_DEFAULT = 200;

    /** Which items are ranked, and by what. */
    public enum Mode {
        /** The released SimClusters-ANN: the items met, by what was met of them. */
        RELEASED,
        /** The items met, by their whole vectors. */
        RESCORED,
        /** All items there are, by their whole vectors; bounds decide which need no look. */
        EXACT
    }

    /**
     * The four scores of the released algorithm and one more, with P and Q the sums of source weight × item weight and of
     * squared item weights: over the clusters in which an item was met in {@link Mode#RELEASED}, else over all.
     */
    public enum Ranking {
        /** P = sum of source weight × item weight. */
        DOT,
        /** P / (|source| · √Q). */
        COSINE,
        /** P / (ln(|source|² + 1) · ln(Q + 1)). */
        LOG_COSINE,
        /** P / √Q. */
        COSINE_NO_SOURCE_NORM,
        /** P / (|source|^0.6 · Q^0.3); the released algorithm does not have it. */
        EXP_SCALED_COSINE
    }

    public SparseSearchOptions {
        if (clustersScanned < 1 || itemsPerCluster < 1 || candidatesMax < 1 || resultsMax < 1) {
            throw new IllegalArgumentException(
                    "clustersScanned, itemsPerCluster, candidatesMax and resultsMax must be at least 1: %s, %s, %s, %s"
                            .formatted(clustersScanned, itemsPerCluster, candidatesMax, resultsMax));
        }
        if (Float.isNaN(scoreMin)) {
            throw new IllegalArgumentException("scoreMin must be a number: NaN");
        }
    }

    /** Without a deadline. */
    public SparseSearchOptions(
            int clustersScanned,
            int itemsPerCluster,
            int candidatesMax,
            int resultsMax,
            float scoreMin,
            Ranking ranking,
            Mode mode,
            OrdinalFilter filter) {
        this(
                clustersScanned,
                itemsPerCluster,
                candidatesMax,
                resultsMax,
                scoreMin,
                ranking,
                mode,
                filter,
                SearchOptions.NO_DEADLINE);
    }

    /** The defaults (N = 50, M = 400, X = 200), cosine, rescored exactly, {@code k} answers. */
    public static SparseSearchOptions of(int k) {
        return new SparseSearchOptions(
                CLUSTERS_SCANNED_DEFAULT,
                ITEMS_PER_CLUSTER_DEFAULT,
                Math.max(k, CANDIDATES_MAX_DEFAULT),
                k,
                Float.NEGATIVE_INFINITY,
                Ranking.COSINE,
                Mode.RESCORED,
                OrdinalFilter.ALL);
    }

    public SparseSearchOptions withMode(Mode mode) {
        return new SparseSearchOptions(
                clustersScanned,
                itemsPerCluster,
                candidatesMax,
                resultsMax,
                scoreMin,
                ranking,
                mode,
                filter,
                deadlineNanos);
    }

    public SparseSearchOptions withRanking(Ranking ranking) {
        return new SparseSearchOptions(
                clustersScanned,
                itemsPerCluster,
                candidatesMax,
                resultsMax,
                scoreMin,
                ranking,
                mode,
                filter,
                deadlineNanos);
    }

    public SparseSearchOptions withFilter(OrdinalFilter filter) {
        return new SparseSearchOptions(
                clustersScanned,
                itemsPerCluster,
                candidatesMax,
                resultsMax,
                scoreMin,
                ranking,
                mode,
                filter,
                deadlineNanos);
    }

    public SparseSearchOptions withDeadline(long deadlineNanos) {
        return new SparseSearchOptions(
                clustersScanned,
                itemsPerCluster,
                candidatesMax,
                resultsMax,
                scoreMin,
                ranking,
                mode,
                filter,
                deadlineNanos);
    }
}
