package repscorer.core;

/** Why a score or a column is not there. */
public enum MissingReason {
    /** The release holds no embedding of the source in the column's space. */
    NO_EMBEDDING_SOURCE,
    /** The release holds no embedding of the candidate in the column's space. */
    NO_EMBEDDING_CANDIDATE,
    /** The live release lacks the space. */
    UNKNOWN_VERSION,
    /** The column or space is not for this kind of entity. */
    KIND_MISMATCH,
    /** The upstream source did not answer in time or at all. */
    UPSTREAM_UNAVAILABLE
}
