package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.answer.ColumnScore;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.answer.ScoredList;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.Variant;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnPlan.Translation;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.ScoreQuery;
import repscorer.core.query.Source;
import repscorer.core.similarity.Similarity;
import repscorer.core.store.Change;
import repscorer.core.store.RepresentationStore;
import repscorer.testing.Seeds;
import repscorer.vector.SparseVector;

/** The normaliser {@code fixed}: a score that no other candidate of the list moves. */
class FixedScaleTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityKind TWEET = EntityKind.TWEET;
    private static final int CLUSTERS = 12;

    @TempDir
    Path directory;

    private final Map<EntityId, float[]> users = new TreeMap<>();
    private final Map<EntityId, float[]> tweets = new TreeMap<>();
    private final Map<EntityId, SparseVector> interests = new TreeMap<>();
    private final Map<EntityId, SparseVector> topics = new TreeMap<>();
    private final float[] like = {0.25f, -0.5f, 0.125f, 0.75f};

    private void draw(RandomGenerator random, int rows) {
        for (int i = 1; i <= rows; i++) {
            users.put(EntityId.of(USER, i), dense(random));
            tweets.put(EntityId.of(TWEET, i), dense(random));
            if (i % 7 > 0) {
                interests.put(EntityId.of(USER, i), sparse(random));
                topics.put(EntityId.of(TWEET, i), sparse(random));
            }
        }
    }

    private static float[] dense(RandomGenerator random) {
        float[] values = new float[4];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() + 0.5);
        }
        return values;
    }

    private static SparseVector sparse(RandomGenerator random) {
        int first = random.nextInt(CLUSTERS - 1);
        return new SparseVector(
                new int[] {first, first + 1}, new float[] {0.1f + random.nextFloat(), 0.1f + random.nextFloat()});
    }

    private RepresentationStore open(String name) {
        return ReleaseBuilder.open(
                directory.resolve(name),
                Spaces.twhin("twhin-user", USER, 4),
                Spaces.twhin("twhin-tweet", TWEET, 4),
                Spaces.twhin("twhin-relation", EntityKind.RELATION, 4),
                Spaces.clusters("clusters-user", USER, 9),
                Spaces.clusters("clusters-tweet", TWEET, 9));
    }

    private void publish(RepresentationStore store, boolean backwards) throws IOException {
        List<EntityId> columns = ReleaseBuilder.columns("cluster", CLUSTERS);
        List<EntityId> order = new ArrayList<>(users.keySet());
        if (backwards) {
            Collections.reverse(order);
        }
        ReleaseBuilder.of(store, directory, "r1")
                .write(
                        "twhin-user",
                        List.of(),
                        Map.of(),
                        writer -> order.forEach(id -> writer.add(id, users.getOrDefault(id, new float[0]))))
                .dense("twhin-tweet", tweets)
                .dense("twhin-relation", Map.of(EntityId.parse("relation:like"), like))
                .sparse("clusters-user", columns, interests)
                .sparse("clusters-tweet", columns, topics)
                .publish();
    }

    private static ScoringPlan plan() {
        return ScoringPlan.of("s", TWEET)
                .columns(
                        ColumnPlan.dense("twhin")
                                .source(USER, "twhin-user")
                                .source(TWEET, "twhin-tweet")
                                .candidate(TWEET, "twhin-tweet")
                                .translations(List.of(new Translation(USER, TWEET, "twhin-relation", "like")))
                                .set(ColumnSetting.WEIGHT, 2.0)
                                .build(),
                        ColumnPlan.sparse("clusters")
                                .source(USER, "clusters-user")
                                .candidate(TWEET, "clusters-tweet")
                                .similarity(Similarity.EUCLIDEAN_DISTANCE)
                                .set(ColumnSetting.WEIGHT, 0.5)
                                .build())
                .blend(new BlendRecipe.Linear(Normalizer.FIXED))
                .build();
    }

    private static ScoredList scores(RepresentationStore store, List<EntityId> candidates) {
        return scores(store, candidates, Map.of());
    }

    private static ScoredList scores(
            RepresentationStore store, List<EntityId> candidates, Map<String, String> overrides) {
        return ScorerBuilder.of(store, plan())
                .build()
                .scores(new ScoreQuery.BySurface(
                        "s",
                        Source.Entities.of(EntityId.of(USER, 3)),
                        candidates,
                        overrides,
                        Optional.empty(),
                        Map.of(),
                        true));
    }

    private static Map<EntityId, Double> byId(ScoredList list) {
        Map<EntityId, Double> scores = new TreeMap<>();
        list.entries().forEach(entry -> {
            if (entry instanceof ScoredList.Entry.Scored scored) {
                scores.put(scored.id(), scored.score());
            }
        });
        return scores;
    }

    @Test
    @DisplayName(
            "S9: by normalizer fixed a candidate scores the same alone, in a thousand, in any order, and as a candidate")
    void noListMovesAScore() throws IOException {
        RandomGenerator random = Seeds.random("FixedScaleTest.lists");
        draw(random, 1_000);
        try (RepresentationStore store = open("store")) {
            publish(store, false);
            List<EntityId> all = new ArrayList<>(tweets.keySet());
            Map<EntityId, Double> together = byId(scores(store, all));
            assertThat(together).hasSize(1_000);
            Collections.shuffle(all, new Random(random.nextLong()));
            assertThat(byId(scores(store, all))).isEqualTo(together);
            for (EntityId id : all.subList(0, 50)) {
                assertThat(byId(scores(store, List.of(id))))
                        .containsExactly(Map.entry(id, together.getOrDefault(id, 0.0)));
            }
            ScoredCandidates found = ScorerBuilder.of(store, plan())
                    .build()
                    .candidates(CandidateQuery.of("s", Source.Entities.of(EntityId.of(USER, 3))));
            assertThat(found.candidates()).hasSize(20);
            for (ScoredCandidate each : found.candidates()) {
                assertThat(each.score()).isEqualTo(together.get(each.id()));
            }
            assertThat(found.scale()).isEqualTo("fixed");
            assertThat(byId(scores(store, all.subList(0, 1), Map.of("blend.normalizer", "z-score"))))
                    .containsValue(0.0);
        }
    }

    @Test
    @DisplayName("S9: the statistics are those of all pairs where the sample holds every row; an explanation adds up")
    void smallSpacesAreMeasuredWhole() throws IOException {
        draw(Seeds.random("FixedScaleTest.small"), 100);
        double[] dense = statistics(List.of(
                pairs(users.keySet(), tweets.keySet(), (a, b) -> cosine(translated(row(users, a)), row(tweets, b))),
                pairs(tweets.keySet(), tweets.keySet(), (a, b) -> cosine(row(tweets, a), row(tweets, b)))));
        double[] sparse = statistics(List.of(
                pairs(interests.keySet(), topics.keySet(), (a, b) -> -distance(row(interests, a), row(topics, b)))));
        try (RepresentationStore store = open("store")) {
            publish(store, false);
            EntityId source = EntityId.of(USER, 3);
            ScoredList list = scores(store, List.copyOf(tweets.keySet()));
            int both = 0;
            for (ScoredList.Entry entry : list.entries()) {
                ScoredList.Entry.Scored scored = (ScoredList.Entry.Scored) entry;
                double d = (cosine(translated(row(users, source)), row(tweets, scored.id())) - dense[0]) / dense[1];
                double expected = 2.5 * d;
                if (topics.containsKey(scored.id())) {
                    double s = (-distance(row(interests, source), row(topics, scored.id())) - sparse[0]) / sparse[1];
                    expected = 2 * d + 0.5 * s;
                    both++;
                }
                assertThat(scored.score()).isCloseTo(expected, within(1e-5));
                double sum = scored.columns().stream()
                        .mapToDouble(column -> column instanceof ColumnScore.Present there ? there.contribution() : 0)
                        .sum();
                assertThat(scored.score()).isCloseTo(sum, within(1e-12));
            }
            assertThat(both).isPositive();
            ScoredCandidates found = ScorerBuilder.of(store, plan()).build().candidates(explained(source));
            assertThat(found.statistics().getFirst().statistics().mean()).isCloseTo(dense[0], within(1e-6));
            assertThat(found.statistics().getFirst().statistics().sigma()).isCloseTo(dense[1], within(1e-6));
            assertThat(found.statistics().getFirst().statistics().count()).isEqualTo(100 * 100 + 100 * 99);
            assertThat(found.statistics().getLast().statistics().mean()).isCloseTo(sparse[0], within(1e-6));
        }
    }

    @Test
    @DisplayName(
            "S9: the scale stays through changes, restarts and another order of rows, and the best of all are found by it")
    void theScaleIsTheBases() throws IOException {
        draw(Seeds.random("FixedScaleTest.changes"), 1_000);
        List<EntityId> some = List.copyOf(tweets.keySet()).subList(0, 30);
        Map<EntityId, Double> before;
        try (RepresentationStore store = open("store")) {
            publish(store, false);
            before = byId(scores(store, some));
            List<Change> changes = new ArrayList<>();
            for (int i = 500; i < 700; i++) {
                EntityId id = EntityId.of(TWEET, i);
                changes.add(new Change.Upsert(id, new Embedding.Dense(new float[] {9, 9, 9, 9}), OptionalLong.empty()));
            }
            store.apply("r1", "twhin-tweet", "", changes);
            assertThat(byId(scores(store, some))).isEqualTo(before);
            Map<String, String> optimal = Map.of("optimal", "true", "optimal.budget-ms", "10000");
            CandidateQuery query = new CandidateQuery(
                    "s",
                    Source.Entities.of(EntityId.of(USER, 3)),
                    Optional.of(5),
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    optimal,
                    Optional.empty(),
                    false);
            ScoredCandidates best = ScorerBuilder.of(store, plan()).build().candidates(query);
            Map<EntityId, Double> all = byId(scores(store, List.copyOf(tweets.keySet())));
            assertThat(best.candidates())
                    .extracting(ScoredCandidate::score)
                    .containsExactlyElementsOf(all.values().stream()
                            .sorted(Collections.reverseOrder())
                            .limit(5)
                            .toList());
        }
        try (RepresentationStore store = open("store")) {
            assertThat(byId(scores(store, some))).isEqualTo(before);
        }
        try (RepresentationStore store = open("backwards")) {
            publish(store, true);
            assertThat(byId(scores(store, some))).isEqualTo(before);
        }
    }

    @Test
    @DisplayName("S9: an experiment may turn the scale to fixed")
    void experimentsMayFixIt() throws IOException {
        draw(Seeds.random("FixedScaleTest.experiment"), 50);
        ScoringPlan listed = plan().toBuilder()
                .blend(new BlendRecipe.Linear(Normalizer.Z_SCORE))
                .build();
        Variant fixed = new Variant("fixed", 1, Map.of("blend.normalizer", "fixed"));
        Experiment experiment = new Experiment("e", "s", "layer", "salt", 0, Experiment.BUCKETS, List.of(fixed), true);
        try (RepresentationStore store = open("store")) {
            publish(store, false);
            List<EntityId> one = List.of(EntityId.of(TWEET, 5));
            ScoreQuery query = new ScoreQuery.BySurface(
                    "s", Source.Entities.of(EntityId.of(USER, 3)), one, Map.of(), Optional.of("unit"), Map.of(), false);
            ScoredList list = ScorerBuilder.of(store, listed)
                    .experiments(experiment)
                    .build()
                    .scores(query);
            assertThat(byId(list)).isEqualTo(byId(scores(store, one)));
            assertThat(list.unit()).isEqualTo("weighted standard deviations of each column's space");
        }
    }

    @Test
    void whereAllPairsAreAlikeTheValueIsKept() throws IOException {
        for (int i = 1; i <= 3; i++) {
            interests.put(EntityId.of(USER, i), new SparseVector(new int[] {0}, new float[] {1}));
            topics.put(EntityId.of(TWEET, i), new SparseVector(new int[] {1}, new float[] {1}));
        }
        users.put(EntityId.of(USER, 1), new float[] {1, 0, 0, 0});
        tweets.put(EntityId.of(TWEET, 1), new float[] {1, 0, 0, 0});
        try (RepresentationStore store = open("store")) {
            publish(store, false);
            Map<EntityId, Double> scores = byId(scores(store, List.copyOf(topics.keySet())));
            assertThat(scores)
                    .hasSize(3)
                    .allSatisfy((id, score) -> assertThat(score).isCloseTo(0, within(1e-12)));
        }
    }

    private static <V> V row(Map<EntityId, V> rows, EntityId id) {
        return Optional.ofNullable(rows.get(id)).orElseThrow();
    }

    private interface Pair {

        double score(EntityId a, EntityId b);
    }

    private static List<Double> pairs(Iterable<EntityId> sources, Iterable<EntityId> candidates, Pair pair) {
        List<Double> scores = new ArrayList<>();
        for (EntityId source : sources) {
            for (EntityId candidate : candidates) {
                if (!source.equals(candidate)) {
                    scores.add(pair.score(source, candidate));
                }
            }
        }
        return scores;
    }

    private static double[] statistics(List<List<Double>> lists) {
        double[] values = lists.stream()
                .flatMap(List::stream)
                .mapToDouble(Double::doubleValue)
                .toArray();
        double mean = java.util.Arrays.stream(values).average().orElseThrow();
        double squares = java.util.Arrays.stream(values)
                .map(x -> (x - mean) * (x - mean))
                .average()
                .orElseThrow();
        return new double[] {mean, Math.sqrt(squares)};
    }

    private float[] translated(float[] user) {
        float[] sum = new float[user.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = user[i] + like[i];
        }
        return sum;
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double x = 0;
        double y = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            x += (double) a[i] * a[i];
            y += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(x * y);
    }

    private static double distance(SparseVector a, SparseVector b) {
        double[] difference = new double[CLUSTERS];
        for (int i = 0; i < a.size(); i++) {
            difference[a.columns()[i]] += a.weights()[i];
        }
        for (int i = 0; i < b.size(); i++) {
            difference[b.columns()[i]] -= b.weights()[i];
        }
        double sum = 0;
        for (double each : difference) {
            sum += each * each;
        }
        return Math.sqrt(sum);
    }

    private static CandidateQuery explained(EntityId source) {
        return new CandidateQuery(
                "s",
                Source.Entities.of(source),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                true);
    }
}
