package repscorer.ann.hnsw;

/**
 * What codes cost, measured on sampled queries when a graph is built.
 *
 * @param queries how many were sampled; 0 where there were too few rows to measure
 * @param errorP99 the difference between a code's score and the row's own that 99 % of the best rows stay below, in terms of
 *     half a squared distance, or of the inner product
 * @param recall recall@10 of a scan that ranks by codes alone
 * @param recallRescored the same after the best are scored anew as a search does
 * @param rescoredPerK how many of the best by code a search scores anew at most for each row it is asked for: more where rows
 *     lie closer together than codes can tell apart
 */
public record CodeLoss(int queries, float errorP99, float recall, float recallRescored, int rescoredPerK) {

    static final int RESCORED_PER_K_MIN = 3;

    private static final int RESCORED_MIN = 30;

    static final CodeLoss UNMEASURED = new CodeLoss(0, 0, 1, 1, RESCORED_PER_K_MIN);

    /** How many of the best by code, whose order is the rows' own only roughly, are scored anew at most for an answer of k. */
    int rescoredMax(int k) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(RESCORED_MIN, (long) k * rescoredPerK));
    }
}
