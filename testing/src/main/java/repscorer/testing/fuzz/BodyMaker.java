package repscorer.testing.fuzz;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as a schema has it, and JSON that is almost so. Trees are maps, lists, numbers, truths and texts; a {@link Raw} stands for
 * itself, whether it is JSON or not. For one request.
 */
final class BodyMaker {

    /** What is written as it is. */
    private record Raw(String text) {}

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int DEPTH_MAX = 9;

    private final JsonNode document;
    private final String operation;
    private final RandomGenerator random;

    BodyMaker(JsonNode document, String operation, RandomGenerator random) {
        this.document = document;
        this.operation = operation;
        this.random = random;
    }

    /** What a schema allows, mostly of words that the service knows. */
    String valid(JsonNode schema) {
        return text(value(schema, "", 0));
    }

    /** A value for a parameter of an address. */
    String parameter(String name, JsonNode schema) {
        Object value = value(schema, name, 0);
        return value instanceof List<?> list
                ? String.join(",", list.stream().map(String::valueOf).toList())
                : String.valueOf(value);
    }

    /** @param json changed in one to three places, some of which are no JSON any more */
    String mutated(String json) {
        Object tree;
        try {
            tree = tree(JSON.readTree(json));
        } catch (RuntimeException e) {
            return new String(Hostile.mutated(json.getBytes(StandardCharsets.UTF_8), random), StandardCharsets.UTF_8);
        }
        for (int steps = 1 + random.nextInt(3); steps > 0; steps--) {
            tree = changed(tree);
        }
        String text = text(tree);
        return random.nextInt(12) == 0
                ? text + List.of(" {}", ",", "\0", " 1", "]").get(random.nextInt(5))
                : text;
    }

    private Object value(JsonNode given, String place, int depth) {
        JsonNode schema = resolved(given);
        List<JsonNode> choices = new ArrayList<>();
        for (String several : List.of("oneOf", "anyOf")) {
            schema.path(several).values().forEach(choices::add);
        }
        if (!choices.isEmpty()) {
            return value(choices.get(random.nextInt(choices.size())), place, depth);
        }
        if (schema.has("enum")) {
            return String.valueOf(schema.path("enum")
                    .get(random.nextInt(schema.path("enum").size()))
                    .asString(""));
        }
        return switch (type(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, place, depth);
            case "integer" -> number(schema, true);
            case "number" -> number(schema, false);
            case "boolean" -> random.nextBoolean();
            default -> word(schema, place);
        };
    }

    private JsonNode resolved(JsonNode schema) {
        JsonNode at = schema;
        for (int hops = 0; hops < 8 && at.has("$ref"); hops++) {
            at = document.at(at.path("$ref").asString().substring(1));
        }
        return at;
    }

    private String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        String named = type.isArray() ? type.get(random.nextInt(type.size())).asString("") : type.asString("");
        return named.isEmpty() && (schema.has("properties") || schema.has("additionalProperties")) ? "object" : named;
    }

    private Map<String, Object> object(JsonNode schema, int depth) {
        Map<String, Object> object = new LinkedHashMap<>();
        List<String> required = schema.path("required").values().stream()
                .map(JsonNode::asString)
                .toList();
        schema.path("properties").properties().forEach(property -> {
            boolean wanted = required.contains(property.getKey());
            if (wanted || depth < DEPTH_MAX && random.nextInt(3) == 0) {
                object.put(property.getKey(), value(property.getValue(), property.getKey(), depth + 1));
            }
        });
        JsonNode more = schema.path("additionalProperties");
        if (more.isObject() && depth < DEPTH_MAX) {
            for (int i = random.nextInt(3); i > 0; i--) {
                object.put(
                        List.of("columns.twhin.weight", "country", "cluster:1", "seed")
                                .get(random.nextInt(4)),
                        value(more, "", depth + 1));
            }
        }
        return object;
    }

    private List<Object> array(JsonNode schema, String place, int depth) {
        List<Object> list = new ArrayList<>();
        int count = random.nextInt(20) == 0 ? Vocabulary.DIMENSION : random.nextInt(4);
        for (int i = depth < DEPTH_MAX ? Math.max(count, schema.path("minItems").asInt(0)) : 0; i > 0; i--) {
            list.add(value(schema.path("items"), place, depth + 1));
        }
        return list;
    }

    private Object number(JsonNode schema, boolean whole) {
        double least = schema.path("minimum").asDouble(0);
        double most = schema.path("maximum").asDouble(Math.max(least, 0) + 20);
        if (random.nextInt(6) == 0) {
            return whole ? (Object) BigInteger.valueOf((long) most) : (Object) most;
        }
        double value = least + random.nextDouble() * Math.min(most - least, 50);
        return whole ? (Object) (long) value : (Object) value;
    }

    private String word(JsonNode schema, String place) {
        String known = Vocabulary.word(operation, place, random);
        if (!known.isEmpty() && random.nextInt(8) != 0) {
            return known;
        }
        List<JsonNode> examples = new ArrayList<>(schema.path("examples").values());
        if (schema.has("example")) {
            examples.add(schema.path("example"));
        }
        String example = examples.isEmpty()
                ? ""
                : examples.get(random.nextInt(examples.size())).asString("");
        return example.isEmpty() ? "w" + random.nextInt(5) : example;
    }

    private static @Nullable Object tree(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> object = new LinkedHashMap<>();
            node.properties().forEach(property -> object.put(property.getKey(), tree(property.getValue())));
            return object;
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.values().forEach(value -> list.add(tree(value)));
            return list;
        }
        return node.isString() ? node.asString() : new Raw(node.toString());
    }

    /* Goes down by chance, and changes the place where it stops. */
    @SuppressWarnings("unchecked")
    private @Nullable Object changed(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> && random.nextInt(6) != 0) {
            Map<String, Object> object = new LinkedHashMap<>((Map<String, Object>) tree);
            List<String> keys = new ArrayList<>(object.keySet());
            if (keys.isEmpty() || random.nextInt(5) == 0) {
                return keysChanged(object, keys);
            }
            String key = keys.get(random.nextInt(keys.size()));
            object.put(key, changed(object.get(key)));
            return object;
        }
        if (tree instanceof List<?> && random.nextInt(6) != 0) {
            List<Object> list = new ArrayList<>((List<Object>) tree);
            if (list.isEmpty() || random.nextInt(4) == 0) {
                return listChanged(list);
            }
            int at = random.nextInt(list.size());
            list.set(at, changed(list.get(at)));
            return list;
        }
        return other(tree);
    }

    private Map<String, Object> keysChanged(Map<String, Object> object, List<String> keys) {
        String key = keys.isEmpty() ? "" : keys.get(random.nextInt(keys.size()));
        switch (random.nextInt(4)) {
            case 0 -> object.remove(key);
            case 1 -> object.put(random.nextBoolean() ? "tooMany" : Hostile.text(random), 1L);
            case 2 -> object.put("\u0001" + key, new Raw("1")); // the same key again: see text()
            default -> {
                Object value = object.remove(key);
                object.put(key.toUpperCase(java.util.Locale.ROOT) + " ", value);
            }
        }
        return object;
    }

    private List<Object> listChanged(List<Object> list) {
        switch (random.nextInt(4)) {
            case 0 -> list.clear();
            case 1 -> list.add(new Raw("null"));
            case 2 ->
                list.addAll(List.copyOf(
                        list.stream().filter(java.util.Objects::nonNull).toList()));
            default -> {
                Object first = list.isEmpty() ? "user:1" : list.getFirst();
                int count = random.nextInt(20) == 0 ? 12_000 : 300;
                for (int i = 0; i < count; i++) {
                    list.add(first);
                }
            }
        }
        return list;
    }

    private Object other(@Nullable Object value) {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> new Raw(Hostile.number(random));
            case 3, 4 -> Hostile.text(random);
            case 5 -> new Raw("null");
            case 6 ->
                new Raw(List.of("true", "{}", "[]", "[[]]", "{\"a\":{}}", "1").get(random.nextInt(6)));
            case 7 -> new Raw(Hostile.broken(random));
            case 8 -> deep();
            default -> List.of(value == null ? "user:2" : value);
        };
    }

    private Raw deep() {
        int depth = List.of(10, 63, 64, 65, 500, 20_000).get(random.nextInt(6));
        String open = random.nextBoolean() ? "[" : "{\"not\":";
        return new Raw(open.repeat(depth) + "1" + (open.equals("[") ? "]" : "}").repeat(depth));
    }

    private static String text(@Nullable Object tree) {
        StringBuilder text = new StringBuilder();
        write(tree, text);
        return text.toString();
    }

    private static void write(@Nullable Object tree, StringBuilder text) {
        switch (tree) {
            case null -> text.append("null");
            case Raw raw -> text.append(raw.text());
            case String word -> text.append(JSON.writeValueAsString(word.replaceAll("[\\uD800-\\uDFFF]", "?")));
            case BigDecimal number -> text.append(number.toPlainString());
            case Map<?, ?> object -> {
                text.append('{');
                object.forEach((key, value) -> {
                    text.append(text.charAt(text.length() - 1) == '{' ? "" : ",");
                    write(String.valueOf(key).replace("\u0001", ""), text);
                    text.append(':');
                    write(value, text);
                });
                text.append('}');
            }
            case List<?> list -> {
                text.append('[');
                for (int i = 0; i < list.size(); i++) {
                    text.append(i == 0 ? "" : ",");
                    write(list.get(i), text);
                }
                text.append(']');
            }
            default -> text.append(tree);
        }
    }
}
