package repscorer.codes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.parallel.Workers;
import repscorer.testing.Seeds;
import repscorer.vector.DenseRows;

class CodebookTest {

    private static final int ROWS = 600;

    /** Rows around some centres, so that there is something to learn. */
    private static float[][] clustered(RandomGenerator random, int n, int d, int centres, double spread) {
        float[][] centre = gaussian(random, centres, d);
        float[][] rows = new float[n][d];
        for (float[] row : rows) {
            float[] near = centre[random.nextInt(centres)];
            for (int j = 0; j < d; j++) {
                row[j] = (float) (near[j] + spread * random.nextGaussian());
            }
        }
        return rows;
    }

    private static float[][] gaussian(RandomGenerator random, int n, int d) {
        float[][] rows = new float[n][d];
        for (float[] row : rows) {
            for (int j = 0; j < d; j++) {
                row[j] = (float) random.nextGaussian();
            }
        }
        return rows;
    }

    /** Of few bits, which are soon learnt. */
    private static CodesOptions few(CodesMethod method) {
        boolean learns = method == CodesMethod.PQ || method == CodesMethod.RESIDUAL;
        int bits = learns ? 5 : CodesOptions.defaultBits(method);
        return new CodesOptions(method, 0, bits, CodesOptions.defaultRotation(method), 7, 500);
    }

    private static CodedRows coded(float[][] rows, CodesOptions options, int threads) throws InterruptedException {
        DenseRows dense = DenseRows.copyOf(rows);
        try (Workers workers = Workers.withCaller(threads, "codes")) {
            return CodedRows.encode(Codebook.train(dense, options, workers), dense, workers);
        }
    }

    private static float[] decoded(CodedRows rows, int ordinal) {
        float[] row = new float[rows.codebook().dimension()];
        long at = (long) ordinal * rows.codebook().rowBytes();
        rows.codebook().decoder().decode(rows.codes(), at, 1, row, 0);
        return row;
    }

    private static double squared(float[] a, float[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += ((double) a[j] - b[j]) * ((double) a[j] - b[j]);
        }
        return sum;
    }

    /** Squared error as a share of the squared distance to the mean. */
    private static double loss(float[][] rows, CodedRows coded) {
        int d = rows[0].length;
        float[] mean = new float[d];
        for (float[] row : rows) {
            for (int j = 0; j < d; j++) {
                mean[j] += row[j] / rows.length;
            }
        }
        double error = 0;
        double all = 0;
        for (int i = 0; i < rows.length; i++) {
            error += squared(rows[i], decoded(coded, i));
            all += squared(rows[i], mean);
        }
        return error / all;
    }

    @ParameterizedTest
    @EnumSource
    void isTheSameOnAnyNumberOfThreadsAndWhenItIsReadAgain(CodesMethod method) throws InterruptedException {
        float[][] rows = clustered(Seeds.random("threads of " + method), ROWS, 24, 40, 0.3);
        CodesOptions options = few(method);
        CodedRows one = coded(rows, options, 1);
        CodedRows three = coded(rows, options, 3);
        assertThat(three.codebook().checksum()).isEqualTo(one.codebook().checksum());
        assertThat(three.codes().mismatch(one.codes())).isEqualTo(-1);
        byte[] bytes = one.codebook().toBytes();
        Codebook read = Codebook.parse(bytes);
        assertThat(read.checksum()).isEqualTo(one.codebook().checksum());
        for (int row = 0; row < ROWS; row += 97) {
            MemorySegment alone = MemorySegment.ofArray(new byte[read.rowBytes()]);
            read.encoder().encode(rows[row], 1, alone, 0);
            assertThat(alone.mismatch(one.codes().asSlice((long) row * read.rowBytes(), read.rowBytes())))
                    .as("code of row %s beside others and alone", row)
                    .isEqualTo(-1);
        }
        for (int at = 0; at < bytes.length; at += Math.max(1, bytes.length / 200)) {
            bytes[at] ^= 4;
            assertThatThrownBy(() -> Codebook.parse(bytes)).isInstanceOf(IllegalArgumentException.class);
            bytes[at] ^= 4;
        }
    }

    @ParameterizedTest
    @EnumSource
    void productsByCodesAreThoseOfDecodedRows(CodesMethod method) throws InterruptedException {
        RandomGenerator random = Seeds.random("products of " + method);
        float[][] rows = clustered(random, ROWS, 21, 30, 0.5);
        CodedRows coded = coded(rows, few(method), 2);
        DotTable table = coded.codebook().dotTable();
        float[] query = gaussian(random, 1, 21)[0];
        table.query(query);
        float[] all = new float[ROWS * 21];
        coded.codebook().decoder().decode(coded.codes(), 0, ROWS, all, 0);
        for (int row = 0; row < ROWS; row += 13) {
            float[] decoded = decoded(coded, row);
            double dot = 0;
            for (int j = 0; j < decoded.length; j++) {
                dot += (double) decoded[j] * query[j];
                assertThat(all[row * 21 + j]).isCloseTo(decoded[j], within(1e-5f));
            }
            assertThat((double) table.dot(
                            coded.codes(), (long) row * coded.codebook().rowBytes()))
                    .isCloseTo(dot, within(1e-3));
        }
    }

    @Test
    void halvesAreThoseOfTheJdk() throws InterruptedException {
        float[][] rows = gaussian(Seeds.random("halves"), 50, 9);
        CodedRows coded = coded(rows, CodesOptions.of(CodesMethod.FLOAT16), 1);
        for (int row = 0; row < rows.length; row++) {
            float[] decoded = decoded(coded, row);
            for (int j = 0; j < 9; j++) {
                assertThat(decoded[j]).isEqualTo(Float.float16ToFloat(Float.floatToFloat16(rows[row][j])));
            }
        }
        assertThatThrownBy(() -> coded(new float[][] {{1e6f}}, CodesOptions.of(CodesMethod.FLOAT16), 1))
                .hasMessageContaining("65504");
    }

    @Test
    void bytesAreOffByHalfAStepOfTheirDimension() throws InterruptedException {
        float[][] rows = gaussian(Seeds.random("bytes"), 700, 6);
        CodedRows coded = coded(rows, CodesOptions.of(CodesMethod.INT8), 2);
        for (int j = 0; j < 6; j++) {
            float low = Float.POSITIVE_INFINITY;
            float high = Float.NEGATIVE_INFINITY;
            for (float[] row : rows) {
                low = Math.min(low, row[j]);
                high = Math.max(high, row[j]);
            }
            double step = (high - low) / 255.0;
            for (int row = 0; row < rows.length; row++) {
                // half a step, and what float16 rounds the table by
                assertThat((double) decoded(coded, row)[j])
                        .isCloseTo(rows[row][j], within(0.5 * step + (high - low) / 4096.0));
            }
        }
    }

    /** Entries are read through the decoder, and the best of them sought one by one. */
    @Test
    void eachPartOfAProductCodeIsTheNearestEntry() throws InterruptedException {
        int d = 11;
        int m = 3; // does not divide 11
        float[][] rows = clustered(Seeds.random("parts"), ROWS, d, 20, 0.4);
        CodesOptions options = new CodesOptions(CodesMethod.PQ, m, 4, Rotation.NONE, 1, 1_000);
        CodedRows coded = coded(rows, options, 2);
        assertThat(coded.codebook().rowBytes()).isEqualTo(2);
        float[][] entries = new float[16][];
        for (int c = 0; c < 16; c++) { // entry c of every part at once
            byte[] code = {(byte) (c | c << 4), (byte) c};
            entries[c] = new float[d];
            coded.codebook().decoder().decode(MemorySegment.ofArray(code), 0, 1, entries[c], 0);
        }
        int[] starts = {0, 3, 7, 11};
        for (int row = 0; row < ROWS; row += 11) {
            double best = 0;
            for (int s = 0; s < m; s++) {
                double least = Double.POSITIVE_INFINITY;
                for (float[] entry : entries) {
                    double sum = 0;
                    for (int j = starts[s]; j < starts[s + 1]; j++) {
                        sum += ((double) entry[j] - rows[row][j]) * ((double) entry[j] - rows[row][j]);
                    }
                    least = Math.min(least, sum);
                }
                best += least;
            }
            assertThat(squared(rows[row], decoded(coded, row))).isCloseTo(best, within(1e-4));
        }
    }

    @Test
    void plantedClustersAreFoundExactly() throws InterruptedException {
        float[][] rows = clustered(Seeds.random("planted"), 2_000, 16, 30, 0);
        for (CodesMethod method : List.of(CodesMethod.PQ, CodesMethod.RESIDUAL)) {
            CodesOptions options = new CodesOptions(method, 1, 5, Rotation.NONE, 3, 2_000);
            assertThat(loss(rows, coded(rows, options, 2))).as("%s", method).isLessThan(1e-6);
        }
    }

    /** What an even grid of 2, 4, 8 and 16 levels loses of normal values at best: Max, 1960; a row's own step loses a little less. */
    @Test
    void gridsLoseWhatNormalValuesMust() throws InterruptedException {
        float[][] rows = gaussian(Seeds.random("grids"), 800, 128);
        double[] known = {0.3634, 0.1188, 0.03744, 0.01154};
        for (int bits = 1; bits <= known.length; bits++) {
            double loss = loss(rows, coded(rows, CodesOptions.of(CodesMethod.RABITQ, 0, bits), 2));
            assertThat(loss).as("%s bits", bits).isBetween(0.85 * known[bits - 1], 1.02 * known[bits - 1]);
        }
    }

    @Test
    void aLearnedRotationLosesLess() throws InterruptedException {
        RandomGenerator random = Seeds.random("turned");
        float[][] narrow = gaussian(random, 2_000, 4); // what 16 dimensions have in common
        float[][] turn = gaussian(random, 4, 16);
        float[][] rows = new float[narrow.length][16];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < 16; j++) {
                rows[i][j] = (float) (0.05 * random.nextGaussian());
                for (int a = 0; a < 4; a++) {
                    rows[i][j] += narrow[i][a] * turn[a][j];
                }
            }
        }
        double plain = loss(rows, coded(rows, new CodesOptions(CodesMethod.PQ, 4, 5, Rotation.NONE, 1, 2_000), 2));
        double turned = loss(rows, coded(rows, new CodesOptions(CodesMethod.PQ, 4, 5, Rotation.LEARNED, 1, 2_000), 2));
        assertThat(turned).isLessThan(0.7 * plain);
    }

    @Test
    void sumsOfEntriesLoseLessThanParts() throws InterruptedException {
        float[][] rows = clustered(Seeds.random("sums"), 1_500, 24, 12, 0.4);
        double parts = loss(rows, coded(rows, new CodesOptions(CodesMethod.PQ, 4, 4, Rotation.LEARNED, 1, 1_500), 2));
        double sums = loss(rows, coded(rows, new CodesOptions(CodesMethod.RESIDUAL, 4, 4, Rotation.NONE, 1, 1_500), 2));
        assertThat(sums).isLessThan(0.8 * parts);
    }

    @Test
    void groupsOfSumsDecodeAsTheyWereCoded() throws InterruptedException {
        float[][] rows = clustered(Seeds.random("groups"), 600, 36, 50, 0.2);
        CodesOptions options = new CodesOptions(CodesMethod.RESIDUAL, 18, 4, Rotation.LEARNED, 1, 600);
        CodedRows coded = coded(rows, options, 2);
        assertThat(coded.codebook().rowBytes()).isEqualTo(9);
        assertThat(loss(rows, coded)).isLessThan(0.1);
    }

    @ParameterizedTest
    @EnumSource
    void zeroRowsAndEqualRowsAreCoded(CodesMethod method) throws InterruptedException {
        for (float value : new float[] {0, 0.25f}) {
            float[][] rows = new float[300][10];
            for (float[] row : rows) {
                Arrays.fill(row, value);
            }
            CodedRows coded = coded(rows, CodesOptions.of(method), 2);
            assertThat(squared(rows[7], decoded(coded, 7))).isLessThan(1e-9);
        }
    }

    @ParameterizedTest
    @EnumSource
    void valuesThatAreNotFiniteAreRefused(CodesMethod method) throws InterruptedException {
        float[][] rows = gaussian(Seeds.random("nan"), 300, 10);
        CodedRows coded = coded(rows, CodesOptions.of(method), 1);
        MemorySegment into = MemorySegment.ofArray(new byte[coded.codebook().rowBytes()]);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            float[] row = rows[0].clone();
            row[3] = bad;
            assertThatThrownBy(() -> coded.codebook().encoder().encode(row, 1, into, 0))
                    .hasMessageContaining("finite")
                    .hasMessageContaining("place 3");
            if (method != CodesMethod.FLOAT16) { // which learns nothing
                rows[9][3] = bad;
                assertThatThrownBy(() -> coded(rows, CodesOptions.of(method), 2))
                        .hasMessageContaining("finite");
                rows[9][3] = 0;
            }
        }
        assertThat(into.get(ValueLayout.JAVA_BYTE, 0)).isZero();
    }

    @Test
    void whatCannotBeLearntIsRefusedByName() {
        float[][] rows = gaussian(Seeds.fixed(1), 100, 8);
        assertThatThrownBy(() -> coded(rows, CodesOptions.of(CodesMethod.PQ), 1))
                .hasMessageContaining("at least 256 rows: 100");
        assertThatThrownBy(() -> coded(rows, CodesOptions.of(CodesMethod.PQ, 9, 4), 1))
                .hasMessageContaining("at most the dimension, 8: 9");
        assertThatThrownBy(() -> CodesOptions.of(CodesMethod.PQ, 2, 3)).hasMessageContaining("4 to 8: 3");
        assertThatThrownBy(() -> CodesOptions.of(CodesMethod.RABITQ, 2, 3)).hasMessageContaining("pq and residual");
        assertThatThrownBy(() -> new CodesOptions(CodesMethod.INT8, 0, 8, Rotation.RANDOM, 1, 1))
                .hasMessageContaining("not turned");
        assertThatThrownBy(() -> CodesOptions.of(CodesMethod.RABITQ, 0, 4).check(4096))
                .hasMessageContaining("up to dimension 1024: 4096");
    }
}
