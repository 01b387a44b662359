package repscorer.api.mcp;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Objects;
import org.springdoc.webmvc.api.OpenApiWebMvcResource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The schemas of tools, cut out of the OpenAPI document: what a route takes and answers, a tool takes and answers. */
@Component
final class ToolSchemas {

    private static final String COMPONENTS = "#/components/schemas/";
    private static final String DEFINITIONS = "#/$defs/";

    private final ObjectProvider<OpenApiWebMvcResource> documents;
    private final JsonMapper json;

    ToolSchemas(ObjectProvider<OpenApiWebMvcResource> documents, JsonMapper json) {
        this.documents = documents;
        this.json = json;
    }

    /** Both schemas of a tool. */
    record Schemas(ObjectNode arguments, ObjectNode answer) {}

    /** The document as it is now. It is made once, within a second or two, and kept by who makes it. */
    JsonNode document(HttpServletRequest request) {
        try {
            return json.readTree(documents.getObject().openapiJson(request, request.getServletPath(), Locale.ROOT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Schemas of(Tool<?> tool, JsonNode document) {
        JsonNode operation = operation(document, tool.operation());
        JsonNode body = operation.at("/requestBody/content/application~1json/schema");
        ObjectNode arguments = body.isMissingNode() ? parameters(operation) : closed(body, document);
        tool.unused().forEach(key -> ((ObjectNode) arguments.path("properties")).remove(key));
        return new Schemas(
                arguments, closed(operation.at("/responses/200/content/application~1json/schema"), document));
    }

    private static JsonNode operation(JsonNode document, String id) {
        for (JsonNode path : document.path("paths")) {
            for (JsonNode operation : path) {
                if (operation.path("operationId").asString("").equals(id)) {
                    return operation;
                }
            }
        }
        throw new IllegalStateException("the document has no operation " + id);
    }

    /** What stands in path and query, as the keys of one object. */
    private static ObjectNode parameters(JsonNode operation) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (JsonNode parameter : operation.path("parameters")) {
            String name = parameter.path("name").asString();
            ObjectNode property = (ObjectNode) parameter.path("schema").deepCopy();
            properties.set(
                    name,
                    property.put("description", parameter.path("description").asString("")));
            if (parameter.path("required").asBoolean(false)) {
                required.add(name);
            }
        }
        return schema.put("additionalProperties", false);
    }

    /** A schema with all that it refers to beside it. */
    private static ObjectNode closed(JsonNode reference, JsonNode document) {
        String name = reference.path("$ref").asString().substring(COMPONENTS.length());
        JsonNode schemas = document.at("/components/schemas");
        ObjectNode whole = (ObjectNode) schemas.path(name).deepCopy();
        ObjectNode definitions = JsonNodeFactory.instance.objectNode();
        Deque<JsonNode> open = new ArrayDeque<>();
        open.add(whole);
        while (!open.isEmpty()) {
            for (JsonNode holder : open.poll().findParents("$ref")) {
                String named = holder.path("$ref").asString();
                if (named.startsWith(COMPONENTS)) {
                    String key = named.substring(COMPONENTS.length());
                    ((ObjectNode) holder).put("$ref", DEFINITIONS + key);
                    if (!definitions.has(key)) {
                        JsonNode definition =
                                Objects.requireNonNull(schemas.get(key), key).deepCopy();
                        definitions.set(key, definition);
                        open.add(definition);
                    }
                }
            }
        }
        if (!definitions.isEmpty()) {
            whole.set("$defs", definitions);
        }
        return whole;
    }
}
