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
 */
public record SignalType(String name, EntityKind kind, int keepMax, Duration ageMax) {

    public static final int KEEP_MAX = 100_000;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

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
        if (!ageMax.isPositive()) {
            throw new IllegalArgumentException("age-max must be positive: %s (signal %s)".formatted(ageMax, name));
        }
    }
}
