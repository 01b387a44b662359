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
}
