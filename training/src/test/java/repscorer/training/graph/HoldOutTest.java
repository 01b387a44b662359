package repscorer.training.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.training.TestData;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.progress.TrainingProgress;

class HoldOutTest {

    @TempDir
    static Path directory;

    private static TrainingPlan plan;
    private static Graph graph;

    @BeforeAll
    static void readNetwork() {
        plan = TestData.smallPlan();
        graph = EdgeReader.read(plan, TestData.smallNetwork(directory), TrainingProgress.NONE)
                .graph();
    }

    @Test
    void everyEdgeIsOnOneSide() {
        HoldOut.Split split = HoldOut.split(graph, plan.holdOut(), 1);
        for (Relation relation : graph.relations()) {
            Relation training = split.training().relation(relation.name()).orElseThrow();
            Relation held = split.held().get(relation.name());
            if (held == null) {
                assertThat(training.edges()).isEqualTo(relation.edges());
                continue;
            }
            assertThat(training.edges() + held.edges()).isEqualTo(relation.edges());
            assertThat(held.edges()).isEqualTo((int) Math.round(0.1 * relation.edges()));
            Csr known = training.byHead();
            for (int i = 0; i < held.edges(); i++) {
                assertThat(known.contains(held.heads()[i], held.tails()[i])).isFalse();
            }
        }
    }

    @Test
    void noEntityLosesItsLastEdge() {
        HoldOut.Split split = HoldOut.split(graph, Map.of("follow", 0.95, "favorite", 0.95), 1);
        IdentityHashMap<EntityIndex, boolean[]> met = new IdentityHashMap<>();
        graph.entities().values().forEach(index -> met.put(index, new boolean[index.count()]));
        for (Relation relation : split.training().relations()) {
            for (int i = 0; i < relation.edges(); i++) {
                Objects.requireNonNull(met.get(relation.headEntities()))[relation.heads()[i]] = true;
                Objects.requireNonNull(met.get(relation.tailEntities()))[relation.tails()[i]] = true;
            }
        }
        met.forEach((index, present) -> assertThat(present).doesNotContain(false));
    }

    @Test
    void theSeedDecides() {
        assertThat(heldFollows(1)).isEqualTo(heldFollows(1)).isNotEqualTo(heldFollows(2));
    }

    private static int[] heldFollows(long seed) {
        return Objects.requireNonNull(
                        HoldOut.split(graph, plan.holdOut(), seed).held().get("follow"))
                .tails();
    }

    @Test
    void fromATimeOnEverythingIsHeldOutAndOnlyKnownEntitiesJudge() {
        Relation follow = graph.relation("follow").orElseThrow();
        long[] times = new long[follow.edges()];
        for (int edge = 0; edge < times.length; edge++) {
            times[edge] = follow.time(edge);
        }
        java.util.Arrays.sort(times);
        long from = times[times.length * 9 / 10];
        HoldOut.Split split = HoldOut.from(graph, from);
        for (Relation training : split.training().relations()) {
            for (int edge = 0; training.timed() && edge < training.edges(); edge++) {
                assertThat(training.time(edge)).isLessThan(from);
            }
        }
        Relation held = Objects.requireNonNull(split.held().get("follow"));
        Relation training = split.training().relation("follow").orElseThrow();
        assertThat(held.edges()).isBetween(1, follow.edges() - training.edges());
        for (int edge = 0; edge < held.edges(); edge++) {
            assertThat(held.time(edge)).isGreaterThanOrEqualTo(from);
        }
        assertThat(split.held()).doesNotContainKey("interest"); // has no times
        assertThat(split.training().relation("interest").orElseThrow().edges())
                .isEqualTo(graph.relation("interest").orElseThrow().edges());
    }

    @Test
    void aTimeThatLeavesNothingOrHoldsNothingIsRefused() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> HoldOut.from(graph, 0))
                .hasMessageStartingWith("hold-out-from leaves relation follow no edge to learn from: 1970-01-01");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> HoldOut.from(graph, Long.MAX_VALUE / 1_000_000_000))
                .hasMessageStartingWith("hold-out-from holds no edge out: ");
    }
}
