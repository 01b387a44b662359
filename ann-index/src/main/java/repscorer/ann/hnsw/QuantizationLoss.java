package repscorer.ann.hnsw;

/**
 * What codes cost, measured on sampled queries when a graph is built.
 *
 * @param queries how many were sampled; 0 where there were too few rows to measure
 * @param errorP99 the difference between a code's score and the row's own that 99 % of the best rows stay below, in terms of
 *     half a squared distance, or of the inner product
 * @param recall recall@10 of a scan that ranks by codes alone
 * @param recallReranked the same after the best are reranked as a search does
 * @param rerankedPerK how many of the best by code a search reranks at most for each row it is asked for: more where rows
 *     lie closer together than codes can tell apart
 */
public record QuantizationLoss(int queries, float errorP99, float recall, float recallReranked, int rerankedPerK) {

    static final int RERANKED_PER_K_MIN = 3;

    private static final int RERANKED_MIN = 30;

    static final QuantizationLoss UNMEASURED = new QuantizationLoss(0, 0, 1, 1, RERANKED_PER_K_MIN);

    /** How many of the best by code, whose order is the rows' own only roughly, are reranked at most for an answer of k. */
    int rerankedMax(int k) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(RERANKED_MIN, (long) k * rerankedPerK));
    }
}
