package repscorer.core.plan;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a setting's values are, and between which bounds. Texts of requests are read here; files have types of their own and
 * ask for the bounds.
 *
 * @param <V> the values
 */
public sealed interface SettingType<V> {

    /**
     * A value from text.
     *
     * @throws IllegalArgumentException saying the rule that the text breaks, such as {@code must be 1 to 2000}
     */
    V parse(String text);

    /** Whether a value is within the bounds. */
    boolean allows(V value);

    /** The values, for messages: {@code 1 to 2000}. */
    String bounds();

    /** Whole numbers, both bounds included. */
    record Whole(int min, int max) implements SettingType<Integer> {

        @Override
        public Integer parse(String text) {
            return bounded(
                    this, text, Integer::valueOf, "must be a whole number from %d to %d", "must be %d to %d", min, max);
        }

        @Override
        public boolean allows(Integer value) {
            return value >= min && value <= max;
        }

        @Override
        public String bounds() {
            return "%d to %d".formatted(min, max);
        }
    }

    /** Numbers, both bounds included; none is no bound. */
    record Number(double min, double max) implements SettingType<Double> {

        /** Every number there is. */
        static final Number ANY = new Number(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

        @Override
        public Double parse(String text) {
            return bounded(this, text, Double::valueOf, "must be a number from %s to %s", "must be %s to %s", min, max);
        }

        @Override
        public boolean allows(Double value) {
            return value >= min && value <= max;
        }

        @Override
        public String bounds() {
            return equals(ANY) ? "a number" : "%s to %s".formatted(min == 0 ? "0" : min, max);
        }
    }

    /** True or false. */
    record Truth() implements SettingType<Boolean> {

        @Override
        public Boolean parse(String text) {
            return oneOf(text, List.of(true, false), String::valueOf);
        }

        @Override
        public boolean allows(Boolean value) {
            return true;
        }

        @Override
        public String bounds() {
            return "true or false";
        }
    }

    /** One of an enum's constants, in lower case with hyphens. */
    record Word<E extends Enum<E>>(Class<E> type) implements SettingType<E> {

        @Override
        public E parse(String text) {
            return oneOf(text, List.of(type.getEnumConstants()), Word::of);
        }

        @Override
        public boolean allows(E value) {
            return true;
        }

        @Override
        public String bounds() {
            return String.join(
                    ", ", Stream.of(type.getEnumConstants()).map(Word::of).toList());
        }

        /** {@code dry-run} for DRY_RUN. */
        public static String of(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static <V> V bounded(
            SettingType<V> type, String text, Function<String, V> read, String noNumber, String outside, V min, V max) {
        V value;
        try {
            value = read.apply(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(noNumber.formatted(min, max), e);
        }
        if (!type.allows(value)) {
            throw new IllegalArgumentException(outside.formatted(min, max));
        }
        return value;
    }

    /** The value whose word is given. */
    static <V> V oneOf(String text, List<V> values, Function<V, String> word) {
        return values.stream()
                .filter(value -> word.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be one of "
                        + String.join(", ", values.stream().map(word).toList())));
    }
}
