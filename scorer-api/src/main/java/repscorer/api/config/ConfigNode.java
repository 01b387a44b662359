package repscorer.api.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import repscorer.core.embedding.Space;
import repscorer.core.plan.SettingType;
import repscorer.yaml.ConfigException;
import repscorer.yaml.JacksonFailures;
import repscorer.yaml.YamlFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The keys and values of one place in a configuration file, from which a reader makes a value of the core.
 *
 * <p>Readers ask for keys by name; {@link #read} then refuses what was never asked for, and gives a place to what the value's own
 * checks refuse. So a key and its default are written once, where they are read. Not for several threads.
 */
final class ConfigNode {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    private final YamlFile yaml;
    private final String path;
    private final ObjectNode tree;
    private final Set<String> asked = new TreeSet<>();

    private ConfigNode(YamlFile yaml, String path, ObjectNode tree) {
        this.yaml = yaml;
        this.path = path;
        this.tree = tree;
    }

    /** Reads a whole file. */
    static <T> T read(YamlFile yaml, Function<ConfigNode, T> reader) {
        return new ConfigNode(yaml, "", yaml.tree()).read(reader);
    }

    /** The reader's value, when it asked for every key there is. */
    <T> T read(Function<ConfigNode, T> reader) {
        return read(reader, () -> "unknown key");
    }

    /** The same, where what was not asked for is told in other words. */
    <T> T read(Function<ConfigNode, T> reader, Supplier<String> unknown) {
        T value = checked("", () -> reader.apply(this));
        for (String key : unasked()) {
            throw error(key, "%s; known are %s".formatted(unknown.get(), String.join(", ", asked)));
        }
        return value;
    }

    /** A complaint about a key of this place, or about the place itself where the key is empty. */
    ConfigException error(String key, String rule) {
        return yaml.error(place(key), rule);
    }

    /** Refuses a key that would have no effect. */
    void refuse(String key, String rule) {
        if (given(key).isPresent()) {
            throw error(key, rule);
        }
    }

    /** Runs a check of the core and gives its complaint a place. */
    <T> T checked(String key, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw error(key, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /** A space that is named at a key. */
    Space declared(String key, String name, Map<String, Space> spaces) {
        return Optional.ofNullable(spaces.get(name))
                .orElseThrow(() -> error(
                        key,
                        "space '%s' is not declared; declared are %s"
                                .formatted(name, String.join(", ", spaces.keySet()))));
    }

    <T> Optional<T> find(String key, Class<T> type) {
        return given(key).map(value -> bind(key, value, type));
    }

    <T> T get(String key, Class<T> type) {
        return find(key, type).orElseThrow(() -> missing(key));
    }

    /** Numbers, switches, durations, words of an enum. */
    <T> T get(String key, T otherwise) {
        return find(key, type(otherwise)).orElse(otherwise);
    }

    /** A setting's value; whole numbers are held to its bounds, others by the value that they become part of. */
    Optional<Object> find(String key, SettingType<?> type) {
        return switch (type) {
            case SettingType.Whole whole -> {
                Optional<Integer> value = find(key, Integer.class);
                value.filter(number -> !whole.allows(number)).ifPresent(number -> {
                    throw error(key, "must be %s: %d".formatted(whole.bounds(), number));
                });
                yield value.map(Object.class::cast);
            }
            case SettingType.Number number -> find(key, Double.class).map(Object.class::cast);
            case SettingType.Truth truth -> find(key, Boolean.class).map(Object.class::cast);
            case SettingType.Word<?> word -> find(key, word.type()).map(Object.class::cast);
        };
    }

    /** Lower-case letters, digits and hyphens, as all names in configuration are. */
    String name(String key) {
        String value = get(key, String.class);
        checkName(key, value);
        return value;
    }

    void checkName(String key, String value) {
        if (!NAME.matcher(value).matches()) {
            throw error(
                    key,
                    "must be 1 to 64 lower-case letters, digits and hyphens, beginning with a letter: '%s'"
                            .formatted(value));
        }
    }

    /** Empty where the key is absent. */
    <T> List<T> list(String key, Class<T> type) {
        return elements(key, (place, value) -> bind(place, value, type));
    }

    /** What a reader makes of each; empty where the key is absent. */
    <T> List<T> each(String key, Function<ConfigNode, T> reader) {
        return elements(key, (place, value) -> node(place, value).read(reader));
    }

    /** Places of a list, for who reads them in a way of its own. */
    List<ConfigNode> nodes(String key) {
        return elements(key, this::node);
    }

    /** This place, when it has all these keys. */
    ConfigNode require(String... keys) {
        asked.addAll(List.of(keys));
        for (String key : keys) {
            if (!has(key)) {
                throw missing(key);
            }
        }
        return this;
    }

    /** The place below a key, without keys where it is absent. */
    ConfigNode child(String key) {
        return given(key)
                .map(value -> node(key, value))
                .orElseGet(() -> new ConfigNode(yaml, place(key), tree.objectNode()));
    }

    /** What a reader makes of each key, where the file chooses them. */
    <T> void forEachKey(Class<T> type, BiConsumer<String, T> reader) {
        tree.propertyNames().forEach(key -> reader.accept(key, get(key, type)));
    }

    /** The places below all keys, where the file chooses those. */
    <T> Map<String, T> byKey(BiFunction<String, ConfigNode, T> reader) {
        Map<String, T> byKey = new LinkedHashMap<>();
        tree.propertyNames()
                .forEach(key -> byKey.put(key, require(key).child(key).read(at -> reader.apply(key, at))));
        return byKey;
    }

    boolean has(String key) {
        return given(key).isPresent();
    }

    private Optional<JsonNode> given(String key) {
        asked.add(key);
        return tree.hasNonNull(key) ? Optional.of(tree.get(key)) : Optional.empty(); // "key:" alone says nothing
    }

    private List<String> unasked() {
        return tree.propertyNames().stream().filter(key -> !asked.contains(key)).toList();
    }

    /* Where a key is misspelt, the reader misses the right one before all keys are known. */
    private ConfigException missing(String key) {
        List<String> unread = unasked();
        return error(key, "is missing" + (unread.isEmpty() ? "" : "; not read: " + String.join(", ", unread)));
    }

    private String place(String key) {
        return path.isEmpty() || key.isEmpty() ? path + key : path + "." + key;
    }

    private <T> List<T> elements(String key, BiFunction<String, JsonNode, T> reader) {
        Optional<JsonNode> list = given(key);
        if (list.isEmpty()) {
            return List.of();
        }
        if (!(list.get() instanceof ArrayNode array)) {
            throw error(key, "must be a list");
        }
        List<T> values = new ArrayList<>();
        for (JsonNode value : array) {
            String place = "%s[%d]".formatted(key, values.size());
            if (value.isNull()) {
                throw error(place, "is missing");
            }
            values.add(reader.apply(place, value));
        }
        return values;
    }

    private ConfigNode node(String key, JsonNode value) {
        if (!(value instanceof ObjectNode object)) {
            throw error(key, "must be keys and values");
        }
        return new ConfigNode(yaml, place(key), object);
    }

    private <T> T bind(String key, JsonNode value, Class<T> type) {
        if (type.isEnum()) {
            String word = bind(key, value, String.class);
            return Stream.of(type.getEnumConstants())
                    .filter(constant ->
                            JacksonFailures.wireName((Enum<?>) constant).equals(word))
                    .findFirst()
                    .orElseThrow(() -> error(key, "must be %s: '%s'".formatted(JacksonFailures.expected(type), word)));
        }
        return checked(key, () -> {
            try {
                return ServiceYaml.MAPPER.treeToValue(value, type);
            } catch (JacksonException e) {
                throw error(key, JacksonFailures.rule(e));
            }
        });
    }

    @SuppressWarnings("unchecked") // a value is of its own class
    private static <T> Class<T> type(T value) {
        return (Class<T>) (value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass());
    }
}
