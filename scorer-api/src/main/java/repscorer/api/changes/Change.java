package repscorer.api.changes;

import java.time.Instant;
import java.util.Optional;

/**
 * One thing that was changed, or was to be.
 *
 * @param author the name of a key, that of who shows the admin token, or {@value #GUARD_RAIL}
 * @param name of the experiment, or of the switch's part
 * @param part the variant, or the switch's kind; empty for an experiment as a whole
 * @param before what was in force: a document, a share, or {@value #STOPPED}
 * @param after the same afterwards; empty where it was taken away, or was to be
 * @param refusal why nothing was changed; empty where it was
 */
public record Change(
        Instant at,
        String author,
        String reason,
        Subject subject,
        String name,
        String part,
        Optional<String> before,
        Optional<String> after,
        Optional<String> refusal) {

    /** A guard-rail of the experiment. */
    public static final String GUARD_RAIL = "guard-rail";

    /** The author of what a canary does by itself, and what it is called. */
    public static final String CANARY = "canary";

    /** What is said of a variant that is stopped. */
    public static final String STOPPED = "stopped";

    /** What a change is about. */
    public enum Subject {
        EXPERIMENT,
        VARIANT,
        SWITCH,
        CANARY
    }

    /** What it is about, whatever was changed. */
    Place place() {
        return new Place(subject, name, part);
    }

    /** What changes may follow each other at. */
    record Place(Subject subject, String name, String part) {}
}
