package repscorer.json;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Wire records to JSON and back. Unknown keys are skipped, so that a newer server can be read; a key that its record does not
 * call nullable must be there, so that what was read is whole. Safe for concurrent use.
 */
public final class WireJson {

    private static final int MESSAGE_CHARS_MAX = 300;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** The components of a record class that can be null. */
    private static final ClassValue<List<RecordComponent>> COMPONENTS = new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .filter(component -> !component.getType().isPrimitive())
                    .toList();
        }
    };

    private WireJson() {}

    public static byte[] write(Object body) {
        return MAPPER.writeValueAsBytes(body);
    }

    /** @throws UnreadableJsonException for anything but one whole {@code type} */
    public static <T extends Record> T read(byte[] json, Class<T> type) throws UnreadableJsonException {
        T value = parse(json, MAPPER.constructType(type), type.getSimpleName());
        checkWhole(value, type.getSimpleName());
        return value;
    }

    /** @throws UnreadableJsonException for anything but an array of whole {@code element}s */
    public static <T extends Record> List<T> readList(byte[] json, Class<T> element) throws UnreadableJsonException {
        String name = element.getSimpleName();
        JavaType type = MAPPER.getTypeFactory().constructCollectionType(List.class, element);
        List<T> values = parse(json, type, name + "[]");
        checkElements(values, name);
        return List.copyOf(values);
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // both callers construct the type from the class they return
    private static <T> T parse(byte[] json, JavaType type, String name) throws UnreadableJsonException {
        if (json.length == 0) {
            throw new UnreadableJsonException("the body is empty where %s is expected".formatted(name));
        }
        T value;
        try {
            value = MAPPER.readValue(json, type);
        } catch (JacksonException e) {
            throw new UnreadableJsonException(clip("not %s: %s".formatted(name, e.getOriginalMessage())), e);
        }
        if (value == null) {
            throw new UnreadableJsonException("the body is null where %s is expected".formatted(name));
        }
        return value;
    }

    private static void checkWhole(Record value, String place) throws UnreadableJsonException {
        for (RecordComponent component : COMPONENTS.get(value.getClass())) {
            String at = place + "." + component.getName();
            Object part = valueOf(component, value);
            switch (part) {
                case null -> {
                    if (!isNullable(component)) {
                        throw new UnreadableJsonException("%s is missing".formatted(at));
                    }
                }
                case Record nested -> checkWhole(nested, at);
                case List<?> list -> checkElements(list, at);
                default -> {}
            }
        }
    }

    private static void checkElements(List<?> list, String place) throws UnreadableJsonException {
        int row = 0;
        for (Object element : list) {
            if (element == null) {
                throw new UnreadableJsonException("%s[%s] is null".formatted(place, row));
            }
            if (element instanceof Record nested) {
                checkWhole(nested, "%s[%s]".formatted(place, row));
            }
            row++;
        }
    }

    private static boolean isNullable(RecordComponent component) {
        AnnotatedType type = component.getAnnotatedType();
        return type.isAnnotationPresent(Nullable.class);
    }

    private static @Nullable Object valueOf(RecordComponent component, Record value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("wire records and their accessors are public: " + component, e);
        }
    }

    private static String clip(String text) {
        return text.length() <= MESSAGE_CHARS_MAX ? text : text.substring(0, MESSAGE_CHARS_MAX - 3) + "...";
    }
}
