package repscorer.core.embedding;

import repscorer.core.entity.IdTable;

/** What an embedding file takes on disk, worked out from counts. */
public final class EmbeddingFileSize {

    /** Of a column's id and label, which are short. */
    private static final double COLUMN_TEXT_BYTES = 16;

    private EmbeddingFileSize() {}

    /**
     * Of dense rows.
     *
     * @param idBytes of an id as text, on average
     */
    public static long dense(long rows, int dimension, double idBytes) {
        return file(ids(rows, idBytes), Float.BYTES * rows * dimension, Float.BYTES * rows);
    }

    /**
     * Of sparse rows.
     *
     * @param entries of all rows together
     * @param idBytes of an id as text, on average
     */
    public static long sparse(long rows, long entries, long columns, double idBytes) {
        return file(
                ids(rows, idBytes),
                Long.BYTES * (rows + 1),
                Integer.BYTES * entries,
                Float.BYTES * entries,
                ids(columns, COLUMN_TEXT_BYTES),
                Long.BYTES * (columns + 1));
    }

    /**
     * Of texts.
     *
     * @param bytes of all texts together
     * @param idBytes of an id as text, on average
     */
    public static long texts(long rows, long bytes, double idBytes) {
        return file(ids(rows, idBytes), Long.BYTES * (rows + 1), bytes);
    }

    private static long ids(long count, double textBytes) {
        return IdTable.byteSize(count, Math.round(count * textBytes));
    }

    private static long file(long... sections) {
        long end = FileFormat.aligned(FileFormat.FIXED_BYTES + sections.length * FileFormat.SECTION_ENTRY_BYTES);
        for (long section : sections) {
            end = FileFormat.aligned(end) + section;
        }
        return end;
    }
}
