package repscorer.imports;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import repscorer.core.embedding.EmbeddingFile.Form;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.failure.ScorerException;

/**
 * Reads rows of a foreign file and writes one embedding file.
 *
 * @param badRowsMax how many bad rows are left out; with more nothing is written
 * @param badRowsNamed how many bad rows are told by number and rule
 */
public record Importer(
        ImportTarget target, ImportFormat format, ImportColumns columns, long badRowsMax, int badRowsNamed) {

    /**
     * What an import did.
     *
     * @param zeroVectors rows without length that were dropped, as the space wants it
     * @param badRows rows that were left out
     * @param named the first of them, by number and rule
     * @param columns which columns rows were made of, where those are not called so already
     */
    public record Result(
            Path file, int rows, long zeroVectors, long badRows, List<String> named, Optional<String> columns) {}

    /** The columns are guessed, where they are not called {@code id} and {@code vector}. */
    public Importer(ImportTarget target, ImportFormat format, long badRowsMax, int badRowsNamed) {
        this(target, format, ImportColumns.GUESSED, badRowsMax, badRowsNamed);
    }

    public Importer {
        if (format.idsApart() && !target.dense()) {
            throw new IllegalArgumentException("%s holds dense rows only".formatted(format.word()));
        }
        if (target.form() == Form.TEXT && format != ImportFormat.JSONL) {
            throw new IllegalArgumentException(
                    "texts come as jsonl, a line {\"id\": …, \"text\": …} each: %s".formatted(format.word()));
        }
        if (columns.isSaid() && format.idsApart()) {
            throw new IllegalArgumentException("%s has no columns: leave id and vector out".formatted(format.word()));
        }
        if (!target.dense() && !columns.vector().isEmpty()) {
            throw new IllegalArgumentException("only dense rows have a vector: %s".formatted(columns.vector()));
        }
        if (badRowsMax < 0 || badRowsNamed < 0) {
            throw new IllegalArgumentException(
                    "limits of bad rows are not negative: %s, %s".formatted(badRowsMax, badRowsNamed));
        }
    }

    /**
     * Reads all rows, then writes {@code SPACE.emb}. Ids and sparse rows are kept on the heap until then, dense values beside it,
     * and no more of both than the process has for imports.
     *
     * @param directory must exist
     * @param progress told the number of rows read
     * @throws BadRowsException naming the first bad rows, when there are more than allowed; nothing is written
     * @throws IllegalArgumentException when the file as a whole is not what it should be, or holds no good row
     * @throws UnreadableRowsException when the file cannot be read to its end; nothing is written
     * @throws IOException when the disk refuses; nothing is written
     */
    public Result run(ImportInput input, Path directory, LongConsumer progress) throws IOException {
        try (ImportMemory.Share memory = ImportMemory.SHARED.share()) {
            return run(input, directory, progress, memory, ParquetProcess.Bounds.DEFAULT);
        }
    }

    /** The same with bounds of the caller's. */
    Result run(
            ImportInput input,
            Path directory,
            LongConsumer progress,
            ImportMemory.Share memory,
            ParquetProcess.Bounds bounds)
            throws IOException {
        if (format.idsApart() && input.ids().isEmpty()) {
            throw new IllegalArgumentException(
                    "%s holds no ids; give them with --ids FILE, one a line".formatted(format.word()));
        }
        BadRows bad = new BadRows(badRowsNamed);
        CollectedRows rows = switch (target.form()) {
            case DENSE -> new CollectedDenseRows(target, bad, progress, memory);
            case SPARSE -> new CollectedSparseRows(target, bad, progress, memory);
            case TEXT -> new CollectedTexts(target, bad, progress, memory);
        };
        if (format == ImportFormat.PARQUET) {
            readParquet(input, directory, rows, bounds);
        } else {
            read(source(input), input, rows);
        }
        if (bad.count() > badRowsMax) {
            throw new BadRowsException(bad.count(), badRowsMax, bad.named(), rows.columns());
        }
        EmbeddingFileWriter writer = rows.writer();
        writer.property("imported-from", input.name());
        target.training().ifPresent(writer::training);
        return new Result(
                writer.writeTo(directory),
                writer.count(),
                rows.zeroVectors(),
                bad.count(),
                bad.named(),
                rows.columns());
    }

    private static void read(RowSource source, ImportInput input, RowSink sink) throws UnreadableRowsException {
        try {
            source.read(sink);
        } catch (IOException e) {
            throw new UnreadableRowsException(input.name(), e);
        } catch (UncheckedIOException e) {
            throw new UnreadableRowsException(
                    input.name(), Objects.requireNonNullElse(e.getCause(), new IOException(e)));
        } catch (ScorerException | IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) { // of a reader that met what it does not know
            throw new UnreadableRowsException(input.name(), new IOException("it is damaged: " + e.getMessage(), e));
        }
    }

    private RowSource source(ImportInput input) {
        boolean dense = target.dense();
        return switch (format) {
            case JSONL ->
                target.form() == Form.TEXT ? new JsonTexts(input, columns) : new JsonRows(input, columns, dense);
            case CSV -> new SeparatedRows(input, columns, dense, false);
            case TSV -> new SeparatedRows(input, columns, dense, true);
            case NPY, FVECS, IVECS, BVECS -> new MatrixRows(input, format);
            case PARQUET -> throw new IllegalStateException("Parquet is read from a file");
        };
    }

    /** A Parquet file says at its end where everything is, so a stream is put into a file first. */
    private void readParquet(ImportInput input, Path directory, RowSink sink, ParquetProcess.Bounds bounds)
            throws IOException {
        if (input.file().isPresent()) {
            readFile(input, input.file().get(), sink, bounds);
            return;
        }
        Path spooled = Files.createTempFile(directory, "import", ".parquet");
        try {
            spool(input, spooled);
            readFile(input, spooled, sink, bounds);
        } finally {
            Files.deleteIfExists(spooled);
        }
    }

    private void readFile(ImportInput input, Path file, RowSink sink, ParquetProcess.Bounds bounds) throws IOException {
        read(new ParquetProcess(input.name(), file, columns, target.dense(), bounds), input, sink);
    }

    /** What cannot be read is the file's fault, what cannot be written the disk's. */
    private static void spool(ImportInput input, Path spooled) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(spooled)) {
            while (true) {
                int read;
                try {
                    read = input.bytes().read(buffer);
                } catch (IOException e) {
                    throw new UnreadableRowsException(input.name(), e);
                }
                if (read < 0) {
                    return;
                }
                out.write(buffer, 0, read);
            }
        }
    }
}
