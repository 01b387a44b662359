package repscorer.api.config;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import repscorer.core.entity.EntityKind;
import repscorer.yaml.JacksonFailures;
import repscorer.yaml.YamlFile;

/** The checks that all kinds of configuration files share; each failure names the key. */
record Keys(YamlFile yaml) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    <T> T required(String key, @Nullable T value) {
        if (value == null) {
            throw yaml.error(key, "is missing");
        }
        return value;
    }

    /** Lower-case letters, digits and hyphens, as all names in configuration are. */
    String name(String key, @Nullable String value) {
        if (!NAME.matcher(required(key, value)).matches()) {
            throw yaml.error(
                    key,
                    "must be 1 to 64 lower-case letters, digits and hyphens, beginning with a letter: '%s'"
                            .formatted(value));
        }
        return required(key, value);
    }

    EntityKind kind(String key, String value) {
        return checked(key, () -> new EntityKind(value));
    }

    /** Runs a check of scorer-core and gives its complaint a place. */
    <T> T checked(String key, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw yaml.error(key, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /** The constant whose lower-case, hyphenated name is given. */
    <E extends Enum<E>> E oneOf(String key, @Nullable String value, E otherwise) {
        if (value == null) {
            return otherwise;
        }
        return constant(otherwise.getDeclaringClass(), value)
                .orElseThrow(() -> yaml.error(
                        key,
                        "must be %s: '%s'".formatted(JacksonFailures.expected(otherwise.getDeclaringClass()), value)));
    }

    static <E extends Enum<E>> Optional<E> constant(Class<E> type, String wireName) {
        for (E constant : type.getEnumConstants()) {
            if (JacksonFailures.wireName(constant).equals(wireName)) {
                return Optional.of(constant);
            }
        }
        return Optional.empty();
    }
}
