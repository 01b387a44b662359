package repscorer.core.answer;

/** Why a score or a column is not there. */
public enum MissingReason {
    /** The release holds no embedding of the source in the column's space. */
    NO_EMBEDDING_SOURCE,
    /** The release holds no embedding of the candidate in the column's space. */
    NO_EMBEDDING_CANDIDATE,
    /** The space's time to live is over for the embedding of the source or the candidate. */
    EXPIRED,
    /** The live release lacks the space. */
    UNKNOWN_VERSION,
    /** The column or space is not for this kind of entity. */
    KIND_MISMATCH,
    /** The column is switched off. */
    DISABLED,
    /** The upstream source did not answer in time. */
    TIMEOUT,
    /** The upstream source failed, could not be reached, or answered what is no embedding. */
    ERROR;

    /** Why a candidate has no embedding. */
    public static MissingReason ofCandidate(boolean expired) {
        return expired ? EXPIRED : NO_EMBEDDING_CANDIDATE;
    }
}
