package repscorer.decisions;

import java.util.List;

/**
 * A decision as a log keeps it. Immutable.
 *
 * @param notices what was told before anything was searched: reasons that nothing but the moment knew, for an answer once more
 */
public record Kept(Decision decision, List<Notice> notices) {

    public Kept {
        notices = List.copyOf(notices);
    }

    /** A decision with nothing more to tell. */
    public static Kept of(Decision decision) {
        return new Kept(decision, List.of());
    }

    /** @param column the column concerned, or empty for the whole answer */
    public record Notice(String column, String reason, String message) {}
}
