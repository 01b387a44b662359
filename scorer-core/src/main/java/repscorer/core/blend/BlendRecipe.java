package repscorer.core.blend;

import java.util.Locale;

/** How score columns become one score. */
public sealed interface BlendRecipe {

    /** Whether it makes one list of several, where the candidates' own order breaks ties. */
    default boolean interleaves() {
        return switch (this) {
            case Linear linear -> false;
            case ReciprocalRank ranked -> false;
            case RoundRobin interleaved -> true;
            case CountWeighted interleaved -> true;
        };
    }

    /** What brings columns to one scale: the normaliser's name, or the method's where it does not normalise. */
    default String scale() {
        return this instanceof Linear linear
                ? linear.normalizer().name().toLowerCase(Locale.ROOT).replace('_', '-')
                : method();
    }

    /** As files and overrides write it. */
    default String method() {
        return switch (this) {
            case Linear linear -> "linear";
            case ReciprocalRank ranked -> "reciprocal-rank";
            case RoundRobin interleaved -> "round-robin";
            case CountWeighted interleaved -> "count-weighted";
        };
    }

    /** What scores are measured in, for people. */
    default String unit() {
        return switch (this) {
            case Linear linear ->
                switch (linear.normalizer()) {
                    case NONE -> "weighted similarities";
                    case MIN_MAX -> "weighted shares of each column's range";
                    case Z_SCORE -> "weighted standard deviations";
                    case L2 -> "weighted shares of each column's norm";
                    case SOFTMAX -> "weighted probabilities";
                    case FIXED -> "weighted standard deviations of each column's space";
                };
            case ReciprocalRank ranked -> "weighted reciprocal ranks";
            case RoundRobin interleaved -> "reciprocal positions";
            case CountWeighted interleaved -> "reciprocal positions";
        };
    }

    /**
     * The interval of scores, for people.
     *
     * @param weights the sum of all columns' weights
     */
    default String range(double weights) {
        return switch (this) {
            case Linear linear ->
                switch (linear.normalizer()) {
                    case MIN_MAX, SOFTMAX -> "[0, %s]".formatted(weights);
                    case L2 -> "[-%s, %s]".formatted(weights, weights);
                    case NONE, Z_SCORE, FIXED -> "unbounded";
                };
            case ReciprocalRank ranked -> "[0, %s]".formatted(weights / (ranked.rankConstant() + 1.0));
            case RoundRobin interleaved -> "(0, 1]";
            case CountWeighted interleaved -> "(0, 1]";
        };
    }

    /**
     * Σ weight · normalised value. Where a candidate lacks a column, the weights of the columns it has are scaled up to
     * the same sum, so that missing counts neither as zero nor as average.
     */
    record Linear(Normalizer normalizer) implements BlendRecipe {}

    /**
     * Σ weight / (rankConstant + rank), ranks from 1 within each column; a missing column adds nothing.
     *
     * @param rankConstant 60 in Cormack, Clarke and Büttcher (2009)
     */
    record ReciprocalRank(int rankConstant) implements BlendRecipe {

        public static final int RANK_CONSTANT_DEFAULT = 60;

        public ReciprocalRank {
            if (rankConstant < 1) {
                throw new IllegalArgumentException("rank-constant must be at least 1: " + rankConstant);
            }
        }
    }

    /**
     * 1 / position in the list that takes the next best candidate from each column in turn. A column gives what it retrieved
     * itself; a column of weight 0 gives nothing.
     */
    record RoundRobin() implements BlendRecipe {}

    /**
     * As {@link RoundRobin}, where a column with more candidates gives more often: each round it earns (1 − shrinkage) · its
     * count / the greatest count + shrinkage, and gives when it has earned 1.
     *
     * @param shrinkage 0 to 1; 1 is round robin
     * @param adjustmentsMax after so many steps all columns give alike
     */
    record CountWeighted(double shrinkage, int adjustmentsMax) implements BlendRecipe {

        public static final int ADJUSTMENTS_MAX_DEFAULT = 3_000;

        public CountWeighted {
            if (!(shrinkage >= 0 && shrinkage <= 1)) {
                throw new IllegalArgumentException("shrinkage must be 0 to 1: " + shrinkage);
            }
            if (adjustmentsMax < 1) {
                throw new IllegalArgumentException("adjustments-max must be at least 1: " + adjustmentsMax);
            }
        }
    }
}
