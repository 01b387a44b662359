package repscorer.training.social;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.testing.Seeds;
import repscorer.training.TestData;
import repscorer.training.Trainer;
import repscorer.training.TrainingReport;
import repscorer.training.evaluate.Evaluation;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Graph;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;
import repscorer.vector.SparseVector;

/** What a release says of who follows whom, against maps of sets. */
class SocialRowsTest {

    private static final int PEOPLE = 60;
    private static final int FOLLOWERS_MAX = 5;

    @TempDir
    Path directory;

    private final Map<String, Set<String>> followees = new HashMap<>();
    private final Map<String, Set<String>> followers = new HashMap<>();

    private static TrainingPlan plan(String rest) {
        return YamlFiles.parse(Path.of("social.yaml"), """
                name: social
                relations:
                  - {name: follow, files: [follow.tsv], head: user, tail: user}
                  - {name: interest, files: [interest.tsv], head: user, tail: topic}
                %s
                """.formatted(rest), TrainingPlan.class);
    }

    private void write(RandomGenerator random) throws IOException {
        StringBuilder edges = new StringBuilder();
        for (int i = 0; i < 700; i++) {
            String from = "u" + random.nextInt(PEOPLE);
            String to = "u" + (int) (PEOPLE * Math.pow(random.nextDouble(), 2));
            if (!from.equals(to)) {
                edges.append(from).append('\t').append(to).append('\n');
                followees.computeIfAbsent(from, each -> new TreeSet<>()).add(to);
                followers.computeIfAbsent(to, each -> new TreeSet<>()).add(from);
            }
        }
        Files.writeString(directory.resolve("follow.tsv"), edges);
        Files.writeString(directory.resolve("interest.tsv"), "u1\tjazz\n");
    }

    private double says(String follower) {
        return 1 / Math.log(1.0 + followees.getOrDefault(follower, Set.of()).size());
    }

    private static Map<String, Double> row(EmbeddingFile file, String user) {
        Map<String, Double> row = new HashMap<>();
        int ordinal = file.ids().ordinal(EntityId.of(EntityKind.USER, user)).orElse(-1);
        if (ordinal >= 0) {
            SparseVector vector = file.sparseRows().row(ordinal);
            for (int i = 0; i < vector.size(); i++) {
                row.put(file.columns().orElseThrow().id(vector.columns()[i]).value(), (double) vector.weights()[i]);
            }
        }
        return row;
    }

    private static void same(Map<String, Double> row, Map<String, Double> expected, String of) {
        assertThat(row.keySet()).as(of).isEqualTo(expected.keySet());
        expected.forEach((id, weight) -> assertThat(row.get(id)).as(of).isCloseTo(weight, within(1e-6)));
    }

    @Test
    void aReleaseHasEveryonesFolloweesAndTheirFollowersThatSayMost() throws IOException {
        write(Seeds.random("SocialRowsTest"));
        Path release = directory.resolve("release");
        Trainer.train(plan("social: {follow: follow, followers-max: 5}"), directory, release, TrainingProgress.NONE);
        EmbeddingFile self = EmbeddingFile.open(release.resolve("social-self" + EmbeddingFile.SUFFIX));
        EmbeddingFile to = EmbeddingFile.open(release.resolve("social-followees" + EmbeddingFile.SUFFIX));
        EmbeddingFile from = EmbeddingFile.open(release.resolve("social-followers" + EmbeddingFile.SUFFIX));
        assertThat(List.of(self.model(), to.model(), from.model())).containsOnly("social");
        int cut = 0;
        Set<String> people = new HashSet<>(followees.keySet());
        people.addAll(followers.keySet());
        for (String user : people) {
            same(row(self, user), Map.of(user, 1.0), "self of " + user);
            same(
                    row(to, user),
                    followees.getOrDefault(user, Set.of()).stream()
                            .collect(Collectors.toMap(each -> each, each -> 1.0)),
                    "followees of " + user);
            List<String> all = new ArrayList<>(followers.getOrDefault(user, Set.of()));
            Map<String, Double> kept = row(from, user);
            assertThat(kept).as("followers of " + user).hasSize(Math.min(FOLLOWERS_MAX, all.size()));
            kept.forEach((id, weight) -> assertThat(weight).isCloseTo(says(id), within(1e-6)));
            assertThat(all).containsAll(kept.keySet());
            all.sort(Comparator.comparingDouble(this::says).reversed());
            if (all.size() > FOLLOWERS_MAX) {
                cut++;
                assertThat(kept.values().stream()
                                .sorted(Comparator.reverseOrder())
                                .toList())
                        .as("those who follow fewest say most: " + user)
                        .isEqualTo(all.stream()
                                .limit(FOLLOWERS_MAX)
                                .map(each -> (double) (float) says(each))
                                .toList());
            }
        }
        assertThat(cut).as("lists that were cut").isPositive();
    }

    @Test
    void popularityCountsFollowersWhereTheirGreatestInterestIs() throws IOException {
        RandomGenerator random = Seeds.random("popularity");
        write(random);
        TrainingPlan plan = plan("social: {follow: follow}");
        Graph graph = EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
        SocialRows rows = SocialRows.of(
                graph.relation("follow").orElseThrow(), plan.social().orElseThrow());
        EntityIndex entities = rows.entities();
        List<SparseVector> interests = new ArrayList<>();
        Map<String, Integer> greatest = new HashMap<>();
        for (int i = 0; i < entities.count(); i++) {
            float first = 1 + random.nextInt(2) * 2; // 1 or 3
            boolean none = random.nextInt(5) == 0;
            interests.add(none ? SparseVector.EMPTY : new SparseVector(new int[] {i % 3, 4}, new float[] {first, 2}));
            greatest.put(entities.value(i), none ? -1 : first > 2 ? i % 3 : 4);
        }
        for (int i = 0; i < entities.count(); i++) {
            Map<Integer, Integer> counts = new HashMap<>();
            for (String follower : followers.getOrDefault(entities.value(i), Set.of())) {
                counts.merge(greatest.get(follower), 1, Integer::sum);
            }
            counts.remove(-1);
            SparseVector row = rows.popularity(i, interests);
            assertThat(row.size()).isEqualTo(counts.size());
            for (int j = 0; j < row.size(); j++) {
                double expected = Math.log(1.0 + counts.getOrDefault(row.columns()[j], 0)) / Math.log(2);
                assertThat(row.weights()[j]).isCloseTo((float) expected, within(1e-5f));
            }
        }
    }

    @Test
    void heldOutFollowsAreFoundByWhomBothKnow() throws IOException {
        Path data = TestData.smallNetwork(directory.resolve("network"));
        TrainingPlan plan = YamlFiles.parse(Path.of("social.yaml"), """
                name: social
                relations:
                  - {name: follow, files: [follow.tsv.gz], columns: [head, tail, time], head: user, tail: user, history: true}
                hold-out: {follow: 0.1}
                social: {follow: follow}
                evaluation: {users: 150, k: [10], retrieve: 100}
                """, TrainingPlan.class);
        TrainingReport report = Trainer.train(plan, data, directory.resolve("release"), TrainingProgress.NONE);
        Evaluation evaluation = report.evaluation();
        assertThat(evaluation.row("follow", "mutual").recall(10))
                .isGreaterThan(evaluation.row("follow", "popularity").recall(10));
        assertThat(evaluation.row("follow", "reciprocity").users()).isPositive();
    }

    @Test
    void aRelationBetweenTwoKindsHasNoFollowers() {
        assertThatThrownBy(() -> plan("social: {follow: interest}"))
                .hasMessageContaining("social.follow must lead from a kind to the same: 'interest'");
        assertThatThrownBy(() -> plan("social: {follow: friend}"))
                .hasMessageContaining("social.follow names an unknown relation: 'friend'");
    }
}
