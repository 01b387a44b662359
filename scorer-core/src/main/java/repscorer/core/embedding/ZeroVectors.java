package repscorer.core.embedding;

/** What becomes of a vector without length: one of zeros, or a sparse one without entries. */
public enum ZeroVectors {
    /** It is a mistake: a file or change that holds one is refused. */
    REFUSE,
    /** It says that there is no embedding: files lose the row, and a change deletes the entity. */
    DROP,
    /** It is an embedding like any other. Not for the cosine, which such a vector has none of. */
    KEEP
}
