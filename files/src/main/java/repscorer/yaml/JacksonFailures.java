package repscorer.yaml;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Turns Jackson's exceptions into the place and the rule that a person wrote against. */
public final class JacksonFailures {

    private static final int VALUE_CHARACTERS_MAX = 60;

    private static final Pattern ADVICE = Pattern.compile(
            ": enable `[^`]*` to allow" + "|,? (?:from|by|see|use|with) `[^`]*`| \\([^()]*Feature[^()]*\\)|`");

    private JacksonFailures() {}

    /** The place as people write it, such as {@code columns[0].weight}; empty for the document itself. */
    public static String path(JacksonException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference reference : e.getPath()) {
            if (reference.getPropertyName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
            }
        }
        return path.toString();
    }

    /** What was expected, such as {@code must be a whole number}, or the message of a check that a value did not pass. */
    public static String rule(JacksonException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            return "unknown key; known are " + known(unknown);
        }
        if (e.getCause() instanceof IllegalArgumentException check && check.getMessage() != null) {
            return firstLine(check.getMessage());
        }
        if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "must be " + expected(target(mismatch)) + value(mismatch);
        }
        return words(e);
    }

    /** What was expected at the place: of a list of numbers that is a number, where the place is one of its entries. */
    private static Class<?> target(MismatchedInputException e) {
        Class<?> type = e.getTargetType();
        boolean entry = !e.getPath().isEmpty() && e.getPath().getLast().getPropertyName() == null;
        return entry && type.isArray() ? type.getComponentType() : type;
    }

    private static String value(MismatchedInputException e) {
        if (!(e instanceof InvalidFormatException format) || e.getTargetType().isArray()) {
            return "";
        }
        String value = String.valueOf(format.getValue());
        return ": '"
                + (value.length() <= VALUE_CHARACTERS_MAX ? value : value.substring(0, VALUE_CHARACTERS_MAX) + "...")
                + "'";
    }

    /** A parser's complaint without its advice to programmers: names of features, classes and methods of the library. */
    public static String words(JacksonException e) {
        if (String.valueOf(e.getOriginalMessage()).startsWith("Trailing token")) {
            return "another document begins after the first";
        }
        return plain(firstLine(e.getOriginalMessage()));
    }

    static String plain(String message) {
        return ADVICE.matcher(message).replaceAll("");
    }

    /** The first line of a message, without what Jackson says of a source that it was not given. */
    public static String firstLine(@Nullable String message) {
        return message == null
                ? ""
                : message.lines()
                        .findFirst()
                        .orElse("")
                        .replaceFirst(" \\((start marker|for \\w+ starting) at \\[Source.*", "")
                        .strip();
    }

    /** The keys that are known where an unknown one was met. */
    public static String known(UnrecognizedPropertyException e) {
        Collection<Object> ids = e.getKnownPropertyIds();
        return ids == null ? "none" : ids.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
    }

    /** A type in a person's words, such as {@code a whole number}. */
    public static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "another value";
        }
        if (type.isEnum()) {
            return "one of "
                    + Stream.of(type.getEnumConstants())
                            .map(constant -> wireName((Enum<?>) constant))
                            .collect(Collectors.joining(", "));
        }
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return "a whole number";
        }
        if (type == double.class || type == Double.class || type == float.class || type == Float.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "text";
        }
        if (type.isArray() || Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        return Map.class.isAssignableFrom(type) || type.isRecord() ? "keys and values" : "another value";
    }

    /** An enum's constant as files and requests write it: lower-case, with hyphens. */
    public static String wireName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
