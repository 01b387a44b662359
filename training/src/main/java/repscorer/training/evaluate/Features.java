package repscorer.training.evaluate;

import java.util.Arrays;
import repscorer.vector.SparseVector;

/**
 * What a probe knows of an entity: values of some features, all others 0.
 *
 * @param columns the features, each at most once
 * @param values one per column, of any sign
 */
@SuppressWarnings("ArrayRecordComponent") // the loops read the arrays
record Features(int[] columns, float[] values) {

    static final Features NONE = new Features(new int[0], new float[0]);

    /** Every value is a feature. */
    static Features of(float... dense) {
        int[] columns = new int[dense.length];
        Arrays.setAll(columns, i -> i);
        return new Features(columns, dense);
    }

    /** A sparse row scaled to norm 1. */
    static Features of(SparseVector row) {
        float norm = (float) Math.sqrt(row.squaredNorm());
        float[] values = new float[row.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.weights()[i] / norm;
        }
        return new Features(Arrays.copyOf(row.columns(), row.size()), values);
    }

    /** These and others, whose columns begin at {@code from}. */
    Features and(Features more, int from) {
        int[] allColumns = Arrays.copyOf(columns, columns.length + more.columns.length);
        float[] allValues = Arrays.copyOf(values, values.length + more.values.length);
        for (int i = 0; i < more.columns.length; i++) {
            allColumns[columns.length + i] = from + more.columns[i];
            allValues[values.length + i] = more.values[i];
        }
        return new Features(allColumns, allValues);
    }
}
