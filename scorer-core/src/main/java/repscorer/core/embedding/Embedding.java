package repscorer.core.embedding;

import repscorer.vector.SparseVector;

/** One entity's vector. */
public sealed interface Embedding {

    /** @param values handed over to the record; nobody may write to it afterwards */
    @SuppressWarnings("ArrayRecordComponent") // the kernels read the array; embeddings are not compared by equals
    record Dense(float[] values) implements Embedding {}

    record Sparse(SparseVector vector) implements Embedding {}
}
