package repscorer.upstream;

import java.util.List;
import repscorer.wire.SignalBody;

/** What an upstream service knows of one user's signals. */
public sealed interface SignalsAnswer {

    /** @param signals latest first, every part there; maybe none */
    record Found(List<SignalBody> signals) implements SignalsAnswer {

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
    record Unavailable(String cause, boolean timedOut) implements SignalsAnswer {}
}
