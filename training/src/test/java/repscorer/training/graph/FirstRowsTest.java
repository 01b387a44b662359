package repscorer.training.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.core.entity.EntityKind;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

class FirstRowsTest {

    @TempDir
    Path directory;

    private EdgeData read(String keys, String rows) throws IOException {
        Files.writeString(directory.resolve("f.tsv"), rows);
        TrainingPlan plan = YamlFiles.parse(
                Path.of("p.yaml"),
                "{name: p, bad-rows-max: 0.5, relations: [{name: follow, files: [f.tsv], head: user, tail: user%s}], twhin: {}}"
                        .formatted(keys),
                TrainingPlan.class);
        return EdgeReader.read(plan, directory, TrainingProgress.NONE);
    }

    private long edges(String keys, String rows) throws IOException {
        return read(keys, rows).graph().edges();
    }

    @Test
    @DisplayName("E5 the comments that SNAP's files begin with are no edges")
    void snapComments() throws IOException {
        String rows = "# Directed graph: f.txt\n# Nodes: 3 Edges: 2\n# FromNodeId\tToNodeId\n1\t2\n2\t3\n";
        assertThatThrownBy(() -> read("", rows))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "the file begins with what looks like comments: '# Directed graph: f.txt' in f.tsv (relation follow); say comment: '#' in the plan, or header: false where they are edges");
        assertThat(edges(", comment: '#'", rows)).isEqualTo(2);
    }

    @Test
    @DisplayName("E5 comments that begin with % (KONECT, Matrix Market) are no edges")
    void percentComments() {
        assertThatThrownBy(() -> read("", "% sym\tunweighted\n1\t2\n"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("looks like comments: '% sym\tunweighted'")
                .hasMessageContaining("comment: '%'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"userID\tfriendID", "Source\tTarget", "FROM_NODE\tTO_NODE", "profil\tFreund"})
    @DisplayName("E5 a header is no edge")
    void headers(String header) throws IOException {
        String rows = header + "\n1\t2\n2\t3\n";
        assertThatThrownBy(() -> read("", rows))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "looks like a header: '" + header + "' in f.tsv (relation follow); say header: true");
        EdgeData read = read(", header: true", rows);
        assertThat(read.graph().edges()).isEqualTo(2);
        assertThat(read.graph().entities(EntityKind.USER).count()).isEqualTo(3);
        assertThat(edges(", header: false", rows)).isEqualTo(3);
    }

    @Test
    @DisplayName("E5 a header before ids that are words is known by its names")
    void headerBeforeWords() {
        assertThatThrownBy(() -> read("", "user_id\titem_id\nann\tbob\n")).hasMessageContaining("looks like a header");
    }

    @Test
    @DisplayName("E5 words and hashtags are edges, as they were")
    void edgesStay() throws IOException {
        assertThat(edges("", "ann\tbob\nbob\tcid\n")).isEqualTo(2);
        assertThat(edges("", "#ann\t#bob\n#bob\t#cid\n")).isEqualTo(2);
        assertThat(edges("", "1\t#nasa\n#1\t#jazz\n2\tplain\n")).isEqualTo(3);
        assertThat(edges("", "user\tbob\n1\tbob\n")).isEqualTo(2);
    }

    @Test
    @DisplayName("E5 a byte order mark is dropped, before an edge, a comment and a header")
    void byteOrderMark() throws IOException {
        EdgeData read = read("", "\uFEFF1\t2\n2\t1\n");
        assertThat(read.graph().entities(EntityKind.USER).count()).isEqualTo(2);
        assertThat(edges(", comment: '#'", "\uFEFF# from\tto\n1\t2\n")).isEqualTo(1);
        assertThatThrownBy(() -> read("", "\uFEFFuser\titem\n1\t2\n")).hasMessageContaining("'user\titem'");
        assertThat(edges("", "\uFEFF1\t2")).as("one row without an end").isEqualTo(1);
    }
}
