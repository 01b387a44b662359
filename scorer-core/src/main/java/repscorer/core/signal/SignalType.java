package repscorer.core.signal;

import java.time.Duration;
import java.util.regex.Pattern;
import repscorer.core.entity.EntityKind;

/**
 * A declared type of signals.
 *
 * @param name lower-case letters, digits and hyphens, such as {@code fav} or {@code see-fewer}
 * @param kind of the entities it is about
 * @param keepMax how many of one user are kept, the latest
 * @param ageMax how old they may get
 * @param repeatsMax how many about one entity are kept, the latest, of different times
 */
public record SignalType(String name, EntityKind kind, int keepMax, Duration ageMax, int repeatsMax) {

    public static final int KEEP_MAX = 100_000;

    public static final int REPEATS_MAX = 1_000;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    /** A type of which the latest about each entity is kept. */
    public SignalType(String name, EntityKind kind, int keepMax, Duration ageMax) {
        this(name, kind, keepMax, ageMax, 1);
    }

    public SignalType {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a signal's name is 1 to 32 lower-case letters, digits and hyphens, beginning with a letter: '%s'"
                            .formatted(name));
        }
        if (keepMax < 1 || keepMax > KEEP_MAX) {
            throw new IllegalArgumentException(
                    "keep-max must be 1 to %s: %s (signal %s)".formatted(KEEP_MAX, keepMax, name));
        }
        if (repeatsMax < 1 || repeatsMax > REPEATS_MAX) {
            throw new IllegalArgumentException(
                    "repeats-max must be 1 to %s: %s (signal %s)".formatted(REPEATS_MAX, repeatsMax, name));
        }
        if (!ageMax.isPositive()) {
            throw new IllegalArgumentException("age-max must be positive: %s (signal %s)".formatted(ageMax, name));
        }
    }
}
