package repscorer.testing.fuzz;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import repscorer.testing.Seeds;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The service that is asked, by its administrator: gives it two small releases over HTTP, looks at what it holds, and puts right what
 * requests were allowed to change. For one thread.
 */
final class FuzzService {

    /** What it holds, in parts that different operations change. */
    enum Part {
        RELEASES,
        ROWS,
        CONFIG,
        SIGNALS,
        ERASURES
    }

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final URI address;
    private final String token;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Set<String> experiments = Set.of();
    private int fills;

    FuzzService(URI address, String token) {
        this.address = address;
        this.token = token;
    }

    JsonNode description() throws IOException, InterruptedException {
        return JSON.readTree(sent("GET", "/v3/api-docs", "").body());
    }

    /** Publishes both releases, the first of which is live afterwards. */
    void fill() throws IOException, InterruptedException {
        for (String release : List.of("two", "one")) {
            publish(release);
        }
        experiments = experiments();
    }

    private void publish(String release) throws IOException, InterruptedException {
        for (String space : Vocabulary.SPACES) {
            must(
                    "PUT",
                    "/v1/releases/%s/rows/%s?format=jsonl".formatted(release, space),
                    rows(space, release.hashCode()));
        }
        must("POST", "/v1/releases/%s/publish?force=true&reason=fuzzing".formatted(release), "");
    }

    private static String rows(String space, long seed) {
        RandomGenerator random = Seeds.fixed(seed * 31 + space.hashCode());
        List<String> ids = switch (space) {
            case "twhin-topic", "simclusters-topic", "text-topic" ->
                Vocabulary.TOPICS.stream().map(topic -> "topic:" + topic).toList();
            case "twhin-relation" -> List.of("relation:follow", "relation:interest");
            default ->
                IntStream.rangeClosed(1, Vocabulary.USERS)
                        .mapToObj(u -> "user:" + u)
                        .toList();
        };
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            lines.add("{\"id\":\"%s\",%s}".formatted(ids.get(i), values(space, i, random)));
        }
        return String.join("\n", lines);
    }

    private static String values(String space, int row, RandomGenerator random) {
        if (space.startsWith("twhin")) {
            return "\"vector\":[%s]"
                    .formatted(random.doubles(Vocabulary.DIMENSION, -1, 1)
                            .mapToObj(Double::toString)
                            .collect(Collectors.joining(",")));
        }
        if (space.startsWith("text")) {
            return "\"text\":\"%s music of the city\"".formatted(Vocabulary.TOPICS.get(row));
        }
        String prefix = space.startsWith("history") ? "user" : "cluster";
        int first = 1 + row % Vocabulary.COMMUNITIES;
        int second = 1 + first % Vocabulary.COMMUNITIES;
        return "\"entries\":{\"%s:%s\":1,\"%s:%s\":%s}"
                .formatted(prefix, first, prefix, second, 0.1 + random.nextDouble() / 2);
    }

    /** All that it holds. */
    Map<Part, String> state() throws IOException, InterruptedException {
        Map<Part, String> state = new EnumMap<>(Part.class);
        state.put(Part.RELEASES, all("/v1/releases", "/v1/staged-releases"));
        StringBuilder rows = new StringBuilder();
        String ids = JSON.writeValueAsString(Map.of("ids", Vocabulary.ids("")));
        for (String space : Vocabulary.SPACES) {
            rows.append(sent("POST", "/v1/embeddings/" + space, ids).body());
        }
        state.put(Part.ROWS, rows.toString());
        state.put(Part.CONFIG, all("/v1/experiments", "/v1/switches", "/v1/surfaces"));
        StringBuilder signals = new StringBuilder(all("/v1/signals/user:999"));
        for (int u = 1; u <= 8; u++) {
            signals.append(all("/v1/signals/user:" + u));
        }
        state.put(Part.SIGNALS, signals.toString());
        state.put(Part.ERASURES, all("/v1/erasures"));
        return state;
    }

    private String all(String... paths) throws IOException, InterruptedException {
        StringBuilder all = new StringBuilder();
        for (String path : paths) {
            all.append(sent("GET", path, "").body()).append('\n');
        }
        return all.toString();
    }

    /** Which parts an operation may change where it is accepted. */
    static Set<Part> touched(ApiOperation operation) {
        if (operation.asks()) {
            return Set.of();
        }
        String path = operation.path();
        if (path.startsWith("/v1/experiments") || path.startsWith("/v1/switches") || path.startsWith("/v1/config")) {
            return Set.of(Part.CONFIG);
        }
        if (path.startsWith("/v1/signals")) {
            return Set.of(Part.SIGNALS);
        }
        return path.startsWith("/v1/outcomes") ? Set.of() : Set.of(Part.values());
    }

    /** Puts what is in force as it was, so that later requests are not all refused for one that was accepted. */
    void mend() throws IOException, InterruptedException {
        sent("DELETE", "/v1/canary?reason=mended", "");
        for (JsonNode each : json("/v1/switches").path("switches")) {
            sent(
                    "DELETE",
                    "/v1/switches/%s/%s?reason=mended"
                            .formatted(
                                    each.path("kind").asString(""),
                                    each.path("name").asString("")),
                    "");
        }
        for (String name : experiments()) {
            if (!experiments.contains(name)) {
                sent("DELETE", "/v1/experiments/%s?reason=mended".formatted(name), "");
            }
        }
        for (JsonNode each : json("/v1/staged-releases").path("releases")) {
            sent("DELETE", "/v1/staged-releases/" + each.path("release").asString(""), "");
        }
        for (String release : Vocabulary.RELEASES) {
            if (live().equals(release)
                    || sent("POST", "/v1/releases/%s/roll-back".formatted(release), "")
                                    .statusCode()
                            == 200) {
                return;
            }
        }
        publish("fill-" + ++fills);
    }

    private String live() throws IOException, InterruptedException {
        return json("/v1/releases").path("live").asString("");
    }

    private Set<String> experiments() throws IOException, InterruptedException {
        Set<String> names = new TreeSet<>();
        json("/v1/experiments")
                .path("experiments")
                .forEach(each -> names.add(each.path("experiment").asString("")));
        return names;
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        return JSON.readTree(sent("GET", path, "").body());
    }

    private void must(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = sent(method, path, body);
        if (answer.statusCode() != 200) {
            throw new IOException("%s %s: %s %s".formatted(method, path, answer.statusCode(), answer.body()));
        }
    }

    private HttpResponse<String> sent(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", method.equals("PUT") ? "application/octet-stream" : "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }
}
