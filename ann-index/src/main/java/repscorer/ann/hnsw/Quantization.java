package repscorer.ann.hnsw;

import repscorer.vector.HalfRows;
import repscorer.vector.Metric;

/** What a search of the graph compares, and what an answer's scores are taken from. */
public enum Quantization {
    /** The float32 rows themselves. */
    NONE,
    /** One byte a value, on a scale of its own for each dimension; answers are scored from the float32 rows. */
    INT8,
    /** The same, and answers are scored from the codes too: a search does not read the float32 rows, so they need no memory. */
    INT8_ONLY,
    /** The same search, and answers are scored from rows in float16, which are kept beside the codes. */
    INT8_FLOAT16;

    /** In fewer dimensions too many rows share a code for a search to tell them apart, and codes would save next to nothing. */
    static final int DIMENSION_MIN = 8;

    /** Whether an answer is scored by more than the codes of the search. */
    boolean reranks() {
        return this != INT8_ONLY;
    }

    /** Whether an answer's scores are those of the float32 rows, which then take memory besides the index. */
    public boolean readsRows() {
        return this == NONE || this == INT8;
    }

    /** The greatest value, either sign, that a row of so many dimensions may have; infinity where any float will do. */
    public float valueMax(Metric metric, int dimension) {
        return in(dimension) == INT8_FLOAT16 && metric != Metric.COSINE ? HalfRows.VALUE_MAX : Float.POSITIVE_INFINITY;
    }

    /** What is used in so many dimensions. */
    Quantization in(int dimension) {
        return dimension < DIMENSION_MIN ? NONE : this;
    }
}
