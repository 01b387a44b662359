package repscorer.training.plan;

/**
 * How dense vectors are learnt.
 *
 * @param dimension values per vector
 * @param epochs passes over all edges, at most
 * @param operator what a relation does to the vector of an edge's head before it is compared with the tail's
 * @param comparator how two vectors are compared
 * @param loss what is made small
 * @param reciprocal whether a relation has other values for the way from tail to head; without, both ways share them
 * @param learningRate step size of Adagrad
 * @param optimiser whether a row or each of its values has its own step size
 * @param batchSize edges that share their negatives
 * @param negatives whether an edge is set against drawn entities or against all of the kind
 * @param negativesUniform negatives per batch and side, every entity of the kind alike
 * @param negativesPrevalence negatives per batch and side, entities as often as the relation's edges name them
 * @param negativesInBatch whether the ends of the batch's other edges are negatives too
 * @param negativesWeight what all negatives of one edge and side count together, next to the edge itself; logistic and ranking
 * @param scale τ, what the score is multiplied by before the loss; the inverse of a temperature
 * @param margin by how much an edge should score above a negative, under the ranking loss
 * @param regularisation λ of an L2 penalty on the rows of an edge
 * @param regularisationN3 λ of the penalty λ Σ |x|³ on the rows of an edge (nuclear 3-norm)
 * @param dropout the share of an edge's own side's values that are left out by chance
 * @param initial where fresh rows of entities begin
 * @param initialScale what a fresh row is multiplied by; 1 gives it a norm near 1
 * @param smoothing how many times entities take over the mean of their neighbours when training is over
 * @param validateEvery epochs between two looks at the validation edges; 0 for none
 * @param validationEdges how many validation edges are looked at, at most
 * @param patience looks without a better result after which training ends; the best epoch's vectors are kept
 * @param checkpointEvery epochs between two checkpoints; 0 for one when training is interrupted
 * @param partitions parts that each table is cut into, of which two are in memory at a time; 1 for whole tables in memory
 */
public record TwhinPlan(
        int dimension,
        int epochs,
        Operator operator,
        Comparator comparator,
        Loss loss,
        boolean reciprocal,
        double learningRate,
        Optimiser optimiser,
        int batchSize,
        Negatives negatives,
        int negativesUniform,
        int negativesPrevalence,
        boolean negativesInBatch,
        double negativesWeight,
        double scale,
        double margin,
        double regularisation,
        double regularisationN3,
        double dropout,
        Initial initial,
        double initialScale,
        int smoothing,
        int validateEvery,
        int validationEdges,
        int patience,
        int checkpointEvery,
        int partitions) {

    /** What a relation does to a vector x. */
    public enum Operator {
        /** {@code x + θ_r}, the paper's. */
        TRANSLATION,
        /** {@code x ∘ θ_r}, value by value (DistMult). */
        DIAGONAL,
        /** As {@link #DIAGONAL} over complex numbers, the first half of a row real, the second imaginary parts (ComplEx). */
        COMPLEX_DIAGONAL,
        /** {@code x}: relations have no values. */
        IDENTITY
    }

    /** How vectors are compared. */
    public enum Comparator {
        /** Entity vectors are kept at norm 1: the order by cosine is the order that was trained. */
        COSINE,
        /** The inner product of vectors of any length. */
        DOT
    }

    /** What is made small; s is an edge's score, s' a negative's. */
    public enum Loss {
        /** {@code -log σ(s) - Σ' log σ(-s')}. */
        LOGISTIC,
        /** {@code -s + log(e^s + Σ' e^s')}. */
        SOFTMAX,
        /** {@code Σ' max(0, margin - s + s')}. */
        RANKING
    }

    /** Whose step size Adagrad keeps. */
    public enum Optimiser {
        /** One per row: 4 bytes of memory. */
        ROW_ADAGRAD,
        /** One per value: as much memory as the vectors. */
        ADAGRAD
    }

    /** Where entities begin. */
    public enum Initial {
        /** Anywhere. */
        RANDOM,
        /** Where the leading eigenvectors of the graph's normalised adjacency have them. */
        SPECTRAL,
        /** Where hashes of ids, spread along the edges, have them, whatever the seed: trainings of like graphs have like coordinates. */
        HASHED
    }

    /** What an edge is set against. */
    public enum Negatives {
        DRAWN,
        ALL
    }

    public static final TwhinPlan DEFAULT = new TwhinPlan(
            64,
            10,
            Operator.TRANSLATION,
            Comparator.COSINE,
            Loss.LOGISTIC,
            false,
            0.1,
            Optimiser.ROW_ADAGRAD,
            256,
            Negatives.DRAWN,
            128,
            128,
            false,
            10,
            10,
            1,
            0,
            0,
            0,
            Initial.RANDOM,
            1,
            0,
            0,
            5000,
            3,
            0,
            1);

    public TwhinPlan {
        Rules.checkRange("dimension", dimension, 1, 4096);
        Rules.check(
                operator != Operator.COMPLEX_DIAGONAL || dimension % 2 == 0,
                "dimension must be even for complex-diagonal: %s",
                dimension);
        Rules.checkRange("epochs", epochs, 1, 10_000);
        Rules.check(
                learningRate > 0 && learningRate <= 10,
                "learning-rate must be above 0 and at most 10: %s",
                learningRate);
        Rules.checkRange("batch-size", batchSize, 1, 65_536);
        Rules.checkRange("negatives-uniform", negativesUniform, 0, 65_536);
        Rules.checkRange("negatives-prevalence", negativesPrevalence, 0, 65_536);
        Rules.check(
                negatives == Negatives.ALL || negativesInBatch || negativesUniform + negativesPrevalence > 0,
                "negatives-uniform and negatives-prevalence must not both be 0");
        Rules.check(
                negatives == Negatives.DRAWN || loss != Loss.RANKING, "negatives must be drawn for the ranking loss");
        Rules.check(negativesWeight > 0, "negatives-weight must be above 0: %s", negativesWeight);
        Rules.check(scale > 0 && scale <= 1000, "scale must be above 0 and at most 1000: %s", scale);
        Rules.checkRange("margin", margin, 0, 1000);
        Rules.checkRange("regularisation", regularisation, 0, 1);
        Rules.checkRange("regularisation-n3", regularisationN3, 0, 1);
        Rules.check(dropout >= 0 && dropout < 1, "dropout must be 0 or more and below 1: %s", dropout);
        Rules.check(
                initialScale > 0 && initialScale <= 10,
                "initial-scale must be above 0 and at most 10: %s",
                initialScale);
        Rules.checkRange("smoothing", smoothing, 0, 10);
        Rules.checkRange("validate-every", validateEvery, 0, 10_000);
        Rules.checkRange("validation-edges", validationEdges, 1, 10_000_000);
        Rules.checkRange("patience", patience, 1, 10_000);
        Rules.checkRange("checkpoint-every", checkpointEvery, 0, 10_000);
        Rules.checkRange("partitions", partitions, 1, 1024);
        Rules.check(
                partitions == 1
                        || (negatives == Negatives.DRAWN
                                && initial == Initial.RANDOM
                                && smoothing == 0
                                && validateEvery == 0),
                "partitions above 1 need drawn negatives, a random initial, no smoothing and no validation: %s",
                partitions);
    }

    /** Drawn per batch and side. */
    public int drawn() {
        return negativesUniform + negativesPrevalence;
    }
}
