package repscorer.core.embedding;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.vector.SparseVector;

/**
 * Collects rows, then writes one embedding file: to a temporary neighbour first, synced, then renamed, so that a file
 * under its name is always whole. Rows may come in any order. Not safe for concurrent use.
 *
 * <p>The same rows and properties give the same bytes.
 */
public final class EmbeddingFileWriter {

    private EmbeddingFileWriter() {}

    /** A writer of dense rows. */
    public static EmbeddingFileWriter dense(String space, String model, EntityKind kind, int dimension) {
        throw new UnsupportedOperationException();
    }

    /**
     * A writer of sparse rows.
     *
     * @param columns what column 0, 1, … stands for; distinct
     * @param labels words for columns, by column; columns without words are absent
     */
    public static EmbeddingFileWriter sparse(
            String space, String model, EntityKind kind, List<EntityId> columns, Map<Integer, String> labels) {
        throw new UnsupportedOperationException();
    }

    /** Notes a property in the header: trainer, seed, plan, parent. */
    public EmbeddingFileWriter property(String key, String value) {
        throw new UnsupportedOperationException();
    }

    /**
     * Adds a dense row, copied.
     *
     * @throws IllegalArgumentException naming the row (counted from 1) and the rule: kind, duplicate id, dimension,
     *     finite values
     */
    public void add(EntityId id, float[] values) {
        throw new UnsupportedOperationException();
    }

    /**
     * Adds a sparse row.
     *
     * @throws IllegalArgumentException naming the row (counted from 1) and the rule: kind, duplicate id, column range
     */
    public void add(EntityId id, SparseVector vector) {
        throw new UnsupportedOperationException();
    }

    public int count() {
        throw new UnsupportedOperationException();
    }

    /**
     * Writes {@code <directory>/<space>.emb}.
     *
     * @return the file's path
     * @throws IOException when the disk refuses; the temporary file is removed and an older file stays as it was
     */
    public Path writeTo(Path directory) throws IOException {
        throw new UnsupportedOperationException();
    }
}
