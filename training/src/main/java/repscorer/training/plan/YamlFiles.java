package repscorer.training.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads YAML files into records, strictly: keys in kebab-case, unknown and repeated keys refused, every complaint with the
 * line it is about. Safe for concurrent use.
 *
 * <p>A record (or its nested record {@code Defaults}) held in a static field {@code DEFAULT} gives the values of keys that a
 * file leaves out; keys without a default are required, except {@link Optional} ones. Durations are written {@code 250ms},
 * {@code 8h}, {@code 14d}; kinds and ids as their text; enums in kebab-case.
 */
public final class YamlFiles {

    /*
     * The file is first read into a tree, noting the line of every value; then defaults are filled in along the record types;
     * then the tree is bound. Whatever binding or a record's constructor complains about has a path, and the path has a line.
     */

    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    private static final ObjectMapper BINDER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enumNamingStrategy(EnumNamingStrategies.KEBAB_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .addModule(new SimpleModule("repscorer")
                    .addDeserializer(Duration.class, new DurationReader())
                    .addSerializer(Duration.class, new DurationWriter())
                    .addDeserializer(EntityKind.class, new KindReader())
                    .addSerializer(EntityKind.class, new TextWriter<>(EntityKind.class))
                    .addDeserializer(EntityId.class, new IdReader())
                    .addSerializer(EntityId.class, new TextWriter<>(EntityId.class)))
            .build();

    private YamlFiles() {}

    /**
     * Reads a file.
     *
     * @throws PlanException when the file is missing, is no YAML, or breaks a rule
     */
    public static <T extends Record> T read(Path file, Class<T> type) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new PlanException(file, 0, "the file does not exist", e);
        } catch (IOException e) {
            throw new PlanException(file, 0, "the file cannot be read: " + e.getMessage(), e);
        }
        return parse(file, text, type);
    }

    /**
     * Reads text as if it were a file's content.
     *
     * @param file the name in complaints
     */
    public static <T extends Record> T parse(Path file, String text, Class<T> type) {
        HashMap<String, Integer> lines = new HashMap<>();
        JsonNode tree;
        try (JsonParser parser = YAML.createParser(text)) {
            parser.nextToken();
            tree = parser.currentToken() == null ? BINDER.createObjectNode() : tree(parser, "", lines, file);
        } catch (StreamReadException e) {
            TokenStreamLocation at = e.getLocation();
            throw new PlanException(file, at == null ? 0 : at.getLineNr(), "is no YAML: " + firstLine(e), e);
        }
        if (!(tree instanceof ObjectNode object)) {
            throw new PlanException(file, 1, "the file must hold keys and values", new IllegalArgumentException(text));
        }
        fillDefaults(object, type);
        try {
            return BINDER.treeToValue(object, type);
        } catch (JacksonException e) {
            throw complaint(file, lines, e);
        }
    }

    /** Writes any of the project's records as JSON text, keys in kebab-case, the same value always the same text. */
    public static String toJson(Object value) {
        return BINDER.writeValueAsString(value);
    }

    /**
     * Writes a value beside a file and renames it, so that a file under its name is always whole.
     *
     * @throws IOException when the disk refuses
     */
    public static void writeJson(Path file, Object value) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(temporary, toJson(value) + "\n");
        Files.move(temporary, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    /** Reads JSON that {@link #writeJson} wrote. */
    public static <T> T readJson(Path file, Class<T> type) {
        try {
            return BINDER.readValue(Files.readString(file), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- tree with lines ----

    private static JsonNode tree(JsonParser parser, String path, Map<String, Integer> lines, Path file) {
        lines.put(path, parser.currentTokenLocation().getLineNr());
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = BINDER.createObjectNode();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    int line = parser.currentTokenLocation().getLineNr();
                    if (object.has(key)) {
                        throw new PlanException(
                                file,
                                line,
                                "a key must not repeat: '%s'".formatted(key),
                                new IllegalStateException(key));
                    }
                    parser.nextToken();
                    String child = path + "/" + key;
                    object.set(key, tree(parser, child, lines, file));
                    lines.put(child, line);
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = BINDER.createArrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(tree(parser, path + "/" + array.size(), lines, file));
                }
                yield array;
            }
            default -> parser.readValueAsTree();
        };
    }

    // ---- defaults ----

    private static void fillDefaults(ObjectNode object, Type type) {
        if (!(type instanceof Class<?> record) || !record.isRecord()) {
            return;
        }
        Optional<ObjectNode> defaults = defaults(record);
        for (RecordComponent component : record.getRecordComponents()) {
            String key = kebab(component.getName());
            if (!object.has(key) && defaults.isPresent() && defaults.get().has(key)) {
                object.set(key, defaults.get().get(key));
            }
            descend(object.get(key), component.getGenericType());
        }
    }

    private static void descend(@Nullable JsonNode node, Type type) {
        Type plain = type;
        if (type instanceof ParameterizedType p) {
            Class<?> raw = (Class<?>) p.getRawType();
            Type[] arguments = p.getActualTypeArguments();
            if (raw == Optional.class) {
                plain = arguments[0];
            } else if (Collection.class.isAssignableFrom(raw) && node instanceof ArrayNode array) {
                array.forEach(element -> descend(element, arguments[0]));
                return;
            } else if (raw == Map.class && node instanceof ObjectNode map) {
                map.forEach(value -> descend(value, arguments[1]));
                return;
            }
        }
        if (node instanceof ObjectNode object) {
            fillDefaults(object, plain);
        }
    }

    private static Optional<ObjectNode> defaults(Class<?> record) {
        for (Field field : record.getDeclaredFields()) {
            if (field.getName().equals("DEFAULT") && Modifier.isStatic(field.getModifiers())) {
                try {
                    field.setAccessible(true);
                    return Optional.of(BINDER.valueToTree(field.get(null)));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return Optional.empty();
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    // ---- complaints ----

    private static PlanException complaint(Path file, Map<String, Integer> lines, JacksonException e) {
        StringBuilder path = new StringBuilder();
        StringBuilder shown = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            boolean named = step.getPropertyName() != null;
            path.append('/').append(named ? step.getPropertyName() : String.valueOf(step.getIndex()));
            if (named) {
                shown.append(shown.isEmpty() ? "" : ".").append(step.getPropertyName());
            } else {
                shown.append('[').append(step.getIndex()).append(']');
            }
        }
        String rule = rule(e, shown.toString());
        return new PlanException(file, line(lines, path.toString()), rule, e);
    }

    private static String rule(JacksonException e, String shown) {
        String message = firstLine(e);
        if (e instanceof UnrecognizedPropertyException u) {
            return "unknown key '%s'; known are %s".formatted(shown, known(u.getKnownPropertyIds()));
        }
        if (e.getCause() instanceof IllegalArgumentException cause) {
            return prefix(shown) + cause.getMessage();
        }
        if (message.contains("Missing creator property") || message.contains("Null value for creator property")) {
            return "a key is missing: '%s'".formatted(shown);
        }
        if (e instanceof InvalidFormatException f) {
            return "%s: '%s' is not %s".formatted(shown, f.getValue(), words(f.getTargetType()));
        }
        if (e instanceof MismatchedInputException m) {
            return "%s: expects %s".formatted(shown.isEmpty() ? "the file" : shown, words(m.getTargetType()));
        }
        return prefix(shown) + message;
    }

    private static String prefix(String shown) {
        return shown.isEmpty() ? "" : shown + ": ";
    }

    private static String known(@Nullable Collection<Object> keys) {
        return keys == null
                ? "none"
                : String.join(", ", keys.stream().map(Object::toString).sorted().toList());
    }

    private static String words(@Nullable Class<?> type) {
        if (type == null) {
            return "something else";
        }
        if (type.isEnum()) {
            return "one of "
                    + String.join(
                            ", ",
                            List.of(type.getEnumConstants()).stream()
                                    .map(c -> BINDER.valueToTree(c).asString())
                                    .toList());
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number";
        }
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        if (Map.class.isAssignableFrom(type) || type.isRecord()) {
            return "keys and values";
        }
        return "a " + type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** The line of a path, or of the nearest thing around it that the file holds. */
    private static int line(Map<String, Integer> lines, String path) {
        for (String at = path; ; at = at.substring(0, at.lastIndexOf('/'))) {
            Integer line = lines.get(at);
            if (line != null) {
                return line;
            }
            if (at.isEmpty()) {
                return 0;
            }
        }
    }

    private static String firstLine(JacksonException e) {
        return String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    }

    // ---- values ----

    private static final class DurationReader extends StdDeserializer<Duration> {
        DurationReader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) {
            String text = parser.getString();
            Matcher m = DURATION.matcher(text.strip());
            if (!m.matches()) {
                throw context.weirdStringException(text, Duration.class, "a duration is written 250ms, 30s, 8h or 14d");
            }
            long n = Long.parseLong(m.group(1));
            return switch (m.group(2)) {
                case "ms" -> Duration.ofMillis(n);
                case "s" -> Duration.ofSeconds(n);
                case "m" -> Duration.ofMinutes(n);
                case "h" -> Duration.ofHours(n);
                default -> Duration.ofDays(n);
            };
        }
    }

    private static final class DurationWriter extends StdSerializer<Duration> {
        DurationWriter() {
            super(Duration.class);
        }

        @Override
        public void serialize(Duration value, JsonGenerator generator, SerializationContext context) {
            long ms = value.toMillis();
            if (ms % 86_400_000 == 0) {
                generator.writeString(ms / 86_400_000 + "d");
            } else if (ms % 3_600_000 == 0) {
                generator.writeString(ms / 3_600_000 + "h");
            } else if (ms % 1000 == 0) {
                generator.writeString(ms / 1000 + "s");
            } else {
                generator.writeString(ms + "ms");
            }
        }
    }

    private static final class KindReader extends StdDeserializer<EntityKind> {
        KindReader() {
            super(EntityKind.class);
        }

        @Override
        public EntityKind deserialize(JsonParser parser, DeserializationContext context) {
            return new EntityKind(parser.getString());
        }
    }

    private static final class IdReader extends StdDeserializer<EntityId> {
        IdReader() {
            super(EntityId.class);
        }

        @Override
        public EntityId deserialize(JsonParser parser, DeserializationContext context) {
            return EntityId.parse(parser.getString());
        }
    }

    private static final class TextWriter<T> extends StdSerializer<T> {
        TextWriter(Class<T> type) {
            super(type);
        }

        @Override
        public void serialize(T value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(value.toString());
        }
    }
}
