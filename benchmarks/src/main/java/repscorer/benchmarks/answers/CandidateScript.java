package repscorer.benchmarks.answers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Requests for candidates: every override by itself, then all parts of a request drawn at random, and why ids are not answered. */
final class CandidateScript {

    private static final String PATH = "/v1/candidates";
    private static final List<String> SURFACES = List.of(
            "follow",
            "search",
            "tweet",
            "removing",
            "scoring",
            "placing",
            "everything",
            "measures",
            "ranks",
            "rounds",
            "counts",
            "dense-only",
            "sparse-only",
            "far",
            "mixtures");
    private static final List<String> HISTORIES =
            List.of("history-follow", "history-interest", "history-favorite", "history-retweet", "history-author");
    private static final List<Setting> DENSE = List.of(
            new Setting("enabled", true, false),
            new Setting("weight", 0, 0.5, 3),
            new Setting("retrieve", 0, 5, 300),
            new Setting("ef", 1, 10, 500),
            new Setting("recall-target", 0, 0.5, 0.95, 0.999),
            new Setting("budget-ms", 0, 60_000),
            new Setting("exact", true, false));
    private static final List<Setting> SPARSE = List.of(
            new Setting("enabled", true, false),
            new Setting("weight", 0, 0.5, 3),
            new Setting("retrieve", 0, 5, 300),
            new Setting("clusters-scanned", 1, 500),
            new Setting("items-per-cluster", 1, 10_000),
            new Setting("candidates-max", 1, 10_000),
            new Setting("rescore", true, false),
            new Setting("exact", true, false));
    private static final Map<String, List<String>> RULES = Map.of(
            "follow", List.of("not-blocked"),
            "tweet", List.of("not-seen", "not-by-blocked", "fresh", "few-per-author"),
            "removing",
                    List.of(
                            "no-history",
                            "not-seen",
                            "not-by-blocked",
                            "no-german",
                            "only-these",
                            "not-old",
                            "not-unborn"),
            "scoring", List.of("english-first", "french-last", "tweets-all", "twhin-a-bit", "fresh"),
            "placing", List.of("few-per-author", "few-per-language", "mixed", "some-japanese", "welcome", "absent"),
            "everything",
                    List.of("not-seen", "only-these", "english-first", "fresh", "mixed", "some-japanese", "welcome"),
            "rounds", List.of("mixed"));

    private final Recording recording;
    private final Pools pools;

    CandidateScript(Recording recording, Pools pools) {
        this.recording = recording;
        this.pools = pools;
    }

    /** A setting of columns with the values it is given. */
    private record Setting(String name, List<Object> values) {

        Setting(String name, Object... values) {
            this(name, List.of(values));
        }
    }

    /** Each surface plain and explained, then each override of each bound. */
    void everyOverride() {
        for (String surface : SURFACES) {
            for (boolean explain : List.of(false, true)) {
                ask(Bodies.of("surface", surface).put("source", source(surface)).put("explain", explain));
            }
        }
        for (String surface : List.of("search", "everything", "measures", "far")) {
            for (String column : columns(surface)) {
                (dense(column) ? DENSE : SPARSE)
                        .forEach(setting -> setting.values.forEach(
                                value -> override(surface, Map.of("columns." + column + "." + setting.name, value))));
            }
        }
        for (String method : List.of("linear", "reciprocal-rank", "round-robin", "count-weighted")) {
            override("search", Map.of("blend.method", method));
            override("scoring", Map.of("blend.method", method));
        }
        for (String normalizer : List.of("none", "min-max", "z-score", "l2", "softmax")) {
            override("search", Map.of("blend.normalizer", normalizer));
        }
        for (int constant : List.of(1, 60, 10_000)) {
            override("search", Map.of("blend.method", "reciprocal-rank", "blend.rank-constant", constant));
        }
        for (double shrinkage : List.of(0.0, 0.5, 1.0)) {
            override("search", Map.of("blend.method", "count-weighted", "blend.shrinkage", shrinkage));
        }
        new TreeMap<>(RULES)
                .forEach((surface, rules) -> rules.forEach(rule -> List.of("on", "off", "dry-run")
                        .forEach(mode -> override(surface, Map.of("rules." + rule + ".mode", mode)))));
        for (String surface : SURFACES) {
            override(surface, optimal());
            override(surface, Map.of("release", "golden-1"));
        }
    }

    /* The budget ends no search, so that the answer does not depend on the machine. */
    private static Map<String, Object> optimal() {
        return Map.of("optimal", true, "optimal.budget-ms", 60_000);
    }

    private void override(String surface, Map<String, Object> overrides) {
        ask(Bodies.of("surface", surface)
                .put("source", source(surface))
                .put("k", 5)
                .put("overrides", new TreeMap<>(overrides))
                .put("explain", true));
    }

    private JsonNode ask(Bodies body) {
        return Recording.tree(recording.post("candidates", PATH, body.tree()));
    }

    /** One request for candidates, and now and then what asks after its answer. */
    void draw(int until) {
        String surface = pools.of(SURFACES);
        Bodies body = Bodies.of("surface", surface).put("source", source(surface));
        int k = pools.oneIn(12) ? 200 : 1 + pools.below(pools.oneIn(4) ? 60 : 12);
        if (!pools.oneIn(8)) {
            body.put("k", k);
        }
        if (pools.oneIn(3)) {
            body.put("filters", filters());
        }
        if (pools.oneIn(3)) {
            body.put("overrides", overrides(surface));
        }
        if (pools.oneIn(3)) {
            body.put("unit", "user:" + pools.below(1_000));
        }
        Bodies question = new Bodies(new LinkedHashMap<>(body.values()));
        if (k < 100 && pools.oneIn(2)) {
            body.put("explain", true);
        }
        if (pools.oneIn(6)) {
            body.put("dryRun", true);
        }
        JsonNode answer = ask(body);
        if (recording.count() < until && pools.oneIn(2)) {
            whyNot(question, answer, k);
        }
        if (recording.count() < until && pools.oneIn(4)) {
            scoresOf(surface, answer);
        }
    }

    private void whyNot(Bodies question, JsonNode answer, int k) {
        Bodies body = new Bodies(new LinkedHashMap<>(question.values()));
        List<String> ids = ids(answer);
        if (!ids.isEmpty() && pools.oneIn(5)) {
            body.put("id", pools.of(ids));
        } else if (!ids.isEmpty() && pools.oneIn(3)) {
            // What is answered with a larger k but not with this one.
            body.put("id", ids.getLast()).put("k", Math.max(1, Math.min(k, ids.size()) - 1));
        } else if (!ids.isEmpty() && pools.oneIn(4)) {
            body.put("id", ids.getFirst()).put("filters", Bodies.of("excludeIds", List.of(ids.getFirst())));
        } else {
            body.put("id", pools.any(pools.of(pools.kinds())));
        }
        recording.post("why-not", "/v1/why-not", body.tree());
    }

    private void scoresOf(String surface, JsonNode answer) {
        List<String> candidates = new ArrayList<>(ids(answer));
        candidates.addAll(pools.some(pools.of(pools.kinds()), 4));
        Bodies scores = Bodies.of("surface", surface)
                .put("source", source(surface))
                .put("candidates", candidates)
                .put("explain", pools.oneIn(2));
        if (pools.oneIn(3)) {
            scores.put("overrides", overrides(surface));
        }
        if (pools.oneIn(3)) {
            scores.put("unit", "user:" + pools.below(1_000));
        }
        recording.post("scores", "/v1/scores", scores.tree());
    }

    private static List<String> ids(JsonNode answer) {
        List<String> ids = new ArrayList<>();
        answer.path("candidates")
                .forEach(candidate -> ids.add(candidate.get("id").stringValue()));
        return ids;
    }

    private Object source(String surface) {
        List<String> kinds = surface.equals("mixtures") || pools.oneIn(2) ? List.of("user") : pools.kinds();
        return switch (pools.below(10)) {
            case 0 -> {
                List<Object> ids = new ArrayList<>();
                for (int i = 1 + pools.below(5); i > 0; i--) {
                    Bodies id = Bodies.of("id", pools.any(pools.of(kinds)));
                    ids.add((pools.oneIn(3) ? id : id.put("weight", pools.weight())).values());
                }
                yield Map.of("ids", ids);
            }
            case 1 -> Map.of("vector", pools.vector(surface.equals("far") ? 8 : Pools.DIMENSION));
            case 2 -> Map.of("clusters", clusters());
            case 3 -> new TreeMap<>(Map.of("vector", pools.vector(Pools.DIMENSION), "clusters", clusters()));
            default -> Map.of("id", pools.any(pools.of(kinds)));
        };
    }

    private List<Object> clusters() {
        List<Object> clusters = new ArrayList<>();
        for (int cluster = pools.below(6); cluster < 40; cluster += 1 + pools.below(15)) {
            clusters.add(
                    Bodies.of("cluster", cluster).put("weight", pools.weight()).values());
        }
        return clusters;
    }

    private Bodies filters() {
        Bodies filters = Bodies.of();
        if (pools.oneIn(2)) {
            filters.put("kinds", pools.oneIn(3) ? List.of("tweet", "user") : List.of(pools.of(pools.kinds())));
        }
        if (pools.oneIn(2)) {
            filters.put("excludeIds", pools.some(pools.of(pools.kinds()), pools.below(30)));
        }
        if (pools.oneIn(2)) {
            filters.put(
                    "excludeHistories", pools.oneIn(3) ? List.of() : List.of(pools.of(HISTORIES), pools.of(HISTORIES)));
        }
        return filters;
    }

    private Map<String, Object> overrides(String surface) {
        Map<String, Object> overrides = new TreeMap<>();
        if (pools.oneIn(4)) {
            overrides.putAll(optimal());
        }
        if (pools.oneIn(5)) {
            overrides.put("release", "golden-1");
        }
        for (int i = pools.below(4); i > 0; i--) {
            String column = pools.of(columns(surface));
            Setting setting = pools.of(dense(column) ? DENSE : SPARSE);
            overrides.put("columns." + column + "." + setting.name, pools.of(setting.values));
        }
        if (pools.oneIn(4)) {
            overrides.put(
                    "blend.method", pools.of(List.of("linear", "reciprocal-rank", "round-robin", "count-weighted")));
        }
        if (RULES.containsKey(surface) && pools.oneIn(2)) {
            overrides.put("rules." + pools.of(RULES.get(surface)) + ".mode", pools.of(List.of("on", "off", "dry-run")));
        }
        return overrides;
    }

    private static List<String> columns(String surface) {
        return switch (surface) {
            case "measures" -> List.of("jaccard", "fuzzy", "log", "half", "dots");
            case "dense-only" -> List.of("twhin");
            case "sparse-only" -> List.of("simclusters");
            case "far" -> List.of("plain", "twhin");
            case "mixtures" -> List.of("mixture", "twhin");
            default -> List.of("twhin", "simclusters");
        };
    }

    private static boolean dense(String column) {
        return column.equals("twhin") || column.equals("plain");
    }
}
