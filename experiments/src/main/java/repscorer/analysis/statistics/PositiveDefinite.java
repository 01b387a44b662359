package repscorer.analysis.statistics;

import java.util.List;

/** A symmetric positive definite matrix, by its Cholesky factor: O(n³) once, O(n²) a solution. Immutable. */
final class PositiveDefinite {

    private static final double PIVOT_LEAST = 1e-12;

    private final double[][] lower;

    /**
     * Factors a matrix.
     *
     * @param names of rows, for the message
     * @throws IllegalArgumentException where a row is a sum of others, as of a column that never varies
     */
    PositiveDefinite(double[][] matrix, List<String> names) {
        int n = matrix.length;
        lower = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = matrix[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= lower[i][k] * lower[j][k];
                }
                if (i == j) {
                    if (!(sum > PIVOT_LEAST * Math.max(1e-300, matrix[i][i]))) {
                        throw new IllegalArgumentException(
                                "'%s' tells nothing that the others do not: leave it out".formatted(names.get(i)));
                    }
                    lower[i][i] = Math.sqrt(sum);
                } else {
                    lower[i][j] = sum / lower[j][j];
                }
            }
        }
    }

    double[] solve(double[] right) {
        int n = lower.length;
        double[] x = right.clone();
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                x[i] -= lower[i][k] * x[k];
            }
            x[i] /= lower[i][i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                x[i] -= lower[k][i] * x[k];
            }
            x[i] /= lower[i][i];
        }
        return x;
    }
}
