package repscorer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.training.graph.DataException;
import repscorer.training.graph.EdgeReader;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** Names and texts that a plan takes along. */
class TextWriterTest {

    @TempDir
    Path data;

    private Path out;

    @BeforeEach
    void edges() throws IOException {
        Files.writeString(data.resolve("interest.tsv"), "1\tjazz\n2\tLateNight\n");
        out = Files.createDirectory(data.resolve("out"));
    }

    private Map<String, Integer> write(String texts) throws IOException {
        TrainingPlan plan = YamlFiles.parse(Path.of("plan.yaml"), """
                name: texts
                relations: [{name: interest, files: [interest.tsv], head: user, tail: topic}]
                twhin: {}
                texts: %s
                """.formatted(texts), TrainingPlan.class);
        return TextWriter.write(
                plan, EdgeReader.read(plan, data, TrainingProgress.NONE).graph(), data, out);
    }

    private String text(String space, String id) {
        EmbeddingFile file = EmbeddingFile.open(out.resolve(space + ".emb"));
        file.verify();
        assertThat(file.training()).as("words are of no training").isEmpty();
        return file.texts().text(file.ids().ordinal(EntityId.parse(id)).orElseThrow());
    }

    @Test
    void aFileOfTextsAndIdsThatAreNamesThemselvesGoAlong() throws IOException {
        Files.writeString(
                data.resolve("names.jsonl"),
                "{\"id\":\"user:2\",\"text\":\"Zoë \\\"Z\\\" Brontë\"}\n{\"id\":1,\"text\":\"\",\"likes\":[\"jazz\"]}\n");

        assertThat(write("[{kind: user, file: names.jsonl}, {kind: topic}]"))
                .isEqualTo(Map.of("text-user", 2, "text-topic", 2));
        assertThat(text("text-user", "user:2")).isEqualTo("Zoë \"Z\" Brontë");
        assertThat(text("text-user", "user:1")).isEmpty();
        assertThat(text("text-topic", "topic:LateNight")).isEqualTo("LateNight");
    }

    @Test
    void whatCannotBeReadIsToldInOneLine() throws IOException {
        Files.writeString(data.resolve("bad.jsonl"), "{\"id\":\"user:2\"}\n");

        assertThatThrownBy(() -> write("[{kind: user, file: bad.jsonl}]"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("bad.jsonl")
                .hasMessageContaining("'text' is missing");
        assertThatThrownBy(() -> write("[{kind: user, file: gone.jsonl}]"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("gone.jsonl");
        assertThatThrownBy(() -> write("[{kind: tweet}]"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("tweet");
        assertThatThrownBy(() -> write("[{kind: user, file: names.csv}]")).hasMessageContaining(".jsonl");
        assertThatThrownBy(() -> write("[{kind: user}, {kind: user}]")).hasMessageContaining("each kind once");
    }
}
