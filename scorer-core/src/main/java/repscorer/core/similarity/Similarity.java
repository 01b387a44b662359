package repscorer.core.similarity;

/**
 * How two embeddings are compared, after the reference's scoring algorithms. Names in requests and configuration are the
 * lower-case forms with hyphens, such as {@code log-cosine}.
 */
public enum Similarity {
    /** Σ a·b. Dense and sparse. */
    DOT(true, true, true, "unbounded"),
    /** Σ a·b / (|a||b|). Dense and sparse. */
    COSINE(true, true, true, "[-1, 1] dense, [0, 1] sparse"),
    /** −|a − b|. Dense. */
    L2(true, false, true, "(-∞, 0]"),
    /** shared columns / all columns. Sparse. */
    JACCARD(false, true, true, "[0, 1]"),
    /** Σ min / Σ max. Sparse. */
    FUZZY_JACCARD(false, true, true, "[0, 1]"),
    /** √Σ (a − b)². Sparse; a distance. */
    EUCLIDEAN_DISTANCE(false, true, false, "[0, ∞)"),
    /** Σ |a − b|. Sparse; a distance. */
    MANHATTAN_DISTANCE(false, true, false, "[0, ∞)"),
    /** Σ a·b / (ln(Σa² + 1) · ln(Σb² + 1)). Sparse; no cosine in spite of its name, and not bounded. */
    LOG_COSINE(false, true, true, "[0, ∞)"),
    /** Σ a·b / ((Σa²)^0.3 · (Σb²)^0.3). Sparse; not bounded. */
    EXP_SCALED_COSINE(false, true, true, "[0, ∞)");

    private final boolean dense;
    private final boolean sparse;
    private final boolean higherIsCloser;
    private final String range;

    Similarity(boolean dense, boolean sparse, boolean higherIsCloser, String range) {
        this.dense = dense;
        this.sparse = sparse;
        this.higherIsCloser = higherIsCloser;
        this.range = range;
    }

    public boolean dense() {
        return dense;
    }

    public boolean sparse() {
        return sparse;
    }

    public boolean higherIsCloser() {
        return higherIsCloser;
    }

    /** The interval of its values, for people. */
    public String range() {
        return range;
    }

    /** The name in requests and configuration. */
    public String wireName() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
