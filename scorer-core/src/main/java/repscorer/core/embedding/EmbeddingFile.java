package repscorer.core.embedding;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import repscorer.core.entity.EntityKind;
import repscorer.core.entity.IdTable;
import repscorer.vector.DenseRows;
import repscorer.vector.SparseRows;

/**
 * One space's rows in one mapped file: self-describing, checksummed, immutable. The memory is unmapped when nothing
 * refers to it any more. Rows are sorted by id, so ordinals and ids rank alike.
 */
public final class EmbeddingFile {

    /** The ending of a file's name: {@code <space>.emb}. */
    public static final String SUFFIX = ".emb";

    private EmbeddingFile() {}

    /** Whether rows are dense or sparse. */
    public enum Form {
        DENSE,
        SPARSE
    }

    /**
     * Maps a file and checks its header; the sections are checked by {@link #verify()}.
     *
     * @throws repscorer.core.failure.ScorerException.Rejected when it is no embedding file, of another format version,
     *     cut short, or its header is damaged
     */
    public static EmbeddingFile open(Path path) {
        throw new UnsupportedOperationException();
    }

    public Path path() {
        throw new UnsupportedOperationException();
    }

    public String space() {
        throw new UnsupportedOperationException();
    }

    public String model() {
        throw new UnsupportedOperationException();
    }

    public EntityKind kind() {
        throw new UnsupportedOperationException();
    }

    public Form form() {
        throw new UnsupportedOperationException();
    }

    public int count() {
        throw new UnsupportedOperationException();
    }

    /** Values per row of a dense file; columns of a sparse one. */
    public int dimension() {
        throw new UnsupportedOperationException();
    }

    /** What the writer noted: trainer, seed, plan, parent. */
    public Map<String, String> properties() {
        throw new UnsupportedOperationException();
    }

    /** A checksum over the whole content, 16 hexadecimal digits: equal content, equal value. */
    public String checksum() {
        throw new UnsupportedOperationException();
    }

    public IdTable ids() {
        throw new UnsupportedOperationException();
    }

    /** @throws IllegalStateException for a sparse file */
    public DenseRows denseRows() {
        throw new UnsupportedOperationException();
    }

    /** @throws IllegalStateException for a dense file */
    public SparseRows sparseRows() {
        throw new UnsupportedOperationException();
    }

    /**
     * What the columns of a sparse file stand for, by column: clusters ({@code cluster:17}) or entities
     * ({@code user:12}). Empty for a dense file.
     */
    public Optional<IdTable> columns() {
        throw new UnsupportedOperationException();
    }

    /** Words for a cluster, where the writer gave any; empty where it did not. */
    public Optional<String> columnLabel(int column) {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads everything once and checks each section's checksum, every id, and every value: finite, columns ascending and
     * inside the dimension, weights positive.
     *
     * @throws repscorer.core.failure.ScorerException.Rejected naming the section or the row and the rule
     */
    public void verify() {
        throw new UnsupportedOperationException();
    }
}
