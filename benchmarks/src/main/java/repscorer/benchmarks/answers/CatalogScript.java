package repscorer.benchmarks.answers;

import java.util.List;
import java.util.Map;

/** What tells what there is, and embeddings in each form. */
final class CatalogScript {

    static final List<String> SPACES = List.of(
            "twhin-user",
            "twhin-topic",
            "twhin-tweet",
            "twhin-account",
            "twhin-relation",
            "twhin-interests-follow",
            "simclusters-interest",
            "simclusters-producer",
            "simclusters-topic",
            "simclusters-known-for",
            "simclusters-tweet",
            "simclusters-account",
            "history-follow",
            "history-author",
            "interests-follow",
            "interests-follow-shares",
            "tweet-language",
            "tweet-created",
            "plain-user",
            "plain-tweet",
            "plain-relation");

    private final Recording recording;
    private final Pools pools;

    CatalogScript(Recording recording, Pools pools) {
        this.recording = recording;
        this.pools = pools;
    }

    void run() {
        for (String path : List.of(
                "/v1/surfaces",
                "/v1/spaces",
                "/v1/releases",
                "/v1/experiments",
                "/actuator/health/readiness",
                "/actuator/health/liveness",
                "/v3/api-docs")) {
            recording.get("catalog", path);
        }
        for (int i = 0; i < 25; i++) {
            recording.get("assignments", "/v1/experiments/assignments?unit=" + Recording.encoded("user:" + i * 7));
        }
        recording.get("assignments", "/v1/experiments/assignments?unit=someone%20with%20%C3%BCmlauts");
        for (String space : SPACES) {
            recording.get("catalog", "/v1/spaces/" + space + "/versions");
            String kind = kind(space);
            for (int i = 0; i < 2; i++) {
                String path = "/v1/embeddings/%s/%s".formatted(space, Recording.encoded(pools.any(kind)));
                recording.get("embedding", path);
                recording.get("embedding", path + "?encoding=base64");
            }
            recording.get(
                    "embedding",
                    "/v1/embeddings/%s/%s?release=golden-1".formatted(space, Recording.encoded(pools.any(kind))));
            several(space, kind);
        }
        for (int user = 0; user < 20; user++) {
            signals("user:" + user * 9);
            signals("user:" + user * 9 + "?types=fav,block");
        }
        signals("user:3?types=none-such");
        signals("tweet:3");
        recording.get("signals", "/v1/signals/user:3");
    }

    private void signals(String of) {
        recording.admin("signals", "GET", "/v1/signals/" + of, "", "");
    }

    private void several(String space, String kind) {
        Bodies body =
                Bodies.of().put("ids", List.of(pools.any(kind), pools.any("topic"), pools.any(kind), pools.any(kind)));
        String path = "/v1/embeddings/" + space;
        recording.post("embeddings", path, body.tree());
        recording.post("embeddings", path + "?encoding=base64", body.tree());
        recording.send(
                "embeddings-packed",
                "POST",
                path,
                Map.of("Content-Type", "application/json", "Accept", "application/octet-stream"),
                body.text());
        recording.post("embeddings", path, body.put("release", "golden-1").tree());
    }

    static String kind(String space) {
        for (String kind : List.of("topic", "tweet", "account", "relation")) {
            if (space.contains(kind)) {
                return kind;
            }
        }
        return space.startsWith("twhin-interests") ? "interest" : "user";
    }
}
