package repscorer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.benchmarks.AnnBenchResults.Point;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.Metric;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AnnBenchTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void measuresPrintsAndWritesEveryEngine() throws Exception {
        RandomGenerator random = Seeds.random("AnnBenchTest");
        float[][] rows = SyntheticVectors.clustered(random, 1500, 16, 20, 0.5);
        Path base = fvecs("base.fvecs", rows);
        Path queries = fvecs("queries.fvecs", SyntheticVectors.around(random, rows, 100, 0.3));
        Path json = folder.resolve("results.json");
        AnnBenchOptions options = new AnnBenchOptions(
                base,
                Optional.of(queries),
                0,
                Optional.empty(),
                Metric.COSINE,
                10,
                List.of("exact", "hnswlib", "hnsw", "hnsw/int8"),
                List.of(10, 20),
                2,
                1000,
                0.05,
                2,
                0,
                Optional.of(json));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        AnnBenchResults results = new AnnBench(options).run(new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(results.engines()).hasSize(4);
        assertThat(results.engines().get(0).curve()).singleElement().satisfies(point -> {
            assertThat(point.ef()).isZero();
            assertThat(point.recall()).isEqualTo(1);
        });
        for (AnnBenchResults.Engine graph : results.engines().subList(1, 4)) {
            assertThat(graph.curve()).hasSize(2).allSatisfy(point -> {
                assertThat(point.recall()).isGreaterThan(0.8);
                assertThat(point.qps()).isPositive();
                assertThat(point.p99Micros()).isGreaterThanOrEqualTo(point.p50Micros());
            });
        }
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("1000 rows of 16 values, 100 queries")
                .containsPattern("hnswlib +hnswlib-java 1.2.1 .*: built in")
                .containsPattern("hnsw/int8 +ours, .*: built in")
                .containsPattern("hnsw/int8 .* \\([0-9.]+\\)");

        JsonNode engine = new JsonMapper().readTree(json).get("engines").get(1);
        assertThat(engine.propertyNames())
                .containsExactlyInAnyOrder("engine", "curve", "at", "buildCpuSeconds", "bytesPerVector");
        assertThat(engine.get("curve").get(1).propertyNames())
                .containsExactlyInAnyOrder("ef", "recall", "qps", "p50Micros", "p99Micros");
        assertThat(engine.get("curve").get(1).get("ef").intValue()).isEqualTo(20);
    }

    @Test
    void rowsHeldOutAreSearchedForAndNotIndexed() throws Exception {
        Path base = fvecs("base.fvecs", SyntheticVectors.clustered(Seeds.random("heldOut"), 200, 4, 5, 0.5));
        AnnBenchOptions options = new AnnBenchOptions(
                base,
                Optional.empty(),
                30,
                Optional.empty(),
                Metric.L2,
                1,
                List.of("exact"),
                List.of(10),
                1,
                Integer.MAX_VALUE,
                0,
                1,
                0,
                Optional.empty());
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        AnnBenchResults results = new AnnBench(options).run(new PrintStream(printed, true, StandardCharsets.UTF_8));
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("170 rows of 4 values, 30 queries");
        assertThat(results.engines().getFirst().curve().getFirst().recall()).isEqualTo(1);
    }

    @Test
    void interpolatesWhereTheCurveCrosses() {
        List<Point> curve = List.of(new Point(10, 0.8, 1000, 0, 0), new Point(20, 0.9, 100, 0, 0));
        assertThat(AnnBenchResults.interpolate(curve, 0.85).orElseThrow()).isEqualTo(316.2, within(0.1));
        assertThat(AnnBenchResults.interpolate(curve, 0.9).orElseThrow()).isEqualTo(100, within(1e-9));
        assertThat(AnnBenchResults.interpolate(curve, 0.7).orElseThrow()).isEqualTo(1000);
        assertThat(AnnBenchResults.interpolate(curve, 0.95)).isEmpty();
    }

    @Test
    void optionsAreChecked() {
        Path file = Path.of("a.fvecs");
        assertThatThrownBy(() -> AnnBenchOptions.of(file, file, Metric.L2, 0)).hasMessage("k must be at least 1: 0");
        assertThatThrownBy(() -> new AnnBenchOptions(
                        file,
                        Optional.of(file),
                        5,
                        Optional.empty(),
                        Metric.L2,
                        1,
                        List.of(),
                        List.of(),
                        1,
                        9,
                        0,
                        1,
                        0,
                        Optional.empty()))
                .hasMessageContaining("either queries or heldOut");
        assertThatThrownBy(() -> options(file, List.of("annoy"), List.of(10), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("annoy");
        assertThatThrownBy(() -> options(file, List.of("exact", "exact"), List.of(10), 1))
                .hasMessageContaining("each once");
        assertThatThrownBy(() -> options(file, List.of("exact"), List.of(10, 10), 1))
                .hasMessageContaining("ascend");
        assertThatThrownBy(() -> options(file, List.of("exact"), List.of(1), 0)).hasMessageContaining("threads");
    }

    @Test
    void filesThatDoNotBelongTogetherAreRefused() throws IOException {
        Path base = fvecs("base.fvecs", new float[][] {{1, 2}, {3, 4}});
        Path wide = fvecs("wide.fvecs", new float[][] {{1, 2, 3}});
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        assertThatThrownBy(() -> new AnnBench(AnnBenchOptions.of(base, wide, Metric.L2, 1)).run(out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dimension differs")
                .hasMessageContaining("wide.fvecs has 3");
        assertThatThrownBy(() -> new AnnBench(AnnBenchOptions.of(base, base, Metric.L2, 3)).run(out))
                .hasMessage("k must be at most the number of rows, 2: 3");
    }

    private static AnnBenchOptions options(Path file, List<String> engines, List<Integer> efs, int threads) {
        return new AnnBenchOptions(
                file,
                Optional.of(file),
                0,
                Optional.empty(),
                Metric.L2,
                1,
                engines,
                efs,
                threads,
                9,
                0,
                1,
                0,
                Optional.empty());
    }

    private Path fvecs(String name, float[][] rows) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(rows.length * (4 + 4 * rows[0].length)).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : rows) {
            bytes.putInt(row.length);
            for (float value : row) {
                bytes.putFloat(value);
            }
        }
        return Files.write(folder.resolve(name), bytes.array());
    }
}
