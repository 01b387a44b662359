package repscorer.core.store.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.BuildProgress;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.exact.ExactIndex;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnsw.Quantization;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** The recall that the gate measures, of indexes that answer what a test tells them to; and what it advises. */
class RecallGateOracleTest {

    private static final int D = 5;

    @TempDir
    Path directory;

    private final RandomGenerator random = Seeds.random("RecallGateOracleTest");

    /** Answers by the query's row, with whatever scores. */
    private record Told(Metric metric, int count, float[][] rows, IntFunction<int[]> answers) implements DenseIndex {

        @Override
        public String engine() {
            return "told";
        }

        @Override
        public int dimension() {
            return D;
        }

        @Override
        public Neighbors search(float[] query, SearchOptions options) {
            assertThat(options.k()).isEqualTo(10);
            int row = 0;
            while (!Arrays.equals(rows[row], query)) {
                row++;
            }
            int[] answered = answers.apply(row);
            float[] scores = new float[answered.length];
            Arrays.fill(scores, Float.MAX_VALUE);
            return new Neighbors(answered, scores, new SearchStats(SearchStats.Plan.GRAPH, 1, 1));
        }
    }

    private static double score(Metric metric, float[] a, float[] b) {
        return BruteForce.score(BruteForce.Dense.valueOf(metric.name()), a, b);
    }

    /** The best rows of a query, best first. */
    private static int[] best(Metric metric, float[][] rows, float[] query, int n) {
        Integer[] order = new Integer[rows.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(score(metric, query, rows[b]), score(metric, query, rows[a])));
        return Arrays.stream(order).limit(n).mapToInt(i -> i).toArray();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: recall counts the answers that are among the ten best, whatever scores come with them")
    void recallCountsTheAnswersAmongTheBest(Metric metric) {
        for (int count : new int[] {1, 7, 10, 11, 60}) {
            float[][] rows = SyntheticVectors.gaussian(random, count, D);
            DenseRows stored = DenseRows.copyOf(rows);
            int best = Math.min(10, count);
            for (int right = 0; right <= best; right++) {
                int kept = right;
                Told told = new Told(metric, count, rows, row -> {
                    int[] all = best(metric, rows, rows[row], count);
                    int[] answer = Arrays.copyOf(all, kept);
                    if (count - best >= best - kept) {
                        answer = Arrays.copyOf(all, best);
                        System.arraycopy(all, best, answer, kept, best - kept);
                    }
                    return answer;
                });
                assertThat(RecallGate.recall(told, stored, count))
                        .as("%s of %s, %s rows", right, best, count)
                        .isCloseTo((double) right / best, within(1e-9));
            }
        }
    }

    @Test
    @DisplayName("S13: rows that tie with the last of the best are as good, more answers than ten are not")
    void rowsThatTieAreAsGood() {
        float[][] rows = new float[30][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new float[] {i < 5 ? 1 : 2, 0, 0, 0, i < 5 ? i : 0};
        }
        DenseRows stored = DenseRows.copyOf(rows);
        int[] copies = {5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22};
        for (Metric metric : List.of(Metric.L2, Metric.INNER_PRODUCT)) {
            Told last = new Told(
                    metric,
                    30,
                    rows,
                    row -> row < 5 ? best(metric, rows, rows[row], 10) : Arrays.copyOfRange(copies, 8, 18));
            assertThat(RecallGate.recall(last, stored, 30))
                    .as("any ten of the copies")
                    .isEqualTo(1);
            Told more = new Told(metric, 30, rows, row -> row < 5 ? best(metric, rows, rows[row], 10) : copies);
            assertThat(RecallGate.recall(more, stored, 30)).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("S13: a row without a cosine is nobody's neighbour, and an index of none finds all")
    void aRowWithoutACosineIsNobodysNeighbour() {
        float[][] rows = {{1, 0, 0, 0, 0}, {0, 0, 0, 0, 0}, {1, 1, 0, 0, 0}};
        Told told = new Told(Metric.COSINE, 3, rows, row -> row == 1 ? new int[0] : new int[] {0, 2});
        // Two of three queries find their two; the zero row's own finds none of two.
        assertThat(RecallGate.recall(told, DenseRows.copyOf(rows), 3)).isCloseTo(4 / 6.0, within(1e-9));
        float[][] zero = {{0, 0, 0, 0, 0}};
        assertThat(RecallGate.recall(new Told(Metric.COSINE, 1, zero, row -> new int[0]), DenseRows.copyOf(zero), 1))
                .isEqualTo(1);
    }

    @Test
    void fewerRowsAreSampledWhereFewerAreAskedFor() {
        float[][] rows = SyntheticVectors.gaussian(random, 50, D);
        int[] asked = new int[1];
        Told told = new Told(Metric.L2, 50, rows, row -> {
            asked[0]++;
            return best(Metric.L2, rows, rows[row], 10);
        });
        assertThat(RecallGate.recall(told, DenseRows.copyOf(rows), 8)).isEqualTo(1);
        assertThat(asked[0]).isEqualTo(8);
        assertThat(RecallGate.recall(told, DenseRows.copyOf(rows), 500)).isEqualTo(1);
        assertThat(asked[0]).isEqualTo(58);
    }

    // ---- remedies ----

    private EmbeddingFile file(float[][] rows) throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("a", "m", EntityKind.USER, rows[0].length);
        for (int row = 0; row < rows.length; row++) {
            writer.add(EntityId.of(EntityKind.USER, row + 1), rows[row]);
        }
        return EmbeddingFile.open(writer.writeTo(Files.createTempDirectory(directory, "f")));
    }

    private static String advice(EmbeddingFile file, Metric metric, Quantization codes) throws InterruptedException {
        return RecallRemedy.of(
                HnswIndex.build(
                        file.denseRows(),
                        metric,
                        new HnswParameters(4, 20, 1),
                        codes,
                        ForkJoinPool.commonPool(),
                        1,
                        BuildProgress.NONE),
                file);
    }

    @Test
    @DisplayName("S13: the advice names what is the matter: one direction, one long row, codes, or too few links")
    void theAdviceNamesWhatIsTheMatter() throws Exception {
        float[][] rows = SyntheticVectors.gaussian(random, 300, 8);
        assertThat(advice(file(rows), Metric.COSINE, Quantization.NONE))
                .startsWith("a graph of more links finds more: raise m and ef-construction");
        assertThat(advice(file(rows), Metric.COSINE, Quantization.INT8))
                .isEqualTo("codes of a byte do not tell its rows apart: set codes: none");
        assertThat(advice(file(rows), Metric.L2, Quantization.INT8)).startsWith("codes of a byte");
        assertThat(RecallRemedy.of(new ExactIndex(DenseRows.copyOf(rows), Metric.L2), file(rows)))
                .startsWith("a graph of more links");

        float[][] narrow = new float[300][];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = rows[i].clone();
            for (int j = 0; j < 8; j++) {
                narrow[i][j] = 1 + rows[i][j] * 1e-3f;
            }
        }
        assertThat(advice(file(narrow), Metric.COSINE, Quantization.NONE)).startsWith("its rows point in all but one");
        assertThat(advice(file(narrow), Metric.L2, Quantization.NONE)).startsWith("a graph of more links");
        for (float[] row : narrow) {
            for (int j = 0; j < 8; j++) {
                row[j] = 1 + (row[j] - 1) * 30;
            }
        }
        assertThat(advice(file(narrow), Metric.COSINE, Quantization.NONE))
                .as("a spread of a thousandth is enough")
                .startsWith("a graph of more links");

        float[][] unit = new float[300][8];
        for (int i = 0; i < unit.length; i++) {
            unit[i][i % 8] = i % 3 == 0 ? 3 : 2;
        }
        unit[234][234 % 8] = 210;
        assertThat(advice(file(unit), Metric.L2, Quantization.INT8))
                .isEqualTo("row 234 (user:235) has the norm 210.0, 105 times the median's, and stretches the scale of"
                        + " codes: scale it, leave it out, or set codes: none");
        unit[240][0] = 210;
        assertThat(advice(file(unit), Metric.L2, Quantization.INT8))
                .as("of two as long the first")
                .startsWith("row 234");
        unit[240][0] = 3;
        unit[234][234 % 8] = 199;
        assertThat(advice(file(unit), Metric.L2, Quantization.INT8)).startsWith("codes of a byte");
        unit[234][234 % 8] = 200;
        assertThat(advice(file(unit), Metric.INNER_PRODUCT, Quantization.INT8)).startsWith("row 234");
        assertThat(advice(file(unit), Metric.COSINE, Quantization.INT8)).startsWith("codes of a byte");
        assertThat(advice(file(unit), Metric.L2, Quantization.NONE)).startsWith("a graph of more links");
    }

    @Test
    @DisplayName("S13: an index is carried on where at least half of the rows have links")
    void anIndexIsCarriedOnWhereHalfOfTheRowsHaveLinks() throws Exception {
        float[][] rows = SyntheticVectors.gaussian(random, 20, 8);
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            HnswIndex index = HnswIndex.build(
                    DenseRows.copyOf(rows),
                    Metric.L2,
                    new HnswParameters(4, 20, 1),
                    Quantization.NONE,
                    executor,
                    1,
                    BuildProgress.NONE);
            assertThat(Predecessor.of(index, new int[] {0, -1})).isPresent();
            assertThat(Predecessor.of(index, new int[] {3, -1, -1})).isEmpty();
            assertThat(Predecessor.of(index, new int[] {-1, 5, 7}).orElseThrow().ordinals())
                    .containsExactly(-1, 5, 7);
            assertThat(Predecessor.of(new ExactIndex(DenseRows.copyOf(rows), Metric.L2), new int[] {0}))
                    .isEmpty();
        }
    }
}
