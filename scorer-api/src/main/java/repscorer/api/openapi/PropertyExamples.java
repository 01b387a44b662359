package repscorer.api.openapi;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gives each property an example: what stands in its place in an operation's examples, else in those of schemas, a file that has what no
 * operation shows. A property that refers to a schema has that one's.
 */
final class PropertyExamples {

    private static final String FILE = "/repscorer/openapi/schema-examples.json";
    private static final String REF = "#/components/schemas/";

    /** Entries of a list that are shown: an example of a vector need not be as long as one. */
    private static final int ENTRIES_MAX = 3;

    private final Map<String, Schema<?>> schemas = new LinkedHashMap<>();

    private PropertyExamples(OpenAPI document) {
        document.getComponents().getSchemas().forEach(schemas::put);
    }

    /** @param document whose operations have their examples already */
    static void complete(OpenAPI document) {
        PropertyExamples examples = new PropertyExamples(document);
        document.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .flatMap(PropertyExamples::contents)
                .forEach(examples::give);
        ofSchemas().forEach((name, value) -> examples.give(new Schema<>().$ref(REF + name), value));
    }

    private static Stream<Content> contents(Operation operation) {
        return Stream.concat(
                        Stream.ofNullable(operation.getRequestBody()).map(body -> body.getContent()),
                        operation.getResponses().values().stream().map(answer -> answer.getContent()))
                .filter(Objects::nonNull);
    }

    private static Map<?, ?> ofSchemas() {
        try (InputStream in = Objects.requireNonNull(PropertyExamples.class.getResourceAsStream(FILE), FILE)) {
            return JsonMapper.shared().readValue(in, Map.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void give(Content content) {
        content.values().stream()
                .filter(type -> type.getExamples() != null)
                .forEach(type -> type.getExamples().values().forEach(each -> give(type.getSchema(), each.getValue())));
    }

    private void give(@Nullable Schema<?> schema, @Nullable Object value) {
        if (schema == null || value == null) {
            return;
        }
        if (schema.get$ref() != null && value instanceof Map<?, ?> object) {
            Schema<?> named =
                    Objects.requireNonNull(schemas.get(schema.get$ref().substring(REF.length())));
            object.forEach((key, part) -> property(named, String.valueOf(key), part));
        }
        if (schema.getItems() != null && value instanceof Collection<?> list) {
            list.forEach(each -> give(schema.getItems(), each));
        }
        if (schema.getAdditionalProperties() instanceof Schema<?> inner && value instanceof Map<?, ?> map) {
            map.values().forEach(each -> give(inner, each));
        }
    }

    private void property(Schema<?> named, String key, @Nullable Object value) {
        Schema<?> property =
                named.getProperties() == null ? null : named.getProperties().get(key);
        if (property == null || value == null) {
            return;
        }
        if (property.get$ref() == null && property.getExamples() == null && !isEmpty(value)) {
            exemplify(property, shortened(value));
        }
        give(property, value);
    }

    /** The library types examples as the schema, which a map of examples does not know. */
    @SuppressWarnings("unchecked")
    private static void exemplify(Schema<?> property, Object value) {
        ((Schema<Object>) property).setExamples(List.of(value));
    }

    private static boolean isEmpty(Object value) {
        return value instanceof Collection<?> list && list.isEmpty() || value instanceof Map<?, ?> map && map.isEmpty();
    }

    /* Objects stay whole, for a schema may need all of their keys. */
    private static Object shortened(Object value) {
        if (value instanceof Collection<?> list) {
            return list.stream()
                    .limit(ENTRIES_MAX)
                    .map(PropertyExamples::shortened)
                    .toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> whole = new LinkedHashMap<>();
            map.forEach((key, part) -> whole.put(key, shortened(part)));
            return whole;
        }
        return value;
    }
}
