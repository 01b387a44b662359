package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

class HnswFileTest {

    private static final HnswParameters PARAMETERS = new HnswParameters(8, 60, 7);

    private final RandomGenerator random = Seeds.random("HnswFileTest");
    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    private int kept;

    @TempDir
    Path directory;

    @AfterEach
    void shutDown() {
        executor.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource
    void whatWasSavedIsOpenedAndAnswersTheSame(Metric metric) throws Exception {
        for (Quantization quantization : Quantization.values()) {
            DenseRows rows = rows(2000);
            HnswIndex saved = build(rows, metric, quantization);
            Path file = directory.resolve(quantization + ".hnsw");
            saved.save(file);
            HnswIndex opened = HnswIndex.open(file, rows);
            assertThat(opened.stats()).usingRecursiveComparison().isEqualTo(saved.stats());
            assertThat(opened.quantization()).isEqualTo(quantization);
            assertThat(opened.parameters()).isEqualTo(PARAMETERS);
            assertThat(opened.quantizationLoss()).isEqualTo(saved.quantizationLoss());
            assertThat(opened.effortFor(10, 0.9f)).isEqualTo(saved.effortFor(10, 0.9f));
            for (float[] query : SyntheticVectors.gaussian(random, 20, 24)) {
                Neighbors expected = saved.searchGraph(query, SearchOptions.of(10), 40);
                Neighbors found = opened.searchGraph(query, SearchOptions.of(10), 40);
                assertThat(found.ordinals()).isEqualTo(expected.ordinals());
                assertThat(found.scores()).isEqualTo(expected.scores());
                assertThat(found.stats()).isEqualTo(expected.stats());
            }
        }
    }

    @Test
    void theSameRowsGiveTheSameBytesOnAnyNumberOfThreads() throws Exception {
        DenseRows rows = rows(3000);
        byte[] first = {};
        for (int threads : new int[] {1, 2, 2}) {
            Path file = directory.resolve("built-on-" + threads + "-" + first.length);
            HnswIndex.build(rows, Metric.COSINE, PARAMETERS, Quantization.INT8, executor, threads, BuildProgress.NONE)
                    .save(file);
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            if (first.length > 0) {
                assertThat(Arrays.mismatch(bytes, first)).isEqualTo(-1);
            }
            first = bytes;
        }
    }

    @Test
    void anyFlippedBitIsFoundAndNamed() throws Exception {
        DenseRows rows = rows(1200);
        Path file = directory.resolve("index");
        build(rows, Metric.L2, Quantization.INT8).save(file);
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < 300; i++) {
            byte[] bad = good.clone();
            int at = random.nextInt(i < 100 ? 4096 : bad.length);
            bad[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bad);
            assertThatThrownBy(() -> HnswIndex.open(file, rows))
                    .as("byte %s", at)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageMatching(".*(header|section|does not start).*");
        }
    }

    @Test
    void aShortenedFileIsRefused() throws Exception {
        DenseRows rows = rows(1200);
        Path file = directory.resolve("index");
        build(rows, Metric.COSINE, Quantization.INT8).save(file);
        byte[] good = Files.readAllBytes(file);
        for (int length : new int[] {0, 100, 4095, 4096, good.length / 2, good.length - 5000}) {
            Files.write(file, Arrays.copyOf(good, length));
            assertThatThrownBy(() -> HnswIndex.open(file, rows))
                    .as("length %s", length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("it ends");
        }
    }

    @Test
    void otherRowsAreRefused() throws Exception {
        Path file = directory.resolve("index");
        build(rows(1200), Metric.COSINE, Quantization.INT8).save(file);
        assertThatThrownBy(() -> HnswIndex.open(file, rows(1200)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("belongs to other rows");
        assertThatThrownBy(() -> HnswIndex.open(file, rows(1100))).hasMessageContaining("belongs to other rows");
    }

    @Test
    void aFileIsNotOverwritten() throws Exception {
        HnswIndex index = build(rows(1200), Metric.COSINE, Quantization.INT8);
        Path file = directory.resolve("index");
        index.save(file);
        assertThatThrownBy(() -> index.save(file)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("V1 an index that scores rows beside its graph is saved, opened and carried on")
    void rowsOutsideTheGraphAreKept(Metric metric) throws Exception {
        for (Quantization quantization : Quantization.values()) {
            if (quantization.valueMax(metric, 24) < Float.POSITIVE_INFINITY) {
                continue; // refused before
            }
            float[][] values = SyntheticVectors.gaussian(random, 2000, 24);
            VectorOps.scale(values[5], metric == Metric.COSINE ? 1e-25f : 1e20f);
            VectorOps.scale(values[700], metric == Metric.COSINE ? 1e-25f : 1e20f);
            DenseRows rows = DenseRows.copyOf(values);
            HnswIndex saved = build(rows, metric, quantization);
            assertThat(saved.outside()).containsExactly(5, 700);
            HnswIndex opened = savedAndOpened(saved, rows);
            assertThat(opened.outside()).containsExactly(5, 700);
            assertSameAnswers(saved, opened, 24);
            assertThat(opened.searchGraph(values[700], SearchOptions.of(1), 40).ordinals())
                    .containsExactly(metric == Metric.INNER_PRODUCT ? best(rows, values[700]) : 700);

            int[] before = new int[2000];
            Arrays.setAll(before, row -> row);
            HnswIndex carried = opened.carriedOver(rows, before, BuildThreads.of(executor, 2), BuildProgress.NONE);
            assertSameAnswers(carried, savedAndOpened(carried, rows), 24);
        }
    }

    private static int best(DenseRows rows, float[] query) {
        return rows.score(Metric.INNER_PRODUCT, query, 1, 5) >= rows.score(Metric.INNER_PRODUCT, query, 1, 700)
                ? 5
                : 700;
    }

    @Test
    @DisplayName("V1 sibling: more rows beside the graph than a search scores, so that none is in it")
    void anIndexOfRowsThatAreAllScannedIsKept() throws Exception {
        float[][] values = SyntheticVectors.gaussian(random, 1200, 24);
        for (int row = 0; row < 300; row++) {
            VectorOps.scale(values[4 * row], 1e20f);
        }
        DenseRows rows = DenseRows.copyOf(values);
        HnswIndex saved = build(rows, Metric.L2, Quantization.INT8);
        assertThat(saved.inGraph()).isZero();
        HnswIndex opened = savedAndOpened(saved, rows);
        assertThat(opened.outside()).hasSize(300);
        for (int row : new int[] {0, 1, 1199}) {
            assertThat(opened.search(values[row], SearchOptions.of(1)).ordinals())
                    .containsExactly(row);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("V1 siblings: no row, one row, too few rows to learn from, too few dimensions for codes, equal rows")
    void thinIndexesAreKept(Quantization quantization) throws Exception {
        float[][] equal = new float[1200][];
        Arrays.fill(equal, new float[] {1, 2, 3, 4, 5, 6, 7, 8});
        for (Metric metric : Metric.values()) {
            for (DenseRows rows : List.of(
                    DenseRows.of(MemorySegment.NULL, MemorySegment.NULL, 0, 24),
                    rows(1),
                    rows(50),
                    DenseRows.copyOf(SyntheticVectors.gaussian(random, 1200, 3)),
                    DenseRows.copyOf(equal))) {
                HnswIndex saved = build(rows, metric, quantization);
                HnswIndex opened = savedAndOpened(saved, rows);
                assertThat(opened.stats()).usingRecursiveComparison().isEqualTo(saved.stats());
                if (rows.count() > 0) {
                    assertSameAnswers(saved, opened, rows.dimension());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("V1 sibling: codes of directions that lie close together have a format of their own")
    void codesOfCloseDirectionsAreKept(Quantization quantization) throws Exception {
        float[][] values = SyntheticVectors.around(random, new float[][] {CloseRowsTest.ones(24)}, 2000, 0.01);
        DenseRows rows = DenseRows.copyOf(values);
        HnswIndex saved = build(rows, Metric.COSINE, quantization);
        HnswIndex opened = savedAndOpened(saved, rows);
        assertThat(opened.scorer().zero()).isEqualTo(saved.scorer().zero());
        assertSameAnswers(saved, opened, 24);
        for (float[] query : values) {
            assertThat(opened.searchGraph(query, SearchOptions.of(10), 40).scores())
                    .isEqualTo(
                            saved.searchGraph(query, SearchOptions.of(10), 40).scores());
        }
    }

    private HnswIndex savedAndOpened(HnswIndex index, DenseRows rows) throws IOException {
        Path file = directory.resolve("kept-" + kept++);
        index.save(file);
        return HnswIndex.open(file, rows);
    }

    private void assertSameAnswers(HnswIndex saved, HnswIndex opened, int dimension) {
        for (float[] query : SyntheticVectors.gaussian(random, 20, dimension)) {
            Neighbors expected = saved.search(query, SearchOptions.of(10));
            Neighbors found = opened.search(query, SearchOptions.of(10));
            assertThat(found.ordinals()).isEqualTo(expected.ordinals());
            assertThat(found.scores()).isEqualTo(expected.scores());
            if (saved.inGraph() > 0) {
                expected = saved.searchGraph(query, SearchOptions.of(10), 40);
                found = opened.searchGraph(query, SearchOptions.of(10), 40);
                assertThat(found.ordinals()).isEqualTo(expected.ordinals());
                assertThat(found.scores()).isEqualTo(expected.scores());
            }
        }
    }

    private DenseRows rows(int count) {
        return DenseRows.copyOf(SyntheticVectors.gaussian(random, count, 24));
    }

    private HnswIndex build(DenseRows rows, Metric metric, Quantization quantization) throws InterruptedException {
        return HnswIndex.build(rows, metric, PARAMETERS, quantization, executor, 2, BuildProgress.NONE);
    }
}
