package repscorer.ann.hnsw;

/**
 * What codes cost, measured on sampled queries when a graph is built.
 *
 * @param queries how many were sampled; 0 where there were too few rows to measure
 * @param errorP99 the difference between a code's score and the row's own that 99 % of the best rows stay below, in terms of
 *     half a squared distance, or of the inner product
 * @param recall recall@10 of a scan that ranks by codes alone
 * @param recallRescored the same after the best are scored anew as a search does
 */
public record CodeLoss(int queries, float errorP99, float recall, float recallRescored) {

    static final CodeLoss UNMEASURED = new CodeLoss(0, 0, 1, 1);
}
