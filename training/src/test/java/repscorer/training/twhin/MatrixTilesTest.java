package repscorer.training.twhin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.training.TestData;
import repscorer.training.plan.TwhinPlan.Operator;

/** Both tiles of the matrix product on any machine, whatever its registers, and slopes and masks of single rows. */
class MatrixTilesTest {

    private final SplittableRandom random = new SplittableRandom(21);

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    @DisplayName("S13: tiles of 4 and of 8 rows give the product, in the middle and at every edge")
    void tilesGiveTheProduct(int rowsOfTile) {
        PanamaMatrixKernels kernels = new PanamaMatrixKernels(rowsOfTile);
        for (int m : new int[] {1, 3, 7, 8, 9, 17, 66}) {
            for (int n : new int[] {1, 15, 16, 17, 33, 70}) {
                for (int k : new int[] {1, 6}) {
                    check(kernels, m, n, k);
                }
            }
        }
        check(kernels, 9, 530, 3);
        check(kernels, 11, 18, 259);
    }

    /** Of slices of larger matrices, so that what lies beside them shows where it is read or written. */
    private void check(MatrixKernels kernels, int m, int n, int k) {
        int cRow = n + 3;
        float[] a = TestData.gaussian(5 + m * (k + 2), random);
        float[] b = TestData.gaussian(4 + k * (n + 1), random);
        float[] c = TestData.gaussian(m * cRow, random);
        float[] product = c.clone();
        kernels.multiplyAdd(m, n, k, a, 5, k + 2, 1, b, 4, n + 1, 1, product, cRow);
        float[] turned = c.clone();
        float[] aTurned = new float[m * k];
        float[] bTurned = new float[k * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < cRow; j++) {
                double sum = c[i * cRow + j];
                for (int p = 0; j < n && p < k; p++) {
                    sum += (double) a[5 + i * (k + 2) + p] * b[4 + p * (n + 1) + j];
                    aTurned[p * m + i] = a[5 + i * (k + 2) + p];
                    bTurned[j * k + p] = b[4 + p * (n + 1) + j];
                }
                assertThat((double) product[i * cRow + j])
                        .as("%s x %s x %s at %s, %s", m, n, k, i, j)
                        .isCloseTo(sum, within(1e-4));
            }
        }
        kernels.multiplyAdd(m, n, k, aTurned, 0, 1, m, bTurned, 0, 1, k, turned, cRow);
        // With gaps between the values of a row and of a column.
        float[] spread = c.clone();
        kernels.multiplyAdd(
                m, n, k, spread(aTurned, k, m), 0, 2, 2 * m + 1, spread(bTurned, n, k), 0, 2, 2 * k + 1, spread, cRow);
        for (int i = 0; i < turned.length; i++) {
            assertThat((double) turned[i]).isCloseTo(product[i], within(1e-4));
            assertThat((double) spread[i]).isCloseTo(product[i], within(1e-4));
        }
    }

    private static float[] spread(float[] values, int rows, int columns) {
        float[] spread = new float[rows * (2 * columns + 1)];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                spread[i * (2 * columns + 1) + 2 * j] = values[i * columns + j];
            }
        }
        return spread;
    }

    @Test
    @DisplayName("S13: the cubes' slopes are those of the sum of cubed moduli by three")
    void theCubesSlopesAreThoseOfTheCubes() {
        for (Operator operator : new Operator[] {Operator.TRANSLATION, Operator.COMPLEX_DIAGONAL}) {
            int d = 6;
            float[] x = TestData.gaussian(d + 2, random);
            float[] g = TestData.gaussian(d + 1, random);
            float[] slopes = g.clone();
            Operators.addCubeSlopes(operator, 0.75f, x, 2, slopes, 1, d);
            assertThat(slopes[0]).isEqualTo(g[0]);
            for (int j = 0; j < d; j++) {
                double step = 1e-4;
                double above = cubes(operator, x, d, j, step);
                double below = cubes(operator, x, d, j, -step);
                assertThat((double) slopes[1 + j] - g[1 + j])
                        .as("%s, place %s", operator, j)
                        .isCloseTo(0.75 * (above - below) / (2 * step), within(1e-3));
            }
        }
    }

    private static double cubes(Operator operator, float[] x, int d, int place, double step) {
        double[] y = new double[d];
        for (int j = 0; j < d; j++) {
            y[j] = x[2 + j] + (j == place ? step : 0);
        }
        double sum = 0;
        for (int j = 0; j < (operator == Operator.COMPLEX_DIAGONAL ? d / 2 : d); j++) {
            double modulus = operator == Operator.COMPLEX_DIAGONAL ? Math.hypot(y[j], y[d / 2 + j]) : Math.abs(y[j]);
            sum += modulus * modulus * modulus / 3;
        }
        return sum;
    }

    @Test
    @DisplayName("S13: a mask leaves out the share that is asked for and keeps the mean")
    void aMaskLeavesOutItsShareAndKeepsTheMean() {
        for (double share : new double[] {0.1, 0.5, 0.9}) {
            float[] mask = new float[20_000];
            mask[19_999] = -7;
            Operators.drop(share, mask, 19_999, random);
            double sum = 0;
            int out = 0;
            for (int i = 0; i < 19_999; i++) {
                assertThat(mask[i]).isIn(0f, (float) (1 / (1 - share)));
                sum += mask[i];
                out += mask[i] == 0 ? 1 : 0;
            }
            assertThat(out / 19_999.0).isCloseTo(share, within(0.02));
            assertThat(sum / 19_999).isCloseTo(1, within(0.1));
            assertThat(mask[19_999]).isEqualTo(-7);
        }
    }
}
