package repscorer.stores;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A segment as a line of JSON, and back. Text, booleans and lists are what JSON has; what JSON would not tell apart goes by its type:
 * {@code {"int":"1"}}.
 *
 * @param segment none where the line takes the id away
 */
record SegmentLine(String id, Optional<Segment> segment) {

    private static final JsonMapper JSON = JsonMapper.shared();

    byte[] bytes() {
        ObjectNode line = JsonNodeFactory.instance.objectNode().put("id", id);
        segment.ifPresent(kept -> {
            kept.text().ifPresent(text -> line.put("text", text));
            ObjectNode metadata = line.putObject("metadata");
            kept.metadata().forEach((name, value) -> metadata.set(name, node(value)));
        });
        return (JSON.writeValueAsString(line) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /** @throws IOException for what is no such line */
    static SegmentLine of(byte[] bytes) throws IOException {
        try {
            JsonNode line = JSON.readTree(bytes);
            JsonNode metadata = line.path("metadata");
            if (!line.path("id").isString()) {
                throw new IOException("a line has an id");
            }
            if (!metadata.isObject()) {
                return new SegmentLine(line.path("id").asString(), Optional.empty());
            }
            Map<String, Object> values = new HashMap<>();
            for (Map.Entry<String, JsonNode> entry : metadata.properties()) {
                values.put(entry.getKey(), value(entry.getValue()));
            }
            Optional<String> text =
                    line.has("text") ? Optional.of(line.path("text").asString()) : Optional.empty();
            return new SegmentLine(line.path("id").asString(), Optional.of(new Segment(text, values)));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static JsonNode node(Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (value) {
            case String text -> nodes.stringNode(text);
            case Boolean truth -> nodes.booleanNode(truth);
            case Integer number -> typed("int", number);
            case Long number -> typed("long", number);
            case Float number -> typed("float", number);
            case Double number -> typed("double", number);
            case UUID uuid -> typed("uuid", uuid);
            case List<?> list -> {
                ArrayNode array = nodes.arrayNode();
                list.forEach(each -> array.add(node(each)));
                yield array;
            }
            default -> throw new IllegalStateException("a segment checks its metadata: " + value.getClass());
        };
    }

    private static ObjectNode typed(String type, Object value) {
        return JsonNodeFactory.instance.objectNode().put(type, value.toString());
    }

    private static Object value(JsonNode node) throws IOException {
        if (node.isString()) {
            return node.asString();
        }
        if (node.isBoolean()) {
            return node.asBoolean();
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            for (JsonNode each : node) {
                list.add(value(each));
            }
            return List.copyOf(list);
        }
        for (Map.Entry<String, JsonNode> typed : node.properties()) {
            String text = typed.getValue().asString();
            switch (typed.getKey()) {
                case "int" -> {
                    return Integer.valueOf(text);
                }
                case "long" -> {
                    return Long.valueOf(text);
                }
                case "float" -> {
                    return Float.valueOf(text);
                }
                case "double" -> {
                    return Double.valueOf(text);
                }
                case "uuid" -> {
                    return UUID.fromString(text);
                }
                default -> {}
            }
        }
        throw new IOException("metadata of a type nobody writes: " + node);
    }
}
