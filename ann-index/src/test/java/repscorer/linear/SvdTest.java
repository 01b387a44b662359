package repscorer.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.testing.Seeds;

class SvdTest {

    private static final double CLOSE = 1e-9;

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 5", "9, 4", "4, 9", "32, 32"})
    void theRotationHasOrthonormalRowsOrColumnsAndTheSumOfTheValuesAsItsTrace(int m, int n) {
        DMatrixRMaj matrix = drawn(m, n);
        double[] before = matrix.data.clone();
        Svd svd = Svd.of(matrix);
        double[][] r = rows(svd.rotation());
        double[][] small = m >= n ? transposed(r) : r;
        for (int i = 0; i < small.length; i++) {
            for (int j = 0; j < small.length; j++) {
                assertThat(dot(small[i], small[j])).isCloseTo(i == j ? 1 : 0, within(CLOSE));
            }
        }
        double trace = 0; // of RᵀM, which no other rotation makes greater
        for (int at = 0; at < m * n; at++) {
            trace += svd.rotation().data[at] * before[at];
        }
        double sum = 0;
        for (double value : svd.values()) {
            sum += value;
        }
        assertThat(trace).isCloseTo(sum, within(CLOSE * m * n));
        assertThat(matrix.data).as("the matrix stays as it is").isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"6, 6", "8, 3", "3, 8"})
    void valuesFallAndAreTheLengthsAlongTheirAxes(int m, int n) {
        DMatrixRMaj matrix = drawn(m, n);
        Svd svd = Svd.of(matrix);
        double[] values = svd.values();
        double[][] axes = transposed(rows(svd.left()));
        double[][] columns = transposed(rows(matrix));
        assertThat(values).hasSize(Math.min(m, n));
        for (int i = 0; i < values.length; i++) {
            double squares = 0;
            for (double[] column : columns) {
                squares += Math.pow(dot(axes[i], column), 2);
            }
            assertThat(Math.sqrt(squares)).isCloseTo(values[i], within(CLOSE));
            assertThat(i == 0 || values[i - 1] >= values[i]).isTrue();
        }
    }

    @Test
    void whatIsNoNumberIsRefused() {
        DMatrixRMaj matrix = drawn(4, 4);
        matrix.set(2, 2, Double.NaN);
        assertThatThrownBy(() -> Svd.of(matrix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4 × 4");
    }

    private static DMatrixRMaj drawn(int m, int n) {
        RandomGenerator random = Seeds.random("SvdTest");
        DMatrixRMaj matrix = new DMatrixRMaj(m, n);
        for (int at = 0; at < m * n; at++) {
            matrix.data[at] = random.nextGaussian();
        }
        return matrix;
    }

    private static double[][] rows(DMatrixRMaj matrix) {
        double[][] rows = new double[matrix.numRows][matrix.numCols];
        for (int i = 0; i < matrix.numRows; i++) {
            for (int j = 0; j < matrix.numCols; j++) {
                rows[i][j] = matrix.get(i, j);
            }
        }
        return rows;
    }

    private static double[][] transposed(double[][] rows) {
        double[][] transposed = new double[rows[0].length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[0].length; j++) {
                transposed[j][i] = rows[i][j];
            }
        }
        return transposed;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
