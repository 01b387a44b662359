package repscorer.training.twhin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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

    /** Slices at other places of each array, at sizes around whole vectors; what lies beside them stays. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 15, 16, 17, 31, 33, 100})
    void loopsOverRowsFollowTheirDefinitions(int n) {
        SplittableRandom random = new SplittableRandom(n);
        for (MatrixKernels kernels : new MatrixKernels[] {new ScalarMatrixKernels(), new PanamaMatrixKernels()}) {
            float[] values = TestData.gaussian(n + 7, random);
            float[] sums = absolute(TestData.gaussian(n + 7, random));
            float[] gradients = TestData.gaussian(n + 5, random);
            float[] stepped = values.clone();
            float[] added = sums.clone();
            kernels.adagrad(stepped, added, 3, gradients, 2, n, 0.4f);
            float[] combined = values.clone();
            kernels.combine(combined, 3, 0.75f, gradients, 2, -1.5f, n);
            float[] powers = values.clone();
            kernels.multiplyAdd(3, 31, 1, combined, 3, 0, 1, combined, 3, 0, 0, new float[93], 31); // leaves its sums
            double sum = kernels.exponentials(powers, 3, n, 4);
            float[] shares = values.clone();
            kernels.sigmoid(shares, 3, n);
            double powersExpected = 0;
            float most = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < n + 7; i++) {
                String where = "%s, place %s of %s".formatted(kernels.getClass().getSimpleName(), i, n);
                boolean inside = i >= 3 && i < n + 3;
                double g = inside ? gradients[i - 1] : 0;
                double square = sums[i] + g * g;
                double step = 0.4 * g / Math.sqrt(square + 1e-10);
                double power = Math.exp(values[i] - 4);
                assertThat((double) added[i]).as(where).isCloseTo(square, within(1e-5));
                assertThat((double) stepped[i]).as(where).isCloseTo(values[i] - step, within(1e-5));
                assertThat((double) combined[i])
                        .as(where)
                        .isCloseTo(inside ? 0.75 * values[i] - 1.5 * g : values[i], within(1e-5));
                assertThat((double) powers[i]).as(where).isCloseTo(inside ? power : values[i], within(1e-5));
                assertThat((double) shares[i])
                        .as(where)
                        .isCloseTo(inside ? 1 / (1 + Math.exp(-values[i])) : values[i], within(1e-5));
                powersExpected += inside ? power : 0;
                most = inside ? Math.max(most, values[i]) : most;
            }
            assertThat(sum).isCloseTo(powersExpected, within(1e-5 * n));
            assertThat(kernels.max(values, 3, n)).isEqualTo(most);
            for (int at = 3; at < n + 3; at++) {
                float[] low = new float[n + 7];
                Arrays.fill(low, 3, n + 3, -9);
                low[at] = -8;
                assertThat(kernels.max(low, 3, n)).as("at %s of %s", at, n).isEqualTo(-8);
            }
        }
    }

    private static float[] absolute(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return values;
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
