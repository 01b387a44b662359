package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats.Plan;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** Rows whose inner products with each other tell little: graphs find them, held to brute force in double precision. */
class InnerProductGraphsTest {

    private static final int ROWS = 3_000;
    private static final int QUERIES = 120;
    private static final int DIMENSION = 32;
    private static final int K = 10;
    private static final int EF = 64;

    /** With links by inner products alone nothing leads to a sixth of the rows, or to nearly all. */
    private static final int REPAIRED_MAX = ROWS / 100;

    private static final HnswParameters PARAMETERS = new HnswParameters(16, 100, 1);

    /** What rows and queries look like. */
    enum Shape {
        /** All rows close to one direction. */
        CLOSE,
        /** Clusters far from the origin; queries from the same clusters. */
        SHIFTED,
        /** The same rows; queries from the clusters before they were moved. */
        SHIFTED_ROWS,
        /** Rows of a factorization with a bias an item, queries with a one in its place. */
        BIAS,
        /** Rows all over, whose norms differ widely. */
        HEAVY;

        private Sample draw(RandomGenerator random) {
            float[][] centres = SyntheticVectors.gaussian(random, 100, DIMENSION);
            return switch (this) {
                case CLOSE -> {
                    float[][] one = {CloseRowsTest.ones(DIMENSION)};
                    yield new Sample(
                            SyntheticVectors.around(random, one, ROWS, 0.003),
                            SyntheticVectors.around(random, one, QUERIES, 0.003));
                }
                case SHIFTED, SHIFTED_ROWS ->
                    new Sample(
                            with(SyntheticVectors.around(random, centres, ROWS, 0.4), 3),
                            with(SyntheticVectors.around(random, centres, QUERIES, 0.4), this == SHIFTED ? 3 : 0));
                case BIAS -> {
                    float[][] rows = SyntheticVectors.gaussian(random, ROWS, DIMENSION);
                    float[][] queries = SyntheticVectors.gaussian(random, QUERIES, DIMENSION);
                    for (float[] row : rows) {
                        row[0] = (float) (10 + 3 * random.nextGaussian());
                    }
                    for (float[] query : queries) {
                        query[0] = 1;
                    }
                    yield new Sample(rows, queries);
                }
                case HEAVY -> {
                    float[][] rows = SyntheticVectors.gaussian(random, ROWS, DIMENSION);
                    for (float[] row : rows) {
                        float factor = (float) Math.exp(0.7 * random.nextGaussian());
                        for (int j = 0; j < DIMENSION; j++) {
                            row[j] *= factor;
                        }
                    }
                    yield new Sample(rows, SyntheticVectors.gaussian(random, QUERIES, DIMENSION));
                }
            };
        }

        private static float[][] with(float[][] rows, float part) {
            for (float[] row : rows) {
                for (int j = 0; j < row.length; j++) {
                    row[j] += part;
                }
            }
            return rows;
        }
    }

    private static final class Sample {

        private final float[][] rows;
        private final float[][] queries;

        Sample(float[][] rows, float[][] queries) {
            this.rows = rows;
            this.queries = queries;
        }

        /** The same queries of some of the rows. */
        Sample of(int[] ordinals) {
            return new Sample(Arrays.stream(ordinals).mapToObj(row -> rows[row]).toArray(float[][]::new), queries);
        }

        double recall(DenseIndex index) {
            double recall = 0;
            for (float[] query : queries) {
                Neighbors found = index instanceof HnswIndex built
                        ? built.searchGraph(query, SearchOptions.of(K), EF)
                        : index.search(query, SearchOptions.of(K).withEf(EF));
                assertThat(found.stats().plan()).isEqualTo(Plan.GRAPH);
                List<BruteForce.Scored> truth = BruteForce.topK(
                        rows.length,
                        row -> true,
                        row -> BruteForce.score(BruteForce.Dense.INNER_PRODUCT, query, rows[row]),
                        K);
                recall += BruteForce.recall(found.ordinals(), truth);
            }
            return recall / queries.length;
        }
    }

    private final RandomGenerator random = Seeds.random("InnerProductGraphsTest");
    private final ExecutorService executor = Executors.newFixedThreadPool(3);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    private HnswIndex built(float[][] rows, Quantization quantization, int threads) throws InterruptedException {
        return HnswIndex.build(
                DenseRows.copyOf(rows),
                Metric.INNER_PRODUCT,
                PARAMETERS,
                quantization,
                executor,
                threads,
                BuildProgress.NONE);
    }

    private static void assertFound(HnswStats stats, double recall, double least) {
        assertThat(stats.repaired() + stats.unreachable())
                .as("rows that nothing led to")
                .isLessThanOrEqualTo(REPAIRED_MAX);
        assertThat(recall).isGreaterThanOrEqualTo(least);
    }

    @ParameterizedTest
    @CsvSource({
        "CLOSE, INT8, 0.985",
        "SHIFTED, INT8, 0.97",
        "SHIFTED_ROWS, NONE, 0.985",
        "BIAS, NONE, 0.95",
        "BIAS, INT8, 0.95",
        "HEAVY, INT8, 0.98"
    })
    @DisplayName("V2 sibling: a built graph finds what inner products among its rows do not lead to")
    void builtGraphsFind(Shape shape, Quantization quantization, double least) throws InterruptedException {
        Sample sample = shape.draw(random);
        HnswIndex index = built(sample.rows, quantization, 2);
        assertThat(index.stats().unreachable()).isZero();
        assertFound(index.stats(), sample.recall(index), least);
    }

    @ParameterizedTest
    @CsvSource({
        "CLOSE, NONE, 0.985",
        "SHIFTED, INT8, 0.97",
        "SHIFTED_ROWS, INT8, 0.985",
        "BIAS, INT8, 0.95",
        "HEAVY, NONE, 0.98"
    })
    @DisplayName("V2 sibling: so does one whose rows are streamed one by one")
    void streamedGraphsFind(Shape shape, Quantization quantization, double least) {
        Sample sample = shape.draw(random);
        MutableHnswIndex index = MutableHnswIndex.empty(DIMENSION, Metric.INNER_PRODUCT, PARAMETERS, quantization);
        for (float[] row : sample.rows) {
            index.insert(row);
        }
        assertFound(index.stats(), sample.recall(index), least);
    }

    @ParameterizedTest
    @CsvSource({"CLOSE, INT8, 0.985", "SHIFTED, NONE, 0.97", "BIAS, INT8, 0.95", "HEAVY, INT8, 0.98"})
    @DisplayName("V2 sibling: so does one that takes links over from a graph that was streamed into")
    void carriedGraphsFind(Shape shape, Quantization quantization, double least) throws InterruptedException {
        Sample sample = shape.draw(random);
        int first = ROWS / 2;
        MutableHnswIndex grown = MutableHnswIndex.copyOf(built(Arrays.copyOf(sample.rows, first), quantization, 2));
        for (int row = first; row < ROWS; row++) {
            grown.insert(sample.rows[row]);
        }
        int[] left = IntStream.range(0, ROWS).filter(row -> row % 6 != 0).toArray();
        Sample without = sample.of(left);
        HnswIndex carried = grown.carriedOver(
                DenseRows.copyOf(without.rows), left, BuildThreads.of(executor, 2), BuildProgress.NONE);
        assertFound(carried.stats(), without.recall(carried), least);
        int[] again =
                IntStream.range(0, left.length).filter(row -> row % 5 != 0).toArray();
        Sample withoutMore = without.of(again);
        HnswIndex carriedOn = carried.carriedOver(
                DenseRows.copyOf(withoutMore.rows), again, BuildThreads.of(executor, 2), BuildProgress.NONE);
        assertFound(carriedOn.stats(), withoutMore.recall(carriedOn), least);
    }

    @Test
    @DisplayName("S13 sibling: the same rows give the same graph on any number of threads")
    void threadsDoNotShow() throws Exception {
        float[][] rows = Arrays.copyOf(Shape.BIAS.draw(random).rows, 1_500);
        byte[] one = saved(built(rows, Quantization.INT8, 1));
        assertThat(saved(built(rows, Quantization.INT8, 3))).isEqualTo(one);
    }

    private static byte[] saved(HnswIndex index) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        index.save(Channels.newChannel(bytes));
        return bytes.toByteArray();
    }
}
