package repscorer.training.twhin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.training.TestData;

class MatrixKernelsTest {

    @ParameterizedTest
    @CsvSource({"1,1,1", "4,32,64", "5,33,7", "7,13,100", "64,64,64", "3,207,2", "17,64,1", "16,100,31", "70,530,300"})
    void theTwinsAgreeWithTheDefinition(int m, int n, int k) {
        SplittableRandom random = new SplittableRandom(m * 31 + n);
        float[] a = TestData.gaussian(m * k, random);
        float[] aTransposed = transposed(a, m, k);
        float[] b = TestData.gaussian(k * n, random);
        float[] bTransposed = transposed(b, k, n);
        float[] start = TestData.gaussian(m * n, random);
        float[] scalar = start.clone();
        float[] simd = start.clone();
        float[] transposed = start.clone();
        new ScalarMatrixKernels().multiplyAdd(m, n, k, a, 0, k, 1, b, 0, n, 1, scalar, n);
        new PanamaMatrixKernels().multiplyAdd(m, n, k, a, 0, k, 1, b, 0, n, 1, simd, n);
        new PanamaMatrixKernels().multiplyAdd(m, n, k, aTransposed, 0, 1, m, bTransposed, 0, 1, k, transposed, n);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = start[i * n + j];
                double size = Math.abs(sum);
                for (int p = 0; p < k; p++) {
                    sum += (double) a[i * k + p] * b[p * n + j];
                    size += Math.abs((double) a[i * k + p] * b[p * n + j]);
                }
                assertThat((double) scalar[i * n + j]).isCloseTo(sum, within(1e-6 * (1 + size)));
                assertThat((double) simd[i * n + j]).isCloseTo(sum, within(1e-6 * (1 + size)));
                assertThat(transposed[i * n + j]).isEqualTo(simd[i * n + j]);
            }
        }
    }

    @Test
    void sigmoidsAgreeFromEndToEnd() {
        float[] x = new float[4_003];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - 2_001) / 20f;
        }
        float[] scalar = x.clone();
        float[] simd = x.clone();
        new ScalarMatrixKernels().sigmoid(scalar, 0, x.length);
        new PanamaMatrixKernels().sigmoid(simd, 0, x.length);
        for (int i = 0; i < x.length; i++) {
            double exact = 1 / (1 + Math.exp(-x[i]));
            assertThat((double) scalar[i]).as("scalar at %s", x[i]).isCloseTo(exact, within(1e-6 * exact + 1e-37));
            assertThat((double) simd[i]).as("SIMD at %s", x[i]).isCloseTo(exact, within(2e-5 * exact + 1e-37));
            assertThat(simd[i]).isBetween(0f, 1f);
        }
    }

    @Test
    void exponentialsAndTheirSumAgree() {
        float[] x = new float[1_003];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - x.length) / 40f;
        }
        x[17] = Float.NEGATIVE_INFINITY;
        float[] scalar = x.clone();
        float[] simd = x.clone();
        assertThat(new PanamaMatrixKernels().max(x, 1, 1_001))
                .isEqualTo(new ScalarMatrixKernels().max(x, 1, 1_001))
                .isEqualTo(x[1_001]);
        double scalarSum = new ScalarMatrixKernels().exponentials(scalar, 1, 1_001, x[1_001]);
        double simdSum = new PanamaMatrixKernels().exponentials(simd, 1, 1_001, x[1_001]);
        assertThat(simdSum).isCloseTo(scalarSum, within(1e-4 * scalarSum));
        for (int i = 0; i < x.length; i++) {
            assertThat((double) simd[i]).isCloseTo(scalar[i], within(2e-5 * Math.abs(scalar[i]) + 1e-37));
        }
        assertThat(simd[0]).isEqualTo(x[0]);
        assertThat(simd[1_002]).isEqualTo(x[1_002]);
    }

    private static float[] transposed(float[] from, int rows, int columns) {
        float[] to = new float[from.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to[j * rows + i] = from[i * columns + j];
            }
        }
        return to;
    }
}
