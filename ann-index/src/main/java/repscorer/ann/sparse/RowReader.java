package repscorer.ann.sparse;

import java.util.Arrays;
import repscorer.vector.SparseRows;

/** Copies one row after another into the same two arrays. */
final class RowReader {

    private int[] columns = new int[128];
    private float[] weights = new float[128];

    /** Reads a row into the front of {@link #columns()} and {@link #weights()} and answers its size. */
    int read(SparseRows rows, int ordinal) {
        int size = rows.size(ordinal);
        if (size > columns.length) {
            columns = Arrays.copyOf(columns, Math.max(size, 2 * columns.length));
            weights = new float[columns.length];
        }
        return rows.copyRow(ordinal, columns, weights);
    }

    int[] columns() {
        return columns;
    }

    float[] weights() {
        return weights;
    }
}
