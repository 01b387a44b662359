package repscorer.benchmarks.vectors;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.failure.ScorerException;
import repscorer.vectors.NpyReader;
import repscorer.vectors.VecsReader;

/**
 * Reads the files that vector benchmarks come in: {@code .fvecs}, {@code .bvecs}, {@code .ivecs} and {@code .npy}, each
 * also as {@code .gz}; and dense {@code .emb} files of a release. All vectors of a file are read into memory.
 */
public final class VectorFiles {

    private static final int BUFFER_BYTES = 1 << 16;

    private VectorFiles() {}

    /**
     * Vectors of one dimension, as floats whatever the file holds.
     *
     * @param limit the most records to read
     * @throws IOException when the file is absent, cut short or malformed; the message names file and record
     */
    public static float[][] vectors(Path file, int limit) throws IOException {
        if (name(file).endsWith(EmbeddingFile.SUFFIX)) {
            return embeddings(file, limit);
        }
        try (InputStream in = open(file)) {
            return switch (kind(file)) {
                case "fvecs", "ivecs", "bvecs" -> all(new VecsReader(file.toString(), in, kind(file))::next, limit);
                case "npy" -> all(new NpyReader(file.toString(), in)::next, limit);
                default -> throw unknown(file);
            };
        }
    }

    private static float[][] embeddings(Path file, int limit) throws IOException {
        try {
            EmbeddingFile embeddings = EmbeddingFile.open(file);
            embeddings.verify();
            float[][] vectors = new float[Math.min(limit, embeddings.count())][];
            Arrays.setAll(vectors, row -> embeddings.denseRows().row(row));
            return vectors;
        } catch (ScorerException.Rejected | IllegalStateException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Records of ordinals, such as true neighbours.
     *
     * @param limit the most records to read
     * @throws IOException when the file is absent, cut short, malformed or holds no whole numbers; the message names file
     *     and record
     */
    public static int[][] ordinals(Path file, int limit) throws IOException {
        try (InputStream in = open(file)) {
            return switch (kind(file)) {
                case "ivecs" -> new VecsReader(file.toString(), in, "ivecs").ordinals(limit);
                case "npy" -> new NpyReader(file.toString(), in).ordinals(limit);
                default -> throw new IOException(file + ": ordinals come in .ivecs or .npy, also as .gz");
            };
        }
    }

    private interface Rows {
        Optional<float[]> next() throws IOException;
    }

    private static float[][] all(Rows rows, int limit) throws IOException {
        List<float[]> all = new ArrayList<>();
        while (all.size() < limit) {
            Optional<float[]> next = rows.next();
            if (next.isEmpty()) {
                break;
            }
            all.add(next.get());
        }
        return all.toArray(new float[0][]);
    }

    private static InputStream open(Path file) throws IOException {
        try {
            InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
            return name(file).endsWith(".gz")
                    ? new BufferedInputStream(new GZIPInputStream(in, BUFFER_BYTES), BUFFER_BYTES)
                    : in;
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such file", e);
        }
    }

    /** The name's last part before {@code .gz}. */
    private static String kind(Path file) {
        String name = name(file);
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        return plain.substring(plain.lastIndexOf('.') + 1);
    }

    private static String name(Path file) {
        return file.toString().toLowerCase(Locale.ROOT);
    }

    private static IOException unknown(Path file) {
        return new IOException(file + ": vectors come in .fvecs, .bvecs, .ivecs or .npy, also as .gz, or in .emb");
    }
}
