package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.answer.ColumnScore;
import repscorer.core.answer.MissingReason;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.Ranked;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.answer.ScoredList;
import repscorer.core.answer.ScoredMatrix;
import repscorer.core.answer.ScoredPairs;
import repscorer.core.answer.WhyNot;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.embedding.EmbeddingSource.Answer;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.Variant;
import repscorer.core.failure.ScorerException;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.pair.ListScorer;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.Comparison;
import repscorer.core.plan.Limits;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.MatrixQuery;
import repscorer.core.query.PairQuery;
import repscorer.core.query.ScoreQuery;
import repscorer.core.query.Source;
import repscorer.core.request.StageListener;
import repscorer.core.similarity.Similarity;
import repscorer.core.store.Change;
import repscorer.core.store.RepresentationStore;
import repscorer.vector.SparseVector;

/** End to end over a tiny release, against scores worked out here by plain loops over maps. */
class ScorerTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityKind TWEET = EntityKind.TWEET;
    private static final EntityKind RELATION = new EntityKind("relation");
    private static final int CLUSTERS = 5;

    @TempDir
    Path directory;

    private RepresentationStore store;
    private final Map<EntityId, float[]> dense = new TreeMap<>();
    private final Map<EntityId, SparseVector> sparse = new TreeMap<>();
    private final float[] follow = {0.1f, 0.2f, -0.3f};
    private int scratch;

    private static EntityId user(long value) {
        return EntityId.of(USER, value);
    }

    private static EntityId tweet(long value) {
        return EntityId.of(TWEET, value);
    }

    @BeforeEach
    void openStore() {
        store = ReleaseBuilder.open(
                directory.resolve("store"),
                Spaces.twhin("twhin-user", USER, 3),
                Spaces.twhin("twhin-tweet", TWEET, 3),
                Spaces.twhin("twhin-relation", RELATION, 3),
                Spaces.clusters("clusters-user", USER, 5),
                Spaces.clusters("clusters-tweet", TWEET, 5),
                Spaces.lookup("history-follow", "history", USER, 50));
        Random random = new Random(9);
        for (int i = 1; i <= 20; i++) {
            for (EntityId id : List.of(user(i), tweet(i))) {
                dense.put(id, new float[] {
                    (float) random.nextGaussian(), (float) random.nextGaussian(), (float) random.nextGaussian()
                });
                int[] columns = random.ints(0, CLUSTERS)
                        .distinct()
                        .limit(1 + random.nextInt(3))
                        .sorted()
                        .toArray();
                float[] weights = new float[columns.length];
                for (int c = 0; c < weights.length; c++) {
                    weights[c] = 0.1f + random.nextFloat();
                }
                sparse.put(id, new SparseVector(columns, weights));
            }
        }
        sparse.remove(user(3)); // dense only
        dense.remove(user(4)); // sparse only
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private void publish(String release, Set<String> spaces) throws IOException {
        ReleaseBuilder builder = ReleaseBuilder.of(store, directory, release);
        for (EntityKind kind : List.of(USER, TWEET)) {
            if (spaces.contains("twhin-" + kind)) {
                builder.write("twhin-" + kind, List.of(), Map.of(), writer -> {
                    writer.property("release", release);
                    dense.forEach((id, values) -> {
                        if (id.kind().equals(kind)) {
                            writer.add(id, values);
                        }
                    });
                });
            }
            if (spaces.contains("clusters-" + kind)) {
                List<EntityId> clusters = ReleaseBuilder.columns("cluster", CLUSTERS);
                builder.write(
                        "clusters-" + kind,
                        clusters,
                        Map.of(0, "music", 1, "chess"),
                        writer -> sparse.forEach((id, vector) -> {
                            if (id.kind().equals(kind)) {
                                writer.add(id, vector);
                            }
                        }));
            }
        }
        if (spaces.contains("twhin-relation")) {
            builder.dense("twhin-relation", Map.of(EntityId.of(RELATION, "follow"), follow));
        }
        if (spaces.contains("history-follow")) {
            SparseVector followed = new SparseVector(new int[] {0, 2}, new float[] {1, 1});
            builder.sparse("history-follow", List.of(user(7), user(8), tweet(9)), Map.of(user(1), followed));
        }
        builder.publish();
    }

    private static final Set<String> ALL =
            Set.of("twhin-user", "twhin-tweet", "twhin-relation", "clusters-user", "clusters-tweet", "history-follow");

    private static ColumnPlan denseColumn(double weight) {
        return ColumnPlan.dense("twhin")
                .translations(List.of(new ColumnPlan.Translation(USER, USER, "twhin-relation", "follow")))
                .source(USER, "twhin-user")
                .candidate(USER, "twhin-user")
                .candidate(TWEET, "twhin-tweet")
                .set(ColumnSetting.RETRIEVE, 100)
                .set(ColumnSetting.WEIGHT, weight)
                .build();
    }

    private static ColumnPlan sparseColumn(double weight) {
        return ColumnPlan.sparse("clusters")
                .source(USER, "clusters-user")
                .candidate(USER, "clusters-user")
                .candidate(TWEET, "clusters-tweet")
                .set(ColumnSetting.RETRIEVE, 100)
                .set(ColumnSetting.WEIGHT, weight)
                .build();
    }

    private static ScoringPlan plan(String surface, List<String> exclude) {
        return ScoringPlan.of(surface, USER, TWEET)
                .columns(denseColumn(1), sparseColumn(0.5))
                .blend(new BlendRecipe.Linear(Normalizer.MIN_MAX))
                .exclude(exclude)
                .kDefault(10)
                .build();
    }

    private Scorer scorer(Experiment... experiments) {
        return scorer(EmbeddingSource.NONE, experiments);
    }

    private Scorer scorer(EmbeddingSource upstream, Experiment... experiments) {
        return ScorerBuilder.of(store, plan("follow", List.of("history-follow")), plan("plain", List.of()))
                .upstream(upstream, Duration.ofSeconds(1))
                .experiments(experiments)
                .build();
    }

    private static CandidateQuery query(
            String surface, Source source, int k, List<EntityKind> kinds, Map<String, String> overrides) {
        return new CandidateQuery(
                surface,
                source,
                Optional.of(k),
                kinds,
                List.of(),
                Optional.empty(),
                overrides,
                Optional.of("user:1"),
                true);
    }

    private static CandidateQuery query(Source source, int k) {
        return query("plain", source, k, List.of(), Map.of());
    }

    private static <T extends ScorerException> T refused(Class<T> type, String code, ThrowingCallable call) {
        List<T> caught = new ArrayList<>();
        assertThatThrownBy(call).isInstanceOfSatisfying(type, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            caught.add(e);
        });
        return caught.getFirst();
    }

    /** Columns that retrieve hardly anything, asked for the best of all entities, answer what columns that retrieve all do. */
    @Test
    void theBestOfAllEntitiesAreAnsweredWhateverIsRetrieved() throws IOException {
        publish("r1", ALL);
        Scorer scorer = scorer();
        Map<String, String> all = Map.of("blend.normalizer", "none");
        Map<String, String> few = Map.of(
                "blend.normalizer",
                "none",
                "columns.twhin.retrieve",
                "0",
                "columns.clusters.items-per-cluster",
                "1",
                "optimal.budget-ms",
                "60000");
        Map<String, String> optimal = new TreeMap<>(few);
        optimal.put("optimal", "true");
        int missed = 0;
        for (int u = 1; u <= 20; u++) {
            for (String surface : List.of("plain", "follow")) {
                Source source = Source.Entities.of(user(u));
                List<ScoredCandidate> truth = scorer.candidates(query(surface, source, 5, List.of(), all))
                        .candidates();
                ScoredCandidates union = scorer.candidates(query(surface, source, 5, List.of(), few));
                ScoredCandidates answer = scorer.candidates(query(surface, source, 5, List.of(), optimal));
                assertThat(ids(answer.candidates())).isEqualTo(ids(truth));
                for (int i = 0; i < truth.size(); i++) {
                    assertThat(answer.candidates().get(i).score())
                            .isCloseTo(truth.get(i).score(), within(1e-12));
                }
                assertThat(answer.ranked().plan()).isEqualTo(Ranked.ALL);
                assertThat(answer.ranked().optimal()).isTrue();
                assertThat(answer.ranked().gap()).isZero();
                assertThat(union.ranked()).isEqualTo(Ranked.OF_UNION);
                missed += ids(union.candidates()).equals(ids(truth)) ? 0 : 1;
            }
        }
        assertThat(missed).as("the union alone misses some").isPositive();
        Source source = Source.Entities.of(user(1));
        EntityId last = scorer.candidates(query("plain", source, 100, List.of(), all))
                .candidates()
                .getLast()
                .id();
        WhyNot lost = scorer.whyNot(query("plain", source, 5, List.of(), optimal), last);
        assertThat(lost.stage()).isEqualTo(WhyNot.Stage.RANK);
        assertThat(lost.message()).contains("5");
    }

    private static List<EntityId> ids(List<ScoredCandidate> candidates) {
        return candidates.stream().map(ScoredCandidate::id).toList();
    }

    /** Rows that were streamed in, replaced or taken away since the files were written count as they are now. */
    @Test
    void theBestOfAllEntitiesAreThoseOfThisMoment() throws IOException {
        publish("r1", ALL);
        List<Change> changes = new ArrayList<>();
        for (int u = 5; u <= 14; u++) {
            changes.add(
                    u % 3 == 0
                            ? new Change.Delete(user(u), OptionalLong.empty())
                            : new Change.Upsert(
                                    user(u), new Embedding.Dense(new float[] {u, 3 - u, 1}), OptionalLong.empty()));
        }
        changes.add(new Change.Upsert(
                user(77), new Embedding.Dense(new float[] {0.1f, 0.2f, -0.3f}), OptionalLong.empty()));
        store.apply("r1", "twhin-user", "", changes);
        Scorer scorer = scorer();
        Map<String, String> all = Map.of("blend.normalizer", "none");
        Map<String, String> optimal = Map.of(
                "blend.normalizer",
                "none",
                "columns.twhin.retrieve",
                "0",
                "columns.clusters.items-per-cluster",
                "1",
                "optimal",
                "true",
                "optimal.budget-ms",
                "60000");
        for (int u = 1; u <= 20; u++) {
            Source source = Source.Entities.of(user(u));
            ScoredCandidates truth = scorer.candidates(query("plain", source, 5, List.of(), all));
            ScoredCandidates answer = scorer.candidates(query("plain", source, 5, List.of(), optimal));
            assertThat(ids(answer.candidates())).isEqualTo(ids(truth.candidates()));
            assertThat(answer.ranked().optimal()).isTrue();
        }
    }

    /** What is found moves nobody's score: the scales stay those of the union. */
    @Test
    void theScalesOfTheBestOfAllAreThoseOfTheUnion() throws IOException {
        publish("r1", ALL);
        Scorer scorer = scorer();
        int compared = 0;
        for (String normalizer : List.of("z-score", "min-max")) {
            for (int u = 1; u <= 20; u++) {
                Map<String, String> few = new TreeMap<>(Map.of(
                        "blend.normalizer",
                        normalizer,
                        "columns.twhin.retrieve",
                        "3",
                        "columns.clusters.retrieve",
                        "3"));
                Source source = Source.Entities.of(user(u));
                Map<EntityId, Double> before = new TreeMap<>();
                scorer.candidates(query("plain", source, 3, List.of(), few))
                        .candidates()
                        .forEach(candidate -> before.put(candidate.id(), candidate.score()));
                few.put("optimal", "true");
                few.put("optimal.budget-ms", "60000");
                List<ScoredCandidate> after = scorer.candidates(query("plain", source, 3, List.of(), few))
                        .candidates();
                for (ScoredCandidate candidate : after) {
                    if (before.containsKey(candidate.id())) {
                        assertThat(candidate.score()).isEqualTo(before.get(candidate.id()));
                        compared++;
                    }
                }
                assertThat(after.getLast().score())
                        .isGreaterThanOrEqualTo(before.values().stream()
                                .mapToDouble(Double::doubleValue)
                                .min()
                                .orElseThrow());
            }
        }
        assertThat(compared).isPositive();
    }

    @Test
    void theBestOfAllNeedABlendThatBoundsCanBound() throws IOException {
        publish("r1", ALL);
        Map<String, String> ranks = Map.of("blend.method", "reciprocal-rank", "optimal", "true");
        refused(
                ScorerException.Invalid.class,
                "optimal-needs-linear",
                () -> scorer().candidates(query("plain", Source.Entities.of(user(1)), 3, List.of(), ranks)));
        refused(
                ScorerException.Invalid.class,
                "override-out-of-bounds",
                () -> scorer().candidates(query(
                        "plain", Source.Entities.of(user(1)), 3, List.of(), Map.of("optimal.budget-ms", "0"))));
    }

    /* The oracle. */

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

    private static float[] spread(SparseVector vector) {
        float[] values = new float[CLUSTERS];
        for (int i = 0; i < vector.size(); i++) {
            values[vector.columns()[i]] = vector.weights()[i];
        }
        return values;
    }

    private float[] source(EntityId source, EntityKind kind) {
        float[] vector = dense.getOrDefault(source, new float[3]).clone();
        if (kind.equals(USER)) {
            for (int i = 0; i < 3; i++) {
                vector[i] += follow[i];
            }
        }
        return vector;
    }

    private static Map<EntityId, Double> minMax(Map<EntityId, Double> raw) {
        double min = raw.values().stream().mapToDouble(v -> v).min().orElse(0);
        double max = raw.values().stream().mapToDouble(v -> v).max().orElse(0);
        Map<EntityId, Double> normal = new TreeMap<>();
        raw.forEach((id, value) -> normal.put(id, max > min ? (value - min) / (max - min) : 1));
        return normal;
    }

    private Map<EntityId, Double> blended(EntityId source, Set<EntityId> without) {
        Map<EntityId, Double> a = new TreeMap<>();
        Map<EntityId, Double> b = new TreeMap<>();
        Set<EntityId> all = new TreeSet<>(dense.keySet());
        all.addAll(sparse.keySet());
        all.removeAll(without);
        all.remove(source);
        SparseVector clusters = sparse.getOrDefault(source, SparseVector.EMPTY);
        for (EntityId id : all) {
            float[] denseRow = dense.get(id);
            SparseVector sparseRow = sparse.get(id);
            if (denseRow == null && sparseRow != null && cosine(spread(clusters), spread(sparseRow)) == 0) {
                continue; // no search finds it
            }
            if (denseRow != null) {
                a.put(id, cosine(source(source, id.kind()), denseRow));
            }
            if (sparseRow != null) {
                b.put(id, cosine(spread(clusters), spread(sparseRow)));
            }
        }
        Map<EntityId, Double> x = minMax(a);
        Map<EntityId, Double> y = minMax(b);
        Map<EntityId, Double> scores = new TreeMap<>();
        for (EntityId id : all) {
            Double p = x.get(id);
            Double q = y.get(id);
            if (p != null && q != null) {
                scores.put(id, p + 0.5 * q);
            } else if (p != null) {
                scores.put(id, 1.5 * p);
            } else if (q != null) {
                scores.put(id, 1.5 * q);
            }
        }
        return scores;
    }

    private static void assertRanked(ScoredCandidates answer, Map<EntityId, Double> scores) {
        List<EntityId> expected = scores.keySet().stream()
                .sorted(Comparator.comparingDouble((EntityId id) -> -scores.getOrDefault(id, 0.0))
                        .thenComparing(id -> id))
                .limit(answer.k())
                .toList();
        assertThat(answer.candidates()).extracting(ScoredCandidate::id).containsExactlyElementsOf(expected);
        for (ScoredCandidate candidate : answer.candidates()) {
            assertThat(candidate.score()).isCloseTo(scores.getOrDefault(candidate.id(), 0.0), within(1e-6));
            double sum = 0;
            for (ColumnScore column : candidate.columns()) {
                sum += column instanceof ColumnScore.Present present ? present.contribution() : 0;
            }
            assertThat(sum).isCloseTo(candidate.score(), within(1e-9));
        }
    }

    @Test
    void ranksAsBruteForceDoes() throws IOException {
        publish("r1", ALL);
        for (int k : new int[] {1, 7, 15, 100}) {
            ScoredCandidates answer = scorer().candidates(query(Source.Entities.of(user(1)), k));
            assertRanked(answer, blended(user(1), Set.of()));
            assertThat(answer.shortfall().isPresent()).isEqualTo(k == 100);
        }
    }

    @Test
    void explainsEveryColumnAndTheSharedClusters() throws IOException {
        publish("r1", ALL);
        ScoredCandidates answer = scorer().candidates(query(Source.Entities.of(user(1)), 100));
        boolean missingSeen = false;
        for (ScoredCandidate candidate : answer.candidates()) {
            assertThat(candidate.columns()).extracting(ColumnScore::column).containsExactly("twhin", "clusters");
            missingSeen |= candidate
                    .columns()
                    .contains(new ColumnScore.Missing("clusters", MissingReason.NO_EMBEDDING_CANDIDATE));
            double shares = candidate.sharedClusters().stream()
                    .mapToDouble(ScoredCandidate.SharedCluster::share)
                    .sum();
            assertThat(shares)
                    .satisfiesAnyOf(
                            s -> assertThat(s).isZero(), s -> assertThat(s).isCloseTo(1, within(1e-9)));
            for (ScoredCandidate.SharedCluster shared : candidate.sharedClusters()) {
                String label = shared.cluster().equals("cluster:0")
                        ? "music"
                        : shared.cluster().equals("cluster:1") ? "chess" : shared.cluster();
                assertThat(shared.label()).isEqualTo(label);
            }
        }
        assertThat(missingSeen).isTrue();
        Provenance provenance = answer.provenance();
        assertThat(provenance.release()).isEqualTo("r1");
        assertThat(provenance.versions().keySet())
                .containsExactly("clusters-tweet", "clusters-user", "twhin-relation", "twhin-tweet", "twhin-user");
        assertThat(provenance.micros().keySet()).containsExactly("source", "retrieve", "score", "blend", "total");
        assertThat(provenance.plans().get("twhin/user")).matches("EXACT scored=\\d+");
        assertThat(provenance.plans().get("clusters/tweet")).startsWith("CLUSTERS_RESCORED");
        assertThat(provenance.decisionId())
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }

    @Test
    void leavesOutTheSourceTheHistoryAndNamedIds() throws IOException {
        publish("r1", ALL);
        Scorer scorer = scorer();
        ScoredCandidates byDefault =
                scorer.candidates(query("follow", Source.Entities.of(user(1)), 100, List.of(), Map.of()));
        assertRanked(byDefault, blended(user(1), Set.of(user(7), tweet(9))));
        CandidateQuery named = new CandidateQuery(
                "follow",
                Source.Entities.of(user(1)),
                Optional.of(100),
                List.of(USER),
                List.of(user(2), user(99)),
                Optional.of(List.of()),
                Map.of(),
                Optional.empty(),
                false);
        ScoredCandidates answer = scorer.candidates(named);
        assertThat(answer.candidates())
                .extracting(ScoredCandidate::id)
                .contains(user(7))
                .doesNotContain(user(1), user(2))
                .allMatch(id -> id.kind().equals(USER));
        assertThat(answer.candidates())
                .allMatch(c -> c.columns().isEmpty() && c.sharedClusters().isEmpty());
        assertThat(answer.shortfall().orElseThrow()).startsWith("exhausted: ");
    }

    @Test
    void aSourceWithOneColumnOnlyIsNoted() throws IOException {
        publish("r1", ALL);
        ScoredCandidates answer = scorer().candidates(query(Source.Entities.of(user(3)), 5));
        assertThat(answer.candidates()).hasSize(5);
        assertThat(answer.provenance().notices())
                .containsExactly(new Provenance.Notice(
                        "clusters", "NO_EMBEDDING_SOURCE", "release r1 has no embedding of user:3 in clusters-user"));
        ColumnScore missing = answer.candidates().getFirst().columns().get(1);
        assertThat(missing).isEqualTo(new ColumnScore.Missing("clusters", MissingReason.NO_EMBEDDING_SOURCE));
    }

    @Test
    void severalSourcesAreTheirWeightedMean() throws IOException {
        publish("r1", ALL);
        Source both = new Source.Entities(List.of(new Source.Weighted(user(1), 3), new Source.Weighted(user(2), 1)));
        ScoredCandidates answer = scorer().candidates(query(
                "plain", both, 5, List.of(TWEET), Map.of("columns.clusters.weight", "0", "blend.normalizer", "none")));
        float[] mean = new float[3];
        for (Map.Entry<EntityId, Double> part :
                Map.of(user(1), 0.75, user(2), 0.25).entrySet()) {
            float[] vector = dense.getOrDefault(part.getKey(), new float[3]);
            double norm = Math.sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2]);
            for (int i = 0; i < 3; i++) {
                mean[i] += (float) (part.getValue() * vector[i] / norm);
            }
        }
        // The blend's columns are normalised by nothing, so with the other column's weight at 0 the score is the
        // cosine.
        for (ScoredCandidate candidate : answer.candidates()) {
            assertThat(candidate.score())
                    .isCloseTo(cosine(mean, dense.getOrDefault(candidate.id(), new float[3])), within(1e-6));
        }
    }

    @Test
    void inlineVectorsAreSources() throws IOException {
        publish("r1", ALL);
        float[] vector = dense.getOrDefault(user(1), new float[3]);
        Source inline =
                new Source.Inline(Optional.of(vector), Optional.of(sparse.getOrDefault(user(1), SparseVector.EMPTY)));
        ScoredCandidates byVector = scorer().candidates(query("plain", inline, 5, List.of(TWEET), Map.of()));
        ScoredCandidates byId =
                scorer().candidates(query("plain", Source.Entities.of(user(1)), 5, List.of(TWEET), Map.of()));
        assertThat(byVector.candidates()).isEqualTo(byId.candidates());
        ScorerException.Invalid e = refused(
                ScorerException.Invalid.class,
                "dimension-differs",
                () -> scorer().candidates(query(new Source.Inline(Optional.of(new float[2]), Optional.empty()), 5)));
        assertThat(e).hasMessage("dimension differs: space=twhin-user expects 3, got 2");
        assertThat(e.field()).isEqualTo("source.vector");
        refused(
                ScorerException.Invalid.class,
                "not-finite",
                () -> scorer().candidates(query(
                        new Source.Inline(Optional.of(new float[] {1, Float.NaN, 1}), Optional.empty()), 5)));
        refused(
                ScorerException.Invalid.class,
                "cluster-out-of-range",
                () -> scorer().candidates(query(
                        new Source.Inline(
                                Optional.empty(), Optional.of(new SparseVector(new int[] {5}, new float[] {1}))),
                        5)));
        refused(
                ScorerException.Invalid.class,
                "zero-vector",
                () -> scorer().candidates(query(new Source.Inline(Optional.of(new float[3]), Optional.empty()), 5)));
    }

    @Test
    void refusesWhatBreaksARule() throws IOException {
        Scorer scorer = scorer();
        Source source = Source.Entities.of(user(1));
        refused(ScorerException.NotReady.class, "no-live-release", () -> scorer.candidates(query(source, 5)));
        publish("r1", ALL);
        refused(
                ScorerException.NotFound.class,
                "unknown-surface",
                () -> scorer.candidates(CandidateQuery.of("other", source)));
        for (int k : new int[] {0, -1, Limits.K_MAX + 1}) {
            assertThat(refused(
                                    ScorerException.Invalid.class,
                                    "k-out-of-range",
                                    () -> scorer.candidates(query(source, k)))
                            .field())
                    .isEqualTo("k");
        }
        ScorerException.Invalid kind = refused(
                ScorerException.Invalid.class,
                "kind-not-on-surface",
                () -> scorer.candidates(query("plain", source, 5, List.of(USER, EntityKind.TOPIC), Map.of())));
        assertThat(kind.field()).isEqualTo("filters.kinds[1]");
        ScorerException.Invalid mismatch = refused(
                ScorerException.Invalid.class,
                "kind-mismatch",
                () -> scorer.candidates(query(Source.Entities.of(tweet(1)), 5)));
        assertThat(mismatch.field()).isEqualTo("source.id");
        assertThat(refused(
                        ScorerException.NotFound.class,
                        "no-embedding-source",
                        () -> scorer.candidates(query(Source.Entities.of(user(99)), 5))))
                .hasMessage("no embedding of user:99 in clusters-user, twhin-user (release r1)");
        refused(
                ScorerException.NotFound.class,
                "unknown-release",
                () -> scorer.candidates(query("plain", source, 5, List.of(), Map.of("release", "r9"))));
        refused(
                ScorerException.Invalid.class,
                "unknown-override",
                () -> scorer.candidates(query("plain", source, 5, List.of(), Map.of("x", "1"))));
        CandidateQuery history = new CandidateQuery(
                "plain",
                source,
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.of(List.of("twhin-user")),
                Map.of(),
                Optional.empty(),
                false);
        refused(ScorerException.Invalid.class, "unknown-history", () -> scorer.candidates(history));
    }

    @Test
    void aReleaseWithoutASpaceAnswersWhatItCan() throws IOException {
        publish("r1", Set.of("twhin-user", "clusters-user"));
        Scorer scorer = scorer();
        Source source = Source.Entities.of(user(1));
        ScoredCandidates answer = scorer.candidates(query("follow", source, 5, List.of(), Map.of()));
        assertThat(answer.candidates()).allMatch(c -> c.id().kind().equals(USER));
        assertThat(answer.provenance().notices())
                .extracting(Provenance.Notice::message)
                .containsExactlyInAnyOrder(
                        "release r1 has no space for candidates of kind tweet: needs one of [clusters-tweet, twhin-tweet]",
                        "nothing is left out by history: release r1 has no history-follow",
                        "compared without a translation: release r1 has no relation:follow in twhin-relation");
        refused(
                ScorerException.NotReady.class,
                "space-not-live",
                () -> scorer.candidates(query("plain", source, 5, List.of(TWEET), Map.of())));
        publish("r2", Set.of("twhin-tweet", "clusters-tweet"));
        refused(ScorerException.NotReady.class, "space-not-live", () -> scorer.candidates(query(source, 5)));
        assertThat(scorer.candidates(query("plain", source, 5, List.of(), Map.of("release", "r1")))
                        .provenance()
                        .release())
                .isEqualTo("r1");
    }

    @Test
    void upstreamIsAskedForWhatTheReleaseLacks() throws IOException {
        publish("r1", ALL);
        Map<String, Answer> answers = new ConcurrentHashMap<>();
        Scorer scorer =
                scorer((space, id, release, budget) -> answers.getOrDefault(space.name(), new Answer.Missing()));
        Source source = Source.Entities.of(user(99));
        answers.put("clusters-user", new Answer.Unavailable("connect timed out", true));
        refused(ScorerException.NotReady.class, "upstream-unavailable", () -> scorer.candidates(query(source, 5)));
        answers.put("twhin-user", new Answer.Found(new Embedding.Dense(dense.getOrDefault(user(1), new float[3]))));
        ScoredCandidates answer = scorer.candidates(query(source, 5));
        assertThat(answer.candidates()).hasSize(5);
        assertThat(answer.provenance().notices())
                .containsExactly(new Provenance.Notice(
                        "clusters",
                        "TIMEOUT",
                        "no embedding of user:99 in clusters-user, and upstream cannot say: connect timed out"));
        answers.put("twhin-user", new Answer.Found(new Embedding.Dense(new float[] {1})));
        refused(ScorerException.NotReady.class, "upstream-unavailable", () -> scorer.candidates(query(source, 5)));
        Scorer throwing = scorer((space, id, release, budget) -> {
            throw new IllegalStateException("broken");
        });
        refused(ScorerException.NotReady.class, "upstream-unavailable", () -> throwing.candidates(query(source, 5)));
    }

    @Test
    void experimentsChangeThePlanAndRequestsWin() throws IOException {
        publish("r1", ALL);
        publish("r2", ALL);
        Experiment weight = new Experiment(
                "weight",
                "plain",
                "l",
                "s",
                0,
                10_000,
                List.of(new Variant("sparse-only", 1, Map.of("columns.twhin.weight", "0", "release", "r1"))),
                true);
        Scorer scorer = scorer(weight);
        ScoredCandidates answer = scorer.candidates(query(Source.Entities.of(user(1)), 3));
        assertThat(answer.provenance().assignments()).containsExactly(new Provenance.Assigned("weight", "sparse-only"));
        assertThat(answer.provenance().release()).isEqualTo("r1");
        assertThat(((ColumnScore.Present)
                                answer.candidates().getFirst().columns().getFirst())
                        .contribution())
                .isZero();
        ScoredCandidates overridden = scorer.candidates(query(
                "plain",
                Source.Entities.of(user(1)),
                3,
                List.of(),
                Map.of("columns.twhin.weight", "2", "release", "r2")));
        assertThat(overridden.provenance().release()).isEqualTo("r2");
        assertThat(((ColumnScore.Present)
                                overridden.candidates().getFirst().columns().getFirst())
                        .weight())
                .isEqualTo(2);
    }

    @Test
    void scoresGivenCandidatesInTheirOrder() throws IOException {
        publish("r1", ALL);
        List<EntityId> candidates =
                List.of(tweet(5), user(2), tweet(5), EntityId.parse("topic:1"), user(999), user(4), user(3));
        ScoredList list = scorer().scores(new ScoreQuery.BySurface(
                "plain", Source.Entities.of(user(1)), candidates, Map.of(), Optional.empty(), Map.of(), true));
        assertThat(list.entries()).extracting(ScoredList.Entry::id).containsExactlyElementsOf(candidates);
        assertThat(list.entries().get(0)).isEqualTo(list.entries().get(2));
        assertThat(list.entries().get(3))
                .isEqualTo(new ScoredList.Entry.Missing(EntityId.parse("topic:1"), MissingReason.KIND_MISMATCH));
        assertThat(list.entries().get(4))
                .isEqualTo(new ScoredList.Entry.Missing(user(999), MissingReason.NO_EMBEDDING_CANDIDATE));
        assertThat(list.entries().get(5)).isInstanceOf(ScoredList.Entry.Scored.class);
        assertThat(list.higherIsCloser()).isTrue();
        assertThat(list.range()).isEqualTo("[0, 1.5]");
        refused(
                ScorerException.Invalid.class,
                "candidates-out-of-range",
                () -> scorer().scores(new ScoreQuery.BySurface(
                        "plain", Source.Entities.of(user(1)), List.of(), Map.of(), Optional.empty(), Map.of(), true)));
    }

    private static ScoreQuery by(Similarity similarity, String source, String candidate, EntityId... candidates) {
        return new ScoreQuery.BySimilarity(
                Comparison.of(similarity, source, candidate), Source.Entities.of(user(1)), List.of(candidates), true);
    }

    @Test
    void scoresByOneSimilarity() throws IOException {
        publish("r1", ALL);
        Scorer scorer = scorer();
        ScoredList cosines =
                scorer.scores(by(Similarity.COSINE, "twhin-user", "twhin-tweet", tweet(3), user(2), tweet(99)));
        assertThat(((ScoredList.Entry.Scored) cosines.entries().getFirst()).score())
                .isCloseTo(
                        cosine(dense.getOrDefault(user(1), new float[3]), dense.getOrDefault(tweet(3), new float[3])),
                        within(1e-9));
        assertThat(cosines.entries().get(1))
                .isEqualTo(new ScoredList.Entry.Missing(user(2), MissingReason.KIND_MISMATCH));
        assertThat(cosines.entries().get(2))
                .isEqualTo(new ScoredList.Entry.Missing(tweet(99), MissingReason.NO_EMBEDDING_CANDIDATE));
        ScoredList distances =
                scorer.scores(by(Similarity.MANHATTAN_DISTANCE, "clusters-user", "clusters-tweet", tweet(3)));
        ScoredList.Entry.Scored scored =
                (ScoredList.Entry.Scored) distances.entries().getFirst();
        assertThat(distances.higherIsCloser()).isFalse();
        assertThat(scored.score()).isPositive();
        assertThat(scored.columns()).hasSize(1);
        refused(
                ScorerException.Conflict.class,
                "models-differ",
                () -> scorer.scores(by(Similarity.COSINE, "clusters-user", "history-follow", user(1))));
        refused(
                ScorerException.Invalid.class,
                "space-form-differs",
                () -> scorer.scores(by(Similarity.COSINE, "twhin-user", "clusters-user", user(1))));
        refused(
                ScorerException.Invalid.class,
                "similarity-form-differs",
                () -> scorer.scores(by(Similarity.JACCARD, "twhin-user", "twhin-user", user(1))));
        refused(
                ScorerException.NotFound.class,
                "unknown-space",
                () -> scorer.scores(by(Similarity.DOT, "twhin-user", "twhin-x", user(1))));
    }

    /** (θ_s + θ_r)ᵀθ_t over the fixture's maps. */
    private double translatedDot(EntityId source, EntityId candidate) {
        float[] s = dense.getOrDefault(source, new float[3]);
        float[] t = dense.getOrDefault(candidate, new float[3]);
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            sum += ((double) s[i] + follow[i]) * t[i];
        }
        return sum;
    }

    @Test
    void pairsMatricesAndListsAgreeWithTheFormula() throws IOException {
        publish("r1", ALL);
        Scorer scorer = scorer();
        Comparison translated = new Comparison(
                Similarity.DOT,
                "twhin-user",
                "twhin-tweet",
                Optional.of(new Comparison.Translation("twhin-relation", "follow")));
        List<EntityId> sources = List.of(user(1), user(4), tweet(1), user(2), user(1));
        List<EntityId> candidates = List.of(tweet(2), tweet(99), user(1), tweet(3), tweet(2));
        List<PairQuery.Pair> pairs = new ArrayList<>();
        sources.forEach(source -> candidates.forEach(candidate -> pairs.add(new PairQuery.Pair(source, candidate))));

        ScoredPairs list = scorer.pairs(new PairQuery(translated, pairs));
        ScoredMatrix matrix = scorer.matrix(new MatrixQuery(translated, sources, candidates));

        assertThat(list.entries()).extracting(ScoredPairs.Entry::pair).containsExactlyElementsOf(pairs);
        assertThat(matrix.sources())
                .extracting(ScoredMatrix.Side::missing)
                .containsExactly(
                        Optional.empty(),
                        Optional.of(MissingReason.NO_EMBEDDING_SOURCE),
                        Optional.of(MissingReason.KIND_MISMATCH),
                        Optional.empty(),
                        Optional.empty());
        assertThat(matrix.candidates())
                .extracting(ScoredMatrix.Side::missing)
                .containsExactly(
                        Optional.empty(),
                        Optional.of(MissingReason.NO_EMBEDDING_CANDIDATE),
                        Optional.of(MissingReason.KIND_MISMATCH),
                        Optional.empty(),
                        Optional.empty());
        for (int s = 0; s < sources.size(); s++) {
            for (int c = 0; c < candidates.size(); c++) {
                ScoredPairs.Entry entry = list.entries().get(s * candidates.size() + c);
                boolean missing = matrix.sources().get(s).missing().isPresent()
                        || matrix.candidates().get(c).missing().isPresent();
                assertThat(entry.missing().isPresent()).isEqualTo(missing);
                assertThat(Double.valueOf(entry.score())).isEqualTo(Double.valueOf(matrix.scores()[s][c]));
                if (!missing) {
                    assertThat(entry.score()).isCloseTo(translatedDot(sources.get(s), candidates.get(c)), within(1e-6));
                } else {
                    assertThat(entry.score()).isNaN();
                }
            }
        }
        ListScorer lists = scorer.lists(translated);
        assertThat(lists.source(user(99))).isFalse();
        assertThat(lists.source(user(2))).isTrue();
        double[] scores = new double[2];
        lists.score(new int[] {lists.ordinal(tweet(3)), lists.ordinal(tweet(99))}, 2, scores);
        assertThat(scores).containsExactly(matrix.scores()[3][3], Double.NaN);

        refused(
                ScorerException.NotFound.class,
                "unknown-relation",
                () -> scorer.lists(new Comparison(
                        Similarity.DOT,
                        "twhin-user",
                        "twhin-tweet",
                        Optional.of(new Comparison.Translation("twhin-relation", "none")))));
        refused(
                ScorerException.Invalid.class,
                "translation-misplaced",
                () -> scorer.lists(new Comparison(
                        Similarity.DOT,
                        "clusters-user",
                        "clusters-tweet",
                        Optional.of(new Comparison.Translation("twhin-relation", "follow")))));
        refused(
                ScorerException.Invalid.class,
                "matrix-out-of-range",
                () -> scorer.matrix(new MatrixQuery(translated, List.of(), candidates)));
        refused(
                ScorerException.Invalid.class,
                "pairs-out-of-range",
                () -> scorer.pairs(new PairQuery(translated, List.of())));
    }

    @Test
    void aSourceThatUpstreamOwesIsAnEntryWithItsReason() throws IOException {
        publish("r1", ALL);
        List<PairQuery.Pair> pair = List.of(new PairQuery.Pair(user(99), tweet(1)));
        PairQuery query = new PairQuery(Comparison.of(Similarity.COSINE, "clusters-user", "clusters-tweet"), pair);
        for (boolean timedOut : List.of(true, false)) {
            Scorer scorer = scorer((space, id, release, budget) -> new Answer.Unavailable("gone", timedOut));
            assertThat(scorer.pairs(query).entries().getFirst().missing())
                    .contains(timedOut ? MissingReason.TIMEOUT : MissingReason.ERROR);
        }
        SparseVector vector = new SparseVector(new int[] {0, 1}, new float[] {1, 1});
        Scorer found = scorer((space, id, release, budget) -> new Answer.Found(new Embedding.Sparse(vector)));
        assertThat(found.pairs(query).entries().getFirst().score()).isBetween(0.0, 1.0);
    }

    @Test
    @DisplayName("S11: an embedding is read from the release, else from the upstream")
    void readsAnEmbedding() throws IOException {
        publish("r1", ALL);
        float[] values = new float[((DenseSpace) store.space("twhin-user").orElseThrow()).dimension()];
        values[0] = 1;
        Scorer alone = scorer();
        Scorer with = scorer((space, id, release, budget) ->
                id.equals(user(99)) ? new Answer.Found(new Embedding.Dense(values)) : new Answer.Missing());

        assertThat(alone.embedding(store.current(), "twhin-user", user(1))).isPresent();
        assertThat(alone.embedding(store.current(), "twhin-user", user(99))).isEmpty();
        assertThat(with.embedding(store.current(), "twhin-user", user(99)))
                .hasValueSatisfying(found -> assertThat(found)
                        .isInstanceOfSatisfying(
                                Embedding.Dense.class,
                                dense -> assertThat(dense.values()).isEqualTo(values)));
        assertThat(with.embedding(store.current(), "twhin-user", user(98))).isEmpty();
        Scorer silent = scorer((space, id, release, budget) -> new Answer.Unavailable("gone", true));
        refused(
                ScorerException.NotReady.class,
                "upstream-unavailable",
                () -> silent.embedding(store.current(), "twhin-user", user(99)));
    }

    @Test
    void refusesMoreSearchesThanItLetsIn() throws Exception {
        publish("r1", ALL);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        StageListener slow = (surface, stage, nanos) -> {
            if (stage.equals("retrieve")) {
                inside.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        Scorer scorer = ScorerBuilder.of(store, plan("plain", List.of()))
                .searchesMax(1)
                .listener(slow)
                .build();
        Thread first = Thread.ofVirtual().start(() -> scorer.candidates(query(Source.Entities.of(user(1)), 5)));
        inside.await();
        refused(
                ScorerException.Overloaded.class,
                "too-many-searches",
                () -> scorer.candidates(query(Source.Entities.of(user(1)), 5)));
        release.countDown();
        first.join();
        assertThat(scorer.candidates(query(Source.Entities.of(user(1)), 5)).candidates())
                .hasSize(5);
    }

    private Scorer with(ColumnPlan column) {
        return ScorerBuilder.of(
                        store, ScoringPlan.of("follow", USER).columns(column).build())
                .build();
    }

    private static ColumnPlan dense(String source, String candidate) {
        return ColumnPlan.dense("c")
                .source(USER, source)
                .candidate(USER, candidate)
                .build();
    }

    private static ColumnPlan sparse(String source, String candidate) {
        return ColumnPlan.sparse("c")
                .source(USER, source)
                .candidate(USER, candidate)
                .build();
    }

    @Test
    void plansAreHeldToTheDeclaredSpaces() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(dense("twhin-user", "nowhere")))
                .withMessageContaining("space 'nowhere' is not declared: column c of surface follow");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(dense("twhin-user", "twhin-tweet")))
                .withMessageContaining("space twhin-tweet holds kind tweet, not user");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(dense("twhin-user", "clusters-user")))
                .withMessageContaining("space clusters-user is sparse");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(sparse("clusters-user", "history-follow")))
                .withMessageContaining("spaces of a column share their model");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(sparse("history-follow", "history-follow")))
                .withMessageContaining("a searched space has items-per-cluster above 0: space history-follow");
        Experiment bad = new Experiment(
                "e", "follow", "l", "s", 0, 1, List.of(new Variant("v", 1, Map.of("columns.twhin.ef", "0"))), true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scorer(bad))
                .withMessageContaining("columns.twhin.ef must be 1 to 2000: 0")
                .withMessageContaining("variant v of experiment e");
        Experiment lost = new Experiment("e", "nowhere", "l", "s", 0, 1, List.of(new Variant("v", 1, Map.of())), true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scorer(lost))
                .withMessageContaining("experiment e names surface 'nowhere'");
        assertThat(scorer().plans()).extracting(ScoringPlan::surface).containsExactly("follow", "plain");
    }
}
