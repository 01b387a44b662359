package repscorer.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Relation;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

class ItemKnnTest {

    private static final int USERS = 40;
    private static final int PLACES = 25;

    @TempDir
    Path directory;

    @Test
    void tailsAreRankedByTheSumOfTheirCosinesWithWhatIsKnown() throws IOException {
        RandomGenerator random = Seeds.random("ItemKnnTest");
        boolean[][] visited = new boolean[USERS][PLACES];
        StringBuilder rows = new StringBuilder();
        for (int p = 0; p < PLACES; p++) {
            // Ordinals count up in the order of first appearance: place p has ordinal p, user p likewise.
            visit(p, p, visited, rows);
        }
        for (int u = 0; u < USERS; u++) {
            for (int i = 0; i < 5; i++) {
                visit(u, random.nextInt(PLACES), visited, rows);
            }
        }
        Files.writeString(directory.resolve("v.tsv"), rows);
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                twhin: {}
                relations: [{name: visit, files: [v.tsv], head: user, tail: place}]
                """, TrainingPlan.class);
        Relation visit = EdgeReader.read(plan, directory, TrainingProgress.NONE)
                .graph()
                .relation("visit")
                .orElseThrow();
        ItemKnn knn = ItemKnn.of(visit, 5, 2, TrainingProgress.NONE);
        for (int u = 0; u < USERS; u++) {
            int user = u;
            List<BruteForce.Scored> truth = BruteForce.topK(
                    PLACES, t -> !visited[user][t] && score(visited, user, t) > 0, t -> score(visited, user, t), 5);
            int[] found = knn.answer(visit.headEntities().ordinal(Integer.toString(u)));
            assertThat(found).hasSize(truth.size());
            for (int i = 0; i < found.length; i++) {
                // Compared by score: sums in another order may swap equals.
                assertThat(score(visited, user, found[i]))
                        .isCloseTo(truth.get(i).score(), org.assertj.core.data.Offset.offset(1e-5));
            }
        }
    }

    private static void visit(int user, int place, boolean[][] visited, StringBuilder rows) {
        visited[user][place] = true;
        rows.append(user).append('\t').append(place).append('\n');
    }

    private static double score(boolean[][] visited, int user, int place) {
        double sum = 0;
        for (int known = 0; known < PLACES; known++) {
            if (visited[user][known]) {
                int both = 0;
                int a = 0;
                int b = 0;
                for (boolean[] row : visited) {
                    both += row[known] && row[place] ? 1 : 0;
                    a += row[known] ? 1 : 0;
                    b += row[place] ? 1 : 0;
                }
                sum += known == place ? 0 : both / Math.sqrt((double) a * b);
            }
        }
        return sum;
    }
}
