package repscorer.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;

/** Files that are damaged, cut, glued together, endless or written for another reader. */
class AwkwardFilesTest {

    private static final EntityKind ITEM = new EntityKind("item");
    private static final ImportTarget DENSE = ImportTarget.undeclared("items", "other", ITEM, true);
    private static final ImportTarget SPARSE = ImportTarget.undeclared("items", "other", ITEM, false);
    private static final String CSV = "item:1,1,2,3,4\nitem:2,5,6,7,8.5\nitem:3,-1,.5,.001,2\n";
    private static final String JSONL =
            "{\"id\":\"item:1\",\"vector\":[1,2,3,4]}\n{\"id\":\"item:2\",\"vector\":[5,6,7,8.5]}\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path out;

    @BeforeEach
    void makeOut() throws IOException {
        out = Files.createDirectory(directory.resolve("out"));
    }

    private Importer.Result run(ImportTarget target, String name, byte[] content, long badRowsMax) throws IOException {
        Path file = Files.write(directory.resolve(name), content);
        try (ImportInput input = ImportInput.of(file, Optional.empty())) {
            return new Importer(target, ImportFormat.ofName(name), badRowsMax, 10).run(input, out, rows -> {});
        }
    }

    private Importer.Result run(ImportTarget target, String name, String content) throws IOException {
        return run(target, name, bytes(content), 0);
    }

    private Importer.Result stream(ImportFormat format, InputStream body, long badRowsMax) throws IOException {
        try (ImportInput input = ImportInput.of("the body", body, format)) {
            return new Importer(DENSE, format, badRowsMax, 10).run(input, out, rows -> {});
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(bytes(text));
        }
        return bytes.toByteArray();
    }

    private static byte[] npy(int rows, float... values) {
        byte[] header = bytes("{'descr': '<f4', 'fortran_order': False, 'shape': (%s, %s), }\n"
                .formatted(rows, values.length / rows));
        ByteBuffer npy = ByteBuffer.allocate(10 + header.length + 4 * values.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) header.length)
                .put(header);
        for (float value : values) {
            npy.putFloat(value);
        }
        return npy.array();
    }

    /** A row that begins and goes on for as long as anybody reads, up to some 200 MB. */
    private static InputStream endless(String head) {
        return new SequenceInputStream(new ByteArrayInputStream(bytes(head)), new InputStream() {
            private long left = 200_000_000;

            @Override
            public int read() {
                return left-- > 0 ? ' ' : -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                if (left <= 0) {
                    return -1;
                }
                Arrays.fill(into, offset, offset + length, (byte) ' ');
                left -= length;
                return length;
            }
        });
    }

    private void assertNothingWritten() {
        assertThat(out).isEmptyDirectory();
    }

    private EmbeddingFile written() throws IOException {
        EmbeddingFile file = EmbeddingFile.open(out.resolve("items.emb"));
        file.verify();
        return file;
    }

    private float[] row(String id) throws IOException {
        EmbeddingFile file = written();
        return file.denseRows().row(file.ids().ordinal(EntityId.parse(id)).orElseThrow());
    }

    @Test
    @DisplayName("S20 a JSON line without an end is a bad row, and the next is read")
    void aLineWithoutAnEnd() throws IOException {
        assertThatThrownBy(() -> stream(ImportFormat.JSONL, endless("["), 0))
                .isInstanceOf(BadRowsException.class)
                .hasMessageContaining("row 1: a row has at most 4194304 bytes");
        assertNothingWritten();
        InputStream body = new SequenceInputStream(
                endless("{\"id\":\"item:9\",\"vector\":["), new ByteArrayInputStream(bytes("\n" + JSONL)));
        assertThat(stream(ImportFormat.JSONL, body, 1).rows()).isEqualTo(2);
    }

    @ParameterizedTest
    @DisplayName("S20 a row of CSV or TSV without an end ends the import with its number")
    @ValueSource(strings = {"CSV", "TSV"})
    void aSeparatedRowWithoutAnEnd(String format) {
        String row = format.equals("CSV") ? CSV : CSV.replace(',', '\t');
        assertThatThrownBy(() -> stream(ImportFormat.valueOf(format), endless(row + "item:4"), 0))
                .isInstanceOf(UnreadableRowsException.class)
                .hasMessageContaining("row 4 does not end");
        assertThatThrownBy(() -> stream(ImportFormat.CSV, endless(CSV + "\"item:4"), 0))
                .isInstanceOf(UnreadableRowsException.class)
                .hasMessageContaining("a row has at most 4194304 bytes");
        assertNothingWritten();
    }

    @Test
    @DisplayName("S20 entries of one id on lines without an end are one row under the limit")
    void aSparseRowOverManyLines() throws IOException {
        String line = "item:1,cluster:" + "1".repeat(200) + ",1\n";
        byte[] lines = bytes(line.repeat((RowSource.ROW_BYTES_MAX / 200) + 1) + "item:2,cluster:1,1\n");
        assertThat(run(SPARSE, "a.csv", lines, 1).named())
                .singleElement()
                .asString()
                .contains("a row has at most");
    }

    @Test
    @DisplayName("S20 a matrix whose header tells of endless rows is refused")
    void aMatrixOfEndlessRows() {
        byte[] npy = joined(bytes("item:1\n\n"), npy(1, 1, 2));
        byte[] wide = new String(npy, StandardCharsets.ISO_8859_1)
                .replace("(1, 2), }", "(1,1999999)}")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> stream(ImportFormat.NPY, new ByteArrayInputStream(fit(wide)), 0))
                .hasMessageContaining("rows have at most 1048576 values");
    }

    /** The header's length follows its text. */
    private static byte[] fit(byte[] npy) {
        int start = 0;
        while (npy[start] != (byte) 0x93) {
            start++;
        }
        int end = start;
        while (npy[end] != '}') {
            end++;
        }
        npy[start + 8] = (byte) (end + 2 - start - 10);
        return npy;
    }

    @Test
    @DisplayName("S35 ids ahead of a matrix have a bound together")
    void idsWithoutNumber() {
        RowIds ids = new RowIds(1 << 20);
        byte[] id = bytes("item:1234567");
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 200_000; i++) {
                        ids.add(id);
                    }
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the ids take more than 1 MiB")
                .hasMessageContaining("row 65537");
    }

    @Test
    @DisplayName("V3 what follows a JSON object on its line makes the row a bad one")
    void twoObjectsOnALine() throws IOException {
        String glued = "{\"id\":\"item:3\",\"vector\":[1,2,3,4]}{\"id\":\"item:4\",\"vector\":[5,6,7,8]}\n";
        assertThatThrownBy(() -> run(DENSE, "a.jsonl", JSONL + glued))
                .isInstanceOf(BadRowsException.class)
                .hasMessageContaining("row 3: a line is one JSON object: more follows it");
        assertThatThrownBy(() -> run(DENSE, "a.jsonl", JSONL.strip() + " x\n"))
                .hasMessageContaining("row 2: no JSON object");
        assertThatThrownBy(() -> run(DENSE, "a.jsonl", "{\"id\":\"item:1\",\"vector\":[1],\"vector\":[2]}"))
                .hasMessageContaining("row 1: keys must differ: 'vector' is there twice");
        assertThatThrownBy(() -> run(
                        SPARSE,
                        "a.jsonl",
                        "{\"id\":\"item:1\",\"entries\":{\"cluster:1\":1},\"columns\":[2],\"weights\":[1]}"))
                .hasMessageContaining("row 1: a row has 'entries', or 'columns' and 'weights', not both");
        assertNothingWritten();
        assertThat(run(DENSE, "a.jsonl", "{\"id\":\"item:1\",\"note\":{\"vector\":1},\"vector\":[1,2]}  \r\n")
                        .rows())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("V3 bytes after the array of an .npy file and gaps in a list are refused")
    void moreThanTheHeaderTells() {
        byte[] ids = bytes("item:1\nitem:2\n\n");
        byte[] more = joined(ids, npy(2, 1, 2, 3, 4), new byte[1]);
        assertThatThrownBy(() -> stream(ImportFormat.NPY, new ByteArrayInputStream(more), 0))
                .isInstanceOf(UnreadableRowsException.class)
                .hasMessage("the body: more follows the 2 rows that its header tells of");
        assertThatThrownBy(() -> run(DENSE, "a.csv", "item:1,\"[1,,2,3]\"\n"))
                .hasMessageContaining("row 1: field 3 is no number: ''");
        assertNothingWritten();
    }

    @Test
    @DisplayName("V3 every member of a gzip file is read, and what follows them is refused")
    void membersOfGzip() throws IOException {
        byte[] first = packed("item:1,1,2\n");
        byte[] second = packed("item:2,3,4\n");
        assertThat(run(DENSE, "a.csv.gz", joined(first, second), 0).rows()).isEqualTo(2);
        for (byte[] garbage : List.of(bytes("item:3,5,6\n"), new byte[] {0x1F}, new byte[512])) {
            assertThatThrownBy(() -> run(DENSE, "b.csv.gz", joined(first, second, garbage), 0))
                    .isInstanceOf(UnreadableRowsException.class)
                    .hasMessageContaining("bytes that are no gzip follow its packed data");
        }
        byte[] flipped = first.clone();
        flipped[flipped.length - 6] ^= 1;
        assertThatThrownBy(() -> run(DENSE, "c.csv.gz", flipped, 0)).hasMessageContaining("the checksum differs");
    }

    @Test
    @DisplayName("V4 an id that is no UTF-8 is a bad row in every format of text")
    void idsThatAreNoUtf8() throws IOException {
        assertBad(
                DENSE,
                "a.csv",
                latin("item:caf\u00e9,1,2\n"),
                "row 1: a text must be UTF-8: byte 9 of 'item:caf\uFFFD'");
        assertBad(DENSE, "a.tsv", latin("item:1\t1\t2\nitem:caf\u00e9\t1\t2\n"), "row 2: a text must be UTF-8");
        assertBad(
                DENSE, "a.jsonl", latin("{\"id\":\"item:caf\u00e9\",\"vector\":[1,2]}"), "row 1: a text must be UTF-8");
        assertBad(
                SPARSE, "a.csv", latin("item:1,cluster:1,1\nitem:1,cluster:\u00e9,1\n"), "row 2: a text must be UTF-8");
        assertBad(SPARSE, "b.csv", latin("item:caf\u00e9,cluster:1,1\n"), "row 1: a text must be UTF-8");
        byte[] halves = {'i', 't', 'e', 'm', ':', (byte) 0xED, (byte) 0xA0, (byte) 0x80, ',', '1', '\n'};
        assertBad(DENSE, "c.csv", halves, "row 1: a text must be UTF-8");
        byte[] matrix = joined(latin("item:1\nitem:caf\u00e9\n\n"), npy(2, 1, 2, 3, 4));
        assertThatThrownBy(() -> stream(ImportFormat.NPY, new ByteArrayInputStream(matrix), 0))
                .isInstanceOf(BadRowsException.class)
                .hasMessageContaining("row 2: a text must be UTF-8");
        assertNothingWritten();
        assertThat(stream(ImportFormat.NPY, new ByteArrayInputStream(matrix), 1).rows())
                .isEqualTo(1);
        run(DENSE, "d.csv", "item:caf\u00e9,1,2\nitem:\uD83C\uDFB7,3,4\nitem:\uFFFD,5,6\n");
        assertThat(row("item:caf\u00e9")).containsExactly(1, 2);
        assertThat(row("item:\uD83C\uDFB7")).containsExactly(3, 4);
        assertThat(row("item:\uFFFD")).containsExactly(5, 6);
    }

    private void assertBad(ImportTarget target, String name, byte[] content, String told) {
        assertThatThrownBy(() -> run(target, name, content, 0))
                .isInstanceOf(BadRowsException.class)
                .hasMessageContaining(told);
        assertNothingWritten();
    }

    @Test
    @DisplayName("V5 text that is not packed and what is cut short are refused by name")
    void whatIsNotPacked() throws IOException {
        assertThatThrownBy(() -> run(DENSE, "a.csv.gz", CSV))
                .isInstanceOf(UnreadableRowsException.class)
                .hasMessage("a.csv.gz cannot be read to its end: it is not packed with gzip, though it says so");
        byte[] whole = packed(CSV);
        for (int length : new int[] {5, whole.length / 2, whole.length - 3}) {
            for (String name : List.of("a.csv.gz", "a.jsonl.gz", "a.parquet.gz")) {
                assertThatThrownBy(() -> run(DENSE, name, Arrays.copyOf(whole, length), 1_000))
                        .isInstanceOf(UnreadableRowsException.class)
                        .hasMessageContaining(name + " cannot be read to its end: its packed data is cut short");
            }
        }
        assertNothingWritten();
    }

    @Test
    @DisplayName("V7 a byte order mark is no part of the first row, and that of UTF-16 is named")
    void byteOrderMarks() throws IOException {
        run(DENSE, "a.csv", "\uFEFF" + CSV);
        assertThat(row("item:1")).containsExactly(1, 2, 3, 4);
        run(DENSE, "b.csv", "\uFEFFid,a,b\nitem:7,1,2\n");
        assertThat(row("item:7")).containsExactly(1, 2);
        run(DENSE, "c.jsonl", "\uFEFF" + JSONL);
        assertThat(row("item:1")).containsExactly(1, 2, 3, 4);
        stream(ImportFormat.NPY, new ByteArrayInputStream(joined(bytes("\uFEFFitem:8\n\n"), npy(1, 1, 2))), 0);
        assertThat(row("item:8")).containsExactly(1, 2);
        Path matrix = Files.write(directory.resolve("m.npy"), npy(1, 3, 4));
        Path ids = Files.writeString(directory.resolve("ids.txt"), "\uFEFFitem:9\n");
        try (ImportInput input = ImportInput.of(matrix, Optional.of(ids))) {
            new Importer(DENSE, ImportFormat.NPY, 0, 1).run(input, out, rows -> {});
        }
        assertThat(row("item:9")).containsExactly(3, 4);
        for (var charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertThatThrownBy(() -> run(DENSE, "d.csv", ("\uFEFF" + CSV).getBytes(charset), 0))
                    .isInstanceOf(UnreadableRowsException.class)
                    .hasMessageContaining("its text is UTF-16; write it as UTF-8");
        }
    }

    private Importer.Result matrix(String name, byte[] content, int rows) throws IOException {
        Path file = Files.write(directory.resolve(name), content);
        StringBuilder ids = new StringBuilder();
        for (int i = 1; i <= rows; i++) {
            ids.append(i).append('\n');
        }
        Path idsFile = Files.writeString(directory.resolve("ids.txt"), ids);
        try (ImportInput input = ImportInput.of(file, Optional.of(idsFile))) {
            return new Importer(DENSE, ImportFormat.ofName(name), 0, 1).run(input, out, done -> {});
        }
    }

    @Test
    @DisplayName("records of whole numbers and of bytes are read as what they are, and not as floats")
    void recordsOfWholeNumbers() throws IOException {
        byte[] whole = {2, 0, 0, 0, 7, 0, 0, 0, -1, -1, -1, -1};
        matrix("a.ivecs", whole, 1);
        assertThat(row("item:1")).containsExactly(7, -1);
        matrix("a.bvecs", new byte[] {2, 0, 0, 0, 7, -1}, 1);
        assertThat(row("item:1")).containsExactly(7, 255);
        byte[] small = {2, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0};
        assertThatThrownBy(() -> matrix("a.fvecs", small, 1))
                .hasMessageContaining("row 1: its values are no floats but whole numbers, as ivecs has them");
        assertThatThrownBy(() -> matrix("a.npz", small, 1)).hasMessageContaining("a zip of arrays: unzip it");
    }

    @Test
    @DisplayName("a double that float32 has no room for is a bad row of its own")
    void aDoubleTooLarge() {
        byte[] npy = new String(npy(2, 0, 0, 0, 0), StandardCharsets.ISO_8859_1)
                .replace("'<f4'", "'<f8'")
                .replace("(2, 2)", "(2, 1)")
                .getBytes(StandardCharsets.ISO_8859_1);
        npy[npy.length - 1] = 0x7E;
        npy[npy.length - 9] = 0x40;
        assertThatThrownBy(() -> matrix("a.npy", npy, 2))
                .isInstanceOf(BadRowsException.class)
                .hasMessageContaining("for 1 rows are bad")
                .hasMessageContaining("row 2: a value is more than float32 holds");
    }
}
