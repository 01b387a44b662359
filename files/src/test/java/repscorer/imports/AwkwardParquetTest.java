package repscorer.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jerolba.carpet.CarpetWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;

/** Parquet files that are damaged, endless or packed with what is not read. */
class AwkwardParquetTest {

    private static final ImportTarget DENSE = ImportTarget.undeclared("items", "other", new EntityKind("item"), true);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path out;

    record Row(String id, List<Float> vector) {}

    @BeforeEach
    void makeOut() throws IOException {
        out = Files.createDirectory(directory.resolve("out"));
    }

    private Importer.Result parquet(Path file, ParquetProcess.Bounds bounds, ImportMemory memory) throws IOException {
        try (ImportInput input = ImportInput.of(file, Optional.empty());
                ImportMemory.Share share = memory.share()) {
            return new Importer(DENSE, ImportFormat.PARQUET, 0, 10).run(input, out, rows -> {}, share, bounds);
        }
    }

    private Path parquet(CompressionCodecName codec, List<Row> rows) throws IOException {
        Path file = directory.resolve("rows.parquet");
        try (CarpetWriter<Row> writer = new CarpetWriter.Builder<Row>(Files.newOutputStream(file), Row.class)
                .withCompressionCodec(codec)
                .build()) {
            writer.write(rows);
        }
        return file;
    }

    private void assertNothingWritten() {
        assertThat(out).isEmptyDirectory();
    }

    @ParameterizedTest
    @DisplayName("S34 a Parquet file that makes its reader spin is refused, and nothing spins on")
    @ValueSource(strings = {"crash_458.parquet", "crash_182.parquet"})
    void aReaderThatSpins(String name) throws IOException {
        Path file = directory.resolve(name);
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/" + name))) {
            Files.copy(in, file);
        }
        var bounds = new ParquetProcess.Bounds(Duration.ofSeconds(8), 256);
        assertThatThrownBy(() -> parquet(file, bounds, ImportMemory.SHARED))
                .isInstanceOfAny(UnreadableRowsException.class, IllegalArgumentException.class)
                .hasMessageContaining(name);
        assertNothingWritten();
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .as("processes left behind")
                .isEmpty();
    }

    @Test
    @DisplayName("S34 flipped bits are bad rows, a refusal or another value, and never a fault of ours")
    void flippedBits() throws IOException {
        byte[] good = Files.readAllBytes(parquet(
                CompressionCodecName.UNCOMPRESSED,
                List.of(new Row("item:1", List.of(1f, 2f)), new Row("item:2", List.of(3f, 4f)))));
        for (int at = 4; at < good.length; at += good.length / 12) {
            byte[] flipped = good.clone();
            flipped[at] ^= 0x55;
            Path file = Files.write(directory.resolve("flipped.parquet"), flipped);
            try {
                parquet(file, new ParquetProcess.Bounds(Duration.ofSeconds(8), 256), ImportMemory.SHARED);
            } catch (UnreadableRowsException | BadRowsException | IllegalArgumentException e) {
                assertThat(e.getMessage()).doesNotContain("\n").isNotBlank();
            }
        }
    }

    @Test
    @DisplayName("S35 one list, one id or one page without measure is refused")
    void valuesWithoutMeasure() throws IOException {
        Path list = parquet(CompressionCodecName.ZSTD, List.of(new Row("item:1", Collections.nCopies(2_000_000, 1f))));
        assertThatThrownBy(() -> parquet(list, ParquetProcess.Bounds.DEFAULT, ImportMemory.SHARED))
                .isInstanceOf(BadRowsException.class)
                .hasMessageContaining("row 1: a row has at most 1048576 values: 2000000 in 'vector'");
        assertThatThrownBy(
                        () -> parquet(list, new ParquetProcess.Bounds(Duration.ofSeconds(20), 12), ImportMemory.SHARED))
                .isInstanceOf(UnreadableRowsException.class)
                .hasMessageContaining("12 MiB");
        Path id = parquet(CompressionCodecName.ZSTD, List.of(new Row("item:" + "1".repeat(4_000_000), List.of(1f))));
        assertThatThrownBy(() -> parquet(id, ParquetProcess.Bounds.DEFAULT, ImportMemory.SHARED))
                .isInstanceOf(BadRowsException.class)
                .hasMessageContaining("row 1: an id has at most 1024 bytes: 4000005");
        assertNothingWritten();
    }

    @Test
    @DisplayName("S35 rows without number are refused when there is no room for them, and the room is given back")
    void rowsWithoutNumber() throws IOException {
        Path many = parquet(
                CompressionCodecName.ZSTD,
                java.util.stream.IntStream.range(0, 20_000)
                        .mapToObj(i -> new Row("item:" + i, List.of(1f, 2f)))
                        .toList());
        ImportMemory memory = new ImportMemory(1 << 20, Long.MAX_VALUE);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> parquet(many, ParquetProcess.Bounds.DEFAULT, memory))
                    .isInstanceOf(UnreadableRowsException.class)
                    .hasMessageContaining("ids and entries need more than the 1 MiB");
        }
        assertThatThrownBy(
                        () -> parquet(many, ParquetProcess.Bounds.DEFAULT, new ImportMemory(Long.MAX_VALUE, 100_000)))
                .isInstanceOf(UnreadableRowsException.class)
                .hasMessageContaining("at row 12501 its values need more");
        assertNothingWritten();
    }

    @ParameterizedTest
    @DisplayName("V5: pages packed with LZ4 are read, framed as Hadoop does and raw")
    @EnumSource(
            value = CompressionCodecName.class,
            names = {"LZ4", "LZ4_RAW"})
    void lz4(CompressionCodecName codec) throws IOException {
        List<Row> rows = java.util.stream.IntStream.range(0, 3_000)
                .mapToObj(i -> new Row("item:" + i, List.of(i + .5f, 2f)))
                .toList();
        parquet(parquet(codec, rows), ParquetProcess.Bounds.DEFAULT, ImportMemory.SHARED);
        EmbeddingFile file = EmbeddingFile.open(out.resolve("items.emb"));
        for (int i = 0; i < rows.size(); i++) {
            int ordinal = file.ids().ordinal(EntityId.parse("item:" + i)).orElseThrow();
            assertThat(file.denseRows().row(ordinal)).containsExactly(i + .5f, 2f);
        }
    }

    @Test
    @DisplayName("V5: a codec that is not read is named")
    void aCodecIsNamed() throws IOException {
        byte[] file =
                Files.readAllBytes(parquet(CompressionCodecName.SNAPPY, List.of(new Row("item:1", List.of(1f, 2f)))));
        // Field 4 of a column's metadata, the codec, stands after its path: of snappy, zigzag 1, we make LZO, zigzag 3.
        int changed = 0;
        for (int i = 0; i < file.length - 2; i++) {
            if (file[i] == 0x15 && file[i + 1] == 2 && file[i + 2] == 0x16) {
                file[i + 1] = 6;
                changed++;
            }
        }
        assertThat(changed).isEqualTo(2);
        Path lzo = Files.write(directory.resolve("lzo.parquet"), file);
        assertThatThrownBy(() -> parquet(lzo, ParquetProcess.Bounds.DEFAULT, ImportMemory.SHARED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("lzo.parquet: the column (id|vector) is packed with lzo, which is not read;"
                        + " write it with snappy, zstd, gzip, lz4, brotli or none");
    }

    @Test
    @DisplayName("V5 a table without rows says so")
    void aTableWithoutRows() throws IOException {
        Path empty = parquet(CompressionCodecName.UNCOMPRESSED, List.of());
        assertThatThrownBy(() -> parquet(empty, ParquetProcess.Bounds.DEFAULT, ImportMemory.SHARED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rows.parquet: the table has no rows");
        assertNothingWritten();
    }
}
