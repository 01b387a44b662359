package repscorer.benchmarks.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import repscorer.ann.hnsw.Quantization;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.Metric;

/** Every engine in Java, ours and peers', finds what a plain loop finds, so that none is measured with a metric mistaken. JVector finds .86 by inner product, the rest over .9. */
class JavaEnginesTest {

    private static final int ROWS = 800;
    private static final int K = 10;
    private static final int EF = 100;
    private static final BuildSettings SETTINGS = new BuildSettings(16, 100, 2);

    static Stream<List<Object>> enginesAndMetrics() {
        return Engines.inJava().stream()
                .flatMap(name -> Stream.of(Metric.values()).map(metric -> List.of(name, metric)));
    }

    @ParameterizedTest
    @MethodSource("enginesAndMetrics")
    void findsFourFifthsOfTheTrueNeighbours(List<Object> engineAndMetric) throws Exception {
        String name = (String) engineAndMetric.get(0);
        Metric metric = (Metric) engineAndMetric.get(1);
        RandomGenerator random = Seeds.random("JavaEnginesTest");
        float[][] rows = SyntheticVectors.clustered(random, ROWS, 24, 12, 0.5);
        float[][] queries = SyntheticVectors.around(random, rows, 20, 0.3);
        double recall = 0;
        try (Engine engine = JavaEngines.create(name)) {
            engine.build(copy(rows), metric, SETTINGS);
            for (float[] query : queries) {
                int[] found = engine.search(query.clone(), K, EF);
                assertThat(found).hasSize(K).doesNotHaveDuplicates();
                BruteForce.Dense similarity = BruteForce.Dense.valueOf(metric.name());
                recall += BruteForce.recall(found, BruteForce.topK(similarity, rows, query, K)) / queries.length;
            }
            assertThat(engine.bytes()).isGreaterThanOrEqualTo(4L * ROWS * 24);
            assertThat(engine.version()).doesNotContain("unknown");
        }
        assertThat(recall).isGreaterThan(name.equals("exact") ? 0.999 : 0.8);
    }

    @Test
    void everyCodeIsAnEngine() {
        assertThat(Engines.inJava()).hasSize(Quantization.values().length + 5).contains("hnsw", "hnsw/int8");
        assertThat(Engines.names()).containsAll(Engines.inJava()).contains("hnswlib-cpp", "faiss", "symphonyqg");
        assertThatThrownBy(() -> JavaEngines.create("annoy"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("annoy");
    }

    private static float[][] copy(float[][] rows) {
        return Stream.of(rows).map(float[]::clone).toArray(float[][]::new);
    }
}
