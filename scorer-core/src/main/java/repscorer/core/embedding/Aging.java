package repscorer.core.embedding;

import java.time.Duration;
import java.util.Optional;

/**
 * How vectors of a space grow old.
 *
 * @param halfLife after which all weights of a vector are half of what they were, at least a second; never where absent
 * @param timeToLive after which a vector is not found any more, at least a second; never where absent
 */
public record Aging(Optional<Duration> halfLife, Optional<Duration> timeToLive) {

    /** Vectors stay as they are. */
    public static final Aging NONE = new Aging(Optional.empty(), Optional.empty());

    private static final Duration LEAST = Duration.ofSeconds(1);

    /** The greatest age that can be said. */
    public static final Duration MOST = Duration.ofDays(36_500);

    /** Weights that would underflow decay no further: at eight hours that takes two weeks. */
    private static final double HALVES_MAX = 40;

    public Aging {
        check("half-life", halfLife);
        check("time-to-live", timeToLive);
    }

    private static void check(String key, Optional<Duration> value) {
        if (value.isPresent() && !isAge(value.get())) {
            throw new IllegalArgumentException("%s must be 1s to %sd: %s".formatted(key, MOST.toDays(), value.get()));
        }
    }

    /** Whether a half-life or a time to live may be so long. */
    public static boolean isAge(Duration value) {
        return value.compareTo(LEAST) >= 0 && value.compareTo(MOST) <= 0;
    }

    /** Whether vectors stay as they are. */
    public boolean isNone() {
        return halfLife.isEmpty() && timeToLive.isEmpty();
    }

    /** What a vector is multiplied by at an age: 1 for one of no age, or made in the future. */
    public float factor(long ageMillis) {
        if (halfLife.isEmpty() || ageMillis <= 0) {
            return 1;
        }
        return (float) Math.pow(
                2, -Math.min(HALVES_MAX, (double) ageMillis / halfLife.get().toMillis()));
    }

    /** Whether a vector of an age is found no more. */
    public boolean isExpired(long ageMillis) {
        return timeToLive.isPresent() && ageMillis >= timeToLive.get().toMillis();
    }
}
