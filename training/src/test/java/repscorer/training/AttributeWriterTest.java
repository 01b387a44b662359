package repscorer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.training.graph.DataException;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.vector.SparseVector;
import repscorer.yaml.ConfigException;

/** Rows that nobody learnt and that a plan takes along. */
class AttributeWriterTest {

    @TempDir
    Path data;

    private static TrainingPlan plan(String rows) {
        return YamlFiles.parse(Path.of("plan.yaml"), """
                name: rows
                relations: [{name: interest, files: [interest.tsv], head: user, tail: topic}]
                twhin: {}
                rows: %s
                """.formatted(rows), TrainingPlan.class);
    }

    @Test
    void rowsGoAlongAsTheyAreAndAreOfNoTraining() throws IOException {
        Files.writeString(
                data.resolve("worth.jsonl"),
                "{\"id\":\"ad:2\",\"entries\":{\"currency:eur\":0.35}}\n{\"id\":3,\"entries\":{\"currency:eur\":2}}\n");
        assertThat(AttributeWriter.write(plan("[{space: ad-value, kind: ad, file: worth.jsonl}]"), data, data))
                .isEqualTo(Map.of("ad-value", 2));
        EmbeddingFile file = EmbeddingFile.open(data.resolve("ad-value.emb"));
        file.verify();
        assertThat(file.model()).isEqualTo("attributes");
        assertThat(file.training()).isEmpty();
        assertThat(file.sparseRows()
                        .row(file.ids().ordinal(EntityId.parse("ad:2")).orElseThrow()))
                .isEqualTo(new SparseVector(new int[] {0}, new float[] {.35f}));
    }

    @Test
    void whatCannotBeReadIsToldInOneLine() throws IOException {
        Files.writeString(data.resolve("bad.jsonl"), "{\"id\":\"ad:2\",\"entries\":{\"currency:eur\":0}}\n");
        TrainingPlan plan = plan("[{space: ad-value, kind: ad, file: bad.jsonl}]");
        assertThatThrownBy(() -> AttributeWriter.write(plan, data, data))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("bad.jsonl: ")
                .hasMessageContaining("weights must be positive and finite: 0.0 for currency:eur");
        assertThatThrownBy(() ->
                        AttributeWriter.write(plan("[{space: ad-value, kind: ad, file: none.jsonl}]"), data, data))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the file of rows is missing");
        assertThatThrownBy(() -> plan("[{space: a, kind: ad, file: a.csv}]"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("rows come as .jsonl or .jsonl.gz: 'a.csv'");
        assertThatThrownBy(() -> plan("[{space: a, kind: ad, file: a.jsonl}, {space: a, kind: ad, file: b.jsonl}]"))
                .hasMessageContaining("rows name each space once");
    }
}
