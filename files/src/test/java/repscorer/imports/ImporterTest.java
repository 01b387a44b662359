package repscorer.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jerolba.carpet.CarpetWriter;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.testing.Seeds;
import repscorer.vector.SparseVector;

class ImporterTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final ImportTarget DENSE = ImportTarget.undeclared("twhin-user", "twhin", USER, true);
    private static final ImportTarget SPARSE = ImportTarget.undeclared("interests", "simclusters", USER, false);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path out;

    record DenseRow(@Nullable String id, @Nullable List<Float> vector) {}

    record DoubleRow(long id, List<Double> vector, String ignored) {}

    record MapRow(String id, Map<String, Float> entries) {}

    record ListRow(
            String id,
            @Nullable List<Integer> columns,
            @Nullable List<Float> weights) {}

    @BeforeEach
    void makeOut() throws IOException {
        out = Files.createDirectory(directory.resolve("out"));
    }

    private Importer.Result run(ImportTarget target, ImportFormat format, ImportInput input, long badRowsMax)
            throws IOException {
        try (input) {
            return new Importer(target, format, badRowsMax, 10).run(input, out, rows -> {});
        }
    }

    private Importer.Result run(ImportTarget target, String name, byte[] content) throws IOException {
        Path file = Files.write(directory.resolve(name), content);
        return run(target, ImportFormat.ofName(name), ImportInput.of(file, Optional.empty()), 0);
    }

    private Importer.Result run(ImportTarget target, String name, String content) throws IOException {
        return run(target, name, content.getBytes(StandardCharsets.UTF_8));
    }

    private EmbeddingFile written(String space) throws IOException {
        EmbeddingFile file = EmbeddingFile.open(out.resolve(space + ".emb"));
        file.verify();
        return file;
    }

    private static float[] row(EmbeddingFile file, String id) {
        return file.denseRows().row(file.ids().ordinal(EntityId.parse(id)).orElseThrow());
    }

    private static Map<String, Float> entries(EmbeddingFile file, String id) {
        SparseVector vector =
                file.sparseRows().row(file.ids().ordinal(EntityId.parse(id)).orElseThrow());
        Map<String, Float> entries = new LinkedHashMap<>();
        for (int i = 0; i < vector.size(); i++) {
            entries.put(file.columns().orElseThrow().id(vector.columns()[i]).toString(), vector.weights()[i]);
        }
        return entries;
    }

    private void assertNothingWritten() throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files).isEmpty();
        }
    }

    private void assertBad(ImportTarget target, String name, byte[] content, String told) throws IOException {
        Files.deleteIfExists(out.resolve("twhin-user.emb"));
        Files.deleteIfExists(out.resolve("interests.emb"));
        assertThatThrownBy(() -> run(target, name, content))
                .isInstanceOf(BadRowsException.class)
                .hasMessageContaining(told)
                .hasMessageContaining("nothing was written");
        assertNothingWritten();
    }

    private <T> Path parquet(String name, Class<T> type, List<T> rows, CompressionCodecName codec) throws IOException {
        Path file = directory.resolve(name);
        try (CarpetWriter<T> writer = new CarpetWriter.Builder<T>(Files.newOutputStream(file), type)
                .withCompressionCodec(codec)
                .build()) {
            writer.write(rows);
        }
        return file;
    }

    private byte[] parquetBytes(List<?> rows) throws IOException {
        @SuppressWarnings("unchecked")
        Class<Object> type = (Class<Object>) rows.getFirst().getClass();
        return Files.readAllBytes(
                parquet("bytes.parquet", type, new ArrayList<>(rows), CompressionCodecName.UNCOMPRESSED));
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionCodecName.class,
            names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"})
    void parquetWithAListOfFloats(CompressionCodecName codec) throws IOException {
        RandomGenerator random = Seeds.random("ImporterTest");
        List<DenseRow> rows = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            List<Float> vector = new ArrayList<>();
            for (int d = 0; d < 24; d++) {
                vector.add(random.nextFloat() - 0.5f);
            }
            rows.add(new DenseRow("user:" + i * 7, vector));
        }
        Path file = parquet("rows.parquet", DenseRow.class, rows, codec);
        Importer.Result result = run(DENSE, ImportFormat.PARQUET, ImportInput.of(file, Optional.empty()), 0);
        assertThat(result.rows()).isEqualTo(rows.size());
        EmbeddingFile written = written("twhin-user");
        assertThat(written.dimension()).isEqualTo(24);
        assertThat(written.properties()).containsEntry("imported-from", "rows.parquet");
        for (DenseRow row : rows) {
            float[] found = row(written, String.valueOf(row.id()));
            for (int d = 0; d < 24; d++) {
                assertThat(found[d])
                        .isEqualTo(
                                row.vector() == null ? Float.NaN : row.vector().get(d));
            }
        }
    }

    @Test
    void parquetWithNumbersForIdsAndDoublesAsAStream() throws IOException {
        byte[] content = parquetBytes(
                List.of(new DoubleRow(12, List.of(0.5, 1.5), "x"), new DoubleRow(3, List.of(-1.0, 2.0), "y")));
        InputStream body = new ByteArrayInputStream(content);
        run(DENSE, ImportFormat.PARQUET, ImportInput.of("body", body, ImportFormat.PARQUET), 0);
        assertThat(row(written("twhin-user"), "user:12")).containsExactly(0.5f, 1.5f);
        assertThat(row(written("twhin-user"), "user:3")).containsExactly(-1f, 2f);
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files).as("what was spooled is gone").hasSize(1);
        }
    }

    @Test
    void parquetWithSparseRows() throws IOException {
        run(
                SPARSE,
                "map.parquet",
                parquetBytes(List.of(
                        new MapRow("user:1", Map.of("cluster:9", 0.5f, "cluster:2", 0.25f)),
                        new MapRow("user:2", Map.of("cluster:9", 1f)))));
        assertThat(entries(written("interests"), "user:1")).isEqualTo(Map.of("cluster:2", 0.25f, "cluster:9", 0.5f));

        run(
                SPARSE,
                "lists.parquet",
                parquetBytes(List.of(new ListRow("user:1", List.of(2, 10), List.of(0.25f, 0.5f)))));
        assertThat(entries(written("interests"), "user:1")).isEqualTo(Map.of("cluster:2", 0.25f, "cluster:10", 0.5f));
    }

    @Test
    void badRowsOfParquetAreNamed() throws IOException {
        DenseRow good = new DenseRow("user:1", List.of(1f, 2f));
        assertBad(
                DENSE,
                "b.parquet",
                parquetBytes(List.of(good, new DenseRow(null, List.of(1f, 2f)))),
                "row 2: 'id' is missing");
        assertBad(
                DENSE,
                "b.parquet",
                parquetBytes(List.of(good, new DenseRow("user:2", null))),
                "row 2: 'vector' is missing");
        assertBad(
                DENSE,
                "b.parquet",
                parquetBytes(List.of(good, new DenseRow("user:2", Arrays.asList(1f, null)))),
                "row 2: vector[1] is no number");
        assertBad(
                DENSE,
                "b.parquet",
                parquetBytes(List.of(good, new DenseRow("user:2", List.of(1f, Float.NaN)))),
                "row 2: values must be finite: NaN at 1 (user:2)");
        assertBad(
                SPARSE,
                "b.parquet",
                parquetBytes(List.of(new ListRow("user:1", List.of(10, 2), List.of(1f, 1f)))),
                "row 1: columns must ascend: 2 after 10 (user:1)");
        assertBad(
                SPARSE,
                "b.parquet",
                parquetBytes(List.of(new ListRow("user:1", List.of(2), List.of(1f, 1f)))),
                "columns and weights differ in number: 1 and 2");
    }

    @Test
    void aParquetFileOfAnotherShapeIsRefusedWithItsColumns() throws IOException {
        byte[] dense = parquetBytes(List.of(new DenseRow("user:1", List.of(1f))));
        assertThatThrownBy(() -> run(SPARSE, "d.parquet", dense))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no column columns; its columns are id, vector");
        byte[] cut = Arrays.copyOf(dense, dense.length - 20);
        assertThatThrownBy(() -> run(DENSE, "cut.parquet", cut))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cut.parquet: no Parquet file that can be read");
        assertNothingWritten();
    }

    @Test
    void commaSeparatedRowsWithAndWithoutHeaderQuotesAndLists() throws IOException {
        run(DENSE, "a.csv", "id,v0,v1\nuser:1,0.5,1e-3\n\"user:a,b\",-1,2\n7,3,4\n");
        assertThat(row(written("twhin-user"), "user:a,b")).containsExactly(-1, 2);
        assertThat(row(written("twhin-user"), "user:1")).containsExactly(0.5f, 1e-3f);
        assertThat(row(written("twhin-user"), "user:7")).containsExactly(3, 4);
        run(DENSE, "b.csv", "user:1,\"[0.5, 1.5]\"\r\nuser:2,\"[1 2]\"\r\n");
        assertThat(row(written("twhin-user"), "user:1")).containsExactly(0.5f, 1.5f);
        assertThat(row(written("twhin-user"), "user:2")).containsExactly(1, 2);
        run(SPARSE, "c.csv", "id,column,weight\nuser:1,cluster:9,0.5\nuser:1,cluster:2,1\nuser:2,9,3\n");
        assertThat(entries(written("interests"), "user:1")).isEqualTo(Map.of("cluster:2", 1f, "cluster:9", 0.5f));
        assertThat(entries(written("interests"), "user:2")).isEqualTo(Map.of("cluster:9", 3f));
    }

    @Test
    void aPackedFileIsUnpacked() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write("user:1\t1\t2\n".getBytes(StandardCharsets.UTF_8));
        }
        run(DENSE, "a.tsv.gz", bytes.toByteArray());
        assertThat(row(written("twhin-user"), "user:1")).containsExactly(1, 2);
    }

    @Test
    void aMatrixTakesIdsFromAFileOrFromAheadOfItself() throws IOException {
        byte[] header =
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer npy = ByteBuffer.allocate(10 + header.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        npy.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) header.length)
                .put(header);
        npy.putFloat(1).putFloat(2).putFloat(3).putFloat(4);
        Path file = Files.write(directory.resolve("m.npy"), npy.array());
        Path ids = Files.writeString(directory.resolve("ids.txt"), "user:1\n2\n");
        run(DENSE, ImportFormat.NPY, ImportInput.of(file, Optional.of(ids)), 0);
        assertThat(row(written("twhin-user"), "user:2")).containsExactly(3, 4);

        InputStream body = new SequenceInputStream(
                new ByteArrayInputStream("user:8\r\nuser:9\r\n\r\n".getBytes(StandardCharsets.UTF_8)),
                new ByteArrayInputStream(npy.array()));
        run(DENSE, ImportFormat.NPY, ImportInput.of("body", body, ImportFormat.NPY), 0);
        assertThat(row(written("twhin-user"), "user:9")).containsExactly(3, 4);

        Files.writeString(ids, "user:1\n");
        assertThatThrownBy(() -> run(DENSE, ImportFormat.NPY, ImportInput.of(file, Optional.of(ids)), 0))
                .hasMessage("ids and rows differ in number: 1 ids, 2 rows in m.npy");
        assertThatThrownBy(() -> run(DENSE, ImportFormat.NPY, ImportInput.of(file, Optional.empty()), 0))
                .hasMessageContaining("--ids");
        assertThatThrownBy(() -> ImportInput.of("body", InputStream.nullInputStream(), ImportFormat.NPY))
                .hasMessageContaining("ended by an empty line");
        assertThatThrownBy(() -> new Importer(SPARSE, ImportFormat.FVECS, 0, 1))
                .hasMessageContaining("dense rows only");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "user:2,1,inf | row 2: field 3 is no number: 'inf'",
                "user:2,1,Infinity | row 2: values must be finite: Infinity at 1 (user:2)",
                "user:2,1,NaN | row 2: values must be finite: NaN at 1 (user:2)",
                "user:2,1 | row 2: dimension differs: space=twhin-user expects 2, got 1 (user:2)",
                "user:2,3e38,3e38 | row 2: the norm must be finite (user:2)",
                "user:2,0,-0 | row 2: zero vectors are refused: user:2",
                "user:1,1,2 | row 2: ids must differ: user:1 is there twice",
                "1,1,2 | row 2: ids must differ: user:1 is there twice",
                "tweet:2,1,2 | row 2: ids must be of kind user: tweet:2",
                "nobody,1,2 | row 2: an id is written kind:value, such as user:12: 'nobody'",
                "user:2,x,2 | row 2: field 2 is no number: 'x'",
                "user:2 | row 2: no values for user:2",
            })
    void aBadDenseRowIsNamed(String line, String told) throws IOException {
        assertBad(DENSE, "a.csv", ("user:1,1,2\n" + line + "\nuser:5,1,2\n").getBytes(StandardCharsets.UTF_8), told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"entries\":{\"cluster:1\":0} | weights must be positive and finite: 0.0 for cluster:1 (user:2)",
                "\"entries\":{\"cluster:1\":-1} | weights must be positive and finite: -1.0 for cluster:1 (user:2)",
                "\"entries\":{\"cluster:1\":1,\"cluster:1\":2} | columns must differ: cluster:1 is there twice",
                "\"entries\":{\"cluster\":1} | an id is written kind:value",
                "\"entries\":{\"cluster:1\":\"x\"} | entries.cluster:1 is no number",
                "\"columns\":[\"cluster:3\",\"cluster:1\"],\"weights\":[1,1] | columns must ascend: cluster:1 after cluster:3",
                "\"columns\":[1,1],\"weights\":[1,1] | columns must differ: cluster:1 is there twice",
                "\"columns\":[1],\"weights\":[1,1] | columns and weights differ in number: 1 and 2",
                "\"columns\":[1] | 'entries' is missing, or 'columns' and 'weights'",
                "\"vector\":[1] | 'entries' is missing, or 'columns' and 'weights'",
            })
    void aBadSparseRowIsNamed(String members, String told) throws IOException {
        String lines = "{\"id\":\"user:1\",\"entries\":{\"cluster:1\":1}}\n{\"id\":\"user:2\",%s}\n".formatted(members);
        assertBad(SPARSE, "a.jsonl", lines.getBytes(StandardCharsets.UTF_8), "row 2: " + told);
    }

    @Test
    void oneBadLineSpoilsItsWholeSparseRow() throws IOException {
        String lines =
                "user:1,cluster:1,1\nuser:2,cluster:1,1\nuser:2,cluster:2,x\nuser:2,cluster:3,1\nuser:3,cluster:1,1\n";
        Path file = Files.writeString(directory.resolve("a.csv"), lines);
        Importer.Result result = run(SPARSE, ImportFormat.CSV, ImportInput.of(file, Optional.empty()), 1);
        assertThat(result.named()).containsExactly("row 3: field 3 is no number: 'x'");
        assertThat(written("interests").count()).isEqualTo(2);
        assertBad(
                SPARSE,
                "b.csv",
                "user:1,cluster:1,1\nuser:2,cluster:1,1\nuser:1,cluster:2,1\n".getBytes(StandardCharsets.UTF_8),
                "row 3: ids must differ: user:1 is there twice");
    }

    @Test
    void everyBadRowIsCountedAndTheFirstAreNamed() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 100; i++) {
            lines.append("user:").append(i).append(i % 4 == 0 ? "\tx\n" : "\t1\n");
        }
        Path file = Files.writeString(directory.resolve("a.tsv"), lines);
        assertThatThrownBy(() -> {
                    try (ImportInput input = ImportInput.of(file, Optional.empty())) {
                        new Importer(DENSE, ImportFormat.TSV, 24, 2).run(input, out, rows -> {});
                    }
                })
                .isInstanceOf(BadRowsException.class)
                .hasMessage("nothing was written, for 25 rows are bad and 24 may be: row 4: field 2 is no number: 'x';"
                        + " row 8: field 2 is no number: 'x'; ...");
        assertNothingWritten();
        Importer.Result result = run(DENSE, ImportFormat.TSV, ImportInput.of(file, Optional.empty()), 25);
        assertThat(result.rows()).isEqualTo(75);
        assertThat(result.badRows()).isEqualTo(25);
        assertThat(result.named()).hasSize(10).startsWith("row 4: field 2 is no number: 'x'");
    }

    @Test
    void zeroVectorsAreDroppedOrKeptWhereTheSpaceSaysSo() throws IOException {
        String lines = "{\"id\":1,\"vector\":[0,0]}\n{\"id\":2,\"vector\":\"%s\"}\n"
                .formatted(Base64.getEncoder()
                        .encodeToString(ByteBuffer.allocate(8)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putFloat(1.5f)
                                .putFloat(-2)
                                .array()));
        Importer.Result dropped = run(DENSE.withZeroVectors(ZeroVectors.DROP), "a.jsonl", lines);
        assertThat(dropped.rows()).isEqualTo(1);
        assertThat(dropped.zeroVectors()).isEqualTo(1);
        assertThat(dropped.badRows()).isZero();
        assertThat(row(written("twhin-user"), "user:2")).containsExactly(1.5f, -2);
        assertThat(run(DENSE.withZeroVectors(ZeroVectors.KEEP), "a.jsonl", lines)
                        .rows())
                .isEqualTo(2);

        String empty = "{\"id\":1,\"entries\":{}}\n{\"id\":2,\"entries\":{\"cluster:1\":1}}\n";
        assertThat(run(SPARSE, "b.jsonl", empty).rows()).isEqualTo(2);
        assertThat(run(SPARSE.withZeroVectors(ZeroVectors.DROP), "b.jsonl", empty)
                        .rows())
                .isEqualTo(1);
        assertBad(
                SPARSE.withZeroVectors(ZeroVectors.REFUSE),
                "b.jsonl",
                empty.getBytes(StandardCharsets.UTF_8),
                "row 1: zero vectors are refused: user:1");
    }

    @Test
    void aFileWithoutAGoodRowIsRefused() {
        assertThatThrownBy(() -> run(DENSE, "a.csv", "id,v\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no good row");
        assertThatThrownBy(() -> ImportFormat.ofName("rows.xls")).hasMessageContaining("parquet, jsonl, csv");
        assertThatThrownBy(() -> ImportFormat.of("xls")).hasMessageContaining("parquet, jsonl, csv");
    }
}
