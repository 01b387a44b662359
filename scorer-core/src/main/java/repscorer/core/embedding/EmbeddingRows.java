package repscorer.core.embedding;

import repscorer.core.entity.EntityId;
import repscorer.vector.SparseVector;

/** Rows of one space by ascending id, read as often as a file has sections. */
public interface EmbeddingRows {

    int count();

    EntityId id(int row);

    /** Copies a dense row to the front of {@code into}; for dense spaces only. */
    void copyDense(int row, float[] into);

    /** A sparse row; for sparse spaces only. */
    SparseVector sparse(int row);

    /** Whether rows say when they were made. */
    default boolean timed() {
        return false;
    }

    /** When a row was made, in milliseconds since 1970; for rows that say it. */
    default long madeMillis(int row) {
        return EmbeddingFile.UNTOLD;
    }

    /** A text; for spaces of texts only. */
    default String text(int row) {
        throw new IllegalStateException("rows of vectors have no texts");
    }

    /** All rows of a file. */
    static EmbeddingRows of(EmbeddingFile file) {
        return new EmbeddingRows() {
            @Override
            public int count() {
                return file.count();
            }

            @Override
            public EntityId id(int row) {
                return file.ids().id(row);
            }

            @Override
            public void copyDense(int row, float[] into) {
                file.denseRows().copyRow(row, into);
            }

            @Override
            public SparseVector sparse(int row) {
                return file.sparseRows().row(row);
            }

            @Override
            public boolean timed() {
                return file.timed();
            }

            @Override
            public long madeMillis(int row) {
                return file.madeMillis(row);
            }

            @Override
            public String text(int row) {
                return file.texts().text(row);
            }
        };
    }
}
