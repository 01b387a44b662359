package repscorer.testing.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * One operation of an OpenAPI document.
 *
 * @param method in capitals
 * @param path with its parameters in braces
 * @param parameters of the path and of the query
 * @param bodies schema of the body by media type; none for none
 * @param examples of bodies, as text
 * @param statuses that are described one by one
 * @param problems whether every other status of an error is described, as a problem
 */
record ApiOperation(
        String id,
        String method,
        String path,
        List<Parameter> parameters,
        Map<String, JsonNode> bodies,
        List<String> examples,
        Set<Integer> statuses,
        boolean problems) {

    /** @param in {@code path}, {@code query} or {@code header} */
    record Parameter(String name, String in, boolean required, JsonNode schema) {}

    /** Every operation that a document describes, by path and method. */
    static List<ApiOperation> all(JsonNode document) {
        List<ApiOperation> all = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> all.add(of(path.getKey(), method.getKey(), method.getValue()))));
        return List.copyOf(all);
    }

    private static ApiOperation of(String path, String method, JsonNode operation) {
        List<Parameter> parameters = new ArrayList<>();
        for (JsonNode parameter : operation.path("parameters")) {
            parameters.add(new Parameter(
                    parameter.path("name").asString(""),
                    parameter.path("in").asString(""),
                    parameter.path("required").asBoolean(false),
                    parameter.path("schema")));
        }
        Map<String, JsonNode> bodies = new TreeMap<>();
        List<String> examples = new ArrayList<>();
        operation.path("requestBody").path("content").properties().forEach(content -> {
            bodies.put(content.getKey(), content.getValue().path("schema"));
            content.getValue()
                    .path("examples")
                    .values()
                    .forEach(example -> examples.add(example.path("value").toString()));
        });
        Set<Integer> statuses = new TreeSet<>();
        operation.path("responses").propertyNames().stream()
                .filter(status -> status.matches("[0-9]{3}"))
                .forEach(status -> statuses.add(Integer.parseInt(status)));
        boolean problems =
                operation.path("responses").path("default").path("content").has("application/problem+json");
        return new ApiOperation(
                operation.path("operationId").asString(method + " " + path),
                method.toUpperCase(Locale.ROOT),
                path,
                List.copyOf(parameters),
                bodies,
                List.copyOf(examples),
                statuses,
                problems);
    }

    /** Whether it asks only: no answer to it changes what the service holds, whatever its method. */
    boolean asks() {
        return method.equals("GET")
                || path.equals("/mcp")
                || path.startsWith("/v1/candidates")
                || path.startsWith("/v1/why-not")
                || path.startsWith("/v1/scores")
                || path.startsWith("/v1/features")
                || path.startsWith("/v1/embeddings");
    }
}
