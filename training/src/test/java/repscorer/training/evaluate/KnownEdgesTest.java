package repscorer.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.testing.Seeds;
import repscorer.training.Trainer;
import repscorer.training.TrainingReport;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** Figures of recommendation against sets of strings and sorted lists, where parts of the data share edges. */
class KnownEdgesTest {

    private static final int USERS = 30;
    private static final int ITEMS = 25;
    private static final Offset<Double> CLOSE = Offset.offset(1e-6); // figures are rounded

    @TempDir
    Path directory;

    private final Map<String, Set<String>> train = new LinkedHashMap<>();
    private final Map<String, Set<String>> valid = new LinkedHashMap<>();
    private final Map<String, Set<String>> test = new LinkedHashMap<>();

    /** Items in the order in which the training file names them. */
    private final LinkedHashSet<String> items = new LinkedHashSet<>();

    @BeforeEach
    void drawEdges() throws IOException {
        RandomGenerator random = Seeds.random("KnownEdgesTest");
        for (int i = 0; i < Math.max(USERS, ITEMS); i++) {
            add(train, i % USERS, i % ITEMS);
        }
        for (int i = 0; i < 120; i++) {
            add(train, random.nextInt(USERS), (int) (ITEMS * Math.pow(random.nextDouble(), 2)));
            add(valid, random.nextInt(USERS), (int) (ITEMS * Math.pow(random.nextDouble(), 2)));
            add(test, random.nextInt(USERS), (int) (ITEMS * Math.pow(random.nextDouble(), 2)));
        }
        train.values().forEach(items::addAll);
        write("train.tsv", train);
        write("valid.tsv", valid);
        write("test.tsv", test);
    }

    private static void add(Map<String, Set<String>> edges, int user, int item) {
        edges.computeIfAbsent("u" + user, u -> new LinkedHashSet<>()).add("i" + item);
    }

    private void write(String file, Map<String, Set<String>> edges) throws IOException {
        Files.writeString(
                directory.resolve(file),
                edges.entrySet().stream()
                        .flatMap(e -> e.getValue().stream().map(item -> e.getKey() + "\t" + item + "\n"))
                        .collect(Collectors.joining()));
    }

    private TrainingPlan plan(boolean history) {
        return YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                relations: [{name: like, files: [train.tsv], valid: [valid.tsv], test: [test.tsv], head: user, tail: item, history: %s}]
                twhin: {dimension: 8, epochs: 2, operator: identity}
                evaluation: {k: [3, 7], retrieve: 100}
                """.formatted(history), TrainingPlan.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("E7 edges of validation are no misses, and edges that training or validation have judge nothing")
    void figuresEqualThoseOfSets(boolean history) throws IOException {
        Path release = directory.resolve("release");
        TrainingReport report = Trainer.train(plan(history), directory, release, TrainingProgress.NONE);
        EmbeddingFile users = EmbeddingFile.open(release.resolve("twhin-user.emb"));
        EmbeddingFile rows = EmbeddingFile.open(release.resolve("twhin-item.emb"));
        Map<String, Map<String, Double>> cosines = new LinkedHashMap<>();
        for (String user : train.keySet()) {
            Map<String, Double> row = new LinkedHashMap<>();
            items.forEach(item -> row.put(item, cosine(vector(users, "user:" + user), vector(rows, "item:" + item))));
            cosines.put(user, row);
        }
        Map<String, Double> popular = new LinkedHashMap<>();
        items.forEach(item -> popular.put(item, (double)
                train.values().stream().filter(t -> t.contains(item)).count()));

        long overlap = test.entrySet().stream()
                .mapToLong(e -> e.getValue().stream()
                        .filter(item -> known(e.getKey()).contains(item))
                        .count())
                .sum();
        assertThat(overlap).isGreaterThan(10);
        assertThat(report.notes().orElseThrow())
                .contains(
                        overlap
                                + " edges of like stand in what judges and in what is trained on or validates; they judge nothing");
        List<TaskResult> results = Tasks.evaluate(plan(history), directory, release, TrainingProgress.NONE);
        for (String method : List.of("popularity", "twhin")) {
            TaskResult result = results.stream()
                    .filter(r -> method.equals(r.figures().get("method")))
                    .findFirst()
                    .orElseThrow();
            assertThat(result.figures()).containsEntry("overlap", (int) overlap);
            double[] truth = figures(user -> method.equals("twhin") ? cosines.getOrDefault(user, Map.of()) : popular);
            assertThat(result.figure("recall3")).isCloseTo(truth[0], CLOSE);
            assertThat(result.figure("recall7")).isCloseTo(truth[1], CLOSE);
            assertThat(result.figure("ndcg7")).isCloseTo(truth[2], CLOSE);
            assertThat(result.figure("mrr")).isCloseTo(truth[3], CLOSE);
            assertThat(report.evaluation().row("like", method).mrr()).isCloseTo(truth[3], CLOSE);
        }
    }

    /** recall@3, recall@7, NDCG@7 and MRR cut at 7. */
    private double[] figures(java.util.function.Function<String, Map<String, Double>> scores) {
        double[] sums = new double[4];
        int judged = 0;
        for (String user : test.keySet()) {
            Set<String> wanted = new LinkedHashSet<>(test.getOrDefault(user, Set.of()));
            wanted.removeAll(known(user));
            if (wanted.isEmpty()) {
                continue;
            }
            judged++;
            List<String> ranked = new ArrayList<>(items);
            Map<String, Double> own = scores.apply(user);
            ranked.sort(Comparator.comparingDouble(item -> -own.getOrDefault(item, 0.0))); // stable
            ranked.removeAll(known(user));
            double gain = 0;
            double most = 0;
            for (int rank = 1; rank <= 7; rank++) {
                double discount = 1 / (Math.log(rank + 1) / Math.log(2));
                most += rank <= wanted.size() ? discount : 0;
                if (wanted.contains(ranked.get(rank - 1))) {
                    sums[0] += rank <= 3 ? 1.0 / wanted.size() : 0;
                    sums[1] += 1.0 / wanted.size();
                    sums[3] += gain == 0 ? 1.0 / rank : 0;
                    gain += discount;
                }
            }
            sums[2] += gain / most;
        }
        int count = judged;
        return Arrays.stream(sums).map(sum -> sum / count).toArray();
    }

    private Set<String> known(String user) {
        Set<String> known = new LinkedHashSet<>(train.getOrDefault(user, Set.of()));
        known.addAll(valid.getOrDefault(user, Set.of()));
        return known;
    }

    private static float[] vector(EmbeddingFile file, String id) {
        return file.denseRows()
                .row(file.ids()
                        .ordinal(repscorer.core.entity.EntityId.parse(id))
                        .orElseThrow());
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            squaresA += (double) a[i] * a[i];
            squaresB += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(squaresA * squaresB);
    }

    @Test
    @DisplayName("E7 where training has every edge of the test file nobody is judged, and no figure is 0")
    void nobodyToJudge() throws IOException {
        Files.copy(
                directory.resolve("train.tsv"),
                directory.resolve("test.tsv"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Path release = directory.resolve("release");
        TrainingReport report = Trainer.train(plan(true), directory, release, TrainingProgress.NONE);
        assertThat(report.evaluation().rows()).isEmpty();
        assertThat(report.notes().orElseThrow())
                .contains("relation like has nobody to judge: no edge of it is held out");
        List<TaskResult> results = Tasks.evaluate(plan(true), directory, release, TrainingProgress.NONE);
        assertThat(Tasks.toText(results)).contains("nobody to judge").doesNotContain("0.0000", "recall");
    }

    @Test
    @DisplayName("E7 facts that training has judge nothing either, and edges that it has choose no epoch")
    void linkPredictionAndValidation() throws IOException {
        Files.writeString(directory.resolve("facts.tsv"), facts(40, 0));
        Files.writeString(directory.resolve("chosen.tsv"), facts(10, 0));
        Files.writeString(directory.resolve("judged.tsv"), facts(10, 0) + facts(5, 7));
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                relations: [{name: fact, files: [facts.tsv], valid: [chosen.tsv], test: [judged.tsv], columns: [head, relation, tail], head: thing, tail: thing}]
                twhin: {dimension: 8, epochs: 6, validate-every: 1, patience: 1}
                """, TrainingPlan.class);
        Path release = directory.resolve("facts");
        TrainingReport report = Trainer.train(plan, directory, release, TrainingProgress.NONE);
        assertThat(report.losses())
                .as("nothing validates, so nothing ends the run")
                .hasSize(6);
        TaskResult result =
                Tasks.evaluate(plan, directory, release, TrainingProgress.NONE).getFirst();
        assertThat(result.figures()).containsEntry("edges", 5L).containsEntry("overlap", 10);
    }

    private static String facts(int count, int shift) {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++) {
            rows.append("t%s\tr\tt%s\n".formatted(i, (i + 1 + shift) % 40));
        }
        return rows.toString();
    }

    @Test
    @DisplayName("E7 an undirected relation knows its edges in both directions")
    void undirected() throws IOException {
        Files.writeString(directory.resolve("train.tsv"), "a\tb\nb\tc\nc\td\nd\ta\na\te\n");
        Files.writeString(directory.resolve("test.tsv"), "b\ta\nb\td\nc\te\n");
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                relations: [{name: friend, files: [train.tsv], test: [test.tsv], undirected: true, head: user, tail: user}]
                twhin: {dimension: 8, epochs: 1}
                evaluation: {k: [1]}
                """, TrainingPlan.class);
        TrainingReport report = Trainer.train(plan, directory, directory.resolve("friends"), TrainingProgress.NONE);
        Evaluation.Row popularity = report.evaluation().row("friend", "popularity");
        // b a is known from a b. Tails in the order of their heads: a, b, c, d, e each have one, the first that is not
        // known or the
        // head itself is d for b, and e for c only where a, which c is not joined with, does not stand before it.
        assertThat(popularity.held()).isEqualTo(2);
        assertThat(popularity.recall(1)).isEqualTo(.5);
    }
}
