package repscorer.core.embedding;

import java.time.Duration;
import repscorer.core.entity.EntityId;

/** Where embeddings come from that the store does not hold. Safe for concurrent use; blocks at most the time given. */
@FunctionalInterface
public interface EmbeddingSource {

    /** Knows nothing. */
    EmbeddingSource NONE = (space, id, release, budget) -> new Answer.Missing();

    /**
     * Asks for one embedding.
     *
     * @param release the release the answer must belong to
     * @param budget how long to wait at most
     */
    Answer fetch(Space space, EntityId id, String release, Duration budget);

    /** What a source knows. */
    sealed interface Answer {

        record Found(Embedding embedding) implements Answer {}

        record Missing() implements Answer {}

        /**
         * Nothing is known.
         *
         * @param cause why, in words an operator understands
         * @param timedOut whether time ran out; otherwise it failed
         */
        record Unavailable(String cause, boolean timedOut) implements Answer {}
    }
}
