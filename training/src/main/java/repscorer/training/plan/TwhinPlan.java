package repscorer.training.plan;

/**
 * How dense vectors are learnt.
 *
 * @param dimension values per vector
 * @param epochs passes over all edges
 * @param learningRate step size of Adagrad
 * @param batchSize edges that share their negatives
 * @param negativesUniform negatives per batch and side, every entity of the kind alike
 * @param negativesPrevalence negatives per batch and side, entities as often as the relation's edges name them
 * @param negativesWeight what all negatives of one edge and side count together, next to the edge itself
 * @param norm whether entity vectors are kept at norm 1
 * @param scale τ, what the score is multiplied by before the loss; the inverse of a temperature
 * @param regularisation λ of an L2 penalty on the rows of a batch
 */
public record TwhinPlan(
        int dimension,
        int epochs,
        double learningRate,
        int batchSize,
        int negativesUniform,
        int negativesPrevalence,
        double negativesWeight,
        Norm norm,
        double scale,
        double regularisation) {

    /** What is asked of the length of entity vectors. */
    public enum Norm {
        /** Every entity vector has norm 1: the order by cosine is the order that was trained. */
        UNIT,
        /** As the paper has it. */
        FREE
    }

    public static final TwhinPlan DEFAULT = new TwhinPlan(64, 10, 0.1, 256, 128, 128, 10, Norm.UNIT, 10, 0);

    public TwhinPlan {
        Rules.checkRange("dimension", dimension, 1, 4096);
        Rules.checkRange("epochs", epochs, 1, 10_000);
        Rules.check(
                learningRate > 0 && learningRate <= 10,
                "learning-rate must be above 0 and at most 10: %s",
                learningRate);
        Rules.checkRange("batch-size", batchSize, 1, 65_536);
        Rules.checkRange("negatives-uniform", negativesUniform, 0, 65_536);
        Rules.checkRange("negatives-prevalence", negativesPrevalence, 0, 65_536);
        Rules.check(
                negativesUniform + negativesPrevalence > 0,
                "negatives-uniform and negatives-prevalence must not both be 0");
        Rules.check(negativesWeight > 0, "negatives-weight must be above 0: %s", negativesWeight);
        Rules.check(scale > 0 && scale <= 1000, "scale must be above 0 and at most 1000: %s", scale);
        Rules.checkRange("regularisation", regularisation, 0, 1);
    }

    public int negatives() {
        return negativesUniform + negativesPrevalence;
    }
}
