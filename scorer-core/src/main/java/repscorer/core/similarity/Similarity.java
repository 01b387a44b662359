package repscorer.core.similarity;

import java.util.Locale;

/**
 * How two embeddings are compared, after the reference's scoring algorithms. Names in requests and configuration are the
 * lower-case forms with hyphens, such as {@code log-cosine}.
 */
public enum Similarity {
    /** Σ a·b. Dense and sparse. */
    DOT(true, true, true, "unbounded", "product of weights"),
    /** Σ a·b / (|a||b|). Dense and sparse. */
    COSINE(true, true, true, "[-1, 1] dense, [0, 1] sparse", "cosine"),
    /** −|a − b|. Dense. */
    L2(true, false, true, "(-∞, 0]", "negated weight"),
    /** shared columns / all columns. Sparse. */
    JACCARD(false, true, true, "[0, 1]", "share of columns"),
    /** Σ min / Σ max. Sparse. */
    FUZZY_JACCARD(false, true, true, "[0, 1]", "share of weight"),
    /** √Σ (a − b)². Sparse; a distance. */
    EUCLIDEAN_DISTANCE(false, true, false, "[0, ∞)", "weight"),
    /** Σ |a − b|. Sparse; a distance. */
    MANHATTAN_DISTANCE(false, true, false, "[0, ∞)", "weight"),
    /** Σ a·b / (ln(Σa² + 1) · ln(Σb² + 1)). Sparse; no cosine in spite of its name, and not bounded. */
    LOG_COSINE(false, true, true, "[0, ∞)", "none; grows with the weights"),
    /** Σ a·b / ((Σa²)^0.3 · (Σb²)^0.3). Sparse; not bounded. */
    EXP_SCALED_COSINE(false, true, true, "[0, ∞)", "weight^0.8"),
    /** Σ over a query's words of how rare they are times how often they stand there, saturated. Texts. */
    BM25(false, false, true, "[0, ∞)", "none; grows with the words that are asked");

    private final boolean dense;
    private final boolean sparse;
    private final boolean higherIsCloser;
    private final String range;
    private final String unit;

    Similarity(boolean dense, boolean sparse, boolean higherIsCloser, String range, String unit) {
        this.dense = dense;
        this.sparse = sparse;
        this.higherIsCloser = higherIsCloser;
        this.range = range;
        this.unit = unit;
    }

    public boolean dense() {
        return dense;
    }

    public boolean sparse() {
        return sparse;
    }

    public boolean text() {
        return this == BM25;
    }

    public boolean higherIsCloser() {
        return higherIsCloser;
    }

    /** The interval of its values, for people. */
    public String range() {
        return range;
    }

    /** What its values are measured in, for people; a weight is the unit of the vectors' own values. */
    public String unit() {
        return unit;
    }

    /** The name in requests and configuration. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
