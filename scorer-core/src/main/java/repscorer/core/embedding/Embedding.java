package repscorer.core.embedding;

import repscorer.vector.SparseVector;

/** One entity's vector, or its text. */
public sealed interface Embedding {

    /** @param values handed over to the record; nobody may write to it afterwards */
    @SuppressWarnings("ArrayRecordComponent") // the kernels read the array; embeddings are not compared by equals
    record Dense(float[] values) implements Embedding {}

    record Sparse(SparseVector vector) implements Embedding {}

    /** @param value at most {@value #BYTES_MAX} bytes of UTF-8 */
    record Text(String value) implements Embedding {

        /** Of one text: a page of a book is no more. */
        public static final int BYTES_MAX = 1 << 16;
    }
}
