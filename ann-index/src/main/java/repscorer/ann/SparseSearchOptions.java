package repscorer.ann;

/**
 * What one search through clusters asks for. The letters are those of the SimClusters-ANN description.
 *
 * @param clustersScanned N: how many of the query's strongest clusters are read
 * @param itemsPerCluster M: how many items are read from the front of each cluster's list
 * @param candidatesMax X: how many of the items met are kept for the ranking, by their partial score
 * @param resultsMax Y: how many are answered
 * @param scoreMin Z: the least score to answer
 * @param ranking what the score is
 * @param rescore true to rank every item met by its exact score over whole vectors; X then has no effect
 * @param filter which ordinals may be answered
 */
public record SparseSearchOptions(
        int clustersScanned,
        int itemsPerCluster,
        int candidatesMax,
        int resultsMax,
        float scoreMin,
        Ranking ranking,
        boolean rescore,
        OrdinalFilter filter) {

    public static final int CLUSTERS_SCANNED_DEFAULT = 50;
    public static final int ITEMS_PER_CLUSTER_DEFAULT = 400;
    public static final int CANDIDATES_MAX_DEFAULT = 200;

    /** The four scores of the released algorithm, with P and Q the sums over the clusters in which an item was met. */
    public enum Ranking {
        /** P = sum of source weight × item weight. */
        DOT,
        /** P / (|source| · √Q). */
        COSINE,
        /** P / (ln(|source|² + 1) · ln(Q + 1)). */
        LOG_COSINE,
        /** P / √Q. */
        COSINE_NO_SOURCE_NORM
    }

    public SparseSearchOptions {
        if (clustersScanned < 1 || itemsPerCluster < 1 || candidatesMax < 1 || resultsMax < 1) {
            throw new IllegalArgumentException(
                    "clustersScanned, itemsPerCluster, candidatesMax and resultsMax must be at least 1: %d, %d, %d, %d"
                            .formatted(clustersScanned, itemsPerCluster, candidatesMax, resultsMax));
        }
        if (Float.isNaN(scoreMin)) {
            throw new IllegalArgumentException("scoreMin must be a number: NaN");
        }
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
                true,
                OrdinalFilter.ALL);
    }
}
