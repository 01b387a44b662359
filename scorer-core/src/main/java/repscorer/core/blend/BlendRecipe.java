package repscorer.core.blend;

/** How score columns become one score. */
public sealed interface BlendRecipe {

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
}
