package repscorer.vector;

import java.util.Arrays;

/**
 * A sparse vector over clusters: columns ascending and distinct, weights finite and positive. Immutable.
 *
 * <p>The accessors hand out the arrays themselves, which nobody may write to.
 */
@SuppressWarnings("ArrayRecordComponent") // the hot loops read the arrays; equality is defined below
public record SparseVector(int[] columns, float[] weights) {

    public static final SparseVector EMPTY = new SparseVector(new int[0], new float[0]);

    public SparseVector {
        if (columns.length != weights.length) {
            throw new IllegalArgumentException(
                    "columns and weights differ in length: %s and %s".formatted(columns.length, weights.length));
        }
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] < 0 || (i > 0 && columns[i] <= columns[i - 1])) {
                throw new IllegalArgumentException(
                        "columns must be ascending, distinct and not negative: column %s at place %s"
                                .formatted(columns[i], i));
            }
            if (!(weights[i] > 0) || weights[i] == Float.POSITIVE_INFINITY) {
                throw new IllegalArgumentException(
                        "weights must be positive and finite: %s for column %s".formatted(weights[i], columns[i]));
            }
        }
    }

    /** How many columns are present. */
    public int size() {
        return columns.length;
    }

    public boolean isEmpty() {
        return columns.length == 0;
    }

    /** The column of the greatest weight, of equals the first; -1 where there is none. */
    public int heaviest() {
        int best = -1;
        for (int i = 0; i < columns.length; i++) {
            best = best < 0 || weights[i] > weights[best] ? i : best;
        }
        return best < 0 ? -1 : columns[best];
    }

    /** The sum of squared weights. */
    public double squaredNorm() {
        double sum = 0;
        for (float w : weights) {
            sum += (double) w * w;
        }
        return sum;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof SparseVector v && Arrays.equals(columns, v.columns) && Arrays.equals(weights, v.weights);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(columns) + Arrays.hashCode(weights);
    }

    @Override
    public String toString() {
        return "SparseVector(columns=%s, weights=%s)".formatted(Arrays.toString(columns), Arrays.toString(weights));
    }
}
