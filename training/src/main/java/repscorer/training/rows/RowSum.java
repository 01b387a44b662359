package repscorer.training.rows;

import java.util.Arrays;
import repscorer.vector.SparseVector;

/** Adds up one sparse row at a time. Used by one thread. */
public final class RowSum {

    private final double[] sums;
    private final int[] counts;
    private final int[] met;
    private long[] packed;
    private int metCount;

    public RowSum(int columns) {
        sums = new double[columns];
        counts = new int[columns];
        met = new int[columns];
        packed = new long[columns];
    }

    public void add(int column, double weight) {
        if (counts[column]++ == 0) {
            met[metCount++] = column;
        }
        sums[column] += weight;
    }

    public void add(SparseVector row, double scale) {
        for (int i = 0; i < row.size(); i++) {
            add(row.columns()[i], scale * row.weights()[i]);
        }
    }

    /** Multiplies every sum by a factor. */
    public void scale(double factor) {
        for (int i = 0; i < metCount; i++) {
            sums[met[i]] *= factor;
        }
    }

    /** Multiplies every sum by its column's factor. */
    public void scaleColumns(double[] factors) {
        for (int i = 0; i < metCount; i++) {
            sums[met[i]] *= factors[met[i]];
        }
    }

    /**
     * The heaviest columns, and a clean slate.
     *
     * @param countMin columns added to less often are left out
     * @param columnsMax how many columns are kept
     * @param unit whether the row is scaled to norm 1
     */
    public SparseVector take(int countMin, int columnsMax, boolean unit) {
        return take(countMin, 0, columnsMax, unit);
    }

    /** As {@link #take(int, int, boolean)}, without columns whose sum is below {@code sumMin}. */
    public SparseVector take(int countMin, double sumMin, int columnsMax, boolean unit) {
        int kept = 0;
        for (int i = 0; i < metCount; i++) {
            int column = met[i];
            float sum = (float) sums[column];
            if (counts[column] >= countMin && sum > 0 && sum >= sumMin) {
                // Descending sum, then ascending column.
                packed[kept++] = ((long) (0x7FFFFFFF - Float.floatToIntBits(sum)) << 32) | column;
            }
        }
        Arrays.sort(packed, 0, kept);
        kept = Math.min(kept, columnsMax);
        int[] columns = new int[kept];
        for (int i = 0; i < kept; i++) {
            columns[i] = (int) packed[i];
        }
        Arrays.sort(columns);
        double squares = 0;
        for (int column : columns) {
            squares += sums[column] * sums[column];
        }
        double norm = unit ? Math.sqrt(squares) : 1;
        float[] weights = new float[kept];
        for (int i = 0; i < kept; i++) {
            // A weight too small for a float would break the rule that weights are positive.
            weights[i] = Math.max((float) (sums[columns[i]] / norm), Float.MIN_NORMAL);
        }
        for (int i = 0; i < metCount; i++) {
            sums[met[i]] = 0;
            counts[met[i]] = 0;
        }
        metCount = 0;
        return kept == 0 ? SparseVector.EMPTY : new SparseVector(columns, weights);
    }
}
