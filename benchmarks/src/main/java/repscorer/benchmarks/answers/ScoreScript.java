package repscorer.benchmarks.answers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Scores by similarities, of pairs, as matrices, and features of engagement. */
final class ScoreScript {

    private static final List<String> SIMILARITIES = List.of(
            "dot",
            "cosine",
            "l2",
            "jaccard",
            "fuzzy-jaccard",
            "euclidean-distance",
            "manhattan-distance",
            "log-cosine",
            "exp-scaled-cosine");

    private static final List<Spaces> SPACES = List.of(
            new Spaces("twhin-user", "twhin-tweet"),
            new Spaces("twhin-user", "twhin-user"),
            new Spaces("twhin-topic", "twhin-user"),
            new Spaces("simclusters-interest", "simclusters-tweet"),
            new Spaces("simclusters-topic", "simclusters-topic"),
            new Spaces("simclusters-interest", "simclusters-producer"),
            new Spaces("plain-user", "plain-tweet"),
            new Spaces("interests-follow", "interests-follow-shares"));

    private final Recording recording;
    private final Pools pools;

    ScoreScript(Recording recording, Pools pools) {
        this.recording = recording;
        this.pools = pools;
    }

    private record Spaces(String source, String candidate) {

        Bodies body(String similarity) {
            return Bodies.of("similarity", similarity)
                    .put("sourceSpace", source)
                    .put("candidateSpace", candidate);
        }

        boolean dense() {
            return source.startsWith("twhin") || source.startsWith("plain");
        }
    }

    /** Each similarity between each pair of spaces; those that do not fit are refused. */
    void everyComparison() {
        for (Spaces spaces : SPACES) {
            for (String similarity : SIMILARITIES) {
                recording.post(
                        "scores",
                        "/v1/scores",
                        spaces.body(similarity)
                                .put("source", Map.of("id", pools.any(CatalogScript.kind(spaces.source))))
                                .put("candidates", pools.some(CatalogScript.kind(spaces.candidate), 4))
                                .tree());
            }
        }
        for (String user : List.of("user:1", "user:7", "user:40", "user:119", "user:3999")) {
            engagement(user);
        }
    }

    /** One request of any of these. */
    void draw() {
        Spaces spaces = pools.of(SPACES);
        Bodies body = spaces.body(pools.of(
                spaces.dense()
                        ? SIMILARITIES.subList(0, 3)
                        : pools.of(List.of(SIMILARITIES, SIMILARITIES.subList(3, 9)))));
        String source = CatalogScript.kind(spaces.source);
        String candidate = CatalogScript.kind(spaces.candidate);
        if (spaces.source.startsWith("twhin") && pools.oneIn(3)) {
            body.put(
                    "translation",
                    new TreeMap<>(Map.of(
                            "space",
                            "twhin-relation",
                            "relation",
                            pools.of(List.of("favorite", "follow", "none-such")))));
        }
        switch (pools.below(4)) {
            case 0 -> {
                List<Object> pairs = new ArrayList<>();
                for (int i = pools.below(12); i >= 0; i--) {
                    String of = pools.oneIn(15) ? pools.of(pools.kinds()) : source;
                    pairs.add(Bodies.of("source", pools.any(of))
                            .put("candidate", pools.any(candidate))
                            .values());
                }
                recording.post(
                        "pairs", "/v1/scores/pairs", body.put("pairs", pairs).tree());
            }
            case 1 ->
                recording.post(
                        "matrix",
                        "/v1/scores/matrix",
                        body.put("sources", pools.some(source, 1 + pools.below(6)))
                                .put("candidates", pools.some(candidate, 1 + pools.below(8)))
                                .tree());
            case 2 -> engagement("user:" + pools.below(130));
            default ->
                recording.post(
                        "scores",
                        "/v1/scores",
                        body.put("source", source(spaces, source))
                                .put("candidates", pools.some(candidate, 1 + pools.below(15)))
                                .put("explain", pools.oneIn(3))
                                .tree());
        }
    }

    private Map<String, Object> source(Spaces spaces, String kind) {
        if (pools.oneIn(6) && spaces.dense()) {
            return Map.of("vector", pools.vector(spaces.source.startsWith("plain") ? 8 : Pools.DIMENSION));
        }
        if (pools.oneIn(5)) {
            return Map.of(
                    "ids",
                    List.of(
                            Bodies.of("id", pools.any(kind))
                                    .put("weight", pools.weight())
                                    .values(),
                            Bodies.of("id", pools.any(kind)).values()));
        }
        return Map.of("id", pools.any(kind));
    }

    private void engagement(String user) {
        List<String> candidates = new ArrayList<>(pools.some("tweet", 1 + pools.below(6)));
        if (pools.oneIn(4)) {
            candidates.add(pools.any("user"));
        }
        recording.post(
                "engagement",
                "/v1/features/engagement",
                Bodies.of("user", user).put("candidates", candidates).tree());
    }
}
