package repscorer.core.plan;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a setting's values are, and between which bounds. Texts of requests are read here; files have types of their own and
 * ask for the bounds.
 *
 * @param <V> the values
 */
public sealed interface SettingType<V> {

    /** How numbers are written; Java itself would take {@code 0x1p0}, {@code 1f} and the digits of every script. */
    Pattern DIGITS = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

    /**
     * A value from text.
     *
     * @throws IllegalArgumentException saying the rule that the text breaks, such as {@code must be 1 to 2000}
     */
    V parse(String text);

    /** Whether something is one of the values. */
    boolean allows(Object value);

    /** The values, for messages: {@code 1 to 2000}. */
    String bounds();

    /** Whole numbers, both bounds included. */
    record Whole(int min, int max) implements SettingType<Integer> {

        @Override
        public Integer parse(String text) {
            return number(this, text, Integer::valueOf, "whole number", bounds());
        }

        @Override
        public boolean allows(Object value) {
            return value instanceof Integer whole && whole >= min && whole <= max;
        }

        @Override
        public String bounds() {
            return min + " to " + max;
        }
    }

    /** Numbers, both bounds included. */
    record Number(double min, double max) implements SettingType<Double> {

        /** Every number there is. */
        static final Number ANY = new Number(Double.NEGATIVE_INFINITY, Double.MAX_VALUE);

        @Override
        public Double parse(String text) {
            return number(this, text, Double::valueOf, "number", equals(ANY) ? "a number" : min + " to " + max);
        }

        @Override
        public boolean allows(Object value) {
            return value instanceof Double number && number >= min && number <= max;
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
        public boolean allows(Object value) {
            return value instanceof Boolean;
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
        public boolean allows(Object value) {
            return type.isInstance(value);
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

    private static <V> V number(
            SettingType<V> type, String text, Function<String, V> read, String noun, String bounds) {
        try {
            if (DIGITS.matcher(text).matches()) {
                V value = read.apply(text);
                if (type.allows(value)) {
                    return value;
                }
                throw new IllegalArgumentException("must be " + bounds);
            }
        } catch (NumberFormatException e) {
            // of another kind, or beyond an int: told below
        }
        throw new IllegalArgumentException(
                type.equals(Number.ANY) ? "must be a number" : "must be a %s from %s".formatted(noun, bounds));
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
