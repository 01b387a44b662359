package repscorer.training.plan;

import java.util.Locale;

/** States rules of plans. */
@SuppressWarnings("AnnotateFormatMethod") // the annotation would be the only use of its library
final class Rules {

    private Rules() {}

    static void check(boolean kept, String rule, Object... values) {
        if (!kept) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, rule, values));
        }
    }

    static void checkRange(String key, long value, long least, long most) {
        check(value >= least && value <= most, "%s must be %s to %s: %s", key, least, most, value);
    }

    static void checkRange(String key, double value, double least, double most) {
        check(value >= least && value <= most, "%s must be %s to %s: %s", key, least, most, value);
    }
}
