package repscorer.core.blend;

/**
 * Brings a score column to a common scale, over the candidates of one request but for {@link #NONE} and {@link #FIXED}. Missing
 * values take no part; distances are turned around first. {@link ColumnStatistics} holds what each needs.
 */
public enum Normalizer {
    /** Values stay as they are. */
    NONE,
    /** (x − min) / (max − min); 1 for every value where all are equal, a single one included. */
    MIN_MAX,
    /** (x − mean) / σ with the population's σ; 0 for every value where σ is 0. */
    Z_SCORE,
    /** x / √Σx²; 0 for every value where all are 0. */
    L2,
    /** exp(x) / Σ exp(x); 1 for a single value, 1/n for every value where all are equal. */
    SOFTMAX,
    /**
     * (x − mean) / σ with mean and σ of the column's similarity over sampled pairs of rows, whatever the candidates are; x −
     * mean where that σ is 0.
     */
    FIXED
}
