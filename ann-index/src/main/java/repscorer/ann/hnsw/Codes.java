package repscorer.ann.hnsw;

/** What a walk over the graph compares; answers are scored in float32 whichever it is. */
public enum Codes {
    /** The float32 rows themselves. */
    NONE,
    /** One byte a value, on a scale of its own for each dimension, beside the float32 rows; from 8 dimensions up. */
    INT8
}
