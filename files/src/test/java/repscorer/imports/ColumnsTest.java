package repscorer.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;

/** Columns by the names that people give them. */
class ColumnsTest {

    private static final EntityKind ITEM = new EntityKind("item");
    private static final ImportTarget DENSE =
            ImportTarget.undeclared("items", "other", ITEM, true).withPlainIds(ITEM);
    private static final ImportTarget SPARSE = ImportTarget.undeclared("items", "other", ITEM, false);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path out;

    @BeforeEach
    void makeOut() throws IOException {
        out = Files.createDirectory(directory.resolve("out"));
    }

    private static ImportColumns said(String id, String... vector) {
        return new ImportColumns(id.isEmpty() ? Optional.empty() : Optional.of(id), List.of(vector));
    }

    private Importer.Result run(ImportTarget target, ImportColumns columns, Path file) throws IOException {
        try (ImportInput input = ImportInput.of(file, Optional.empty())) {
            ImportFormat format = ImportFormat.ofName(file.toString());
            return new Importer(target, format, columns, 0, 10).run(input, out, rows -> {});
        }
    }

    private Importer.Result run(ImportColumns columns, String name, String text) throws IOException {
        return run(DENSE, columns, Files.writeString(directory.resolve(name), text));
    }

    private float[] row(String id) throws IOException {
        EmbeddingFile file = EmbeddingFile.open(out.resolve("items.emb"));
        return file.denseRows().row(file.ids().ordinal(EntityId.parse(id)).orElseThrow());
    }

    @ParameterizedTest
    @DisplayName("V8: headers as people have them are told from rows, and the guess is said")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ",0,1,2,3;item:1,1,2,3,4 | id from '', vector from 4 columns, '0' to '3' | 1 2 3 4",
                "Unnamed: 0,f0,f1;1,8,9 | id from 'Unnamed: 0', vector from 2 columns, 'f0' to 'f1' | 8 9",
                "vector,id;\"[1, 2]\",item:1 | - | 1 2",
                "item_id,f0,f1,f2;1,4,5,6 | id from 'item_id', vector from 3 columns, 'f0' to 'f2' | 4 5 6",
                "itemId,1,2;1,4,5 | id from 'itemId', vector from 2 columns, '1' to '2' | 4 5",
                "id,text,vector;1,\"so, it is\",\"[3,4]\" | - | 3 4",
                "id,text,embedding;1,words,\"[3 4]\" | id from 'id', vector from 'embedding' | 3 4",
                ",product-id,a,b;0,1,3,4 | id from 'product-id', vector from 2 columns, 'a' to 'b' | 3 4",
                "id,values,x;1,3,4 | - | 3 4",
                "id;1,3,4 | - | 3 4",
            })
    void headersAreTold(String lines, String told, String values) throws IOException {
        Importer.Result result = run(ImportColumns.GUESSED, "a.csv", lines.replace(';', '\n') + "\n");
        assertThat(result.rows()).isEqualTo(1);
        assertThat(result.columns().orElse("-")).isEqualTo(told);
        assertThat(row("item:1")).containsExactly(floats(values));
        run(ImportColumns.GUESSED, "a.csv", "\uFEFF" + lines.replace(';', '\n') + "\r\n");
        assertThat(row("item:1")).containsExactly(floats(values));
    }

    private static float[] floats(String values) {
        String[] texts = values.split(" ");
        float[] floats = new float[texts.length];
        for (int i = 0; i < texts.length; i++) {
            floats[i] = Float.parseFloat(texts[i]);
        }
        return floats;
    }

    @Test
    @DisplayName("V8: columns are named, in any order and with names of any letters")
    void columnsAreNamed() throws IOException {
        String csv = "name,y,größe,x\nfoo,1,2,3\nbar,4,5,6\n";
        assertThat(run(said("name", "x", "größe"), "a.csv", csv).rows()).isEqualTo(2);
        assertThat(row("item:foo")).containsExactly(3, 2);
        run(said("name"), "a.csv", csv);
        assertThat(row("item:bar")).containsExactly(4, 5, 6);
        run(said("", "y", "x"), "a.csv", "key,y,x,z\nfoo,1,2,3\n");
        assertThat(row("item:foo")).containsExactly(1, 2);
        run(said("name", "y"), "a.tsv", "y\tname\n[7, 8]\tfoo\n");
        assertThat(row("item:foo")).containsExactly(7, 8);
        run(said("name", "e"), "a.jsonl", "{\"name\":\"foo\",\"id\":5,\"e\":[1,2],\"vector\":[3]}\n");
        assertThat(row("item:foo")).containsExactly(1, 2);
        run(said("name", "b", "a"), "a.jsonl", "{\"a\":1,\"name\":\"foo\",\"b\":2.5}\n");
        assertThat(row("item:foo")).containsExactly(2.5f, 1);
    }

    @Test
    @DisplayName("V8: keys of JSON Lines are guessed from the first line, and a line without them is bad")
    void keysAreGuessed() throws IOException {
        Importer.Result result = run(
                ImportColumns.GUESSED,
                "a.jsonl",
                "{\"user_id\":\"u-1\",\"tags\":\"x\",\"embedding\":[1,2]}\n{\"embedding\":[3,4],\"user_id\":7}\n");
        assertThat(result.columns()).contains("id from 'user_id', vector from 'embedding'");
        assertThat(row("item:u-1")).containsExactly(1, 2);
        assertThat(row("item:7")).containsExactly(3, 4);
        assertThatThrownBy(() -> run(
                        ImportColumns.GUESSED,
                        "a.jsonl",
                        "{\"user_id\":1,\"embedding\":[1,2]}\n{\"id\":2,\"vector\":[1,2]}\n"))
                .isInstanceOf(BadRowsException.class)
                .hasMessageContaining("row 2: 'user_id' is missing")
                .hasMessageContaining("(id from 'user_id', vector from 'embedding')");
        assertThatThrownBy(() -> run(said("id", "a", "b"), "a.jsonl", "{\"id\":1,\"a\":1}\n"))
                .hasMessageContaining("row 1: 'b' is missing");
        assertThatThrownBy(() -> run(ImportColumns.GUESSED, "a.jsonl", "{\"id\":1}\n"))
                .hasMessageContaining("row 1: 'vector' is missing");
    }

    @Test
    @DisplayName("V8: what does not tell is refused with the columns there are, and a row is not taken for a header")
    void whatDoesNotTell() throws IOException {
        assertRefused(
                "a.csv",
                said("sku"),
                "item_id,f0\n1,2\n",
                "a.csv: there is no column sku; its columns are item_id, f0");
        assertRefused(
                "a.csv",
                ImportColumns.GUESSED,
                "user_id,item_id,f0\n1,2,3\n",
                "a.csv: more than one column may be the id; say which: user_id, item_id; its columns are user_id, item_id, f0");
        assertRefused("a.csv", said("id", "f"), "id,f,f\n1,2,3\n", "the column f is there twice");
        assertRefused("a.csv", said("id"), "id,a,b\n1,[2],[3]\n", "there is no column vector; say which column it is");
        assertRefused("a.csv", ImportColumns.GUESSED, "word,f0\nfoo,1\n", "say which is the id");
        assertRefused(
                "a.csv",
                said("id", "a"),
                "id,a,b\n1,2,3\n2,3\n",
                "row 3: the first line names 3 columns, and this one has 2 fields");
        run(ImportColumns.GUESSED, "a.csv", "key_id,2,1\nfoo,1,2\n");
        assertThat(row("item:key_id")).containsExactly(2, 1);
        assertThatThrownBy(() -> said("a", "a")).hasMessageContaining("'a' is the id, or of the vector");
        assertThatThrownBy(() -> new Importer(DENSE, ImportFormat.NPY, said("a"), 0, 0))
                .hasMessageContaining("npy has no columns");
        assertThatThrownBy(() -> new Importer(SPARSE, ImportFormat.CSV, said("", "a"), 0, 0))
                .hasMessageContaining("only dense rows have a vector");
    }

    private void assertRefused(String name, ImportColumns columns, String text, String told) {
        assertThatThrownBy(() -> run(columns, name, text))
                .isInstanceOfAny(IllegalArgumentException.class, BadRowsException.class, UnreadableRowsException.class)
                .hasMessageContaining(told);
        assertThat(out.resolve("items.emb")).doesNotExist();
    }

    @Test
    @DisplayName("V8: plain texts, UUIDs and numbers are ids of the kind that is said, and of none where it is not")
    void idsWithoutKind() throws IOException {
        String uuid = "0b1f5cf4-6a1c-4d4e-9a49-4f6c7ab34a51";
        run(ImportColumns.GUESSED, "a.csv", uuid + ",1,2\nblue shoe,3,4\n17,5,6\n-3,7,8\nitem:9,9,9\n");
        assertThat(row("item:" + uuid)).containsExactly(1, 2);
        assertThat(row("item:blue shoe")).containsExactly(3, 4);
        assertThat(row("item:17")).containsExactly(5, 6);
        assertThat(row("item:-3")).containsExactly(7, 8);
        assertThat(row("item:9")).containsExactly(9, 9);
        assertThatThrownBy(() -> run(ImportColumns.GUESSED, "a.csv", "user:1,1,2\n"))
                .hasMessageContaining("ids must be of kind item: user:1");
        ImportTarget unsaid = ImportTarget.undeclared("items", "other", ITEM, true);
        Path file = Files.writeString(directory.resolve("b.csv"), "shoe,1,2\n");
        assertThatThrownBy(() -> run(unsaid, ImportColumns.GUESSED, file))
                .hasMessageContaining("an id is written kind:value, such as user:12: 'shoe'");
        assertThatThrownBy(() -> unsaid.withPlainIds(new EntityKind("user")))
                .hasMessage("ids of items are of kind item, not user");
    }

    @Test
    @DisplayName("V8: headers of sparse rows, and keys of their ids")
    void sparseHeaders() throws IOException {
        for (String header : List.of("item_id,topic,weight", "id,column,weight")) {
            Path file = Files.writeString(directory.resolve("a.csv"), header + "\nitem:1,cluster:2,3\n");
            assertThat(run(SPARSE, ImportColumns.GUESSED, file).rows()).isEqualTo(1);
        }
        Path file = Files.writeString(directory.resolve("a.csv"), "topic,weight,who\ncluster:2,3,item:1\n");
        assertThat(run(SPARSE, said("who"), file).columns()).contains("id from 'who'");
        Path json =
                Files.writeString(directory.resolve("a.jsonl"), "{\"who\":\"item:1\",\"entries\":{\"cluster:2\":3}}\n");
        assertThat(run(SPARSE, said("who"), json).rows()).isEqualTo(1);
    }

    private interface Fill {
        void into(Group group);
    }

    private Path parquet(String schema, Fill... rows) throws IOException {
        MessageType type = MessageTypeParser.parseMessageType("message m { " + schema + " }");
        Path file = directory.resolve("a.parquet");
        Files.deleteIfExists(file);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withType(type)
                .withConf(new PlainParquetConfiguration())
                .build()) {
            for (Fill row : rows) {
                Group group = new SimpleGroup(type);
                row.into(group);
                writer.write(group);
            }
        }
        return file;
    }

    private static Group list(Group row, String column) {
        return row.addGroup(column).addGroup("list");
    }

    @Test
    @DisplayName("V8: columns of Parquet called otherwise are guessed, and UUIDs are read")
    void columnsOfParquet() throws IOException {
        Path pandas = parquet(
                "required double a; required float b; required int64 __index_level_0__; required binary t (STRING);",
                row -> row.append("a", 1.5)
                        .append("b", 2f)
                        .append("__index_level_0__", 7L)
                        .append("t", "x"));
        assertThat(run(DENSE, ImportColumns.GUESSED, pandas).columns())
                .contains("id from '__index_level_0__', vector from 2 columns, 'a' to 'b'");
        assertThat(row("item:7")).containsExactly(1.5f, 2);
        run(DENSE, said("t", "b", "a"), pandas);
        assertThat(row("item:x")).containsExactly(2, 1.5f);

        byte[] uuid = new byte[16];
        Arrays.fill(uuid, (byte) 0xAB);
        Path named = parquet(
                "required fixed_len_byte_array(16) doc_uuid (UUID);"
                        + " required group embedding (LIST) { repeated group list { required double element; } }",
                row -> {
                    row.append("doc_uuid", Binary.fromConstantByteArray(uuid));
                    list(row, "embedding").append("element", 2.5);
                });
        assertThat(run(DENSE, ImportColumns.GUESSED, named).columns())
                .contains("id from 'doc_uuid', vector from 'embedding'");
        assertThat(row("item:abababab-abab-abab-abab-abababababab")).containsExactly(2.5f);
        assertThatThrownBy(() -> run(DENSE, said("größe"), named))
                .hasMessage("a.parquet: there is no column größe; its columns are doc_uuid, embedding");
        Path time = parquet(
                "required int64 id (TIMESTAMP(MILLIS,true)); repeated float vector; required boolean b; required int32 k;",
                row -> row.append("k", 1).append("id", 1L).append("vector", 1f).append("b", true));
        assertThatThrownBy(() -> run(DENSE, ImportColumns.GUESSED, time))
                .hasMessageContaining("the column id holds texts or whole numbers, not TIMESTAMP");
        assertThatThrownBy(() -> run(DENSE, said("k", "b"), time))
                .hasMessageContaining("the column b holds numbers, not BOOLEAN");
    }

    @Test
    @DisplayName("V9: unsigned ids of Parquet from 2^31 and 2^63 are read as they are, in lists and maps too")
    void unsignedIds() throws IOException {
        Path narrow = parquet(
                "required int32 id (INTEGER(32,false)); repeated float vector;",
                row -> row.append("id", Integer.MIN_VALUE).append("vector", 1f),
                row -> row.append("id", -1).append("vector", 2f));
        run(DENSE, ImportColumns.GUESSED, narrow);
        assertThat(row("item:2147483648")).containsExactly(1);
        assertThat(row("item:4294967295")).containsExactly(2);
        Path wide = parquet(
                "required int64 id (INTEGER(64,false)); repeated float vector;",
                row -> row.append("id", Long.MIN_VALUE).append("vector", 1f),
                row -> row.append("id", -1L).append("vector", 2f));
        run(DENSE, ImportColumns.GUESSED, wide);
        assertThat(row("item:9223372036854775808")).containsExactly(1);
        assertThat(row("item:18446744073709551615")).containsExactly(2);
        Path sparse = parquet(
                "required int64 id (INTEGER(64,false)); repeated int32 columns (INTEGER(32,false));"
                        + " repeated int32 weights (INTEGER(32,false));",
                row -> row.append("id", -1L).append("columns", -1).append("weights", -1));
        run(SPARSE, ImportColumns.GUESSED, sparse);
        EmbeddingFile file = EmbeddingFile.open(out.resolve("items.emb"));
        assertThat(file.columns().orElseThrow().id(0)).hasToString("cluster:4294967295");
        assertThat(file.sparseRows().row(0).weights()).containsExactly(4294967295f);
        Path map = parquet(
                "required int32 id; required group entries (MAP) { repeated group key_value {"
                        + " required int64 key (INTEGER(64,false)); required float value; } }",
                row -> row.append("id", 1)
                        .addGroup("entries")
                        .addGroup("key_value")
                        .append("key", -1L)
                        .append("value", 2f));
        run(SPARSE, ImportColumns.GUESSED, map);
        assertThat(EmbeddingFile.open(out.resolve("items.emb"))
                        .columns()
                        .orElseThrow()
                        .id(0))
                .hasToString("cluster:18446744073709551615");
    }

    @Test
    @DisplayName("V10: numbers of Parquet: float16, whole, unsigned and decimal lists, and plain repeated fields")
    void numbersOfParquet() throws IOException {
        assertThat(number("fixed_len_byte_array(2) element (FLOAT16)", Binary.fromConstantByteArray(new byte[] {0, 0x3E
                })))
                .isEqualTo(1.5f);
        assertThat(number("int32 element", -7)).isEqualTo(-7);
        assertThat(number("int32 element (INTEGER(8,true))", -7)).isEqualTo(-7);
        assertThat(number("int32 element (INTEGER(8,false))", 200)).isEqualTo(200);
        assertThat(number("int64 element (INTEGER(64,false))", -1L)).isEqualTo(0x1p64f);
        assertThat(number("int32 element (DECIMAL(4,2))", 1234)).isEqualTo(12.34f);
        assertThat(number("int64 element (DECIMAL(18,1))", -15L)).isEqualTo(-1.5f);
        assertThat(number("binary element (DECIMAL(20,3))", Binary.fromConstantByteArray(new byte[] {1, 2})))
                .isEqualTo(.258f);
        assertThatThrownBy(() -> number("double element", 1e39))
                .hasMessageContaining("row 1: vector[0] is more than float32 holds: 1.0E39");
        assertThatThrownBy(() -> number("int32 element (DATE)", 1)).hasMessageContaining("holds numbers, not DATE");
        run(DENSE, ImportColumns.GUESSED, resource("decimals.parquet"));
        assertThat(row("item:4294967290")).containsExactly(.1f, .2f);
    }

    private float number(String element, Object value) throws IOException {
        Path file = parquet(
                "required int32 id; required group vector (LIST) { repeated group list { required %s; } }"
                        .formatted(element),
                row -> {
                    Group list = list(row.append("id", 1), "vector");
                    switch (value) {
                        case Integer number -> list.append("element", number);
                        case Long number -> list.append("element", number);
                        case Double number -> list.append("element", number);
                        default -> list.append("element", (Binary) value);
                    }
                });
        run(DENSE, ImportColumns.GUESSED, file);
        return row("item:1")[0];
    }

    private Path resource(String name) throws IOException {
        try (var in = java.util.Objects.requireNonNull(getClass().getResourceAsStream("/" + name))) {
            return Files.write(directory.resolve(name), in.readAllBytes());
        }
    }

    @Test
    @DisplayName("V5: pages packed with Brotli are read")
    void brotli() throws IOException {
        run(DENSE, ImportColumns.GUESSED, resource("brotli.parquet"));
        assertThat(row("item:2")).containsExactly(2.5f, 4);
    }

    @Test
    @DisplayName("Java's own ways to write a number are none, and 1e39 is not called Infinity")
    void numbersOfText() {
        for (String number : List.of("1f", "2d", "0x1p0", "1F", "0X1P3", "1D")) {
            assertRefused(
                    "a.csv", ImportColumns.GUESSED, "1," + number + "\n", "field 2 is no number: '" + number + "'");
        }
        assertRefused("a.csv", ImportColumns.GUESSED, "1,-1e39\n", "field 2 is more than float32 holds: '-1e39'");
        assertRefused(
                "a.jsonl",
                ImportColumns.GUESSED,
                "{\"id\":1,\"vector\":[0,1e39]}\n",
                "vector[1] is more than float32 holds: 1e39");
        assertRefused(
                "a.jsonl",
                ImportColumns.GUESSED,
                "{\"id\":1,\"vector\":\"[1,2]\"}\n",
                "vector is a list of numbers, or a text of float32 in base64: '[1,2]'");
        assertThatThrownBy(() -> run(ImportColumns.GUESSED, "a.jsonl", "{\"id\":1,\"vector\":[1}\n"))
                .hasMessageContaining("Unexpected close marker '}': expected ']'")
                .hasMessageNotContaining("Source");
        assertRefused("a.csv", ImportColumns.GUESSED, "1,2\n\"us\ner:2\",3\n", "row 2: a kind is 1 to 32");
        assertRefused("a.csv", ImportColumns.GUESSED, "1,2\n\"us\ner:2\",3\n", "'us?er'");
        assertThatThrownBy(() -> run(ImportColumns.GUESSED, "a.jsonl", "{\"id\":1,\"vector\":[1\n"))
                .hasMessageContaining("no JSON object: Unexpected end-of-input: expected close marker for Array")
                .hasMessageNotContaining("Source");
        assertRefused("a.csv", ImportColumns.GUESSED, "1,2\n\"2\"x,3\n", "row 2: text follows a closing quote");
    }
}
