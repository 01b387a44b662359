package repscorer.api.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityKind;
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
 * <p>A reader says which keys there may be and asks for them by name, each with its type and its default; what the value's own
 * checks refuse is given a place. Not for several threads.
 */
final class ConfigNode {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    private final YamlFile yaml;
    private final String path;
    private final ObjectNode tree;
    private final Set<String> asked = new HashSet<>();

    private ConfigNode(YamlFile yaml, String path, ObjectNode tree) {
        this.yaml = yaml;
        this.path = path;
        this.tree = tree;
    }

    /** Reads a whole file. */
    static <T> T read(YamlFile yaml, Function<ConfigNode, T> reader, String known) {
        return new ConfigNode(yaml, "", yaml.tree()).read(reader, known);
    }

    /** What a reader makes of this place, which has no keys but the known ones, a space between each two. */
    <T> T read(Function<ConfigNode, T> reader, String known) {
        List<String> keys = Stream.of(known.split(" ")).sorted().toList();
        for (String key : tree.propertyNames()) {
            if (!keys.contains(key)) {
                throw error(key, "unknown key; known are " + String.join(", ", keys));
            }
        }
        return checked("", () -> reader.apply(this));
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

    /** Refuses what no reader asked for. */
    void refuseUnread(String rule) {
        for (String key : tree.propertyNames()) {
            if (!asked.contains(key)) {
                throw error(key, rule);
            }
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
        return find(key, type).orElseThrow(() -> error(key, "is missing"));
    }

    /** Numbers, switches, durations, words of an enum. */
    <T> T get(String key, T otherwise) {
        return find(key, type(otherwise)).orElse(otherwise);
    }

    /** A setting's value; its bounds are the caller's to keep. */
    Optional<Object> find(String key, SettingType<?> type) {
        Class<?> values = switch (type) {
            case SettingType.Whole whole -> Integer.class;
            case SettingType.Number number -> Double.class;
            case SettingType.Truth truth -> Boolean.class;
            case SettingType.Word<?> word -> word.type();
        };
        return find(key, values).map(Object.class::cast);
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
    <T> List<T> each(String key, Function<ConfigNode, T> reader, String known) {
        return elements(key, (place, value) -> node(place, value).read(reader, known));
    }

    /** This place, when it has the key. */
    ConfigNode require(String key) {
        if (!has(key)) {
            throw error(key, "is missing");
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

    /** What a reader makes of each key's list, where the file chooses the keys. */
    <T> void forEachList(Class<T> type, BiConsumer<String, List<T>> reader) {
        tree.propertyNames().forEach(key -> reader.accept(key, list(key, type)));
    }

    /** The places below all keys, where the file chooses those. */
    <T> Map<String, T> byKey(BiFunction<String, ConfigNode, T> reader, String known) {
        Map<String, T> byKey = new LinkedHashMap<>();
        tree.propertyNames()
                .forEach(key -> byKey.put(key, require(key).child(key).read(at -> reader.apply(key, at), known)));
        return byKey;
    }

    boolean has(String key) {
        return given(key).isPresent();
    }

    private Optional<JsonNode> given(String key) {
        asked.add(key);
        return tree.hasNonNull(key) ? Optional.of(tree.get(key)) : Optional.empty(); // "key:" alone says nothing
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
            String place = "%s[%s]".formatted(key, values.size());
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
        if (type == EntityKind.class) {
            String kind = bind(key, value, String.class);
            return checked(key, () -> type.cast(new EntityKind(kind)));
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
