package repscorer.benchmarks.engines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Rows and queries in files that every measured process can read; gone when closed.
 *
 * @param rows a file as {@link RawVectors} writes it
 * @param queries another
 * @param count how many rows
 */
public record BenchVectors(Path rows, Path queries, int count, int dimension) implements AutoCloseable {

    /**
     * Writes both.
     *
     * @param rows n × d, at least one
     * @param queries n × d, at least one
     */
    public static BenchVectors write(float[][] rows, float[][] queries) throws IOException {
        BenchVectors vectors = new BenchVectors(
                Files.createTempFile("ann-bench-rows", ".f32"),
                Files.createTempFile("ann-bench-queries", ".f32"),
                rows.length,
                rows[0].length);
        RawVectors.write(vectors.rows(), rows);
        RawVectors.write(vectors.queries(), queries);
        return vectors;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(rows);
        Files.deleteIfExists(queries);
    }
}
