package repscorer.training.plan;

/** States rules of plans. */
@SuppressWarnings("AnnotateFormatMethod") // the annotation would be the only use of its library
final class Rules {

    private Rules() {}

    static void check(boolean kept, String rule, Object... values) {
        if (!kept) {
            throw new IllegalArgumentException(rule.formatted(values));
        }
    }

    static void checkRange(String key, long value, long least, long most) {
        check(value >= least && value <= most, "%s must be %d to %d: %d", key, least, most, value);
    }

    static void checkRange(String key, double value, double least, double most) {
        check(value >= least && value <= most, "%s must be %s to %s: %s", key, least, most, value);
    }
}
