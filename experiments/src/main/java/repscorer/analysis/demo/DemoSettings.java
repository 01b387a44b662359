package repscorer.analysis.demo;

import java.time.Instant;

/**
 * What is made up. Immutable.
 *
 * @param units people, 1 to 1,000,000
 * @param days of the experiment, 1 to 365; half as many come before it
 * @param start of the experiment
 */
public record DemoSettings(String experiment, int units, int days, Scenario scenario, Instant start, long seed) {

    /** What is true of the treatment. */
    public enum Scenario {
        /** It weighs what people like more. */
        BETTER,
        /** It does what the control does. */
        SAME,
        /** One of its answers in twenty is empty. */
        BROKEN,
        /** As better, and one in fifty of its units is not logged. */
        LEAKING,
        /** As better, in answers that both share. */
        INTERLEAVED
    }

    public DemoSettings {
        if (units < 1 || units > 1_000_000) {
            throw new IllegalArgumentException("units must be 1 to 1000000: %s".formatted(units));
        }
        if (days < 1 || days > 365) {
            throw new IllegalArgumentException("days must be 1 to 365: %s".formatted(days));
        }
    }
}
