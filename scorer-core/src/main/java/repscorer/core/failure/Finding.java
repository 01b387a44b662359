package repscorer.core.failure;

/**
 * Something found wrong with a file, that the store went on without.
 *
 * @param file relative to the store's directory
 * @param message the rule and the place
 */
public record Finding(Kind kind, String file, String message) {

    /** How grave it is. */
    public enum Kind {
        /** A write that never ended: nothing acknowledged is lost. */
        TORN,
        /**
         * The last changes read from a log could not be written again, so that nobody knows whether the device has them. What
         * was acknowledged is there; what was not may be served now and be gone after a power failure.
         */
        UNPROVEN,
        /** A file that follows from others is damaged: it is made anew, and nothing is lost. */
        REBUILT,
        /** What was acknowledged once is damaged: that part is not served, the rest is. */
        DAMAGED
    }

    @Override
    public String toString() {
        return "%s: %s (%s)".formatted(file, message, kind);
    }
}
