package repscorer.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Relation;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.simclusters.SimilarityGraph;

class ItemKnnTest {

    private static final int USERS = 40;
    private static final int PLACES = 160;

    @TempDir
    Path directory;

    @Test
    @DisplayName("E13 item-kNN is the published one: whole cosines, 100 neighbours of the candidate, means taken off")
    void tailsAreRankedAsPublished() throws IOException {
        RandomGenerator random = Seeds.random("ItemKnnTest");
        boolean[][] visited = new boolean[USERS][PLACES];
        StringBuilder rows = new StringBuilder();
        for (int p = 0; p < PLACES; p++) {
            // Ordinals count up in the order of first appearance: place p has ordinal p, user p likewise.
            visit(p % USERS, p, visited, rows);
        }
        for (int u = 0; u < USERS; u++) {
            for (int i = 0; i < 30; i++) {
                visit(u, (int) (PLACES * Math.pow(random.nextDouble(), 2)), visited, rows);
            }
        }
        visit(0, PLACES - 1, visited, rows);
        Relation visit = read(rows);
        SimilarityGraph nearest = ItemKnn.nearest(visit, 2, TrainingProgress.NONE);
        compare(visit, visited, scores(visited, false), ItemKnn.byDeviations(nearest, visit, visit.byHead(), 5));
        compare(visit, visited, scores(visited, true), ItemKnn.bySums(nearest, visit, visit.byHead(), 5));
    }

    private static void compare(Relation visit, boolean[][] visited, double[][] scores, ItemKnn knn) {
        for (int u = 0; u < USERS; u++) {
            double[] own = scores[u];
            boolean[] known = visited[u];
            List<BruteForce.Scored> truth = BruteForce.topK(PLACES, t -> !known[t], t -> own[t], 5);
            int[] found = knn.answer(visit.headEntities().ordinal(Integer.toString(u)));
            assertThat(found).hasSize(truth.size());
            for (int i = 0; i < found.length; i++) {
                // Compared by score: sums in another order may swap equals.
                assertThat(own[found[i]]).isCloseTo(truth.get(i).score(), Offset.offset(1e-6));
                assertThat(known[found[i]]).isFalse();
            }
        }
        assertThat(knn.answer(USERS)).isEmpty();
    }

    @Test
    @DisplayName("E13 a follower of 3,000 counts as any other, and who has no follower in common comes by the mean")
    void nothingIsSampled() throws IOException {
        StringBuilder rows = new StringBuilder();
        // 2,999 users visit only a; the 3,000th, who visits b too, is all that a and b share.
        for (int u = 0; u < 3_000; u++) {
            rows.append(u).append("\ta\n");
        }
        rows.append("2999\tb\nx\tc\ny\tc\n");
        Relation visit = read(rows);
        SimilarityGraph nearest = ItemKnn.nearest(visit, 1, TrainingProgress.NONE);
        ItemKnn knn = ItemKnn.byDeviations(nearest, visit, visit.byHead(), 5);
        EntityIndex places = visit.tailEntities();
        assertThat(knn.answer(visit.headEntities().ordinal("7")))
                .containsExactly(places.ordinal("b"), places.ordinal("c"));
        // Of x's place nobody else has another: only the means order a before b, which has a to share its weight with.
        assertThat(knn.answer(visit.headEntities().ordinal("x")))
                .containsExactly(places.ordinal("a"), places.ordinal("b"));
        ItemKnn sums = ItemKnn.bySums(nearest, visit, visit.byHead(), 5);
        assertThat(sums.answer(visit.headEntities().ordinal("7"))).containsExactly(places.ordinal("b"));
        assertThat(sums.answer(visit.headEntities().ordinal("x"))).isEmpty();
    }

    private Relation read(StringBuilder rows) throws IOException {
        Files.writeString(directory.resolve("v.tsv"), rows);
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                twhin: {}
                relations: [{name: visit, files: [v.tsv], head: user, tail: place}]
                """, TrainingPlan.class);
        return EdgeReader.read(plan, directory, TrainingProgress.NONE)
                .graph()
                .relation("visit")
                .orElseThrow();
    }

    private static void visit(int user, int place, boolean[][] visited, StringBuilder rows) {
        visited[user][place] = true;
        rows.append(user).append('\t').append(place).append('\n');
    }

    /** In double precision, whole matrices, each line of the formula a loop. */
    private static double[][] scores(boolean[][] visited, boolean sums) {
        double[] mean = new double[PLACES];
        double[][] cosine = new double[PLACES][PLACES];
        for (int s = 0; s < PLACES; s++) {
            for (int t = 0; t < PLACES; t++) {
                int both = 0;
                int a = 0;
                int b = 0;
                for (boolean[] row : visited) {
                    both += row[s] && row[t] ? 1 : 0;
                    a += row[s] ? 1 : 0;
                    b += row[t] ? 1 : 0;
                }
                cosine[s][t] = s == t ? 0 : both / Math.sqrt((double) a * b);
                mean[s] = (double) a / USERS;
            }
        }
        double[][] scores = new double[USERS][PLACES];
        for (int t = 0; t < PLACES; t++) {
            double[] own = cosine[t];
            List<Integer> neighbours = IntStream.range(0, PLACES)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer s) -> -(float) own[s]))
                    .limit(100)
                    .filter(s -> own[s] > 0)
                    .toList();
            double sum = neighbours.stream().mapToDouble(s -> own[s]).sum();
            for (int u = 0; u < USERS; u++) {
                double score = sums ? 0 : mean[t];
                for (int s : neighbours) {
                    score += sums
                            ? own[s] * (visited[u][s] ? 1 : 0)
                            : own[s] / sum * ((visited[u][s] ? 1 : 0) - mean[s]);
                }
                scores[u][t] = score;
            }
        }
        return scores;
    }
}
