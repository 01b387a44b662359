package repscorer.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;

/** Both twins against each other and against sums in double precision. Needs the SIMD module, and fails without it. */
class KernelTwinsTest {

    private static final int[] OFFSETS = {0, 1, 3, 16};
    private static final int GUARD = 20;

    private final Kernels scalar = new ScalarKernels();
    private final Kernels panama = new PanamaKernels();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 13, 16, 17, 64, 100, 128, 207, 1025})
    void sumsAgreeOverArraysAtAnyOffset(int n) {
        RandomGenerator random = Seeds.random("KernelTwinsTest");
        float[][] rows = SyntheticVectors.uniform(random, 2, n);
        for (int aFrom : OFFSETS) {
            for (int bFrom : OFFSETS) {
                float[] a = shifted(rows[0], aFrom);
                float[] b = shifted(rows[1], bFrom);
                for (Kernels twin : new Kernels[] {scalar, panama}) {
                    assertThat((double) twin.dot(a, aFrom, b, bFrom, n))
                            .as(twin.name())
                            .isEqualTo(BruteForce.dot(rows[0], rows[1]), within(delta(n)));
                    assertThat((double) twin.squaredL2(a, aFrom, b, bFrom, n))
                            .as(twin.name())
                            .isEqualTo(BruteForce.squaredL2(rows[0], rows[1]), within(delta(n)));
                }
                assertThat(panama.dot(a, aFrom, b, bFrom, n))
                        .isEqualTo(scalar.dot(a, aFrom, b, bFrom, n), within((float) delta(n)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 13, 16, 17, 64, 100, 128, 207, 1025})
    void sumsAgreeOverSegmentsAtUnalignedOffsets(int n) {
        float[][] rows = SyntheticVectors.uniform(Seeds.random("KernelTwinsTest"), 2, n);
        try (Arena arena = Arena.ofConfined()) {
            for (int byteOffset : new int[] {0, 1, 2, 3, 4, 63, 64}) {
                MemorySegment offHeap = arena.allocate(4L * n + byteOffset, 64);
                MemorySegment heap = MemorySegment.ofArray(new byte[4 * n + byteOffset]);
                for (MemorySegment segment : new MemorySegment[] {offHeap, heap}) {
                    MemorySegment.copy(rows[1], 0, segment, ScalarKernels.FLOAT, byteOffset, n);
                    for (Kernels twin : new Kernels[] {scalar, panama}) {
                        assertThat((double) twin.dot(rows[0], segment, byteOffset))
                                .as(twin.name())
                                .isEqualTo(BruteForce.dot(rows[0], rows[1]), within(delta(n)));
                        assertThat((double) twin.squaredL2(rows[0], segment, byteOffset))
                                .as(twin.name())
                                .isEqualTo(BruteForce.squaredL2(rows[0], rows[1]), within(delta(n)));
                        assertThat(twin.dotInDouble(rows[0], segment, byteOffset))
                                .as(twin.name())
                                .isEqualTo(BruteForce.dot(rows[0], rows[1]), within(1e-12 * (n + 1)));
                        assertThat(twin.squaresInDouble(segment, byteOffset, n))
                                .as(twin.name())
                                .isEqualTo(BruteForce.dot(rows[1], rows[1]), within(1e-12 * (n + 1)));
                        assertThat(twin.squaredL2InDouble(rows[0], segment, byteOffset))
                                .as(twin.name())
                                .isEqualTo(BruteForce.squaredL2(rows[0], rows[1]), within(1e-12 * (n + 1)));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 13, 16, 17, 64, 100, 128, 207})
    void productsAgreeAndARowHasTheSameAloneAsBesideOthers(int out) {
        RandomGenerator random = Seeds.random("KernelTwinsTest");
        int rows = 7;
        for (int in : new int[] {0, 1, 33}) {
            float[] x = flat(SyntheticVectors.uniform(random, rows, in));
            float[] matrix = flat(SyntheticVectors.uniform(random, in, out));
            float[] begun = flat(SyntheticVectors.uniform(random, rows, out));
            for (Kernels twin : new Kernels[] {scalar, panama}) {
                float[] y = begun.clone();
                twin.addProducts(x, rows, in, matrix, out, y);
                for (int row = 0; row < rows; row++) {
                    float[] alone = Arrays.copyOfRange(begun, row * out, row * out + out);
                    twin.addProducts(Arrays.copyOfRange(x, row * in, row * in + in), 1, in, matrix, out, alone);
                    for (int column = 0; column < out; column++) {
                        double sum = begun[row * out + column];
                        for (int i = 0; i < in; i++) {
                            sum += (double) x[row * in + i] * matrix[i * out + column];
                        }
                        assertThat((double) y[row * out + column])
                                .as(twin.name())
                                .isEqualTo(sum, within(delta(in)));
                        assertThat(alone[column]).as(twin.name()).isEqualTo(y[row * out + column]);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 48, 100, 256})
    void theLeastOfProductsIsTheFirstOfEqualOnes(int out) {
        RandomGenerator random = Seeds.random("KernelTwinsTest");
        int rows = 7;
        for (int in : new int[] {0, 1, 4, 33}) {
            float[] x = wholes(random, rows * in);
            float[] matrix = wholes(random, in * out); // sums are exact, and many are equal
            float[] begun = wholes(random, out);
            int[] least = new int[rows];
            for (int row = 0; row < rows; row++) {
                float[] sums = new float[out];
                for (int column = 0; column < out; column++) {
                    sums[column] = begun[column];
                    for (int i = 0; i < in; i++) {
                        sums[column] += x[row * in + i] * matrix[i * out + column];
                    }
                    least[row] = sums[column] < sums[least[row]] ? column : least[row];
                }
            }
            for (Kernels twin : new Kernels[] {scalar, panama}) {
                int[] into = new int[2 * rows + 3];
                Arrays.fill(into, -1);
                twin.leastOfProducts(x, rows, in, matrix, out, begun, new float[rows * out], into, 3, 2);
                for (int i = 0; i < into.length; i++) {
                    int expected = i >= 3 && i % 2 == 1 ? least[(i - 3) / 2] : -1;
                    assertThat(into[i]).as(twin.name() + " at " + i).isEqualTo(expected);
                }
            }
        }
    }

    private static float[] wholes(RandomGenerator random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextInt(-3, 4);
        }
        return values;
    }

    private static float[] flat(float[][] rows) {
        int width = rows.length == 0 ? 0 : rows[0].length;
        float[] flat = new float[rows.length * width];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, flat, row * width, width);
        }
        return flat;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 13, 16, 17, 64, 100, 128, 207, 1025})
    void writesAgreeAndStayInsideTheirRange(int n) {
        float[][] rows = SyntheticVectors.uniform(Seeds.random("KernelTwinsTest"), 2, n);
        for (int from : OFFSETS) {
            for (Kernels twin : new Kernels[] {scalar, panama}) {
                float[] y = shifted(rows[0], from);
                float[] x = shifted(rows[1], 5);
                twin.addScaled(y, from, 0.5f, x, 5, n);
                for (int i = 0; i < n; i++) {
                    assertThat(y[from + i]).as(twin.name()).isEqualTo(rows[0][i] + 0.5f * rows[1][i], within(1e-6f));
                }
                assertThat(Arrays.copyOf(y, from)).isEqualTo(nans(from));
                assertThat(Arrays.copyOfRange(y, from + n, y.length)).isEqualTo(nans(GUARD));
            }
        }
        float[] one = rows[0].clone();
        float[] other = rows[0].clone();
        scalar.scale(one, -3f);
        panama.scale(other, -3f);
        assertThat(other).isEqualTo(one);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 31, 32, 33, 100, 256, 1025})
    void theLeastIsTheFirstOfEqualOnes(int n) {
        RandomGenerator random = Seeds.random("KernelTwinsTest");
        for (int from : OFFSETS) {
            float[] a = new float[from + n + GUARD];
            Arrays.fill(a, -9);
            int first = 0;
            for (int i = 0; i < n; i++) {
                a[from + i] = random.nextInt(-5, 5); // many are equal
                first = a[from + i] < a[from + first] ? i : first;
            }
            assertThat(scalar.leastAt(a, from, n)).isEqualTo(first);
            assertThat(panama.leastAt(a, from, n)).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 13, 32, 33, 64, 96, 100, 128, 207, 1025, 4096})
    void productsOfBytesAreExactEvenAtTheEndsOfTheirRange(int dimension) {
        RandomGenerator random = Seeds.random("KernelTwinsTest");
        int stride = ByteRows.stride(dimension);
        int count = 9;
        byte[] rows = new byte[count * stride];
        short[] query = new short[stride];
        for (int j = 0; j < dimension; j++) {
            query[j] = (short) (random.nextBoolean() ? ByteRows.QUERY_MAX : -ByteRows.QUERY_MAX);
            for (int row = 0; row < count; row++) {
                int value = random.nextInt(-128, 128);
                rows[row * stride + j] = (byte) (row == 0 ? 2 * query[j] : row == 1 ? -128 : value);
            }
        }
        int[] ordinals = {3, 0, 8, 1, 1, 7};
        for (Kernels twin : new Kernels[] {scalar, panama}) {
            int[] into = new int[ordinals.length];
            twin.dots(query, MemorySegment.ofArray(rows), ordinals, 5, into);
            for (int i = 0; i < 5; i++) {
                long sum = 0;
                for (int j = 0; j < dimension; j++) {
                    sum += (long) query[j] * rows[ordinals[i] * stride + j];
                }
                assertThat((long) into[i]).as(twin.name()).isEqualTo(sum);
            }
            assertThat(into[5]).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 13, 128, 207})
    void batchesAreTheSameAsOneByOne(int n) {
        RandomGenerator random = Seeds.random("KernelTwinsTest");
        float[][] values = SyntheticVectors.uniform(random, 6, n);
        int[] ordinals = {4, 0, 5, 5};
        for (Kernels twin : new Kernels[] {scalar, panama}) {
            MemorySegment rows = MemorySegment.ofArray(new float[6 * n]);
            for (int row = 0; row < 6; row++) {
                MemorySegment.copy(values[row], 0, rows, ScalarKernels.FLOAT, 4L * n * row, n);
            }
            float[] dots = new float[4];
            float[] squares = new float[4];
            twin.dots(values[1], rows, ordinals, 3, dots);
            twin.squaredL2s(values[1], rows, ordinals, 3, squares);
            for (int i = 0; i < 3; i++) {
                assertThat(dots[i]).isEqualTo(twin.dot(values[1], rows, 4L * n * ordinals[i]));
                assertThat(squares[i]).isEqualTo(twin.squaredL2(values[1], rows, 4L * n * ordinals[i]));
            }
            assertThat(dots[3]).isZero();
        }
    }

    /** The values from {@code from} on, with NaN on both sides, so that reading past the range shows. */
    private static float[] shifted(float[] values, int from) {
        float[] shifted = nans(from + values.length + GUARD);
        System.arraycopy(values, 0, shifted, from, values.length);
        return shifted;
    }

    /** Rounding grows with the number of terms; each is at most 4 here. */
    private static double delta(int n) {
        return 1e-6 * (n + 1);
    }

    private static float[] nans(int n) {
        float[] values = new float[n];
        Arrays.fill(values, Float.NaN);
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 32, 64, 100, 128, 207})
    void sumsOfManyRowsAreThoseOfEachToTheLastBit(int n) {
        float[][] rows = SyntheticVectors.uniform(Seeds.random("KernelTwinsTest"), 10, n);
        int[] ordinals = {3, 0, 9, 9, 1, 7, 2};
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(4L * n * rows.length, 64);
            for (int row = 0; row < rows.length; row++) {
                MemorySegment.copy(rows[row], 0, segment, ScalarKernels.FLOAT, 4L * n * row, n);
            }
            for (Kernels twin : new Kernels[] {scalar, panama}) {
                float[] dots = new float[ordinals.length];
                double[] wide = new double[ordinals.length];
                double[] squares = new double[ordinals.length];
                twin.dots(rows[4], segment, ordinals, ordinals.length, dots);
                twin.dotsAndSquaresInDouble(rows[4], segment, ordinals, ordinals.length, wide, squares);
                for (int i = 0; i < ordinals.length; i++) {
                    long at = 4L * n * ordinals[i];
                    assertThat(dots[i]).as(twin.name()).isEqualTo(twin.dot(rows[4], segment, at));
                    assertThat(wide[i]).as(twin.name()).isEqualTo(twin.dotInDouble(rows[4], segment, at));
                    assertThat(squares[i]).as(twin.name()).isEqualTo(twin.squaresInDouble(segment, at, n));
                }
            }
        }
    }
}
