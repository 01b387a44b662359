package repscorer.benchmarks.answers;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** What changes a store, and what is wrong with changes; between them, the same kinds of requests are drawn as before. */
final class ChangeScript {

    /** Requests drawn after each batch of changes. */
    static final int DRAWN = 40;

    private static final String NDJSON = "application/x-ndjson";

    private final Recording recording;
    private final Pools pools;
    private final List<Request> later = new ArrayList<>();

    private record Request(String method, String path, String type, String body) {}

    ChangeScript(Recording recording, Pools pools) {
        this.recording = recording;
        this.pools = pools;
        upserts();
        signals();
        releases();
    }

    /** How many requests {@link #run} makes, with those that are drawn between. */
    int length() {
        return later.size() + DRAWN * (later.size() / 10);
    }

    /** @param between asks {@link #DRAWN} requests */
    void run(Runnable between) {
        for (int i = 0; i < later.size(); i++) {
            Request request = later.get(i);
            recording.admin("changes", request.method, request.path, request.type, request.body);
            if (i % 10 == 9) {
                between.run();
            }
        }
    }

    private void upserts() {
        stream(
                "twhin-user",
                List.of(
                        "{\"id\":\"user:12\",\"vector\":%s,\"seq\":100001}".formatted(vector(64)),
                        "{\"id\":\"user:5\",\"vector\":%s,\"seq\":100002}".formatted(vector(64)),
                        "{\"id\":\"user:6\",\"delete\":true,\"seq\":100003}",
                        "{\"id\":\"user:6\",\"delete\":true,\"seq\":100003}",
                        "{\"id\":\"user:7\",\"vector\":%s,\"seq\":100004}".formatted(vector(63)),
                        "{\"id\":\"user:7\",\"vector\":[],\"seq\":100004}",
                        "{\"id\":\"user:7\",\"vector\":[%s]}".formatted("0,".repeat(63) + "0"),
                        "{\"id\":\"user:7\",\"vector\":[\"x\"]}",
                        "{\"id\":\"user:7\",\"vector\":\"AAAA\"}",
                        "{\"id\":\"user:7\",\"vector\":7}",
                        "{\"id\":\"topic:jazz\",\"vector\":%s}".formatted(vector(64)),
                        "{\"id\":\"user:7\",\"entries\":{\"cluster:1\":1}}",
                        "{\"id\":\"user:7\"}",
                        "{\"id\":\"user:7\",\"delete\":\"yes\"}",
                        "{\"id\":\"user:7\",\"delete\":true,\"seq\":\"1\"}",
                        "{\"id\":\"user\",\"delete\":true}",
                        "{\"vector\":[1]}",
                        "{\"id\":7}",
                        "{\"id\":\"user:7\",\"none\":1}",
                        "nonsense",
                        "[]",
                        "{\"id\":\"user:7\",\"delete\":true} {}"));
        stream(
                "simclusters-interest",
                List.of(
                        "{\"id\":\"user:12\",\"entries\":{\"cluster:1\":0.5,\"cluster:3\":0.25},\"seq\":100001}",
                        "{\"id\":\"user:13\",\"entries\":{\"cluster:1\":-1}}",
                        "{\"id\":\"user:13\",\"entries\":{\"cluster:99999999\":1}}",
                        "{\"id\":\"user:13\",\"entries\":{\"cluster:1\":1,\"cluster:1\":2}}",
                        "{\"id\":\"user:13\",\"entries\":{\"nonsense\":1}}",
                        "{\"id\":\"user:13\",\"entries\":{\"cluster:1\":\"x\"}}",
                        "{\"id\":\"user:13\",\"entries\":{}}",
                        "{\"id\":\"user:13\",\"entries\":[]}",
                        "{\"id\":\"user:13\",\"vector\":[1]}"));
        stream(
                "history-follow",
                List.of("{\"id\":\"user:12\",\"entries\":{\"user:20\":1,\"user:21\":1},\"seq\":100001}"));
        stream("none-such", List.of("{}"));
        stream("twhin-user?release=none-such", List.of("{\"id\":\"user:8\",\"delete\":true,\"seq\":100005}"));
        later.add(new Request("POST", "/v1/spaces/twhin-user/upserts", "application/json", "{}"));
        later.add(new Request("POST", "/v1/spaces/twhin-user/upserts", NDJSON, ""));
        for (String space :
                List.of("simclusters-interest", "history-follow", "twhin-user", "twhin-topic", "none-such")) {
            later.add(new Request("POST", "/v1/spaces/" + space + "/compact", "", ""));
        }
    }

    private void stream(String space, List<String> lines) {
        String path = space.contains("?")
                ? "/v1/spaces/" + space.replace("?", "/upserts?producer=golden&")
                : "/v1/spaces/" + space + "/upserts?producer=golden";
        later.add(new Request("POST", path, NDJSON, String.join("\n", lines)));
    }

    private String vector(int dimension) {
        return DoubleStream.of(pools.vector(dimension))
                .mapToObj(Double::toString)
                .collect(Collectors.joining(",", "[", "]"));
    }

    private void signals() {
        for (String signal : List.of(
                "{\"user\":\"user:3\",\"type\":\"fav\",\"entity\":\"tweet:44\",\"at\":\"2025-01-31T12:00:00Z\"}",
                "{\"user\":\"user:3\",\"type\":\"block\",\"entity\":\"user:44\",\"at\":\"2025-01-31T12:00:00Z\"}",
                "{\"user\":\"user:3\",\"type\":\"block\",\"entity\":\"user:44\",\"at\":\"2025-02-01T12:00:00Z\",\"undone\":true}",
                "{\"user\":\"user:3\",\"type\":\"none\",\"entity\":\"tweet:44\",\"at\":\"2025-01-31T12:00:00Z\"}",
                "{\"user\":\"user:3\",\"type\":\"fav\",\"entity\":\"user:44\",\"at\":\"2025-01-31T12:00:00Z\"}",
                "{\"user\":\"user:3\",\"type\":\"fav\",\"entity\":\"tweet:44\",\"at\":\"yesterday\"}",
                "{\"user\":\"user:3\",\"type\":\"fav\",\"entity\":\"nonsense\",\"at\":\"2025-01-31T12:00:00Z\"}",
                "{\"user\":\"user:3\",\"type\":\"fav\"}",
                "{\"user\":\"user:3\",\"type\":\"fav\",\"entity\":\"tweet:44\",\"at\":\"1969-01-31T12:00:00Z\"}",
                "null",
                "{\"who\":1}")) {
            later.add(new Request("POST", "/v1/signals", "application/json", "{\"signals\":[%s]}".formatted(signal)));
        }
        String crowd = java.util.stream.IntStream.range(0, 400)
                .mapToObj(
                        "{\"user\":\"user:5%s\",\"type\":\"fav\",\"entity\":\"tweet:1\",\"at\":\"2025-01-31T12:00:00Z\"}"
                                ::formatted)
                .collect(Collectors.joining(",", "{\"signals\":[", "]}"));
        later.add(new Request("POST", "/v1/signals", "application/json", crowd));
        later.add(new Request("POST", "/v1/signals", "application/json", "{}"));
    }

    private void releases() {
        String octets = "application/octet-stream";
        later.add(new Request("PUT", "/v1/releases/next/files/twhin-user", octets, "no embedding file"));
        later.add(new Request("PUT", "/v1/releases/next/files/none-such", octets, "no embedding file"));
        later.add(new Request("PUT", "/v1/releases/Not%20A%20Name/files/twhin-user", octets, "no embedding file"));
        later.add(new Request("PUT", "/v1/releases/next/files/twhin-user", "text/html", "x"));
        String rows = "{\"id\":\"tweet:1\",\"entries\":{\"lang:en\":1}}\n";
        for (String query :
                List.of("", "?format=none", "?format=jsonl", "?format=csv", "?format=jsonl&badRowsNamed=2000")) {
            later.add(new Request("PUT", "/v1/releases/next/rows/tweet-language" + query, octets, rows));
        }
        later.add(
                new Request("PUT", "/v1/releases/next/rows/tweet-language?format=jsonl", octets, rows + rows + "x\n"));
        later.add(new Request(
                "PUT", "/v1/releases/next/rows/tweet-language?format=jsonl&badRowsMax=5", octets, rows + rows + "x\n"));
        later.add(new Request(
                "PUT",
                "/v1/releases/next/rows/plain-user?format=jsonl",
                octets,
                "{\"id\":\"user:1\",\"vector\":[1,2]}\n"));
        for (String release : List.of("next", "none-such", "golden-2", "golden-1")) {
            later.add(new Request("POST", "/v1/releases/" + release + "/publish", "", ""));
        }
        for (String release : List.of("none-such", "golden-1", "golden-1", "golden-2")) {
            later.add(new Request("POST", "/v1/releases/" + release + "/roll-back", "", ""));
        }
        for (String path : List.of("/v1/releases", "/v1/spaces", "/v1/signals/user:3", "/actuator/prometheus")) {
            later.add(new Request("GET", path, "", ""));
        }
    }
}
