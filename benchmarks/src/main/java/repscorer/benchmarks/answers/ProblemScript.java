package repscorer.benchmarks.answers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Everything that can be asked wrongly, against the small limits of the golden configuration. */
final class ProblemScript {

    private static final String CANDIDATES = "/v1/candidates";
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    /** Bodies that are wrong wherever candidates are asked for. */
    private static final List<String> WRONG = List.of(
            "",
            "{",
            "nonsense",
            "[]",
            "null",
            "17",
            "{\"surface\":\"search\"}",
            "{\"surface\":\"search\",\"surface\":\"search\"}",
            "{\"surface\":\"\",\"source\":{\"id\":\"user:12\"}}",
            "{\"surface\":7,\"source\":{\"id\":\"user:12\"}}",
            "{\"surface\":null,\"source\":{\"id\":\"user:12\"}}",
            "{\"surface\":\"none-such\",\"source\":{\"id\":\"user:12\"}}",
            "{\"surfaces\":\"search\",\"source\":{\"id\":\"user:12\"}}",
            "{\"surface\":\"search\",\"source\":{\"id\":\"user:12\",\"idd\":1}}",
            "{\"surface\":\"search\",\"source\":{\"id\":\"user:12\"},\"k\":NaN}",
            "{\"surface\":\"search\",\"source\":{\"id\":\"user:12\"},\"k\":1.5}",
            "{\"surface\":\"search\",\"source\":{\"id\":\"user:12\"},\"k\":\"5\"}",
            "{\"surface\":\"search\",\"source\":{\"id\":\"user:12\"},\"k\":99999999999}",
            "{\"surface\":\"search\",\"source\":{\"id\":\"user:12\"},\"explain\":\"maybe\"}",
            "{\"surface\":\"search\",\"source\":{\"id\":\"user:12\"},\"filters\":[]}",
            "{\"surface\":\"search\",\"source\":{\"id\":\"user:12\"}} trailing");

    private static final List<String> SOURCES = List.of(
            "{}",
            "\"user:12\"",
            "{\"id\":\"user\"}",
            "{\"id\":\":\"}",
            "{\"id\":\"user:\"}",
            "{\"id\":\"USER:12\"}",
            "{\"id\":12}",
            "{\"id\":null}",
            "{\"id\":\"planet:9\"}",
            "{\"id\":\"user:90000001\"}",
            "{\"id\":\"user:12\",\"vector\":[1]}",
            "{\"ids\":[]}",
            "{\"ids\":[null]}",
            "{\"ids\":[{\"weight\":1}]}",
            "{\"ids\":[{\"id\":\"user:12\",\"weight\":-1}]}",
            "{\"ids\":[{\"id\":\"user:12\",\"weight\":0}]}",
            "{\"ids\":[{\"id\":\"user:12\"},{\"id\":\"user:12\"}]}",
            "{\"ids\":[{\"id\":\"user:1\"},{\"id\":\"user:2\"},{\"id\":\"user:3\"},{\"id\":\"user:4\"},{\"id\":\"user:5\"},{\"id\":\"user:6\"}]}",
            "{\"vector\":[]}",
            "{\"vector\":[1,2,3]}",
            "{\"vector\":[1e60]}",
            "{\"vector\":[\"x\"]}",
            "{\"clusters\":[]}",
            "{\"clusters\":[{\"cluster\":-1,\"weight\":1}]}",
            "{\"clusters\":[{\"cluster\":1,\"weight\":-1}]}",
            "{\"clusters\":[{\"cluster\":1,\"weight\":1},{\"cluster\":1,\"weight\":2}]}",
            "{\"clusters\":[{\"cluster\":1}]}",
            "{\"clusters\":[{\"cluster\":1000000,\"weight\":1}]}",
            "{\"clusters\":[null]}");

    private static final List<String> PARTS = List.of(
            "\"k\":0",
            "\"k\":-1",
            "\"k\":201",
            "\"filters\":{\"kinds\":[\"planet\"]}",
            "\"filters\":{\"kinds\":[\"Not A Kind\"]}",
            "\"filters\":{\"kinds\":[null]}",
            "\"filters\":{\"kinds\":[]}",
            "\"filters\":{\"excludeIds\":[\"nonsense\"]}",
            "\"filters\":{\"excludeIds\":[null]}",
            "\"filters\":{\"excludeHistories\":[\"none-such\"]}",
            "\"filters\":{\"excludeHistories\":[\"twhin-user\"]}",
            "\"filters\":{\"excludeHistories\":[\"\"]}",
            "\"unit\":\"\"",
            "\"unit\":\"a\\u0007b\"",
            "\"unit\":\"" + "u".repeat(257) + "\"");

    private static final List<String> OVERRIDES = List.of(
            "\"none\":1",
            "\"columns.none.weight\":1",
            "\"columns.twhin.none\":1",
            "\"columns.twhin\":1",
            "\"columns.\":1",
            "\"columns.enabled\":true",
            "\"columns.none.enabled\":true",
            "\"columns.twhin.enabled\":\"maybe\"",
            "\"columns.twhin.enabled\":false,\"columns.simclusters.enabled\":false",
            "\"columns.twhin.weight\":-1",
            "\"columns.twhin.weight\":1001",
            "\"columns.twhin.weight\":\"heavy\"",
            "\"columns.twhin.weight\":null",
            "\"columns.twhin.weight\":[1]",
            "\"columns.twhin.retrieve\":5001",
            "\"columns.twhin.retrieve\":-1",
            "\"columns.twhin.retrieve\":1.5",
            "\"columns.twhin.ef\":0",
            "\"columns.twhin.ef\":501",
            "\"columns.twhin.ef\":\"far\"",
            "\"columns.twhin.recall-target\":1",
            "\"columns.twhin.recall-target\":-0.1",
            "\"columns.twhin.budget-ms\":60001",
            "\"columns.twhin.exact\":1",
            "\"columns.twhin.rescore\":true",
            "\"columns.simclusters.ef\":10",
            "\"columns.simclusters.clusters-scanned\":0",
            "\"columns.simclusters.clusters-scanned\":501",
            "\"columns.simclusters.items-per-cluster\":10001",
            "\"columns.simclusters.candidates-max\":0",
            "\"columns.simclusters.rescore\":\"yes\"",
            "\"blend.method\":\"magic\"",
            "\"blend.normalizer\":\"magic\"",
            "\"blend.rank-constant\":5",
            "\"blend.shrinkage\":0.5",
            "\"blend.method\":\"reciprocal-rank\",\"blend.rank-constant\":0",
            "\"blend.method\":\"count-weighted\",\"blend.shrinkage\":2",
            "\"blend.method\":\"round-robin\",\"blend.normalizer\":\"l2\"",
            "\"rules.none.mode\":\"on\"",
            "\"rules.not-seen.mode\":\"perhaps\"",
            "\"release\":\"none-such\"",
            "\"release\":\"\"",
            "\"release\":7",
            "\"optimal\":\"maybe\"",
            "\"optimal.budget-ms\":0",
            "\"optimal.budget-ms\":60001",
            "\"optimal\":true,\"blend.method\":\"round-robin\"",
            "\"optimal\":true,\"blend.normalizer\":\"softmax\"");

    private static final List<String> SCORES = List.of(
            "{\"source\":{\"id\":\"user:12\"},\"candidates\":[\"tweet:1\"]}",
            "{\"surface\":\"tweet\",\"similarity\":\"dot\",\"sourceSpace\":\"twhin-user\",\"candidateSpace\":\"twhin-tweet\",\"source\":{\"id\":\"user:12\"},\"candidates\":[]}",
            "{\"surface\":\"tweet\",\"sourceSpace\":\"twhin-user\",\"source\":{\"id\":\"user:12\"},\"candidates\":[]}",
            "{\"surface\":\"tweet\",\"source\":{\"id\":\"user:12\"}}",
            "{\"surface\":\"tweet\",\"source\":{\"id\":\"user:12\"},\"candidates\":[]}",
            "{\"surface\":\"tweet\",\"source\":{\"id\":\"user:12\"},\"candidates\":[\"nonsense\"]}",
            "{\"surface\":\"none-such\",\"source\":{\"id\":\"user:12\"},\"candidates\":[\"tweet:1\"]}",
            "{\"similarity\":\"likeness\",\"sourceSpace\":\"twhin-user\",\"candidateSpace\":\"twhin-tweet\",\"source\":{\"id\":\"user:12\"},\"candidates\":[\"tweet:1\"]}",
            "{\"similarity\":\"dot\",\"candidateSpace\":\"twhin-tweet\",\"source\":{\"id\":\"user:12\"},\"candidates\":[\"tweet:1\"]}",
            "{\"similarity\":\"dot\",\"sourceSpace\":\"none\",\"candidateSpace\":\"twhin-tweet\",\"source\":{\"id\":\"user:12\"},\"candidates\":[\"tweet:1\"]}",
            "{\"similarity\":\"dot\",\"sourceSpace\":\"simclusters-interest\",\"candidateSpace\":\"twhin-tweet\",\"source\":{\"id\":\"user:12\"},\"candidates\":[\"tweet:1\"]}",
            "{\"similarity\":\"dot\",\"sourceSpace\":\"simclusters-interest\",\"candidateSpace\":\"simclusters-tweet\",\"translation\":{\"space\":\"twhin-relation\",\"relation\":\"favorite\"},\"source\":{\"id\":\"user:12\"},\"candidates\":[\"tweet:1\"]}",
            "{\"similarity\":\"dot\",\"sourceSpace\":\"twhin-user\",\"candidateSpace\":\"twhin-tweet\",\"translation\":{\"space\":\"twhin-user\"},\"source\":{\"id\":\"user:12\"},\"candidates\":[\"tweet:1\"]}",
            "{\"similarity\":\"dot\",\"sourceSpace\":\"twhin-user\",\"candidateSpace\":\"twhin-tweet\",\"unit\":\"u\",\"source\":{\"id\":\"user:12\"},\"candidates\":[\"tweet:1\"]}",
            "{\"similarity\":\"dot\",\"sourceSpace\":\"twhin-user\",\"candidateSpace\":\"twhin-tweet\",\"source\":{\"id\":\"topic:12\"},\"candidates\":[\"tweet:1\"]}",
            "{\"similarity\":\"dot\",\"sourceSpace\":\"twhin-user\",\"candidateSpace\":\"twhin-tweet\",\"source\":{\"clusters\":[{\"cluster\":1,\"weight\":1}]},\"candidates\":[\"tweet:1\"]}");

    private static final List<String> PATHS = List.of(
            "/",
            "/v1",
            "/v1/",
            "/v1/none-such",
            "/v2/candidates",
            "/v1/candidates/",
            "/actuator",
            "/actuator/env",
            "/actuator/health",
            "/error",
            "/swagger-ui.html",
            "/v1/spaces/none-such/versions",
            "/v1/embeddings/none-such/user:1",
            "/v1/embeddings/twhin-user/nonsense",
            "/v1/embeddings/twhin-user/topic:jazz",
            "/v1/embeddings/twhin-user/user:90000001",
            "/v1/embeddings/twhin-user/user:1?release=none-such",
            "/v1/embeddings/twhin-user/user:1?encoding=morse",
            "/v1/embeddings/twhin-user",
            "/v1/signals",
            "/v1/signals/nonsense",
            "/v1/experiments/assignments",
            "/v1/experiments/assignments?unit=",
            "/v1/experiments/assignments?unit=" + "u".repeat(300),
            "/v1/spaces/twhin-user/upserts");

    private final Recording recording;
    private final Pools pools;

    ProblemScript(Recording recording, Pools pools) {
        this.recording = recording;
        this.pools = pools;
    }

    void run() {
        for (String body : WRONG) {
            post(CANDIDATES, body);
            post("/v1/why-not", body);
        }
        SOURCES.forEach(source -> post(CANDIDATES, "{\"surface\":\"search\",\"source\":%s,\"k\":2}".formatted(source)));
        PARTS.forEach(part ->
                post(CANDIDATES, "{\"surface\":\"search\",\"source\":{\"id\":\"user:12\"},%s}".formatted(part)));
        OVERRIDES.forEach(override -> post(
                CANDIDATES,
                "{\"surface\":\"tweet\",\"source\":{\"id\":\"user:12\"},\"k\":2,\"overrides\":{%s}}"
                        .formatted(override)));
        SCORES.forEach(body -> post("/v1/scores", body));
        for (String path : List.of(
                "/v1/scores",
                "/v1/scores/pairs",
                "/v1/scores/matrix",
                "/v1/features/engagement",
                "/v1/embeddings/twhin-user")) {
            WRONG.subList(0, 6).forEach(body -> post(path, body));
            post(path, "{\"none\":1}");
        }
        post("/v1/embeddings/none-such", "{\"ids\":[\"user:1\"]}");
        post("/v1/embeddings/twhin-user", "{\"ids\":[\"user:1\"],\"release\":\"none-such\"}");
        post("/v1/why-not", "{\"surface\":\"search\",\"source\":{\"id\":\"user:12\"}}");
        post("/v1/why-not", "{\"id\":\"nonsense\",\"surface\":\"search\",\"source\":{\"id\":\"user:12\"}}");
        limits();
        PATHS.forEach(path -> recording.get("problems", path));
        protocol();
    }

    private void post(String path, String body) {
        recording.post("problems", path, body);
    }

    private void limits() {
        String many = Bodies.of("surface", "search")
                .put("source", Map.of("id", "user:12"))
                .put("filters", Bodies.of("excludeIds", repeated("user:1", 201)))
                .text();
        post(CANDIDATES, many);
        post(
                CANDIDATES,
                Bodies.of("surface", "search")
                        .put("source", Map.of("id", "user:12"))
                        .put("filters", Bodies.of("excludeHistories", repeated("history-follow", 101)))
                        .text());
        post(
                "/v1/scores",
                Bodies.of("surface", "tweet")
                        .put("source", Map.of("id", "user:12"))
                        .put("candidates", repeated("tweet:1", 301))
                        .text());
        post(
                "/v1/scores/matrix",
                Bodies.of("similarity", "dot")
                        .put("sourceSpace", "twhin-user")
                        .put("candidateSpace", "twhin-tweet")
                        .put("sources", repeated("user:1", 301))
                        .put("candidates", List.of("tweet:1"))
                        .text());
        post(
                "/v1/embeddings/twhin-user",
                Bodies.of("ids", repeated("user:1", 101)).text());
        post(
                "/v1/features/engagement",
                Bodies.of("user", "user:1")
                        .put("candidates", repeated("tweet:1", 301))
                        .text());
        post(CANDIDATES, "{\"surface\":\"" + "s".repeat(66_000) + "\"}");
    }

    private static List<String> repeated(String id, int count) {
        return new ArrayList<>(Collections.nCopies(count, id));
    }

    private void protocol() {
        String body = "{\"surface\":\"search\",\"source\":{\"id\":\"%s\"},\"k\":1}".formatted(pools.any("user"));
        for (String method : List.of("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")) {
            recording.send("problems", method, CANDIDATES, JSON, method.equals("PUT") ? body : "");
            recording.send("problems", method, "/v1/spaces/twhin-user/upserts", Map.of(), "");
        }
        for (String type : List.of("text/plain", "application/xml", "nonsense", "application/json;charset=latin1")) {
            recording.send("problems", "POST", CANDIDATES, Map.of("Content-Type", type), body);
        }
        recording.send("problems", "POST", CANDIDATES, Map.of(), body);
        for (String accept : List.of("text/html", "application/xml", "*/*", "nonsense", "application/problem+json")) {
            recording.send(
                    "problems", "POST", CANDIDATES, Map.of("Content-Type", "application/json", "Accept", accept), body);
            recording.send("problems", "GET", "/v1/none-such", Map.of("Accept", accept), "");
        }
        for (String authorization : List.of("Bearer wrong", "Bearer", "Basic Z29sZGVu", "")) {
            Map<String, String> headers = authorization.isEmpty() ? Map.of() : Map.of("Authorization", authorization);
            recording.send("problems", "POST", "/v1/releases/golden-1/roll-back", headers, "");
            recording.send("problems", "POST", "/v1/spaces/twhin-user/compact", headers, "");
            recording.send("problems", "POST", "/v1/signals", headers, "{}");
        }
    }
}
