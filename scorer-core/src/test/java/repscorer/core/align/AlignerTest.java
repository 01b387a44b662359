package repscorer.core.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.testing.Seeds;
import repscorer.vector.Metric;

/** What an alignment finds again that was planted, and what it refuses. */
class AlignerTest {

    private static final EntityKind USER = new EntityKind("user");
    private static final int ROWS = 900;

    @TempDir
    Path directory;

    private final RandomGenerator random = Seeds.random("AlignerTest");

    @ParameterizedTest
    @ValueSource(ints = {8, 17, 64})
    @DisplayName("a planted rotation is recovered to a residual below 1e-5")
    void aPlantedRotationIsRecovered(int d) throws Exception {
        double[][] rotation = rotation(d);
        float[][] from = rows(ROWS, d, true);
        float[][] to = map(from, rotation);
        Alignment alignment = align(from, to, Metric.COSINE, only(AlignmentMethod.PROCRUSTES));
        double squares = 0;
        for (int i = 0; i < ROWS; i++) {
            squares += squaredDistance(alignment.forward().apply(from[i]), to[i]);
            squares += squaredDistance(alignment.backward().apply(to[i]), from[i]);
        }
        assertThat(Math.sqrt(squares / (2 * ROWS))).isLessThan(1e-5);
        assertThat(alignment.kept().forward().recall()).isGreaterThan(0.999);
        assertThat(alignment.kept().backward().cosine()).isEqualTo(1, within(1e-6));
    }

    @Test
    void lengthsPassThroughWhereDirectionsAreCompared() throws Exception {
        double[][] rotation = rotation(16);
        float[][] from = rows(ROWS, 16, false);
        float[][] to = map(from, rotation);
        for (AlignmentMethod method : AlignmentMethod.values()) {
            Adapter adapter = align(from, to, Metric.COSINE, only(method)).forward();
            for (float[] row : Arrays.copyOf(from, 20)) {
                assertThat(norm(adapter.apply(row))).as(method.word()).isEqualTo(norm(row), within(1e-4));
            }
            assertThat(norm(adapter.apply(new float[16]))).isZero();
        }
    }

    @Test
    @DisplayName("inner products keep lengths and a shift: an affine map finds them, a rotation cannot")
    void anAffineMapFindsShearAndShift() throws Exception {
        float[][] from = rows(ROWS, 12, false);
        double[][] shear = rotation(12);
        for (int j = 0; j < 12; j++) {
            shear[3][j] += 0.8 * shear[7][j];
            shear[5][j] *= 0.3;
        }
        float[][] to = map(from, shear);
        for (float[] row : to) {
            row[2] += 0.7f;
        }
        Alignment affine = align(from, to, Metric.INNER_PRODUCT, only(AlignmentMethod.AFFINE));
        for (int i = 0; i < 50; i++) {
            assertThat(squaredDistance(affine.forward().apply(from[i]), to[i])).isLessThan(1e-6);
        }
        double rotated = affine.fits().getFirst().forward().recall();
        assertThat(affine.kept().forward().recall()).isGreaterThan(0.99).isGreaterThan(rotated + 0.1);
        assertThat(align(from, to, Metric.INNER_PRODUCT, AlignmentOptions.DEFAULT)
                        .method())
                .isNotEqualTo(AlignmentMethod.PROCRUSTES);
    }

    @Test
    @DisplayName("where the map bends, the network finds what no affine map can")
    void aNetworkFindsWhatBends() throws Exception {
        float[][] from = rows(3_000, 8, false);
        double[][] one = rotation(8);
        double[][] other = rotation(8);
        float[][] to = new float[from.length][];
        for (int i = 0; i < to.length; i++) {
            float[] bent = map(new float[][] {from[i]}, one)[0];
            for (int j = 0; j < 8; j++) {
                bent[j] = Math.abs(bent[j]);
            }
            float[] straight = map(new float[][] {from[i]}, other)[0];
            to[i] = new float[8];
            for (int j = 0; j < 8; j++) {
                to[i][j] = straight[j] + bent[j];
            }
        }
        Alignment alignment = align(from, to, Metric.L2, AlignmentOptions.DEFAULT);
        List<Alignment.Fit> fits = alignment.fits();
        assertThat(fits.get(2).forward().recall())
                .isGreaterThan(fits.get(1).forward().recall() + 0.05);
        assertThat(alignment.method()).isEqualTo(AlignmentMethod.RESIDUAL);
    }

    @ParameterizedTest
    @EnumSource(AlignmentMethod.class)
    @DisplayName("a planted permutation of ids never passes, by any method")
    void aPermutationOfIdsNeverPasses(AlignmentMethod method) throws Exception {
        float[][] from = rows(ROWS, 16, true);
        float[][] to = map(from, rotation(16));
        float[][] mixed = new float[ROWS][];
        int[] order = permutation(ROWS);
        for (int i = 0; i < ROWS; i++) {
            mixed[i] = to[order[i]];
        }
        AlignmentOptions least = new AlignmentOptions(
                Optional.of(method),
                Optional.empty(),
                AlignmentOptions.SAMPLE_DEFAULT,
                AlignmentOptions.RECALL_MIN_LEAST,
                7);
        assertThatExceptionOfType(Conflict.class)
                .isThrownBy(() -> align(from, mixed, Metric.COSINE, least))
                .withMessageContaining("neighbours of shared ids do not agree")
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("alignment-recall-too-low"));
        assertThat(align(from, to, Metric.COSINE, least).kept().recallMin()).isGreaterThan(0.9);
    }

    @ParameterizedTest
    @EnumSource(AlignmentMethod.class)
    void theSameRowsAndSeedGiveTheSameMap(AlignmentMethod method) throws Exception {
        float[][] from = rows(600, 8, true);
        float[][] to = noisy(map(from, rotation(8)), 0.1);
        byte[] first = AlignmentFile.toBytes(align(from, to, Metric.COSINE, only(method)));
        assertThat(AlignmentFile.toBytes(align(from, to, Metric.COSINE, only(method))))
                .isEqualTo(first);
    }

    @Test
    void versionsOfOtherDimensionsAreMappedBothWays() throws Exception {
        float[][] from = rows(ROWS, 10, true);
        double[][] wide = new double[10][16];
        double[][] rotation = rotation(16);
        for (int i = 0; i < 10; i++) {
            wide[i] = rotation[i];
        }
        Alignment alignment = align(from, map(from, wide), Metric.COSINE, AlignmentOptions.DEFAULT);
        assertThat(alignment.forward().out()).isEqualTo(16);
        assertThat(alignment.backward().out()).isEqualTo(10);
        assertThat(alignment.method()).isEqualTo(AlignmentMethod.PROCRUSTES);
        assertThat(alignment.kept().recallMin()).isGreaterThan(0.99);
    }

    @Test
    void tooFewSharedIdsAreRefused() throws Exception {
        float[][] from = rows(127, 64, true);
        assertThatExceptionOfType(Conflict.class)
                .isThrownBy(() -> align(from, from, Metric.COSINE, AlignmentOptions.DEFAULT))
                .withMessageContaining("needs 128 shared ids at least: model=twhin has 127 in a and b");
    }

    @Test
    void optionsHaveBounds() {
        assertThatExceptionOfType(Invalid.class)
                .isThrownBy(() -> new AlignmentOptions(Optional.empty(), Optional.empty(), 499, 0.2, 1))
                .withMessage("sample is 500 to 100000: 499");
        assertThatExceptionOfType(Invalid.class)
                .isThrownBy(() -> new AlignmentOptions(Optional.empty(), Optional.empty(), 500, 0.01, 1))
                .withMessage("recall-min is 0.02 to 1: 0.01");
        assertThatExceptionOfType(Invalid.class)
                .isThrownBy(() -> AlignmentOptions.method("magic"))
                .withMessage("a method is procrustes, affine, residual or auto: 'magic'");
        assertThat(AlignmentOptions.method("auto")).isEmpty();
    }

    private Alignment align(float[][] from, float[][] to, Metric metric, AlignmentOptions options) throws Exception {
        return Aligner.align(
                "twhin",
                new Coordinates("a", Optional.of("t1"), new TreeMap<>()),
                List.of(AlignedRows.of(file("a", from), metric)),
                new Coordinates("b", Optional.of("t2"), new TreeMap<>()),
                List.of(AlignedRows.of(file("b", to), metric)),
                options);
    }

    private EmbeddingFile file(String release, float[][] rows) throws Exception {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("twhin-user", "twhin", USER, rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            writer.add(EntityId.of(USER, Integer.toString(i)), rows[i]);
        }
        Path place = directory.resolve(release + System.nanoTime());
        Files.createDirectories(place);
        return EmbeddingFile.open(writer.writeTo(place));
    }

    private static AlignmentOptions only(AlignmentMethod method) {
        return new AlignmentOptions(Optional.of(method), Optional.empty(), 2_000, 0.05, 5);
    }

    private float[][] rows(int n, int d, boolean unit) {
        float[][] rows = new float[n][d];
        for (float[] row : rows) {
            double squares = 0;
            for (int i = 0; i < d; i++) {
                row[i] = (float) random.nextGaussian();
                squares += row[i] * row[i];
            }
            for (int i = 0; unit && i < d; i++) {
                row[i] /= (float) Math.sqrt(squares);
            }
        }
        return rows;
    }

    private float[][] noisy(float[][] rows, double noise) {
        for (float[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] += (float) (noise * random.nextGaussian());
            }
        }
        return rows;
    }

    /** Orthonormal rows, by Gram and Schmidt. */
    private double[][] rotation(int d) {
        double[][] rows = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                rows[i][j] = random.nextGaussian();
            }
            for (int twice = 0; twice < 2; twice++) {
                for (int k = 0; k < i; k++) {
                    double dot = 0;
                    for (int j = 0; j < d; j++) {
                        dot += rows[i][j] * rows[k][j];
                    }
                    for (int j = 0; j < d; j++) {
                        rows[i][j] -= dot * rows[k][j];
                    }
                }
            }
            double norm = Math.sqrt(Arrays.stream(rows[i]).map(x -> x * x).sum());
            for (int j = 0; j < d; j++) {
                rows[i][j] /= norm;
            }
        }
        return rows;
    }

    private static float[][] map(float[][] rows, double[][] matrix) {
        float[][] mapped = new float[rows.length][matrix[0].length];
        for (int r = 0; r < rows.length; r++) {
            for (int j = 0; j < matrix[0].length; j++) {
                double sum = 0;
                for (int i = 0; i < matrix.length; i++) {
                    sum += rows[r][i] * matrix[i][j];
                }
                mapped[r][j] = (float) sum;
            }
        }
        return mapped;
    }

    private int[] permutation(int n) {
        int[] order = IntStream.range(0, n).toArray();
        for (int i = n - 1; i > 0; i--) {
            int j = random.nextInt(i);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    private static double squaredDistance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
        }
        return sum;
    }

    private static double norm(float[] row) {
        return Math.sqrt(squaredDistance(row, new float[row.length]));
    }
}
