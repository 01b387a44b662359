package repscorer.training.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.testing.PlantedGraph;
import repscorer.testing.Seeds;
import repscorer.training.evaluate.TaskResult;
import repscorer.training.evaluate.Tasks;
import repscorer.training.graph.DataException;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** Four ways to the next version of a planted graph. */
class StrategiesTest {

    @TempDir
    Path directory;

    @Test
    @DisplayName("a cold version drifts and breaks a small model, a pull holds rows, an alignment brings both back")
    void fourStrategiesSideBySide() throws IOException {
        PlantedGraph graph = PlantedGraph.draw(Seeds.fixed(4), 360, 9, 22, 0.1);
        StringBuilder edges = new StringBuilder();
        for (int[] edge : graph.edges()) {
            edges.append(edge[0]).append('\t').append(edge[1]).append('\n');
        }
        Files.writeString(directory.resolve("f.tsv"), edges);
        TrainingPlan plan = plan("hold-out: {follow: 0.05}");
        List<TaskResult> results = run(plan, new Strategies.Options(0.8, Optional.empty(), 1, directory));
        Map<String, TaskResult> byName = results.stream()
                .collect(Collectors.toMap(each -> String.valueOf(each.figures().get("method")), Function.identity()));
        TaskResult cold = of(byName, "cold");
        TaskResult warm = of(byName, "warm");
        TaskResult pulled = of(byName, "warm, pulled");
        TaskResult aligned = results.getLast();
        assertThat(results).hasSize(5);
        assertThat(String.valueOf(aligned.figures().get("method"))).startsWith("cold, aligned by ");

        assertThat(Math.abs(cold.figure("cosine"))).isLessThan(0.4);
        assertThat(pulled.figure("cosine")).isGreaterThan(warm.figure("cosine")).isGreaterThan(0.9);
        assertThat(aligned.figure("cosine")).isGreaterThan(Math.abs(cold.figure("cosine")) + 0.3);
        double old = of(byName, "old as it was").figure("probe");
        assertThat(cold.figure("probe")).isLessThan(old - 0.2);
        assertThat(aligned.figure("probe")).isGreaterThan(cold.figure("probe") + 0.1);
        assertThat(pulled.figure("probe")).isGreaterThan(cold.figure("probe") + 0.1);
        for (TaskResult each : List.of(cold, warm, pulled, aligned)) {
            assertThat(each.figure("recall@10")).as(each.toString()).isGreaterThan(0.1);
            assertThat(each.figure("seconds")).isPositive();
        }
        assertThat(Tasks.toText(results)).contains("cosine", "neighbours@10", "cold", "warm, pulled");
    }

    @Test
    @DisplayName("by time the older version knows the edges before its time alone")
    void byTimeTheOlderVersionKnowsLess() throws IOException {
        StringBuilder edges = new StringBuilder();
        Instant begin = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < 400; i++) {
            edges.append(i % 40)
                    .append('\t')
                    .append((i * 7 + i / 40) % 40)
                    .append('\t')
                    .append(begin.getEpochSecond() + i)
                    .append('\n');
        }
        Files.writeString(directory.resolve("f.tsv"), edges);
        TrainingPlan plan = plan("hold-out-from: 2026-01-01T00:05:00Z", ", columns: [head, tail, time]");
        TwoVersions versions = TwoVersions.byTime(plan, directory, begin.plusSeconds(200), TrainingProgress.NONE);
        assertThat(versions.old().edges()).isBetween(150L, 200L);
        assertThat(versions.now().training().edges()).isBetween(versions.old().edges() + 50, 300L);
        versions.old().relations().forEach(relation -> {
            for (int edge = 0; edge < relation.edges(); edge++) {
                assertThat(relation.time(edge)).isLessThan(begin.getEpochSecond() + 200);
            }
        });
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> TwoVersions.byTime(plan, directory, begin.plusSeconds(300), TrainingProgress.NONE))
                .withMessage("the older version ends before hold-out-from, 2026-01-01T00:05:00Z: 2026-01-01T00:05:00Z");
    }

    @Test
    void whatCannotBeJudgedIsToldBeforeAnythingIsTrained() throws IOException {
        Files.writeString(directory.resolve("f.tsv"), "1\t2\n2\t3\n3\t1\n");
        Strategies.Options halves = new Strategies.Options(0.5, Optional.empty(), 0, directory);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> run(plan("evaluation: {users: 10}"), halves))
                .withMessage("nothing to judge by: the plan holds no edges out");
        Strategies.Options byTime = new Strategies.Options(0.5, Optional.of(Instant.EPOCH), 0, directory);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> run(plan("evaluation: {users: 10}"), byTime))
                .withMessage("versions by time need a plan with hold-out-from");
    }

    private List<TaskResult> run(TrainingPlan plan, Strategies.Options options) throws IOException {
        return Strategies.run(plan, directory, options, TrainingProgress.NONE);
    }

    private static TaskResult of(Map<String, TaskResult> results, String name) {
        TaskResult result = results.get(name);
        assertThat(result).as(name).isNotNull();
        return java.util.Objects.requireNonNull(result);
    }

    private static TrainingPlan plan(String more) {
        return plan(more, "");
    }

    private static TrainingPlan plan(String more, String columns) {
        return YamlFiles.parse(Path.of("p.yaml"), """
                name: planted
                seed: 3
                threads: 1
                bad-rows-max: 1
                relations:
                  - {name: follow, files: [f.tsv], head: user, tail: user%s}
                twhin: {dimension: 12, epochs: 12, batch-size: 64, negatives-uniform: 32, negatives-prevalence: 32}
                %s
                """.formatted(columns, more), TrainingPlan.class);
    }
}
