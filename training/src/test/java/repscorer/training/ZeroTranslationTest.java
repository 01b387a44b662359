package repscorer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.StoreOptions;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;
import repscorer.vector.Metric;

class ZeroTranslationTest {

    @TempDir
    Path directory;

    private EmbeddingFile relations(String twhin) throws IOException {
        StringBuilder follow = new StringBuilder();
        StringBuilder member = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            follow.append(i).append('\t').append((i + 1) % 30).append('\n');
            member.append(i).append('\t').append("all").append('\n');
        }
        Files.writeString(directory.resolve("f.tsv"), follow);
        Files.writeString(directory.resolve("m.tsv"), member);
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                relations:
                  - {name: follow, files: [f.tsv], head: user, tail: user}
                  - {name: member, files: [m.tsv], head: user, tail: group}
                twhin: {dimension: 8, epochs: 2%s}
                """.formatted(twhin), TrainingPlan.class);
        Path release = directory.resolve("release");
        Trainer.train(plan, directory, release, TrainingProgress.NONE);
        return EmbeddingFile.open(release.resolve("twhin-relation.emb"));
    }

    private static float[] row(EmbeddingFile file, String relation) {
        return file.denseRows()
                .row(file.ids().ordinal(EntityId.parse("relation:" + relation)).orElseThrow());
    }

    private void publishes(EmbeddingFile file) throws IOException {
        DenseSpace space = new DenseSpace(
                file.space(), file.model(), file.kind(), 8, Metric.COSINE, "hnsw", HnswParameters.DEFAULT, 0, false);
        try (RepresentationStore store =
                        RepresentationStore.open(directory.resolve("store"), List.of(space), StoreOptions.DEFAULT);
                InputStream body = new BufferedInputStream(Files.newInputStream(file.path()))) {
            store.stage("one", file.space(), body);
            store.publish("one", PublicationListener.NONE);
        }
    }

    private static void adds(float[] theta) {
        for (float value : new float[] {1, -0.3f, 1e-4f}) {
            assertThat(value + theta[0]).as("the identity").isEqualTo(value);
        }
        for (int j = 1; j < theta.length; j++) {
            assertThat(theta[j]).isZero();
        }
    }

    @Test
    @DisplayName("E10 a relation whose tails are one entity translates nothing and can be published")
    void oneTail() throws IOException {
        EmbeddingFile file = relations(", loss: softmax");
        adds(row(file, "member"));
        assertThat(row(file, "follow")[1]).isNotZero();
        publishes(file);
    }

    @Test
    @DisplayName("E10 so do both its ways where relations are reciprocal")
    void bothWays() throws IOException {
        EmbeddingFile file = relations(", loss: softmax, reciprocal: true");
        assertThat(file.kind()).isEqualTo(EntityKind.RELATION);
        adds(row(file, "member"));
        assertThat(file.ids().ordinal(EntityId.parse("relation:member^-1"))).isPresent();
        publishes(file);
    }

    @Test
    @DisplayName("E10 so do relations of free vectors")
    void freeVectors() throws IOException {
        EmbeddingFile file = relations(", loss: softmax, comparator: dot");
        adds(row(file, "member"));
        publishes(file);
    }
}
