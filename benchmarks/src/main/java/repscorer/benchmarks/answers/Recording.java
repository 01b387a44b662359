package repscorer.benchmarks.answers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends requests and writes each with its answer. */
final class Recording {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Map<String, String> NO_HEADERS = Map.of();

    private final ServiceProcess service;
    private final Writer out;
    private int count;

    Recording(ServiceProcess service, Writer out) {
        this.service = service;
        this.out = out;
    }

    int count() {
        return count;
    }

    Exchange.Answer get(String group, String path) {
        return send(group, "GET", path, NO_HEADERS, "");
    }

    /** Posts JSON. */
    Exchange.Answer post(String group, String path, JsonNode body) {
        return post(group, path, JSON.writeValueAsString(body));
    }

    /** Posts a text as JSON, whatever it is. */
    Exchange.Answer post(String group, String path, String body) {
        return send(group, "POST", path, Map.of("Content-Type", "application/json"), body);
    }

    /** As the administrator. */
    Exchange.Answer admin(String group, String method, String path, String type, String body) {
        return send(group, method, path, admin(type), body);
    }

    static Map<String, String> admin(String type) {
        Map<String, String> headers = new TreeMap<>();
        headers.put("Authorization", "Bearer " + ServiceProcess.TOKEN);
        if (!type.isEmpty()) {
            headers.put("Content-Type", type);
        }
        return headers;
    }

    Exchange.Answer send(String group, String method, String path, Map<String, String> headers, String body) {
        Exchange.Request request = new Exchange.Request(method, path, headers, body);
        try {
            Exchange.Answer answer = service.send(request);
            if (answer.status() == 500) {
                throw new IllegalStateException("the service failed on %s %s: %s".formatted(method, path, body));
            }
            out.write(new Exchange(++count, group, request, answer).toLine());
            out.write('\n');
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    static JsonNode tree(Exchange.Answer answer) {
        return JSON.readTree(answer.body());
    }

    static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
