package repscorer.benchmarks.readers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.entity.EntityKind;
import repscorer.imports.BadRowsException;
import repscorer.imports.ImportColumns;
import repscorer.imports.ImportFormat;
import repscorer.imports.ImportInput;
import repscorer.imports.ImportTarget;
import repscorer.imports.Importer;
import repscorer.imports.UnreadableRowsException;

/**
 * Damaged Parquet files of 400 rows whose pages have checksums. What is imported of one stood in the file before it was damaged, or is
 * what parquet-java reads in it: the schema has no checksum, and a flipped type there is another type. Not for use by several threads.
 */
public final class ParquetRun {

    private static final int ROWS = 400;
    private static final EntityKind KIND = new EntityKind("row");
    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType(
            "message m { required int32 id; required group vector (LIST) { repeated group list { required float element; } } }");
    private static final ImportColumns COLUMNS = new ImportColumns(Optional.of("id"), List.of("vector"));

    private final Path directory;
    private final byte[] good;
    private final Map<String, float[]> written;
    private int imported;

    /** @param directory for its files */
    public ParquetRun(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory.resolve("parquet"));
        Path file = directory.resolve("good.parquet");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withType(SCHEMA)
                .withConf(new PlainParquetConfiguration())
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .withPageWriteChecksumEnabled(true)
                .withPageSize(1 << 10)
                .build()) {
            SplittableRandom random = new SplittableRandom(1);
            for (int row = 0; row < ROWS; row++) {
                Group group = new SimpleGroup(SCHEMA);
                group.append("id", row);
                Group vector = group.addGroup("vector");
                for (int i = 0; i < Expected.DIMENSION; i++) {
                    vector.addGroup("list").append("element", random.nextInt(2000) / 16f + 1);
                }
                writer.write(group);
            }
        }
        good = Files.readAllBytes(file);
        written = ParquetPeer.read(file).rows(COLUMNS);
        if (written.size() != ROWS) {
            throw new IllegalStateException("the good file has %s rows".formatted(written.size()));
        }
    }

    /** How many of the damaged files were imported. */
    public int imported() {
        return imported;
    }

    /** Runs one seed; answers what went wrong. */
    public Optional<String> run(long seed) throws IOException {
        byte[] damaged = new Mutation(new SplittableRandom(seed)).damage(good, good, new byte[64], false);
        Path file = Files.write(directory.resolve("damaged.parquet"), damaged);
        Path out = Files.createDirectories(directory.resolve("out"));
        ImportTarget target =
                ImportTarget.undeclared("rows", "other", KIND, true).withZeroVectors(ZeroVectors.KEEP);
        Optional<String> wrong = Optional.empty();
        try (ImportInput input = ImportInput.of(file, Optional.empty())) {
            Importer.Result result =
                    new Importer(target, ImportFormat.PARQUET, Long.MAX_VALUE, 3).run(input, out, rows -> {});
            imported++;
            wrong = accepted(result, file);
            Files.delete(result.file());
        } catch (BadRowsException | UnreadableRowsException | IllegalArgumentException e) {
            if (String.valueOf(e.getMessage()).lines().count() != 1) {
                wrong = Optional.of("told in more than a line: " + e.getMessage());
            }
        } catch (RuntimeException e) {
            wrong = Optional.of("threw " + e);
        }
        try (Stream<Path> left = Files.list(out)) {
            wrong = left.findAny().isPresent() ? Optional.of("half an import is left") : wrong;
        }
        return wrong.map(what -> "seed %s, parquet: %s".formatted(seed, what));
    }

    private Optional<String> accepted(Importer.Result result, Path file) {
        Map<String, float[]> peers = new TreeMap<>();
        EmbeddingFile rows = EmbeddingFile.open(result.file());
        for (int i = 0; i < rows.count(); i++) {
            String id = rows.ids().id(i).value();
            float[] values = rows.denseRows().row(i);
            if (!same(written.get(id), values)) {
                peers = peers.isEmpty() ? ParquetPeer.read(file).rows(COLUMNS) : peers;
                if (!same(peers.get(id), values)) {
                    return Optional.of("a row that is not written there: " + id);
                }
            }
        }
        boolean all = result.rows() + result.badRows() == ROWS;
        return all
                        || !peers.isEmpty()
                        || result.rows() + result.badRows()
                                == ParquetPeer.read(file).groups().size()
                ? Optional.empty()
                : Optional.of("%s rows and %s bad ones of %s".formatted(result.rows(), result.badRows(), ROWS));
    }

    private static boolean same(float @Nullable [] a, float[] b) {
        return a != null && Arrays.equals(a, b);
    }
}
