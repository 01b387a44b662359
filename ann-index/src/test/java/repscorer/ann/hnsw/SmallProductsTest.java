package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
import repscorer.ann.HnswParameters;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** Under inner products a walk leads to nearly all of 600 rows that lie close together, M = 4, before any is mended. */
class SmallProductsTest {

    private static final int ROWS = 600;
    private static final int DIMENSION = 6;

    /** With links by inner products alone it is nearly all, and a row has two links on average. */
    private static final int LOST_MAX = ROWS / 20;

    private static final HnswParameters PARAMETERS = new HnswParameters(4, 40, 5);

    private final RandomGenerator random = Seeds.random("SmallProductsTest");
    private final float[][] values =
            SyntheticVectors.around(random, new float[][] {CloseRowsTest.ones(DIMENSION)}, ROWS, 0.1);
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        executor.close();
    }

    private HnswIndex built(float[][] rows) throws InterruptedException {
        return HnswIndex.build(
                DenseRows.copyOf(rows),
                Metric.INNER_PRODUCT,
                PARAMETERS,
                Quantization.NONE,
                executor,
                1,
                BuildProgress.NONE);
    }

    private static void assertLinked(HnswStats stats) {
        assertThat(stats.repaired() + stats.unreachable())
                .as("rows that nothing led to")
                .isLessThanOrEqualTo(LOST_MAX);
        assertThat(stats.degreeMean()).isGreaterThan(4);
    }

    @Test
    @DisplayName("V2 sibling: rows of a large common part that are built")
    void built() throws InterruptedException {
        assertLinked(built(values).stats());
    }

    @Test
    @DisplayName("V2 sibling: rows of a large common part that are streamed")
    void streamed() {
        MutableHnswIndex index = MutableHnswIndex.empty(DIMENSION, Metric.INNER_PRODUCT, PARAMETERS, Quantization.NONE);
        for (float[] row : values) {
            index.insert(row);
        }
        assertLinked(index.stats());
    }

    @Test
    @DisplayName("V2 sibling: rows of a large common part whose links are taken over without every fourth of them")
    void carriedOver() throws InterruptedException {
        int[] left = IntStream.range(0, ROWS).filter(row -> row % 4 != 0).toArray();
        float[][] rows = Arrays.stream(left).mapToObj(row -> values[row]).toArray(float[][]::new);
        HnswIndex carried = built(values)
                .carriedOver(DenseRows.copyOf(rows), left, BuildThreads.of(executor, 1), BuildProgress.NONE);
        assertLinked(carried.stats());
    }
}
