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
}
