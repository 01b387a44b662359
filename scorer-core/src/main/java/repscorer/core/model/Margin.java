package repscorer.core.model;

/**
 * What a model makes of a row of features before it is a probability: a number on the scale of log-odds. Immutable, safe for concurrent
 * use. In a row a feature that is missing is NaN.
 */
public sealed interface Margin permits LinearMargin, TreeMargin {

    /** How many features a row has. */
    int features();

    /** The margin of one row. Allocates nothing. */
    double of(float[] row);

    /** Which feature made how much of it. */
    Parts parts(float[] row);

    /**
     * The margin in its parts.
     *
     * @param base what the model says where nothing is known of features; with the parts it sums to the margin
     * @param of one a feature
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    record Parts(double base, double[] of) {}
}
