package repscorer.yaml;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Binds trees to records, strictly: keys in kebab-case, unknown keys refused, no fraction taken for a whole number.
 *
 * <p>A record (or its nested record {@code Defaults}) held in a static field {@code DEFAULT} gives the values of keys that a
 * file leaves out. Durations are written {@code 250ms}, {@code 8h}, {@code 14d}, instants {@code 2012-07-06T00:00:00Z}; kinds and ids as their text; enums in
 * kebab-case.
 */
public final class Records {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,11})\\s*(ms|s|m|h|d)");

    private Records() {}

    /** The mapper of all files, for a family of files to add to. */
    public static JsonMapper.Builder mapper() {
        return JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                .enumNamingStrategy(EnumNamingStrategies.KEBAB_CASE)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .addModule(text(Duration.class, Records::duration, Records::text))
                .addModule(text(Instant.class, Records::instant, Instant::toString))
                .addModule(text(EntityKind.class, EntityKind::new, EntityKind::toString))
                .addModule(text(EntityId.class, EntityId::parse, EntityId::toString));
    }

    /** Values that files hold as text; what {@code read} refuses with an {@link IllegalArgumentException} is told in its words. */
    public static <T> SimpleModule text(Class<T> type, Function<String, T> read, Function<T, String> write) {
        return new SimpleModule(type.getName())
                .addDeserializer(type, new StdDeserializer<>(type) {
                    @Override
                    public T deserialize(JsonParser parser, DeserializationContext context) {
                        return read.apply(parser.getValueAsString(""));
                    }
                })
                .addSerializer(type, new StdSerializer<>(type) {
                    @Override
                    public void serialize(T value, JsonGenerator generator, SerializationContext context) {
                        generator.writeString(write.apply(value));
                    }
                });
    }

    static <T> T bind(JsonMapper mapper, ObjectNode tree, Class<T> type) {
        ObjectNode filled = tree.deepCopy();
        fillDefaults(mapper, filled, type);
        return mapper.treeToValue(filled, type);
    }

    private static void fillDefaults(JsonMapper mapper, ObjectNode object, Type type) {
        if (!(type instanceof Class<?> record) || !record.isRecord()) {
            return;
        }
        Optional<ObjectNode> defaults = defaults(mapper, record);
        for (RecordComponent component : record.getRecordComponents()) {
            String key = component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (!object.hasNonNull(key)
                    && defaults.isPresent()
                    && defaults.get().has(key)) { // "key:" alone says nothing
                object.set(key, defaults.get().get(key));
            }
            descend(mapper, object.get(key), component.getGenericType());
        }
    }

    private static void descend(JsonMapper mapper, @Nullable JsonNode node, Type type) {
        Type plain = type;
        if (type instanceof ParameterizedType p) {
            Class<?> raw = (Class<?>) p.getRawType();
            Type[] arguments = p.getActualTypeArguments();
            if (raw == Optional.class) {
                plain = arguments[0];
            } else if (Collection.class.isAssignableFrom(raw) && node instanceof ArrayNode array) {
                array.forEach(element -> descend(mapper, element, arguments[0]));
                return;
            } else if (raw == Map.class && node instanceof ObjectNode map) {
                map.forEach(value -> descend(mapper, value, arguments[1]));
                return;
            }
        }
        if (node instanceof ObjectNode object) {
            fillDefaults(mapper, object, plain);
        }
    }

    private static Optional<ObjectNode> defaults(JsonMapper mapper, Class<?> record) {
        for (Field field : record.getDeclaredFields()) {
            if (field.getName().equals("DEFAULT") && Modifier.isStatic(field.getModifiers())) {
                try {
                    field.setAccessible(true);
                    return Optional.of(mapper.valueToTree(field.get(null)));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return Optional.empty();
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'%s' is not a time such as 2012-07-06T00:00:00Z".formatted(text), e);
        }
    }

    /** @throws IllegalArgumentException for text that is no duration as files write them */
    public static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "a duration is a whole number with ms, s, m or h, or d for days, such as 250ms: '%s'"
                            .formatted(text));
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static String text(Duration value) {
        long ms = value.toMillis();
        if (ms % 86_400_000 == 0) {
            return ms / 86_400_000 + "d";
        }
        if (ms % 3_600_000 == 0) {
            return ms / 3_600_000 + "h";
        }
        return ms % 1000 == 0 ? ms / 1000 + "s" : ms + "ms";
    }
}
