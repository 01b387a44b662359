package repscorer.training.interests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Graph;
import repscorer.training.plan.InterestsPlan;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;
import repscorer.vector.SparseVector;

/** The shares of places that are visited by very different numbers, with weights. */
class InterestSharesTest {

    private static final EntityKind PLACE = new EntityKind("place");
    private static final int D = 4;

    @TempDir
    Path directory;

    @Test
    @DisplayName("S13: a place's share of its interest is what it was visited, by weight, and no two alike")
    void aPlacesShareIsWhatItWasVisited() throws IOException {
        StringBuilder rows = new StringBuilder();
        Map<String, Double> visited = new TreeMap<>();
        for (int p = 0; p < 12; p++) {
            for (int u = 0; u <= 2 * p; u++) {
                double weight = 1 + (u + p) % 3;
                rows.append("u%s\tp%s\t%s\n".formatted(u, p, weight));
                visited.merge("p" + p, weight, Double::sum);
            }
        }
        Files.writeString(directory.resolve("v.tsv"), rows);
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                twhin: {dimension: 4}
                relations: [{name: visit, files: [v.tsv], columns: [head, tail, weight], head: user, tail: place}]
                """, TrainingPlan.class);
        Graph graph = EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
        EntityIndex places = graph.entities(PLACE);
        Map<EntityKind, float[]> vectors =
                Map.of(PLACE, twoDirections(places), EntityKind.USER, twoDirections(graph.entities(EntityKind.USER)));
        Mixture mixture = InterestsTrainer.train(
                        graph,
                        new InterestsPlan(Map.of("visit", 2), 20, 0, 0, 50),
                        D,
                        vectors,
                        3,
                        1,
                        TrainingProgress.NONE)
                .getFirst();

        Map<Integer, Double> all = new TreeMap<>();
        for (int t = 0; t < places.count(); t++) {
            all.merge(mixture.tails()[t].columns()[0], visited.getOrDefault(places.value(t), 0.0), Double::sum);
        }
        assertThat(all).hasSizeBetween(1, 2);
        for (int t = 0; t < places.count(); t++) {
            SparseVector share = mixture.tails()[t];
            assertThat(share.size()).isEqualTo(1);
            assertThat((double) share.weights()[0])
                    .as(places.value(t))
                    .isCloseTo(
                            visited.getOrDefault(places.value(t), 0.0) / all.getOrDefault(share.columns()[0], 0.0),
                            Offset.offset(1e-6));
        }
    }

    private static float[] twoDirections(EntityIndex index) {
        SplittableRandom random = new SplittableRandom(1);
        float[] rows = new float[index.count() * D];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (i % D == i / D % 2 ? 2 : 0) + 0.1f * (float) random.nextGaussian();
        }
        return rows;
    }
}
