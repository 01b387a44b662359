package repscorer.imports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.LongConsumer;
import repscorer.core.embedding.EmbeddingFileWriter;

/**
 * Reads rows of a foreign file and writes one embedding file.
 *
 * @param badRowsMax how many bad rows are left out; with more nothing is written
 * @param badRowsNamed how many bad rows are told by number and rule
 */
public record Importer(ImportTarget target, ImportFormat format, long badRowsMax, int badRowsNamed) {

    /**
     * What an import did.
     *
     * @param zeroVectors rows without length that were dropped, as the space wants it
     * @param badRows rows that were left out
     * @param named the first of them, by number and rule
     */
    public record Result(Path file, int rows, long zeroVectors, long badRows, List<String> named) {}

    public Importer {
        if (format.idsApart() && !target.dense()) {
            throw new IllegalArgumentException("%s holds dense rows only".formatted(format.word()));
        }
        if (badRowsMax < 0 || badRowsNamed < 0) {
            throw new IllegalArgumentException(
                    "limits of bad rows are not negative: %s, %s".formatted(badRowsMax, badRowsNamed));
        }
    }

    /**
     * Reads all rows, then writes {@code SPACE.emb}. Ids and sparse rows are kept on the heap until then, dense values beside it.
     *
     * @param directory must exist
     * @param progress told the number of rows read
     * @throws BadRowsException naming the first bad rows, when there are more than allowed; nothing is written
     * @throws IllegalArgumentException when the file as a whole is not what it should be, or holds no good row
     * @throws UnreadableRowsException when the file cannot be read to its end; nothing is written
     * @throws IOException when the disk refuses; nothing is written
     */
    public Result run(ImportInput input, Path directory, LongConsumer progress) throws IOException {
        if (format.idsApart() && input.ids().isEmpty()) {
            throw new IllegalArgumentException(
                    "%s holds no ids; give them with --ids FILE, one a line".formatted(format.word()));
        }
        BadRows bad = new BadRows(badRowsNamed);
        CollectedRows rows = target.dense()
                ? new CollectedDenseRows(target, bad, progress)
                : new CollectedSparseRows(target, bad, progress);
        if (format == ImportFormat.PARQUET) {
            readParquet(input, directory, rows);
        } else {
            read(source(input), input, rows);
        }
        if (bad.count() > badRowsMax) {
            throw new BadRowsException(bad.count(), badRowsMax, bad.named());
        }
        EmbeddingFileWriter writer = rows.writer();
        writer.property("imported-from", input.name());
        return new Result(writer.writeTo(directory), writer.count(), rows.zeroVectors(), bad.count(), bad.named());
    }

    private static void read(RowSource source, ImportInput input, RowSink sink) throws UnreadableRowsException {
        try {
            source.read(sink);
        } catch (IOException e) {
            throw new UnreadableRowsException(input.name(), e);
        }
    }

    private RowSource source(ImportInput input) {
        boolean dense = target.dense();
        return switch (format) {
            case JSONL -> new JsonRows(input, dense);
            case CSV -> new SeparatedRows(input, dense, false);
            case TSV -> new SeparatedRows(input, dense, true);
            case NPY -> new MatrixRows(input, true);
            case FVECS -> new MatrixRows(input, false);
            case PARQUET -> throw new IllegalStateException("Parquet is read from a file");
        };
    }

    /** A Parquet file says at its end where everything is, so a stream is put into a file first. */
    private void readParquet(ImportInput input, Path directory, RowSink sink) throws IOException {
        if (input.file().isPresent()) {
            read(new ParquetRows(input.name(), input.file().get(), target.dense()), input, sink);
            return;
        }
        Path spooled = Files.createTempFile(directory, "import", ".parquet");
        try {
            Files.copy(input.bytes(), spooled, StandardCopyOption.REPLACE_EXISTING);
            read(new ParquetRows(input.name(), spooled, target.dense()), input, sink);
        } finally {
            Files.deleteIfExists(spooled);
        }
    }
}
