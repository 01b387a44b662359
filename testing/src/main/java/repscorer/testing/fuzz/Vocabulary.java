package repscorer.testing.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Words that a service knows, by what the contract calls the places where they stand. Requests of words that nobody knows end at
 * the first check; with these they come further.
 */
final class Vocabulary {

    static final int USERS = 30;
    static final int COMMUNITIES = 4;
    static final int DIMENSION = 64; // of the shipped configuration

    static final List<String> TOPICS = List.of("jazz", "chess", "rock", "cycling");
    static final List<String> SPACES = List.of(
            "twhin-user",
            "twhin-topic",
            "twhin-relation",
            "simclusters-interest",
            "simclusters-producer",
            "simclusters-topic",
            "text-topic",
            "history-follow");
    static final List<String> RELEASES = List.of("one", "two");
    private static final List<String> SURFACES = List.of("follow", "tweet", "topics", "search", "strangers");
    private static final List<String> SIGNALS =
            List.of("fav", "retweet", "follow", "share", "reply", "block", "mute", "report", "seen");
    private static final List<String> KINDS = List.of("user", "topic", "tweet", "account", "cluster", "relation");
    private static final List<String> WORDS = List.of("jazz", "Chess", "ja", "music of the city", "é", "ALL");
    private static final List<String> EXPERIMENTS = List.of("follow-blend", "fuzzed", "more");

    /** Those of the file, and some that nobody has. */
    private static final List<String> IDS = ids();

    /** Who is erased is not asked for again. */
    private static final List<String> ERASABLE = List.of("user:99900", "user:99901", "user:99902", "tweet:903");

    private static final Map<String, List<String>> BY_PLACE = Map.ofEntries(
            Map.entry("surface", SURFACES),
            Map.entry("space", SPACES),
            Map.entry("sourceSpace", SPACES),
            Map.entry("candidateSpace", SPACES),
            Map.entry("id", IDS),
            Map.entry("ids", IDS),
            Map.entry("source", IDS),
            Map.entry("sources", IDS),
            Map.entry("candidate", IDS),
            Map.entry("candidates", IDS),
            Map.entry("user", IDS),
            Map.entry("entity", IDS),
            Map.entry("excludeIds", IDS),
            Map.entry("of", IDS),
            Map.entry("unit", IDS),
            Map.entry("release", RELEASES),
            Map.entry("from", RELEASES),
            Map.entry("a", RELEASES),
            Map.entry("b", RELEASES),
            Map.entry("as", RELEASES),
            Map.entry("excludeHistories", List.of("history-follow")),
            Map.entry("kind", KINDS),
            Map.entry("kinds", KINDS),
            Map.entry("type", SIGNALS),
            Map.entry("types", SIGNALS),
            Map.entry("relation", List.of("follow", "interest")),
            Map.entry("similarity", List.of("dot", "cosine", "l2", "exp-scaled-cosine", "log-cosine")),
            Map.entry("text", WORDS),
            Map.entry("prefix", WORDS),
            Map.entry("column", List.of("cluster:1", "cluster:2", "tag:x", "twhin", "simclusters")),
            Map.entry("experiment", EXPERIMENTS),
            Map.entry("variant", List.of("control", "simclusters-heavier", "a", "b")),
            Map.entry("format", List.of("jsonl", "csv", "tsv", "npy", "fvecs", "ivecs", "bvecs", "parquet")),
            Map.entry("name", EXPERIMENTS),
            Map.entry("reason", List.of("because", "tried")),
            Map.entry("at", List.of("2026-01-31T12:00:00Z", "2026-11-30T00:00:00.000000001Z")),
            Map.entry("min", List.of("1h", "0s", "30d")),
            Map.entry("max", List.of("1h", "7d", "36500d")));

    private Vocabulary() {}

    private static List<String> ids() {
        List<String> ids = new ArrayList<>();
        for (int u = 1; u <= USERS; u++) {
            ids.add("user:" + u);
        }
        TOPICS.forEach(topic -> ids.add("topic:" + topic));
        ids.addAll(List.of("user:999", "tweet:1", "tweet:2", "account:x", "relation:follow", "cluster:1"));
        return List.copyOf(ids);
    }

    static List<String> ids(String operation) {
        return operation.equals("eraseSubject") ? ERASABLE : IDS;
    }

    /** A word that may stand there, or an empty one where the place says nothing. */
    static String word(String operation, String place, RandomGenerator random) {
        List<String> words = BY_PLACE.getOrDefault(place, List.of());
        if (words.equals(IDS)) {
            words = ids(operation);
        }
        return words.isEmpty() ? "" : words.get(random.nextInt(words.size()));
    }
}
