package repscorer.training.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** Edge files as people have them: what others pack and separate, and what is no text at all. */
class EdgeFormatsTest {

    @TempDir
    Path directory;

    private EdgeData read(String files, String rest) {
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                bad-rows-max: 0
                twhin: {}
                relations: [{name: rate, files: [%s], head: user, tail: movie, %s}]
                """.formatted(files, rest), TrainingPlan.class);
        return EdgeReader.read(plan, directory, TrainingProgress.NONE);
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static TreeSet<String> edges(EdgeData data) {
        TreeSet<String> edges = new TreeSet<>();
        Relation relation = data.graph().relations().getFirst();
        for (int edge = 0; edge < relation.edges(); edge++) {
            edges.add("%s|%s|%s%s"
                    .formatted(
                            relation.headEntities().value(relation.heads()[edge]),
                            relation.tailEntities().value(relation.tails()[edge]),
                            relation.weight(edge),
                            relation.timed() ? "|" + relation.time(edge) : ""));
        }
        return edges;
    }

    @Test
    @DisplayName(
            "E5 MovieLens' ratings.csv: commas, a header, quotes; the header is told where the plan does not name it")
    void commas() throws IOException {
        write("ratings.csv", """
                userId,movieId,rating,timestamp
                1,307,3.5,1256677221
                "2" , "La ""dolce"" vita, 1960",4.0,1256677456
                """);
        String columns = "separator: comma, columns: [head, tail, weight, time]";
        assertThat(edges(read("ratings.csv", columns + ", header: true")))
                .containsExactly("1|307|3.5|1256677221", "2|La \"dolce\" vita, 1960|4.0|1256677456");
        assertThatThrownBy(() -> read("ratings.csv", columns))
                .hasMessageContaining("begins with what looks like a header");
        write("quotes.csv", "\"a\"\"b\",\"c\"\n\"d\",e\n\"d\",f\n");
        assertThat(edges(read("quotes.csv", "separator: comma"))).containsExactly("a\"b|c|1.0", "d|e|1.0", "d|f|1.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"1,2 | a quote is not closed in its row: '\"1,2'",
                "\"1\"x,2 | a quoted field ends with its quote: '\"1\"x,2'",
                "1,2,3 | expects 2 columns, got 3: '1,2,3'",
                "1::2 | expects 2 columns, got 1: '1::2'; separator: double-colon, perhaps",
                "1;2 | expects 2 columns, got 1: '1;2'; separator: semicolon, perhaps"
            })
    void rowsThatAreNoCsvAreBad(String row, String rule) throws IOException {
        write("bad.csv", "x,y\n" + row + "\n");
        assertThatThrownBy(() -> read("bad.csv", "separator: comma")).hasMessageContaining(rule);
    }

    @Test
    @DisplayName("E5 MovieLens' ratings.dat and u.data, semicolons, and lists of tails by commas")
    void otherSeparators() throws IOException {
        write("ratings.dat", "1::1193::5::978300760\n1::661::3::978302109\n");
        assertThat(edges(read("ratings.dat", "separator: double-colon, columns: [head, tail, weight, time]")))
                .containsExactly("1|1193|5.0|978300760", "1|661|3.0|978302109");
        write("colons.dat", "a:b::c:d\n:::e\n");
        assertThatThrownBy(() -> read("colons.dat", "separator: double-colon"))
                .hasMessageContaining("too many bad rows: 1 of 2 in colons.dat");
        write("u.data", "196\t242\t3\t881250949.0\n");
        assertThat(edges(read("u.data", "columns: [head, tail, weight, time]")))
                .containsExactly("196|242|3.0|881250949");
        write("semi.csv", "\"276725\";\"034545104X\";\"7\"\n");
        assertThat(edges(read("semi.csv", "separator: semicolon, columns: [head, tail, weight]")))
                .containsExactly("276725|034545104X|7.0");
        write("lists.csv", "u1,a,b\nu2,c\n");
        assertThat(edges(read("lists.csv", "separator: comma, layout: adjacency")))
                .containsExactly("u1|a|1.0", "u1|b|1.0", "u2|c|1.0");
        write("lists.dat", "u1::a::b\nu2::c\n");
        assertThat(edges(read("lists.dat", "separator: double-colon, layout: adjacency")))
                .containsExactly("u1|a|1.0", "u1|b|1.0", "u2|c|1.0");
    }

    @Test
    @DisplayName("E5 N-Triples leave their brackets where the plan says so, and keep them where it does not")
    void triples() throws IOException {
        write("f.nt", "<http://x/a> <http://x/likes> <http://x/b> .\n<http://x/c> <http://x/likes> _:blank .\n");
        String columns = "separator: space, columns: [head, relation, tail, ignore]";
        EdgeData plain = read("f.nt", columns + ", strip: '<>'");
        assertThat(edges(plain)).containsExactly("http://x/a|http://x/b|1.0", "http://x/c|_:blank|1.0");
        assertThat(plain.graph().relations().getFirst().name()).isEqualTo("http://x/likes");
        assertThat(edges(read("f.nt", columns))).contains("<http://x/a>|<http://x/b>|1.0");
    }

    @ParameterizedTest
    @CsvSource({
        "2012-07-06T00:00:00Z, 2012-07-06T00:00:00Z",
        "2012-07-06 12:30:05, 2012-07-06T12:30:05Z",
        "2012-07-06T12:30:05.999, 2012-07-06T12:30:05Z",
        "2012-07-06T12:30:05+02:00, 2012-07-06T10:30:05Z",
        "2012-07-06, 2012-07-06T00:00:00Z",
        "881250949.0, 1997-12-04T15:55:49Z",
        "881250949.75, 1997-12-04T15:55:49Z"
    })
    @DisplayName("E12 times as ISO 8601 writes them and as floats are seconds since 1970")
    void times(String text, Instant time) throws IOException {
        write("t.tsv", "a\tb\t" + text + "\n");
        assertThat(edges(read("t.tsv", "columns: [head, tail, time]")))
                .containsExactly("a|b|1.0|" + time.getEpochSecond());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2012-13-06",
                "06.07.2012",
                "yesterday",
                "1e9",
                "-5",
                "1969-12-31",
                "2012-07-06T25:00:00Z",
                "",
                "1256677221000.0"
            })
    @DisplayName("E12 what is no such time is a bad row")
    void noTimes(String text) throws IOException {
        write("t.tsv", "a\tb\t" + text + "\n");
        assertThatThrownBy(() -> read("t.tsv", "columns: [head, tail, time]"))
                .hasMessageContaining("a time is seconds since 1970")
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    @DisplayName("E5 a directory and a pattern stand for their files, in the order of their names")
    void directoriesAndPatterns() throws IOException {
        write("part/part-00001", "b\tx\n");
        write("part/part-00000", "a\tx\n");
        write("part/_SUCCESS", "");
        write("part/.part-00000.crc", "crc");
        Files.createDirectories(directory.resolve("part/_temporary"));
        assertThat(edges(read("part", "separator: tab"))).containsExactly("a|x|1.0", "b|x|1.0");
        assertThat(read("part", "separator: tab")
                        .graph()
                        .relations()
                        .getFirst()
                        .headEntities()
                        .value(0))
                .isEqualTo("a");
        write("days/day-1.tsv", "a\tx\n");
        write("days/day-2.tsv", "b\tx\n");
        write("days/other.tsv", "c\tx\n");
        assertThat(edges(read("'days/day-*.tsv'", "separator: tab"))).containsExactly("a|x|1.0", "b|x|1.0");
        assertThat(edges(read("'days/day-?.tsv'", "separator: tab"))).hasSize(2);
        assertThatThrownBy(() -> read("'days/none-*.tsv'", "separator: tab"))
                .hasMessageContaining("no file of edges is")
                .hasMessageContaining("none-*.tsv (relation rate)");
        Files.createDirectories(directory.resolve("empty"));
        assertThatThrownBy(() -> read("empty", "separator: tab")).hasMessageContaining("no file of edges is");
    }

    @Test
    @DisplayName("E11 gzip and zstd are unpacked whatever the file is called")
    void packed() throws IOException {
        byte[] rows = "a\tb\nc\td\n".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(rows);
        }
        Files.write(directory.resolve("f.tsv"), gzip.toByteArray());
        assertThat(edges(read("f.tsv", "separator: tab"))).hasSize(2);
        byte[] zstd = Zstd.compress(rows);
        Files.write(directory.resolve("f.tsv.zst"), zstd);
        assertThat(edges(read("f.tsv.zst", "separator: tab"))).hasSize(2);
        Files.write(directory.resolve("cut.zst"), java.util.Arrays.copyOf(zstd, zstd.length - 3));
        assertThatThrownBy(() -> read("cut.zst", "separator: tab"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the file cannot be read");
    }

    @ParameterizedTest
    @CsvSource({
        "504b0304140000000800, it is a zip archive; unpack it",
        "425a68393141592653590000, it is packed with bzip2; unpack it",
        "fd377a585a0000, it is packed with xz; unpack it",
        "04224d186440a7, it is packed with lz4; unpack it",
        "377abcaf271c0004, it is a 7z archive; unpack it",
        "5041523115041500, it is Parquet",
        "4152524f57310000ff, it is Arrow",
        "4f626a0104146176, it is Avro",
        "934e554d505901007600, it is NumPy's .npy",
        "894844460d0a1a0a00, it is HDF5",
        "fffe610009006200, its text is UTF-16; write it as UTF-8",
        "feff006100090062, its text is UTF-16; write it as UTF-8",
        "6100090062000a00, its text is UTF-16; write it as UTF-8",
        "006100090062000a, its text is UTF-16; write it as UTF-8"
    })
    @DisplayName("E11 what is no text is told by its first bytes, packed as well")
    void noText(String hex, String what) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(hex);
        Files.write(directory.resolve("f.tsv"), bytes);
        assertThatThrownBy(() -> read("f.tsv", "separator: tab"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the file is no text of edges: ")
                .hasMessageContaining(what)
                .hasMessageContaining("(relation rate)");
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(bytes);
        }
        Files.write(directory.resolve("f.tsv"), gzip.toByteArray());
        assertThatThrownBy(() -> read("f.tsv", "separator: tab")).hasMessageContaining(what);
    }

    @Test
    @DisplayName("E11 a whole zip, and ids that look like what formats begin with")
    void zipAndLookalikes() throws IOException {
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(zip)) {
            out.putNextEntry(new ZipEntry("f.tsv"));
            out.write("a\tb\n".getBytes(StandardCharsets.UTF_8));
        }
        Files.write(directory.resolve("f.tsv"), zip.toByteArray());
        assertThatThrownBy(() -> read("f.tsv", "separator: tab")).hasMessageContaining("it is a zip archive");
        for (String id : List.of("PAR1", "BZh9", "PK", "ARROW1", "Obj", "NUMPY")) {
            write("f.tsv", id + "\tb\nc\td\n");
            assertThat(edges(read("f.tsv", "separator: tab"))).hasSize(2);
        }
    }

    @Test
    @DisplayName("E9 rows that repeat a pair without weights are told, and add up where the plan says so")
    void repeats() throws IOException {
        write("plays.tsv", "ann\tsong\n".repeat(500) + "bob\tsong\n");
        EdgeData once = read("plays.tsv", "separator: tab");
        assertThat(edges(once)).containsExactly("ann|song|1.0", "bob|song|1.0");
        assertThat(once.notes())
                .containsExactly(
                        "499 of 501 rows of rate repeat a pair and count once with it; repeats: sum adds them up");
        EdgeData sum = read("plays.tsv", "repeats: sum");
        assertThat(edges(sum)).containsExactly("ann|song|500.0", "bob|song|1.0");
        assertThat(sum.notes()).isEmpty();
        write("weighted.tsv", "ann\tsong\t2\nann\tsong\t3\n");
        EdgeData weighted = read("weighted.tsv", "columns: [head, tail, weight]");
        assertThat(edges(weighted)).containsExactly("ann|song|5.0");
        assertThat(weighted.notes()).isEmpty();
        assertThatThrownBy(() -> read("weighted.tsv", "columns: [head, tail, weight], repeats: sum"))
                .hasMessageContaining("repeats go without a column weight");
    }
}
