package repscorer.analysis.statistics;

import java.util.Collections;

/** A linear regression that shrinks slopes towards 0, so that it exists for whatever rows there are. Not safe for concurrent use while adding. */
public final class RidgeFit {

    private final double[][] products;
    private final double[] right;

    /**
     * An empty one.
     *
     * @param features how many a row has, the intercept not counted
     * @param ridge what each slope is held back by, as by that many rows of variance 1
     */
    public RidgeFit(int features, double ridge) {
        products = new double[features + 1][features + 1];
        right = new double[features + 1];
        for (int i = 1; i <= features; i++) {
            products[i][i] = ridge;
        }
        products[0][0] = 1e-9;
    }

    public void add(double[] row, double outcome) {
        for (int i = 0; i <= row.length; i++) {
            double x = i == 0 ? 1 : row[i - 1];
            if (x == 0) {
                continue;
            }
            right[i] += x * outcome;
            for (int j = 0; j <= i; j++) {
                products[i][j] += x * (j == 0 ? 1 : row[j - 1]);
            }
        }
    }

    /** The coefficients, the intercept first. */
    public double[] coefficients() {
        return new PositiveDefinite(products, Collections.nCopies(right.length, "feature")).solve(right);
    }

    /** What coefficients expect of a row. */
    public static double expected(double[] coefficients, double[] row) {
        double sum = coefficients[0];
        for (int i = 0; i < row.length; i++) {
            sum += coefficients[i + 1] * row[i];
        }
        return sum;
    }
}
