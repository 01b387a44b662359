package repscorer.core.embedding;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How long versions of a space are kept once another release is live. A release goes when the retention of one of its spaces
 * is over; the live one stays.
 *
 * @param releases the most releases beside the live one, at least 0; as many as the store keeps where absent
 * @param age from publication, above zero; any where absent
 */
public record Retention(OptionalInt releases, Optional<Duration> age) {

    /** What the store keeps. */
    public static final Retention STORES = new Retention(OptionalInt.empty(), Optional.empty());

    public Retention {
        if (releases.isPresent() && releases.getAsInt() < 0) {
            throw new IllegalArgumentException(
                    "retention.releases must not be negative: %s".formatted(releases.getAsInt()));
        }
        if (age.isPresent() && !age.get().isPositive()) {
            throw new IllegalArgumentException("retention.age must be above zero: %s".formatted(age.get()));
        }
    }
}
