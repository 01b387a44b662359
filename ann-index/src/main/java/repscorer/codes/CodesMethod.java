package repscorer.codes;

import java.util.Locale;

/** How rows are made into codes. */
public enum CodesMethod {
    /** Each value in half precision; nothing is learnt. */
    FLOAT16,

    /** Each value a whole number of 0 to 255, on a scale of its dimension. */
    INT8,

    /** Each of m parts of a row by the nearest of its own entries. */
    PQ,

    /** A whole row as the sum of m entries. */
    RESIDUAL,

    /** Each value of a turned row a whole number of few bits, on a scale of the row. */
    RABITQ;

    /** As configuration and messages have it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
