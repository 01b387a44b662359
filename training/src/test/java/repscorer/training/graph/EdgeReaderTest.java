package repscorer.training.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.training.TestData;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

class EdgeReaderTest {

    @TempDir
    Path directory;

    @Test
    void readsHeadsAndTailsOfOneKindIntoOneTable() throws IOException {
        write("f.tsv", "a\tb\nb\tc\r\n\na\tc");
        EdgeData data = read("head: user, tail: user");
        Relation follow = data.graph().relations().getFirst();
        assertThat(edges(follow)).containsExactlyInAnyOrder("a b 1.0", "b c 1.0", "a c 1.0");
        assertThat(data.rows()).isEqualTo(3);
        assertThat(data.badRows()).isZero();
        assertThat(data.graph().entities(EntityKind.USER).count()).isEqualTo(3);
    }

    @Test
    void stripsAPrefixAndTakesHashtagsForData() throws IOException {
        write("f.tsv", "1\t#nasa\n#1\t#jazz\n2\tplain\n");
        Relation interest =
                read("head: user, tail: topic, strip: '#'").graph().relations().getFirst();
        assertThat(edges(interest)).containsExactlyInAnyOrder("1 nasa 1.0", "#1 jazz 1.0", "2 plain 1.0");
        assertThat(interest.tailEntities().id(0)).isEqualTo(EntityId.parse("topic:nasa"));
    }

    @Test
    void leavesCommentsOutWhereThePlanSaysWhatACommentIs() throws IOException {
        write("f.tsv", "# from to\n1\t2\n# end\n");
        EdgeData data = read("head: user, tail: user, comment: '#'");
        assertThat(data.rows()).isEqualTo(1);
        assertThat(data.badRows()).isZero();
    }

    @Test
    void readsWeightsTimesAndTypesFromCompressedSpaceSeparatedFiles() throws IOException {
        write("f.tsv.gz", "1 2 0.5 1000 RT\n1 2 2 900 RT\n1 3 1 5 RE\n1  4 3 7 RT\n");
        EdgeData data = read(
                "head: user, tail: user, separator: whitespace, type: RT, columns: [head, tail, weight, time, type]",
                "f.tsv.gz");
        Relation retweet = data.graph().relations().getFirst();
        assertThat(edges(retweet)).containsExactlyInAnyOrder("1 2 2.5", "1 4 3.0");
        assertThat(retweet.timed()).isTrue();
        assertThat(retweet.time(0)).as("the latest of a repeated pair").isEqualTo(1000);
        assertThat(data.graph().entities(EntityKind.USER).ordinal("3"))
                .as("only named by another type")
                .isEqualTo(-1);
    }

    @Test
    @DisplayName("S20 a row without an end is a bad row, and the next is read")
    void aRowWithoutAnEnd() throws IOException {
        write("f.tsv.gz", "a\tb\n" + "[" + " ".repeat(1 << 22) + "\nb\tc\n");
        EdgeData data = read("head: user, tail: user", "f.tsv.gz", 1);
        assertThat(data.rows()).isEqualTo(3);
        assertThat(data.examples())
                .singleElement()
                .hasToString("f.tsv.gz:2: a row has at most %s bytes".formatted(EdgeReader.LINE_BYTES_MAX));
    }

    @Test
    @DisplayName("V3 every member of a packed file of edges is read, and what follows them is refused")
    void membersOfGzip() throws IOException {
        write("one.tsv.gz", "a\tb\n");
        write("two.tsv.gz", "b\tc\n");
        byte[] one = Files.readAllBytes(directory.resolve("one.tsv.gz"));
        byte[] two = Files.readAllBytes(directory.resolve("two.tsv.gz"));
        try (OutputStream out = Files.newOutputStream(directory.resolve("f.tsv.gz"))) {
            out.write(one);
            out.write(two);
        }
        assertThat(read("head: user, tail: user", "f.tsv.gz").rows()).isEqualTo(2);
        try (OutputStream out = Files.newOutputStream(directory.resolve("f.tsv.gz"))) {
            out.write(one);
            out.write("b\tc\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThatThrownBy(() -> read("head: user, tail: user", "f.tsv.gz"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("bytes that are no gzip follow its packed data");
    }

    @Test
    @DisplayName("V4 ids of edges that are no UTF-8 are bad rows")
    void idsThatAreNoUtf8() throws IOException {
        Files.write(
                directory.resolve("f.tsv"), "a\tb\ncaf\u00e9\tb\na\tcaf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        EdgeData data = read("head: user, tail: user", "f.tsv", 1);
        assertThat(data.examples()).hasSize(2).allMatch(bad -> bad.rule().startsWith("an id's value must be UTF-8"));
        write("f.tsv", "a\tcaf\u00e9\na\t\uFFFD\n");
        assertThat(read("head: user, tail: user").badRows()).isZero();
    }

    @Test
    @DisplayName("V7 a byte order mark is no part of the first edge")
    void aByteOrderMark() throws IOException {
        write("f.tsv", "\uFEFFa\tb\na\tc\n");
        assertThat(edges(read("head: user, tail: user").graph().relations().getFirst()))
                .containsExactlyInAnyOrder("a b 1.0", "a c 1.0");
        Files.write(directory.resolve("f.tsv"), "\uFEFFa\tb\n".getBytes(StandardCharsets.UTF_16LE));
        assertThatThrownBy(() -> read("head: user, tail: user"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("its text is UTF-16; write it as UTF-8");
    }

    @Test
    void takesTheFileWithoutCompressionWhereOnlyThatIsThere() throws IOException {
        write("f.tsv", "a\tb\n");
        assertThat(read("head: user, tail: user", "f.tsv.gz").rows()).isEqualTo(1);
        write("g.tsv.gz", "a\tb\nb\tc\n");
        assertThat(read("head: user, tail: user", "g.tsv").rows()).isEqualTo(2);
    }

    @Test
    void readsHeadsWithAllTheirTails() throws IOException {
        write("f.tsv", "u1 a b  c\nu2\nu3 c\n");
        EdgeData data = read("head: user, tail: topic, layout: adjacency, separator: space");
        Relation visit = data.graph().relations().getFirst();
        assertThat(edges(visit)).containsExactlyInAnyOrder("u1 a 1.0", "u1 b 1.0", "u1 c 1.0", "u3 c 1.0");
        assertThat(data.rows()).isEqualTo(3);
        assertThat(data.badRows()).isZero();
        assertThat(data.graph().entities(EntityKind.USER).count()).isEqualTo(3);
    }

    @Test
    void leavesABadAdjacencyRowOutWhole() throws IOException {
        write("f.tsv", "u1 a\nu2 b " + "z".repeat(257) + "\nu3 c\n");
        EdgeData data = read("head: user, tail: topic, layout: adjacency, separator: space", "f.tsv", 0.9);
        assertThat(edges(data.graph().relations().getFirst())).containsExactlyInAnyOrder("u1 a 1.0", "u3 c 1.0");
        assertThat(data.badRows()).isEqualTo(1);
        assertThat(data.graph().entities(EntityKind.TOPIC).count()).isEqualTo(2);
    }

    @Test
    void makesARelationOfEachNameInTheColumn() throws IOException {
        write("f.tsv", "a\t/knows\tb\nb\tlikes\tb\na\t/knows\tc\n");
        write("valid.tsv", "a\tlikes\tb\nnew\t/knows\tb\n");
        write("test.tsv", "a\tunknown\tb\nc\t/knows\ta\n");
        EdgeData data = read(
                "head: user, tail: user, columns: [head, relation, tail], valid: [valid.tsv], test: [test.tsv]",
                "f.tsv",
                0.5);
        assertThat(data.graph().relations().stream().map(Relation::name)).containsExactly("/knows", "likes");
        assertThat(data.graph().relations().stream().map(Relation::group)).containsOnly("r");
        assertThat(edges(data.graph().relations().get(1))).containsExactly("b b 1.0");
        assertThat(edges(Objects.requireNonNull(data.valid().get("likes")))).containsExactly("a b 1.0");
        assertThat(edges(Objects.requireNonNull(data.valid().get("/knows")))).containsExactly("new b 1.0");
        assertThat(data.test()).containsOnlyKeys("/knows");
        assertThat(data.examples().stream().map(BadRow::toString))
                .containsExactly("test.tsv:1: the relation has no training edge: 'unknown'");
    }

    @Test
    void namesBadRowsAndLeavesThemOutWhole() throws IOException {
        write(
                "f.tsv",
                "1\t2\t1\nonly\n3\t4\tx\n5\t6\t-1\n7\t7\t1\n8\t\t1\n9\t10\t1\t1\n" + "z".repeat(257) + "\t1\t1\n"
                        + "11\t12\t1\n");
        EdgeData data = read("head: user, tail: user, columns: [head, tail, weight]", "f.tsv", 0.9);
        assertThat(edges(data.graph().relations().getFirst())).containsExactlyInAnyOrder("1 2 1.0", "11 12 1.0");
        assertThat(data.rows()).isEqualTo(9);
        assertThat(data.badRows()).isEqualTo(7);
        assertThat(data.graph().entities(EntityKind.USER).count())
                .as("no bad row left an entity behind")
                .isEqualTo(4);
        assertThat(data.examples().stream().map(BadRow::toString))
                .hasSize(EdgeReader.EXAMPLES_MAX)
                .startsWith(
                        "f.tsv:2: expects 3 columns, got 1: 'only'",
                        "f.tsv:3: a weight is a number: 'x'",
                        "f.tsv:4: a weight is positive and finite: '-1'",
                        "f.tsv:5: head and tail must differ: '7'")
                .element(4)
                .asString()
                .startsWith("f.tsv:6: an id's value is 1 to 256 bytes");
    }

    @Test
    void stopsWhenTooManyRowsAreBad() throws IOException {
        write("f.tsv", "1\t2\n3\n4\t5\n");
        assertThatThrownBy(() -> read("head: user, tail: user", "f.tsv", 0.3))
                .isInstanceOf(DataException.class)
                .hasMessage("too many bad rows: 1 of 3 in f.tsv, at most a share of 0.3; such as "
                        + "f.tsv:2: expects 2 columns, got 1: '3'");
    }

    @Test
    void stopsBeforeTheEndOfAFileThatIsSomethingElse() throws IOException {
        write("f.tsv", "word\n".repeat(2_000_000));
        assertThatThrownBy(() -> read("head: user, tail: user", "f.tsv", 0.5))
                .isInstanceOf(DataException.class)
                .message()
                .matches("too many bad rows: (\\d+) of \\1 in f\\.tsv.*")
                .doesNotContain("2000000");
    }

    @Test
    void aRowHasALimit() throws IOException {
        write("f.tsv", "1\t2\n" + "x".repeat(1_000_000) + "\n3\t4\n");
        EdgeData data = read("head: user, tail: user", "f.tsv", 0.5);
        assertThat(edges(data.graph().relations().getFirst())).containsExactlyInAnyOrder("1 2 1.0", "3 4 1.0");
        assertThat(data.examples()).singleElement().hasToString("f.tsv:2: a row has at most 65536 bytes");
    }

    @Test
    void invalidUtf8IsABadRow() throws IOException {
        Files.write(directory.resolve("f.tsv"), new byte[] {'1', '\t', '2', '\n', (byte) 0xFF, '\t', '2', '\n'});
        EdgeData data = read("head: user, tail: user", "f.tsv", 0.5);
        assertThat(data.badRows()).isEqualTo(1);
        assertThat(data.examples().getFirst().rule()).contains("must be UTF-8");
    }

    @Test
    void missingDamagedAndEmptyFilesAreNamed() throws IOException {
        assertThatThrownBy(() -> read("head: user, tail: user"))
                .isInstanceOf(DataException.class)
                .hasMessageMatching("the file does not exist: .*f\\.tsv \\(relation r\\)");
        Files.writeString(directory.resolve("f.tsv.gz"), "1\t2\n");
        assertThatThrownBy(() -> read("head: user, tail: user", "f.tsv.gz"))
                .isInstanceOf(DataException.class)
                .hasMessageMatching("the file cannot be read: .*f\\.tsv\\.gz after line 0: .*");
        write("f.tsv", "");
        assertThatThrownBy(() -> read("head: user, tail: user")).hasMessage("relation r has no edge in [f.tsv]");
    }

    @Test
    void readingCanBeCancelled() throws IOException {
        write("f.tsv", "1\t2\n");
        TrainingProgress cancelled = new TrainingProgress() {
            @Override
            public void report(String stage, long done, long total, String note) {}

            @Override
            public boolean cancelled() {
                return true;
            }
        };
        assertThatThrownBy(() -> EdgeReader.read(plan("head: user, tail: user", "f.tsv", 0), directory, cancelled))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void ordinalsSurviveManyEntities() {
        EntityIndex index = new EntityIndex(EntityKind.USER);
        for (int i = 0; i < 20_000; i++) {
            assertThat(index.intern("u" + i * 7)).isEqualTo(i);
        }
        for (int i = 0; i < 20_000; i++) {
            assertThat(index.ordinal("u" + i * 7)).isEqualTo(i);
            assertThat(index.value(i)).isEqualTo("u" + i * 7);
        }
        assertThat(index.ordinal("u1")).isEqualTo(-1);
    }

    @Test
    void readsEgoTwitterWhole() {
        TestData.directory("ego-twitter").ifPresent(data -> {
            TrainingPlan plan = TrainingPlan.read(TestData.root().resolve("config/training/ego-twitter.yaml"));
            EdgeData read = EdgeReader.read(plan, data, TrainingProgress.NONE);
            Graph graph = read.graph();
            assertThat(read.badRows()).isZero();
            assertThat(graph.entities(EntityKind.USER).count()).isEqualTo(81_306);
            assertThat(graph.entities(EntityKind.TOPIC).count()).isEqualTo(11_629);
            assertThat(graph.relation("follow").orElseThrow().edges()).isEqualTo(1_768_135);
            assertThat(graph.relation("interest").orElseThrow().edges()).isEqualTo(202_167);
        });
    }

    private void write(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        try (OutputStream out = name.endsWith(".gz")
                ? new GZIPOutputStream(Files.newOutputStream(file))
                : Files.newOutputStream(file)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
    }

    private EdgeData read(String keys) {
        return read(keys, "f.tsv");
    }

    private EdgeData read(String keys, String file) {
        return read(keys, file, 0);
    }

    private EdgeData read(String keys, String file, double badRowsMax) {
        return EdgeReader.read(plan(keys, file, badRowsMax), directory, TrainingProgress.NONE);
    }

    private static TrainingPlan plan(String keys, String file, double badRowsMax) {
        return YamlFiles.parse(
                Path.of("p.yaml"),
                "name: p\nbad-rows-max: %s\ntwhin: {}\nrelations:\n  - {name: r, files: [%s], %s}\n"
                        .formatted(badRowsMax, file, keys),
                TrainingPlan.class);
    }

    private static List<String> edges(Relation relation) {
        List<String> edges = new ArrayList<>();
        for (int i = 0; i < relation.edges(); i++) {
            edges.add("%s %s %s"
                    .formatted(
                            relation.headEntities().value(relation.heads()[i]),
                            relation.tailEntities().value(relation.tails()[i]),
                            relation.weight(i)));
        }
        return edges;
    }
}
