package repscorer.core.signal;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import repscorer.core.entity.EntityId;

/** Where a user's signals are read from. Safe for concurrent use; blocks at most the time given. */
@FunctionalInterface
public interface SignalSource {

    /** Knows of no signals. */
    SignalSource NONE = (user, types, budget) -> new Answer.Found(List.of());

    /**
     * Reads a user's signals of several types, latest first.
     *
     * @param budget how long to wait at most
     */
    Answer read(EntityId user, Set<String> types, Duration budget);

    /** What a source knows. */
    sealed interface Answer {

        /** Maybe nothing, which is an answer too. */
        record Found(List<Signal> signals) implements Answer {

            public Found {
                signals = List.copyOf(signals);
            }
        }

        /**
         * Nothing is known.
         *
         * @param cause why, in words an operator understands
         * @param timedOut whether time ran out; otherwise it failed
         */
        record Unavailable(String cause, boolean timedOut) implements Answer {}
    }
}
