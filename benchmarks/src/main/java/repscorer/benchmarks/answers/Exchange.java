package repscorer.benchmarks.answers;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One request and what was answered: a line of a golden file.
 *
 * @param group what differences are counted by, such as {@code candidates}
 * @param path with its query
 */
record Exchange(int number, String group, Request request, Answer answer) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** @param body empty for none */
    record Request(String method, String path, Map<String, String> headers, String body) {

        Request {
            headers = Map.copyOf(headers);
        }
    }

    /**
     * @param headers those that are part of the contract, by lower-case name
     * @param body text, or base64 where the answer is no text
     */
    record Answer(int status, Map<String, String> headers, String body) {

        Answer {
            headers = Map.copyOf(headers);
        }

        String contentType() {
            return headers.getOrDefault("content-type", "");
        }
    }

    String toLine() {
        ObjectNode line = JSON.createObjectNode();
        line.put("number", number).put("group", group);
        line.putObject("request")
                .put("method", request.method)
                .put("path", request.path)
                .put("body", request.body)
                .set("headers", JSON.valueToTree(new TreeMap<>(request.headers)));
        line.putObject("answer")
                .put("status", answer.status)
                .put("body", answer.body)
                .set("headers", JSON.valueToTree(new TreeMap<>(answer.headers)));
        return JSON.writeValueAsString(line);
    }

    static Exchange ofLine(String text) {
        JsonNode line = JSON.readTree(text);
        JsonNode request = line.get("request");
        JsonNode answer = line.get("answer");
        return new Exchange(
                line.get("number").intValue(),
                line.get("group").stringValue(),
                new Request(
                        request.get("method").stringValue(),
                        request.get("path").stringValue(),
                        headers(request),
                        request.get("body").stringValue()),
                new Answer(
                        answer.get("status").intValue(),
                        headers(answer),
                        answer.get("body").stringValue()));
    }

    private static Map<String, String> headers(JsonNode of) {
        Map<String, String> headers = new TreeMap<>();
        of.get("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().stringValue()));
        return headers;
    }
}
