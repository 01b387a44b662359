package repscorer.decisions;

import java.time.Instant;

/**
 * What a person did with a candidate of an answer, or that it was shown to them. Immutable.
 *
 * @param decision the {@link Decision#id}
 * @param candidate one that was answered
 * @param kind such as {@code follow}; {@value #IMPRESSION} for one that was seen
 * @param value what it counts for; 1 where nothing else is said
 */
public record Outcome(String decision, String candidate, String kind, double value, Instant time) {

    /** The kind of what was only seen. */
    public static final String IMPRESSION = "impression";

    public Outcome {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("value must be finite: %s of %s".formatted(value, candidate));
        }
    }
}
