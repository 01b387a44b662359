package repscorer.testing;

import java.util.Arrays;

/** The cosine of a sparse source with every row, one row after the other. */
public final class CosineScan {

    private final int[][] columns;
    private final float[][] weights;

    public CosineScan(int[][] columns, float[][] weights) {
        this.columns = columns;
        this.weights = weights;
    }

    /** One per row; 0 where no column is shared. */
    public double[] cosines(int[] sourceColumns, float[] sourceWeights) {
        int last = 0;
        for (int column : sourceColumns) {
            last = Math.max(last, column);
        }
        double[] source = new double[last + 1];
        double sourceSquares = 0;
        for (int i = 0; i < sourceColumns.length; i++) {
            source[sourceColumns[i]] = sourceWeights[i];
            sourceSquares += (double) sourceWeights[i] * sourceWeights[i];
        }
        double[] cosines = new double[columns.length];
        for (int row = 0; row < columns.length; row++) {
            double dot = 0;
            double squares = 0;
            for (int i = 0; i < columns[row].length; i++) {
                double weight = weights[row][i];
                squares += weight * weight;
                if (columns[row][i] <= last) {
                    dot += source[columns[row][i]] * weight;
                }
            }
            cosines[row] = dot == 0 ? 0 : dot / Math.sqrt(sourceSquares * squares);
        }
        return cosines;
    }

    /** The k-th greatest value; the least where there are fewer. */
    public static double kthBest(double[] values, int k) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[Math.max(0, sorted.length - k)];
    }

    /** How many values are above 0. */
    public static long positive(double[] values) {
        return Arrays.stream(values).filter(value -> value > 0).count();
    }
}
