package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.answer.WhyNot;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.plan.AttributePlan;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Filter;
import repscorer.core.query.Source;
import repscorer.core.store.Change;
import repscorer.core.store.RepresentationStore;
import repscorer.testing.Seeds;
import repscorer.vector.SparseVector;

/** Filters of requests beside an oracle over plain maps: a release, and then changes to every space of it. */
class FilterPropertyTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityKind TWEET = EntityKind.TWEET;
    private static final EntityKind TOPIC = EntityKind.TOPIC;
    private static final EntityId READER = EntityId.of(USER, 1);
    private static final long NOW = Instant.parse("2026-01-01T12:00:00Z").toEpochMilli();
    private static final int TWEETS = 90;
    private static final int TOPICS = 12;
    private static final int AUTHORS = 9;
    private static final List<EntityId> LANGUAGES = ids("language", 4);
    private static final List<EntityId> STATS = ids("stat", 3);
    private static final List<EntityId> CLUSTERS = ids("cluster", 5);
    private static final List<EntityId> TWEET_IDS = ids("tweet", TWEETS + 10);

    @TempDir
    Path directory;

    private final RandomGenerator random = Seeds.random("FilterPropertyTest");
    private final Map<EntityId, float[]> dense = new TreeMap<>();

    /** By space and entity, what each row holds. */
    private final Map<String, Map<EntityId, Map<EntityId, Float>>> sparse = new TreeMap<>();

    private RepresentationStore store;

    private static List<EntityId> ids(String kind, int n) {
        return IntStream.rangeClosed(1, n)
                .mapToObj(i -> EntityId.of(new EntityKind(kind), i))
                .sorted()
                .toList();
    }

    private static List<EntityId> columns(String space) {
        return switch (space) {
            case "language", "language-guessed" -> LANGUAGES;
            case "stats" -> STATS;
            case "clusters-tweet", "clusters-user" -> CLUSTERS;
            case "created" -> List.of(EntityId.parse("time:hours"));
            default -> TWEET_IDS;
        };
    }

    private static final List<String> OF_TWEETS =
            List.of("clusters-tweet", "language", "language-guessed", "stats", "created");

    @BeforeEach
    void publish() throws IOException {
        store = ReleaseBuilder.open(
                directory.resolve("store"),
                Spaces.twhin("twhin-user", USER, 3),
                Spaces.twhin("twhin-tweet", TWEET, 3),
                Spaces.twhin("twhin-topic", TOPIC, 3),
                Spaces.clusters("clusters-user", USER, 5),
                Spaces.clusters("clusters-tweet", TWEET, 5, 2),
                Spaces.lookup("language", "attribute", TWEET, 4),
                Spaces.lookup("language-guessed", "attribute", TWEET, 4),
                Spaces.lookup("created", "attribute", TWEET, 1),
                Spaces.lookup("stats", "attribute", TWEET, 3),
                Spaces.lookup("history-author", "history", USER, 200));
        for (EntityId tweet : TWEET_IDS.subList(0, TWEETS)) {
            dense.put(tweet, vector());
            OF_TWEETS.forEach(space -> row(space, tweet));
        }
        for (EntityId topic : ids("topic", TOPICS)) {
            dense.put(topic, vector());
        }
        for (EntityId author : ids("user", AUTHORS)) {
            row("history-author", author);
        }
        sparse.computeIfAbsent("clusters-user", space -> new TreeMap<>())
                .put(READER, CLUSTERS.stream().collect(Collectors.toMap(each -> each, each -> 1f)));
        ReleaseBuilder release = ReleaseBuilder.of(store, directory, "r1")
                .dense("twhin-user", Map.of(READER, new float[] {1, 1, 1}))
                .dense("twhin-tweet", of(TWEET))
                .dense("twhin-topic", of(TOPIC));
        for (Map.Entry<String, Map<EntityId, Map<EntityId, Float>>> space : sparse.entrySet()) {
            Map<EntityId, SparseVector> rows = new TreeMap<>();
            space.getValue().forEach((id, row) -> rows.put(id, vector(space.getKey(), row)));
            release.sparse(space.getKey(), columns(space.getKey()), rows);
        }
        release.publish();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Map<EntityId, float[]> of(EntityKind kind) {
        Map<EntityId, float[]> rows = new TreeMap<>(dense);
        rows.keySet().removeIf(id -> !id.kind().equals(kind));
        return rows;
    }

    private float[] vector() {
        return new float[] {(float) random.nextGaussian(), (float) random.nextGaussian(), (float) random.nextGaussian()
        };
    }

    /** A row of a space, or none. */
    private void row(String space, EntityId id) {
        Map<EntityId, Map<EntityId, Float>> rows = sparse.computeIfAbsent(space, each -> new TreeMap<>());
        rows.remove(id);
        if (random.nextInt(5) == 0) {
            return;
        }
        Map<EntityId, Float> row = new TreeMap<>();
        if (space.equals("created")) {
            row.put(EntityId.parse("time:hours"), (float) (NOW / 3_600_000L - random.nextInt(72)));
        } else {
            List<EntityId> columns = columns(space);
            int most = space.equals("history-author") ? 25 : columns.size();
            for (int i = random.nextInt(most) + 1; i > 0; i--) {
                row.put(columns.get(random.nextInt(columns.size())), 1f + random.nextInt(100));
            }
        }
        rows.put(id, row);
    }

    private static SparseVector vector(String space, Map<EntityId, Float> row) {
        List<EntityId> columns = columns(space);
        int[] places = row.keySet().stream().mapToInt(columns::indexOf).sorted().toArray();
        float[] weights = new float[places.length];
        for (int i = 0; i < places.length; i++) {
            weights[i] = row.getOrDefault(columns.get(places[i]), 0f);
        }
        return new SparseVector(places, weights);
    }

    /** Changes a row of every space, puts one where there was none, and takes one away. */
    private void stream() {
        EntityId tweet = TWEET_IDS.get(random.nextInt(TWEET_IDS.size()));
        if (random.nextInt(3) == 0) {
            dense.remove(tweet);
            apply("twhin-tweet", new Change.Delete(tweet, OptionalLong.empty()));
        } else {
            dense.put(tweet, vector());
            apply(
                    "twhin-tweet",
                    new Change.Upsert(
                            tweet, new Embedding.Dense(dense.getOrDefault(tweet, new float[0])), OptionalLong.empty()));
        }
        String space = random.nextInt(3) == 0 ? "history-author" : OF_TWEETS.get(random.nextInt(OF_TWEETS.size()));
        EntityId id = space.equals("history-author") ? EntityId.of(USER, 1 + random.nextInt(AUTHORS + 2)) : tweet;
        row(space, id);
        Map<EntityId, Float> row = rows(space).get(id);
        apply(
                space,
                row == null
                        ? new Change.Delete(id, OptionalLong.empty())
                        : new Change.Upsert(id, new Embedding.Sparse(vector(space, row)), OptionalLong.empty()));
    }

    private void apply(String space, Change change) {
        store.apply("r1", space, "", List.of(change));
    }

    private Map<EntityId, Map<EntityId, Float>> rows(String space) {
        return sparse.getOrDefault(space, Map.of());
    }

    private static ColumnPlan twhin(int retrieve) {
        return ColumnPlan.dense("twhin")
                .source(USER, "twhin-user")
                .candidate(TWEET, "twhin-tweet")
                .candidate(TOPIC, "twhin-topic")
                .set(ColumnSetting.RETRIEVE, retrieve)
                .build();
    }

    private static ColumnPlan clusters(int retrieve) {
        return ColumnPlan.sparse("clusters")
                .source(USER, "clusters-user")
                .candidate(TWEET, "clusters-tweet")
                .set(ColumnSetting.RETRIEVE, retrieve)
                .set(ColumnSetting.CLUSTERS_SCANNED, 2)
                .set(ColumnSetting.ITEMS_PER_CLUSTER, 2)
                .build();
    }

    private Scorer scorer(ColumnPlan... columns) {
        return scorer(new EntityKind[] {TWEET, TOPIC}, columns);
    }

    private Scorer scorer(EntityKind[] kinds, ColumnPlan... columns) {
        ScoringPlan plan = ScoringPlan.of("s", kinds)
                .columns(columns)
                .blend(new BlendRecipe.Linear(Normalizer.NONE))
                .kDefault(10)
                .attributes(new AttributePlan(
                        Map.of(
                                "language",
                                        new AttributePlan.Attribute(List.of("language", "language-guessed"), List.of()),
                                "author", new AttributePlan.Attribute(List.of(), List.of("history-author"))),
                        Set.of(),
                        List.of("created")))
                .build();
        return ScorerBuilder.of(store, plan).at(NOW).build();
    }

    private CandidateQuery query(Filter filter, int k, Map<String, String> overrides) {
        return new CandidateQuery(
                        "s",
                        Source.Entities.of(READER),
                        Optional.of(k),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        overrides,
                        Optional.empty(),
                        false)
                .withWhere(filter);
    }

    private Filter filter(int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 9)) {
            case 0 -> new Filter.Attribute("language", some(LANGUAGES));
            case 1 -> new Filter.Attribute("author", some(ids("user", AUTHORS + 2)));
            case 2 -> {
                long from = random.nextInt(72);
                yield new Filter.Age(Duration.ofHours(from), Duration.ofHours(from + random.nextInt(72)));
            }
            case 3 -> {
                double from = random.nextInt(120) - 10;
                yield new Filter.Weight("stats", STATS.get(random.nextInt(3)), from, from + random.nextInt(90));
            }
            case 4 -> new Filter.Listed("history-author", EntityId.of(USER, 1 + random.nextInt(AUTHORS + 2)));
            case 5 ->
                random.nextBoolean()
                        ? new Filter.Kinds(random.nextInt(4) == 0 ? Set.of(TOPIC) : Set.of(TWEET))
                        : new Filter.Ids(some(new ArrayList<>(dense.keySet())));
            case 6 -> new Filter.Not(filter(depth - 1));
            case 7 -> new Filter.All(filters(depth - 1));
            default -> new Filter.Any(filters(depth - 1));
        };
    }

    private List<Filter> filters(int depth) {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> filter(depth))
                .toList();
    }

    private List<EntityId> some(List<EntityId> ids) {
        return ids.stream().filter(id -> random.nextInt(3) == 0).toList();
    }

    // The oracle.

    private boolean meets(Filter filter, EntityId id) {
        return switch (filter) {
            case Filter.All all -> all.of().stream().allMatch(each -> meets(each, id));
            case Filter.Any any -> any.of().stream().anyMatch(each -> meets(each, id));
            case Filter.Not not -> !meets(not.of(), id);
            case Filter.Kinds kinds -> kinds.kinds().contains(id.kind());
            case Filter.Ids ids -> ids.ids().contains(id);
            case Filter.Listed listed ->
                rows(listed.space()).getOrDefault(listed.of(), Map.of()).containsKey(id);
            case Filter.Weight weight -> {
                Float value = rows("stats").getOrDefault(id, Map.of()).get(weight.column());
                yield value != null && value >= weight.min() && value <= weight.max();
            }
            case Filter.Age age -> {
                Float hours = rows("created").getOrDefault(id, Map.of()).get(EntityId.parse("time:hours"));
                double old = hours == null ? Double.NaN : NOW / 3_600_000.0 - hours;
                yield old >= age.min().toHours() && old <= age.max().toHours();
            }
            case Filter.Attribute attribute ->
                (attribute.name().equals("language") ? language(id) : author(id))
                        .filter(attribute.values()::contains)
                        .isPresent();
        };
    }

    private Optional<EntityId> language(EntityId id) {
        for (String space : List.of("language", "language-guessed")) {
            Map<EntityId, Float> row = rows(space).getOrDefault(id, Map.of());
            Optional<EntityId> best = row.keySet().stream().max((a, b) -> {
                int byWeight = Float.compare(row.getOrDefault(a, 0f), row.getOrDefault(b, 0f));
                return byWeight != 0 ? byWeight : b.compareTo(a);
            });
            if (best.isPresent()) {
                return best;
            }
        }
        return Optional.empty();
    }

    private Optional<EntityId> author(EntityId id) {
        return rows("history-author").entrySet().stream()
                .filter(row -> row.getValue().containsKey(id))
                .map(Map.Entry::getKey)
                .min(EntityId::compareTo);
    }

    private Set<EntityId> expected(Filter filter, boolean clusters) {
        Set<EntityId> expected = new TreeSet<>(dense.keySet());
        if (clusters) {
            expected.addAll(rows("clusters-tweet").keySet());
        }
        expected.removeIf(id -> !meets(filter, id));
        return expected;
    }

    private static Set<EntityId> answered(ScoredCandidates answer) {
        return answer.candidates().stream().map(ScoredCandidate::id).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void answersAreThoseThatMeetTheFilterWhateverWasStreamed() {
        Scorer both = scorer(twhin(1000), clusters(1000));
        Scorer sparseAlone = scorer(new EntityKind[] {TWEET}, clusters(10));
        int partly = 0;
        for (int round = 0; round < 300; round++) {
            if (round >= 100) {
                stream();
            }
            Filter filter = filter(3);
            Set<EntityId> expected = expected(filter, true);
            assertThat(answered(both.candidates(query(filter, 500, Map.of()))))
                    .as("round %s: %s", round, filter)
                    .isEqualTo(expected);
            partly += expected.isEmpty() || expected.size() == dense.size() ? 0 : 1;
            assertThat(answered(both.candidates(
                            query(filter, 7, Map.of("optimal", "true", "columns.twhin.retrieve", "1")))))
                    .as("round %s, optimal: %s", round, filter)
                    .hasSize(Math.min(7, expected.size()))
                    .isSubsetOf(expected);
            Set<EntityId> known = new TreeSet<>(rows("clusters-tweet").keySet());
            known.retainAll(expected);
            assertThat(answered(sparseAlone.candidates(query(filter, 5, Map.of()))))
                    .as("round %s, of two items a cluster: %s", round, filter)
                    .hasSize(Math.min(5, known.size()))
                    .isSubsetOf(known);
            EntityId asked = TWEET_IDS.get(random.nextInt(TWEETS));
            WhyNot why = both.whyNot(query(filter, 500, Map.of()), asked, 500);
            assertThat(why.by().equals(Optional.of("filters.where")))
                    .as("round %s, why not %s: %s", round, asked, filter)
                    .isEqualTo(!meets(filter, asked));
        }
        assertThat(partly).as("filters that take some").isGreaterThan(100);
    }

    @Test
    void whatASurfaceDoesNotKnowIsRefusedByItsPlace() {
        Scorer scorer = scorer(twhin(10));
        record Refused(Filter filter, String message) {}
        for (Refused each : List.of(
                new Refused(
                        new Filter.All(List.of(
                                new Filter.Kinds(Set.of()), new Filter.Not(new Filter.Attribute("colour", List.of())))),
                        "surface s has no attribute 'colour': it has [author, language]"),
                new Refused(
                        new Filter.Any(List.of(new Filter.Listed("twhin-tweet", READER))),
                        "twhin-tweet holds no lists: it is a dense space"),
                new Refused(
                        new Filter.Weight("nowhere", STATS.getFirst(), 0, 1),
                        "no space is called 'nowhere' (filters.where.weight.space)"))) {
            assertThatThrownBy(() -> scorer.candidates(query(each.filter(), 3, Map.of())))
                    .hasMessageStartingWith(each.message());
        }
    }

    @Test
    void boundsThatHoldNothingAreRefused() {
        assertThatThrownBy(() -> new Filter.Age(Duration.ofHours(2), Duration.ofHours(1)))
                .hasMessage("min must not be negative and max at least as much: PT2H and PT1H");
        assertThatThrownBy(() -> new Filter.Weight("stats", STATS.getFirst(), 2, 1))
                .hasMessage("max must be at least min: 2.0 and 1.0");
        assertThatThrownBy(() -> new Filter.Weight("stats", STATS.getFirst(), Double.NaN, 1))
                .hasMessage("max must be at least min: NaN and 1.0");
    }
}
