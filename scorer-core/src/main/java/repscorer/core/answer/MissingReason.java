package repscorer.core.answer;

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
    /** The column is switched off. */
    DISABLED,
    /** The upstream source did not answer in time. */
    TIMEOUT,
    /** The upstream source failed, could not be reached, or answered what is no embedding. */
    ERROR
}
