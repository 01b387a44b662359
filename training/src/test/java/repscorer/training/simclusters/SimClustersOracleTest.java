package repscorer.training.simclusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Graph;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;
import repscorer.vector.SparseVector;

/**
 * The stages after the communities, from their formulas in doubles over maps: from which producer belongs where and how much,
 * every user's, producer's and item's row follows.
 */
class SimClustersOracleTest {

    private static final long DAY = 24 * 3600;
    private static final long NOW = 200 * DAY;
    private static final Offset<Double> CLOSE = Offset.offset(2e-5);

    /** A follow or an engagement as it was written. */
    private record Edge(String head, String tail, long time, double weight) {

        double after(double halfLifeDays, long latest) {
            return weight * Math.pow(0.5, (latest - time) / (halfLifeDays * DAY));
        }
    }

    @TempDir
    Path directory;

    private final List<Edge> follows = new ArrayList<>();
    private final List<Edge> likes = new ArrayList<>();
    private final List<Edge> shares = new ArrayList<>();

    private Graph graph;
    private SimClustersModel model;

    /** Three blocks of producers of very different sizes; everybody follows a little of each, at other times and weights. */
    @BeforeEach
    void train() throws IOException {
        SplittableRandom random = new SplittableRandom(9);
        int[] blocks = {0, 24, 32, 36};
        for (int u = 0; u < 120; u++) {
            int own = u % 3;
            for (int p = 0; p < 36; p++) {
                boolean inside = p >= blocks[own] && p < blocks[own + 1];
                if (random.nextDouble() < (inside ? 0.7 : 0.08)) {
                    long time = NOW - random.nextInt(150) * DAY;
                    follows.add(new Edge("u" + u, "p" + p, time, 0.5 + random.nextInt(6) / 2.0));
                }
            }
            for (int i = 0; i < 4; i++) {
                long time = NOW - 10 * DAY - random.nextInt(30) * DAY;
                (i < 3 ? likes : shares)
                        .add(new Edge("u" + u, "t" + (own * 4 + (u / 3 + i) % 6), time, 1 + random.nextInt(3)));
            }
        }
        write("f.tsv", follows);
        write("l.tsv", likes);
        write("s.tsv", shares);
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                simclusters:
                  follow: follow
                  communities: 6
                  similarity-min: 0.35
                  interest-half-life: 50d
                  half-life: 14d
                  social-proof-min: 2
                  interest-clusters-max: 2
                  producer-followers-min: 32
                  producer-clusters-max: 3
                  producer-cosine-min: 0.05
                  item-engagements-min: 30
                  item-clusters-max: 2
                  items: {like: 1.5, share: 4}
                relations:
                  - {name: follow, files: [f.tsv], columns: [head, tail, time, weight], head: user, tail: place}
                  - {name: like, files: [l.tsv], columns: [head, tail, time, weight], head: user, tail: tweet}
                  - {name: share, files: [s.tsv], columns: [head, tail, time, weight], head: user, tail: tweet}
                """, TrainingPlan.class);
        graph = EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
        model = SimClustersTrainer.train(graph, plan.simclusters().orElseThrow(), 2, 2, TrainingProgress.NONE);
        assertThat(model.clusters()).isGreaterThan(2);
    }

    private void write(String file, List<Edge> edges) throws IOException {
        StringBuilder rows = new StringBuilder();
        for (Edge edge : edges) {
            rows.append(String.format(
                    Locale.ROOT, "%s\t%s\t%s\t%s%n", edge.head(), edge.tail(), edge.time(), edge.weight()));
        }
        Files.writeString(directory.resolve(file), rows);
    }

    private int ordinal(String kind, String value) {
        return graph.entities(new EntityKind(kind)).ordinal(value);
    }

    private static Map<Integer, Double> heaviest(Map<Integer, Double> row, int columns) {
        Map<Integer, Double> kept = new TreeMap<>();
        row.entrySet().stream()
                .filter(e -> e.getValue() > 0)
                .sorted(Map.Entry.<Integer, Double>comparingByValue().reversed())
                .limit(columns)
                .forEach(e -> kept.put(e.getKey(), e.getValue()));
        return kept;
    }

    private static double norm(Iterable<Double> values) {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    private static void assertRow(SparseVector row, Map<Integer, Double> expected, String what) {
        Map<Integer, Double> actual = new TreeMap<>();
        for (int i = 0; i < row.size(); i++) {
            actual.put(row.columns()[i], (double) row.weights()[i]);
        }
        assertThat(actual.keySet()).as(what).isEqualTo(expected.keySet());
        expected.forEach((column, weight) -> assertThat(actual.getOrDefault(column, Double.NaN))
                .as("%s, cluster %s", what, column)
                .isCloseTo(weight, Offset.offset(CLOSE.value * Math.max(1, weight))));
    }

    /** U: what followees are known for, by how rare that is, of two followees at least, the two heaviest, norm 1. */
    private Map<String, Map<Integer, Double>> interests() {
        double[] known = new double[model.clusters()];
        for (int p = 0; p < model.knownFor().length; p++) {
            if (model.knownFor()[p] >= 0) {
                known[model.knownFor()[p]] += model.knownForScores()[p];
            }
        }
        Map<String, Map<Integer, Double>> sums = new TreeMap<>();
        Map<String, Map<Integer, Integer>> proofs = new TreeMap<>();
        for (Edge follow : follows) {
            int p = ordinal("place", follow.tail());
            int c = model.knownFor()[p];
            Map<Integer, Double> row = sums.computeIfAbsent(follow.head(), u -> new TreeMap<>());
            if (c >= 0) {
                row.merge(c, follow.after(50, latest(follows)) * model.knownForScores()[p], Double::sum);
                proofs.computeIfAbsent(follow.head(), u -> new TreeMap<>()).merge(c, 1, Integer::sum);
            }
        }
        Map<String, Map<Integer, Double>> interests = new TreeMap<>();
        sums.forEach((user, row) -> {
            Map<Integer, Double> weighed = new TreeMap<>();
            row.forEach((c, sum) -> {
                if (proofs.getOrDefault(user, Map.of()).getOrDefault(c, 0) >= 2) {
                    weighed.put(c, sum / Math.sqrt(known[c]));
                }
            });
            Map<Integer, Double> cut = heaviest(weighed, 2);
            double norm = norm(cut.values());
            cut.replaceAll((c, weight) -> weight / norm);
            interests.put(user, cut);
        });
        return interests;
    }

    private static long latest(List<Edge> edges) {
        return edges.stream().mapToLong(Edge::time).max().orElseThrow();
    }

    /** |U_·c|. */
    private double[] columnNorms(Map<String, Map<Integer, Double>> interests) {
        double[] norms = new double[model.clusters()];
        for (int c = 0; c < norms.length; c++) {
            int column = c;
            norms[c] = norm(interests.values().stream()
                    .map(row -> row.getOrDefault(column, 0.0))
                    .toList());
        }
        return norms;
    }

    @Test
    @DisplayName("S13: interests are what followees are known for, by how rare it is (idf), their age and weight")
    void interestsAreTheirFormula() {
        Map<String, Map<Integer, Double>> expected = interests();
        int clusters = 0;
        for (Map.Entry<String, Map<Integer, Double>> user : expected.entrySet()) {
            assertRow(model.interests()[ordinal("user", user.getKey())], user.getValue(), user.getKey());
            clusters += user.getValue().size();
        }
        assertThat(clusters).as("mixed interests").isGreaterThan(expected.size() * 5 / 4);
    }

    @Test
    @DisplayName(
            "S13: producers are cosines: their followers' weights are squared under the root and columns have norm 1")
    void producersAreCosines() {
        Map<String, Map<Integer, Double>> interests = interests();
        double[] norms = columnNorms(interests);
        Map<String, List<Edge>> followers = new TreeMap<>();
        follows.forEach(
                f -> followers.computeIfAbsent(f.tail(), p -> new ArrayList<>()).add(f));
        int without = 0;
        for (Map.Entry<String, List<Edge>> producer : followers.entrySet()) {
            Map<Integer, Double> row = new TreeMap<>();
            double squares = 0;
            for (Edge follow : producer.getValue()) {
                double weight = follow.after(50, latest(follows));
                squares += weight * weight;
                interests
                        .getOrDefault(follow.head(), Map.of())
                        .forEach((c, interest) -> row.merge(c, weight * interest, Double::sum));
            }
            double norm = Math.sqrt(squares);
            row.replaceAll((c, sum) -> sum / (norm * norms[c]));
            row.values().removeIf(cosine -> cosine < 0.05);
            boolean few = producer.getValue().size() < 32;
            without += few ? 1 : 0;
            assertRow(
                    model.producers()[ordinal("place", producer.getKey())],
                    few ? Map.of() : heaviest(row, 3),
                    producer.getKey());
        }
        assertThat(without).as("some have too few followers").isBetween(1, 30);
    }

    @Test
    @DisplayName("S13: items sum up the interests of who engaged, by relation, weight and age, over the columns' norms")
    void itemsAreTheirFormula() {
        Map<String, Map<Integer, Double>> interests = interests();
        double[] norms = columnNorms(interests);
        long latest = Math.max(latest(likes), latest(shares));
        Map<String, Map<Integer, Double>> sums = new TreeMap<>();
        Map<String, Integer> engaged = new TreeMap<>();
        for (boolean liked : new boolean[] {true, false}) {
            for (Edge edge : liked ? likes : shares) {
                double weight = (liked ? 1.5 : 4) * edge.after(14, latest);
                Map<Integer, Double> row = sums.computeIfAbsent(edge.tail(), t -> new TreeMap<>());
                engaged.merge(edge.tail(), 1, Integer::sum);
                interests
                        .getOrDefault(edge.head(), Map.of())
                        .forEach((c, interest) -> row.merge(c, weight * interest / norms[c], Double::sum));
            }
        }
        SparseVector[] rows = Objects.requireNonNull(model.items().get(EntityKind.TWEET));
        sums.forEach((tweet, row) -> assertRow(
                rows[ordinal("tweet", tweet)],
                engaged.getOrDefault(tweet, 0) < 30 ? Map.of() : heaviest(row, 2),
                tweet));
    }

    @Test
    @DisplayName("S13: a producer is known for its community by its similarity inside over the largest there")
    void theMostCentralOfEachCommunityIsKnownWholly() {
        double[] largest = new double[model.clusters()];
        for (int p = 0; p < model.knownFor().length; p++) {
            float score = model.knownForScores()[p];
            if (model.knownFor()[p] < 0) {
                assertThat(score).isZero();
            } else {
                assertThat(score).isBetween(0.01f, 1f);
                largest[model.knownFor()[p]] = Math.max(largest[model.knownFor()[p]], score);
            }
        }
        assertThat(largest).containsOnly(1.0);
        int less = 0;
        for (float score : model.knownForScores()) {
            less += score > 0 && score < 0.99 ? 1 : 0;
        }
        assertThat(less).as("the others less").isGreaterThan(model.knownFor().length / 2);
    }
}
