package repscorer.api.embeddings;

/** Reads dense rows of a version. */
@FunctionalInterface
interface RowReader {

    /** Copies a row into the front of an array. */
    void copy(int ordinal, float[] into);
}
