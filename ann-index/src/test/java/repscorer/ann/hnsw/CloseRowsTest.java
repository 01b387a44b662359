package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.ann.BuildProgress;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.SearchOptions;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** Rows that a large common part hides from each other are told apart, held to brute force in double precision. */
class CloseRowsTest {

    private static final int ROWS = 6000;
    private static final int K = 10;

    /** Of 30 rows: at this effort a graph misses one in a draw or two. */
    private static final int FOUND_MIN = 28;

    private final RandomGenerator random = Seeds.random("CloseRowsTest");
    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    @AfterEach
    void shutDown() {
        executor.shutdownNow();
    }

    static float[] ones(int dimension) {
        float[] ones = new float[dimension];
        Arrays.fill(ones, 1);
        return ones;
    }

    private float[][] around(float[] centre, double noise) {
        return SyntheticVectors.around(random, new float[][] {centre}, ROWS, noise);
    }

    private HnswIndex build(float[][] values, Metric metric, Quantization quantization) throws InterruptedException {
        return HnswIndex.build(
                DenseRows.copyOf(values),
                metric,
                HnswParameters.DEFAULT,
                quantization,
                executor,
                2,
                BuildProgress.NONE);
    }

    private static double recall(DenseIndex index, float[][] values) {
        BruteForce.Dense similarity = BruteForce.Dense.valueOf(index.metric().name());
        double hits = 0;
        for (int query = 0; query < ROWS; query += 200) {
            float[] vector = values[query];
            hits += BruteForce.recall(
                    index.search(vector, SearchOptions.of(K)).ordinals(),
                    BruteForce.topK(ROWS, row -> true, row -> BruteForce.score(similarity, vector, values[row]), K));
        }
        return hits / (ROWS / 200);
    }

    @ParameterizedTest
    @CsvSource({"0.003, 0.85", "0.01, 0.95", "0.03, 0.95"}) // at .003 the tenth and the eleventh tie in float32
    @DisplayName("V2 codes of directions with a common mean find the best, and rows find themselves")
    void codesTellCloseDirectionsApart(double noise, double least) throws InterruptedException {
        float[][] values = around(ones(64), noise);
        HnswIndex index = build(values, Metric.COSINE, Quantization.INT8);
        assertThat(recall(index, values)).isGreaterThanOrEqualTo(least);
        int found = 0;
        for (int row = 0; row < ROWS; row += 200) {
            int[] ordinals = index.search(values[row], SearchOptions.of(K)).ordinals();
            for (int ordinal : ordinals) {
                found += ordinal == row ? 1 : 0;
            }
        }
        assertThat(found).as("rows of 30 that find themselves").isGreaterThanOrEqualTo(FOUND_MIN);
    }

    @Test
    @DisplayName("V2 sibling: where float32 scores are what limits, codes take nothing more away")
    void codesMissNoMoreThanFloats() throws InterruptedException {
        float[][] values = around(ones(8), 0.003);
        double floats = recall(build(values, Metric.COSINE, Quantization.NONE), values);
        assertThat(recall(build(values, Metric.COSINE, Quantization.INT8), values))
                .isGreaterThanOrEqualTo(floats - 0.01);
        assertThat(recall(build(values, Metric.COSINE, Quantization.INT8_ONLY), values))
                .isGreaterThanOrEqualTo(floats - 0.01);
    }

    @Test
    @DisplayName("V2 sibling: inner products with a large constant part, and a whole space far from the origin")
    void codesTellRowsApartUnderTheOtherMetrics() throws InterruptedException {
        float[][] values = around(ones(64), 0.003);
        assertThat(recall(build(values, Metric.INNER_PRODUCT, Quantization.INT8), values))
                .isGreaterThanOrEqualTo(0.95);
        assertThat(recall(build(values, Metric.L2, Quantization.INT8), values)).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    @DisplayName("V2 sibling: rows with a common mean that are streamed into a copy")
    void copiesAndStreamedRowsAreToldApart() throws InterruptedException {
        float[][] values = around(ones(64), 0.01);
        MutableHnswIndex copy = MutableHnswIndex.copyOf(build(values, Metric.COSINE, Quantization.INT8));
        assertThat(recall(copy, values)).isGreaterThanOrEqualTo(0.95);

        MutableHnswIndex streamed =
                MutableHnswIndex.empty(64, Metric.COSINE, HnswParameters.DEFAULT, Quantization.INT8);
        for (float[] row : values) {
            streamed.insert(row);
        }
        assertThat(recall(streamed, values)).isGreaterThanOrEqualTo(0.9);
    }
}
