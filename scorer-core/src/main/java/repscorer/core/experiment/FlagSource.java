package repscorer.core.experiment;

import java.util.Map;

/** An outside flag system that deals units to variants. Safe for concurrent use. */
@FunctionalInterface
public interface FlagSource {

    /** There is none: whoever asks is in no variant. */
    FlagSource NONE = (flag, unit, context) -> new Answer.Unavailable("no flag system is configured");

    /** What a flag system says of a unit. */
    sealed interface Answer {

        /** The name of a variant. */
        record Variant(String name) implements Answer {}

        /** The unit takes no part. */
        record Nobody() implements Answer {}

        /** It cannot be told, in words. */
        record Unavailable(String cause) implements Answer {}
    }

    /**
     * Asks for a unit's variant of a flag, and waits no longer than the request may. Throws nothing.
     *
     * @param context what the request tells besides, by name
     */
    Answer ask(String flag, String unit, Map<String, String> context);
}
