package repscorer.core.sizing;

import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.sparse.ClusterIndex;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFileSize;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextSpace;

/**
 * What one space of a release is expected to take, in bytes; right within some percent where its counts are.
 *
 * @param file the rows on disk, which are mapped into memory and best stay there
 * @param derived the graph and the codes on disk; 0 without either
 * @param offHeap of both in memory, outside Java's heap
 * @param heap of the index, inside it
 */
public record SpaceSize(Space space, Counts counts, long file, long derived, long offHeap, long heap) {

    /**
     * How much there is of a space.
     *
     * @param rows entities that have a row
     * @param entries of a sparse row, on average
     * @param columns of a sparse space
     * @param idBytes of an entity's id as text, its kind included, on average
     */
    public record Counts(long rows, double entries, long columns, double idBytes) {

        public Counts {
            if (rows < 1 || rows > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException(
                        "a space has 1 to %s rows: %s".formatted(Integer.MAX_VALUE - 8, rows));
            }
            if (!(entries >= 0) || columns < 0 || !(idBytes >= 3)) {
                throw new IllegalArgumentException(
                        "entries and columns must not be negative, and an id has at least 3 bytes: %s, %s, %s"
                                .formatted(entries, columns, idBytes));
            }
        }

        int capacity() {
            return Math.toIntExact(rows);
        }
    }

    /** Works out a space. */
    public static SpaceSize of(Space space, Counts counts) {
        return switch (space) {
            case DenseSpace dense -> of(dense, counts);
            case SparseSpace sparse -> of(sparse, counts);
            case TextSpace text -> of(text, counts);
        };
    }

    private static SpaceSize of(DenseSpace space, Counts counts) {
        long file = EmbeddingFileSize.dense(counts.rows, space.dimension(), counts.idBytes);
        long graph = space.engine().equals("hnsw")
                ? HnswIndex.estimateBytes(
                        counts.capacity(), space.dimension(), space.metric(), space.hnsw(), space.codes())
                : 0;
        long codes = space.rowCodes()
                .filter(options -> counts.rows >= options.rowsMin())
                .map(options -> counts.rows * options.rowBytes(space.dimension()))
                .orElse(0L);
        return new SpaceSize(space, counts, file, graph + codes, graph + codes, 0);
    }

    private static SpaceSize of(SparseSpace space, Counts counts) {
        long file = EmbeddingFileSize.sparse(
                counts.rows, Math.round(counts.rows * counts.entries), counts.columns, counts.idBytes);
        long heap = space.indexed()
                ? ClusterIndex.estimateBytes(counts.rows, counts.entries, counts.columns, space.itemsPerCluster())
                : 0;
        return new SpaceSize(space, counts, file, 0, 0, heap);
    }

    /** Of texts the entries are bytes: the index keeps about as many on the heap, and names about four times as many. */
    private static SpaceSize of(TextSpace space, Counts counts) {
        long bytes = Math.round(counts.rows * counts.entries);
        long file = EmbeddingFileSize.texts(counts.rows, bytes, counts.idBytes);
        return new SpaceSize(space, counts, file, 0, 0, (space.completed() ? 5 : 1) * bytes);
    }

    /** The bytes on disk. */
    public long disk() {
        return file + derived;
    }

    /** The memory that searches want: what is mapped, the index, and its part of the heap. */
    public long memory() {
        return file + offHeap + heap;
    }

    /** A change of a row as the log of changes holds it. */
    public double changeBytes() {
        double row = switch (space) {
            case DenseSpace dense -> 4.0 * dense.dimension();
            case SparseSpace sparse -> 8 * counts.entries;
            case TextSpace text -> 4 + counts.entries;
        };
        return CHANGE_BYTES + counts.idBytes + row;
    }

    /** What a record of the log holds beside the id and the row: its frame, a number, the lengths. */
    private static final double CHANGE_BYTES = 40;
}
