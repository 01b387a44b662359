package repscorer.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What the OpenAPI document's schemas are in the languages of the clients: Python's dataclasses and TypeScript's interfaces. */
final class ClientModels {

    private static final int WIDTH = 118;

    /** What a field cannot be called: Python's words, and the names of types that fields have. */
    private static final Set<String> PYTHON_WORDS =
            Set.of("from", "as", "in", "is", "not", "class", "global", "with", "list", "dict", "field");

    private final JsonNode schemas;

    ClientModels(JsonNode document) {
        this.schemas = document.at("/components/schemas");
    }

    String python() {
        StringBuilder text = new StringBuilder();
        text.append(
                "# Made of the service's OpenAPI document by ClientModelsTest, which fails where the two differ. Do not edit.\n");
        text.append("\"\"\"The bodies of requests and answers.\"\"\"\n\n");
        text.append("from __future__ import annotations\n\n");
        text.append("from dataclasses import dataclass, field\nfrom typing import Any, Literal\n");
        for (String name : names()) {
            JsonNode schema = schemas.path(name);
            text.append("\n\n@dataclass(frozen=True, kw_only=True)\nclass ")
                    .append(name)
                    .append(":\n");
            text.append("    \"\"\"");
            List<String> lines = wrapped(schema.path("description").asString(), WIDTH - 10);
            text.append(String.join("\n    ", lines)).append("\"\"\"\n");
            Set<String> required = required(schema);
            schema.path("properties").forEachEntry((key, property) -> {
                text.append('\n');
                wrapped(sentence(property), WIDTH - 6)
                        .forEach(line -> text.append("    # ").append(line).append('\n'));
                boolean needed = required.contains(key);
                String field = pythonName(key);
                text.append("    ").append(field).append(": ").append(pythonType(property));
                text.append(needed ? "" : " | None");
                if (!field.equals(key)) {
                    text.append(" = field(")
                            .append(needed ? "" : "default=None, ")
                            .append("metadata={\"key\": \"")
                            .append(key)
                            .append("\"})");
                } else if (!needed) {
                    text.append(" = None");
                }
                text.append('\n');
            });
        }
        return text.toString();
    }

    static String pythonName(String key) {
        String snake = key.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
        return PYTHON_WORDS.contains(snake) ? snake + "_" : snake;
    }

    private String pythonType(JsonNode schema) {
        if (schema.has("$ref")) {
            return name(schema);
        }
        if (schema.has("anyOf")) {
            return joined(schema.path("anyOf"), this::pythonType);
        }
        if (schema.has("enum")) {
            return "Literal["
                    + schema.path("enum").valueStream().map(JsonNode::toString).collect(Collectors.joining(", ")) + "]";
        }
        return types(schema)
                .map(type -> switch (type) {
                    case "string" -> "str";
                    case "integer" -> "int";
                    case "number" -> "float";
                    case "boolean" -> "bool";
                    case "null" -> "None";
                    case "array" -> "list[" + pythonType(schema.path("items")) + "]";
                    case "object" -> "dict[str, " + pythonType(schema.path("additionalProperties")) + "]";
                    default -> "Any";
                })
                .collect(Collectors.joining(" | "));
    }

    String typescript() {
        StringBuilder text = new StringBuilder();
        text.append(
                "// Made of the service's OpenAPI document by ClientModelsTest, which fails where the two differ. Do not edit.\n");
        for (String name : names()) {
            JsonNode schema = schemas.path(name);
            text.append('\n');
            comment(text, "", schema.path("description").asString());
            text.append("export interface ").append(name).append(" {\n");
            Set<String> required = required(schema);
            schema.path("properties").forEachEntry((key, property) -> {
                comment(text, "  ", sentence(property));
                text.append("  ")
                        .append(key)
                        .append(required.contains(key) ? "" : "?")
                        .append(": ")
                        .append(typescriptType(property))
                        .append(";\n");
            });
            text.append("}\n");
        }
        return text.toString();
    }

    private static void comment(StringBuilder text, String indent, String words) {
        List<String> lines = wrapped(words, WIDTH - 8);
        if (lines.size() == 1) {
            text.append("%s/** %s */\n".formatted(indent, lines.getFirst()));
        } else {
            text.append(indent).append("/**\n");
            lines.forEach(line -> text.append("%s * %s\n".formatted(indent, line)));
            text.append(indent).append(" */\n");
        }
    }

    private String typescriptType(JsonNode schema) {
        if (schema.has("$ref")) {
            return name(schema);
        }
        if (schema.has("anyOf")) {
            return joined(schema.path("anyOf"), this::typescriptType);
        }
        if (schema.has("enum")) {
            return schema.path("enum").valueStream().map(JsonNode::toString).collect(Collectors.joining(" | "));
        }
        return types(schema)
                .map(type -> switch (type) {
                    case "string", "boolean", "null" -> type;
                    case "integer", "number" -> "number";
                    case "array" -> {
                        String of = typescriptType(schema.path("items"));
                        yield of.contains(" ") ? "(" + of + ")[]" : of + "[]";
                    }
                    case "object" -> "Record<string, " + typescriptType(schema.path("additionalProperties")) + ">";
                    default -> "unknown";
                })
                .collect(Collectors.joining(" | "));
    }

    private List<String> names() {
        return schemas.propertyStream()
                .map(java.util.Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static String name(JsonNode schema) {
        String ref = schema.path("$ref").asString();
        return ref.substring(ref.lastIndexOf('/') + 1);
    }

    private static String joined(JsonNode of, java.util.function.Function<JsonNode, String> type) {
        return of.valueStream().map(type).collect(Collectors.joining(" | "));
    }

    /** Of a schema that says none, one that no language has. */
    private static Stream<String> types(JsonNode schema) {
        JsonNode type = schema.path("type");
        return type.isArray() ? type.valueStream().map(JsonNode::asString) : Stream.of(type.asString("anything"));
    }

    private static Set<String> required(JsonNode schema) {
        return schema.path("required").valueStream().map(JsonNode::asString).collect(Collectors.toSet());
    }

    /** What it is, how far it goes, and what holds where it is absent. */
    private static String sentence(JsonNode property) {
        StringBuilder text = new StringBuilder(property.path("description").asString(""));
        if (property.has("maximum")) {
            text.append("; %s to %s"
                    .formatted(
                            property.path("minimum").asString("up"),
                            property.path("maximum").asString()));
        }
        if (property.has("maxItems")) {
            text.append("; at most %s".formatted(property.path("maxItems").asString()));
        }
        if (property.has("default")) {
            text.append("; %s by default".formatted(property.path("default").asString()));
        }
        return text.toString();
    }

    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
