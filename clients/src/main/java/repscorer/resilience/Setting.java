package repscorer.resilience;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Checks of configuration values. A value that is absent, which a configuration binder hands over as null, becomes its default;
 * a value out of bounds is refused by a message with its key, the rule and the value.
 */
public final class Setting {

    private Setting() {}

    /** @throws IllegalArgumentException for a value outside {@code min} to {@code max} */
    public static Duration duration(
            String key, @Nullable Duration value, Duration fallback, Duration min, Duration max) {
        if (value == null) {
            return fallback;
        }
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException("%s must be %s to %s: %s".formatted(key, min, max, value));
        }
        return value;
    }

    /** @throws IllegalArgumentException for a value outside {@code min} to {@code max} */
    public static int integer(String key, @Nullable Integer value, int fallback, int min, int max) {
        if (value == null) {
            return fallback;
        }
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "%s must be %,d to %,d: %,d", key, min, max, value));
        }
        return value;
    }
}
