package repscorer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** A training that begins with an earlier release goes on with steps of the size that Adagrad had come to there. */
class WarmStepsTest {

    @TempDir
    static Path directory;

    private static Path data;
    private static Path cold;
    private static TrainingReport first;

    @BeforeAll
    static void trainOnce() throws IOException {
        data = TestData.smallNetwork(Files.createDirectories(directory.resolve("data")));
        cold = directory.resolve("cold");
        first = Trainer.train(plan(10, "row-adagrad"), data, cold, TrainingProgress.NONE);
    }

    private static TrainingPlan plan(int epochs, String optimiser) {
        return YamlFiles.parse(Path.of("warm.yaml"), """
                name: warm
                seed: 3
                relations:
                  - {name: follow, files: [follow.tsv.gz], columns: [head, tail, time], head: user, tail: user}
                  - {name: favorite, files: [favorite.tsv.gz], columns: [head, tail, time], head: user, tail: tweet}
                  - {name: about, files: [about.tsv.gz], head: tweet, tail: topic}
                hold-out: {follow: 0.1}
                twhin: {dimension: 32, epochs: %s, batch-size: 64, negatives-uniform: 56, negatives-prevalence: 8, scale: 6, optimiser: %s}
                evaluation: {users: 600, k: [50]}
                """.formatted(epochs, optimiser), TrainingPlan.class);
    }

    private static TrainingReport again(Path from, int epochs, String optimiser) throws IOException {
        TrainingPlan plan = plan(epochs, optimiser);
        return Trainer.train(
                plan,
                data,
                directory.resolve("warm"),
                new Trainer.Options(false, Optional.of(Trainer.warmStart(from, plan, 0)), Optional.empty()),
                TrainingProgress.NONE);
    }

    private static Path withoutSteps(Path release) throws IOException {
        Path bare = Files.createDirectories(directory.resolve("bare"));
        try (var files = Files.list(release)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, bare.resolve(file.getFileName()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return bare;
    }

    /** How far the rows of users lie from those of the first release, on average: 1 less their cosine. */
    private static double moved() {
        EmbeddingFile before = EmbeddingFile.open(cold.resolve("twhin-user.emb"));
        EmbeddingFile after = EmbeddingFile.open(directory.resolve("warm/twhin-user.emb"));
        double sum = 0;
        for (int row = 0; row < before.count(); row++) {
            float[] a = before.denseRows().row(row);
            float[] b = after.denseRows()
                    .row(after.ids().ordinal(before.ids().id(row)).orElseThrow());
            double dot = 0;
            for (int j = 0; j < a.length; j++) {
                dot += (double) a[j] * b[j];
            }
            sum += 1 - dot;
        }
        return sum / before.count();
    }

    @Test
    @DisplayName("S13: an epoch more keeps the recall of the release that it began with, and begins at its loss")
    void recallIsKept() throws IOException {
        TrainingReport warm = again(cold, 1, "row-adagrad");
        double near = moved();
        assertThat(warm.losses().getFirst()).isLessThan(1.02 * first.losses().getLast());
        assertThat(warm.evaluation().row("follow", "twhin").recall(50))
                .isGreaterThan(0.95 * first.evaluation().row("follow", "twhin").recall(50));
        // As before steps were kept: the first ones are of full length again.
        TrainingReport bare = again(withoutSteps(cold), 1, "row-adagrad");
        assertThat(bare.losses().getFirst()).isGreaterThan(warm.losses().getFirst());
        assertThat(moved()).isGreaterThan(3 * near);
    }

    @ParameterizedTest
    @ValueSource(strings = {"row-adagrad", "adagrad"})
    @DisplayName("S13: the sums of either optimiser are kept, and grow where a training goes on")
    void sumsGrow(String optimiser) throws IOException {
        Path release = directory.resolve(optimiser);
        Trainer.train(plan(3, optimiser), data, release, TrainingProgress.NONE);
        again(release, 1, optimiser);
        EntityId id = EntityId.parse("user:0");
        float before = sum(release, id);
        float after = sum(directory.resolve("warm"), id);
        assertThat(before).isPositive();
        assertThat(after).isGreaterThan(before).isLessThan(2 * before);
    }

    private static float sum(Path release, EntityId user) {
        EmbeddingFile sums = EmbeddingFile.open(release.resolve("steps/twhin-user.emb"));
        return sums.denseRows().row(sums.ids().ordinal(user).orElseThrow())[0];
    }

    @Test
    @DisplayName(
            "S13 E3 steps are a part of the release: another training in the directory leaves none of its predecessor's")
    void stepsAreReplaced() throws IOException {
        Path out = directory.resolve("used");
        Trainer.train(plan(1, "adagrad"), data, out, TrainingProgress.NONE);
        assertThat(out.resolve("steps/twhin-relation.emb")).exists();
        TrainingPlan sparse = YamlFiles.parse(Path.of("sparse.yaml"), """
                name: sparse
                relations: [{name: follow, files: [follow.tsv.gz], columns: [head, tail, time], head: user, tail: user}]
                simclusters: {follow: follow, communities: 8, social-proof-min: 1}
                """, TrainingPlan.class);
        Trainer.train(sparse, data, out, TrainingProgress.NONE);
        assertThat(out.resolve("steps")).doesNotExist();
        assertThat(out.resolve("twhin-user.emb")).doesNotExist();
    }
}
