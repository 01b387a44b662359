package repscorer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.training.evaluate.Evaluation;
import repscorer.training.evaluate.TaskResult;
import repscorer.training.evaluate.Tasks;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** Entities that no training edge names. */
class UntrainedEntitiesTest {

    private static final String FACTS =
            "{name: fact, files: [train.txt], test: [test.txt], columns: [head, relation, tail], head: entity, tail: entity}";
    private static final String LIKES =
            "{name: like, files: [train.txt], test: [test.txt], columns: [head, ignore, tail], head: user, tail: item}";

    @TempDir
    Path directory;

    private String known;

    @BeforeEach
    void writeEdges() throws IOException {
        Random random = new Random(3);
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            rows.append("%s\tr%s\t%s\n".formatted(i % 50, i % 3, (i % 50 + 1 + random.nextInt(40)) % 50));
        }
        Files.writeString(directory.resolve("train.txt"), rows);
        known = "1\tr0\t2\n7\tr1\t9\n9\tr2\t30\n";
        Files.writeString(directory.resolve("test.txt"), known);
    }

    private static TrainingPlan plan(String relation, String rest) {
        return YamlFiles.parse(
                Path.of("p.yaml"),
                "{name: p, relations: [%s], twhin: {dimension: 8, epochs: 2}, evaluation: {k: [5, 20]}%s}"
                        .formatted(relation, rest),
                TrainingPlan.class);
    }

    private TrainingReport train(TrainingPlan plan, String out) throws IOException {
        return Trainer.train(plan, directory, directory.resolve(out), TrainingProgress.NONE);
    }

    private EmbeddingFile open(String release, String space) {
        return EmbeddingFile.open(directory.resolve(release).resolve(space + EmbeddingFile.SUFFIX));
    }

    @Test
    @DisplayName("E2 entities that only come after hold-out-from get no vector, and those before keep their ways")
    void entitiesAfterTheCut() throws IOException {
        String early = Files.readString(directory.resolve("train.txt"))
                .lines()
                .map(line -> "a" + line.replaceAll("\tr.\t", "\ta") + "\t100\n")
                .collect(Collectors.joining());
        // New ones come first in the file, so that ordinals of trained ones would begin behind theirs.
        Files.writeString(
                directory.resolve("timed.tsv"),
                "new1\tnew2\t2000\nnew1\ta3\t2000\na1\ta9\t2000\na3\tnew2\t2000\n" + early);
        Files.writeString(directory.resolve("bare.tsv"), "a1\ta9\t2000\n" + early);
        String timed = "{name: follow, files: [%s], columns: [head, tail, time], head: user, tail: user}";
        String cut = ", hold-out-from: 1970-01-01T00:16:40Z";
        TrainingReport report = train(plan(timed.formatted("timed.tsv"), cut), "timed");
        train(plan(timed.formatted("bare.tsv"), cut), "bare");
        EmbeddingFile rows = open("timed", "twhin-user");
        assertThat(rows.count()).isEqualTo(50);
        assertThat(rows.ids().ordinal(EntityId.parse("user:new1"))).isEmpty();
        assertThat(report.entities()).containsEntry("user", 50);
        assertThat(report.notes().orElseThrow()).contains("2 of kind user have no vector: no training edge names them");
        assertThat(report.evaluation().rows().getFirst().held()).isLessThanOrEqualTo(1);
        assertThat(open("bare", "twhin-user").count()).isEqualTo(50);
    }

    @Test
    @DisplayName("E2 new entities in a test file change no byte of the others, and have no row")
    void aTestFileChangesNoVector() throws IOException {
        for (String relation : List.of(FACTS, LIKES)) {
            Files.writeString(directory.resolve("test.txt"), known);
            TrainingPlan plan = plan(relation, "");
            train(plan, "before");
            Files.writeString(directory.resolve("test.txt"), known + "new1\tr0\t2\n3\tr1\tnew2\nnew3\tr1\tnew4\n");
            train(plan, "after");
            String space = relation.equals(FACTS) ? "twhin-entity" : "twhin-user";
            assertThat(directory.resolve("after").resolve(space + ".emb"))
                    .hasSameBinaryContentAs(directory.resolve("before").resolve(space + ".emb"));
        }
    }

    @Test
    @DisplayName("E2 an edge with an entity that training did not meet ranks last")
    void linkPredictionRanksThemLast() throws IOException {
        Files.writeString(directory.resolve("test.txt"), "new1\tr0\t2\n3\tr1\tnew2\nnew3\tr1\tnew4\n");
        TrainingPlan plan = plan(FACTS, "");
        train(plan, "facts");
        TaskResult result = Tasks.evaluate(plan, directory, directory.resolve("facts"), TrainingProgress.NONE)
                .getFirst();
        assertThat(result.figures()).containsEntry("edges", 3L);
        assertThat(result.figure("hits10")).isZero();
        assertThat(result.figure("meanRank")).isBetween(25.0, 51.0);
    }

    @Test
    @DisplayName(
            "E2 a head that training did not meet gets no answer but the popular ones, which counts against a method")
    void recommendationAnswersNothingForThem() throws IOException {
        Files.writeString(directory.resolve("test.txt"), "new1\tr\t2\nnew2\tr\t3\n");
        Evaluation evaluation = train(plan(LIKES, ""), "likes").evaluation();
        assertThat(evaluation.row("like", "popularity").users()).isEqualTo(2);
        assertThat(evaluation.row("like", "twhin").recall(20)).isZero();
        assertThat(evaluation.row("like", "item-knn").recall(20)).isZero();
    }
}
