package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.ann.hnsw.Quantization;
import repscorer.core.answer.MissingReason;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredPairs;
import repscorer.core.answer.WhyNot;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.embedding.Aging;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SpacePolicy;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.plan.ColumnBuilder;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.Comparison;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.PairQuery;
import repscorer.core.query.Source;
import repscorer.core.similarity.Similarity;
import repscorer.core.store.Change;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.RepresentationStore.Missing;
import repscorer.core.store.StoreOptions;
import repscorer.testing.Seeds;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

@DisplayName("Issue 17: vectors decay and expire, in the base and among the changes, beside an oracle over plain maps")
class AgingTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityKind TWEET = EntityKind.TWEET;
    private static final EntityId READER = EntityId.of(USER, 1);
    private static final int DIMENSION = 4;
    private static final int TWEETS = 60;
    private static final long HOUR = 3_600_000;
    private static final long HALF_LIFE = 8 * HOUR;
    private static final long TIME_TO_LIVE = 48 * HOUR;
    private static final Aging GROWING_OLD =
            new Aging(Optional.of(Duration.ofHours(8)), Optional.of(Duration.ofHours(48)));

    @TempDir
    Path directory;

    private final RandomGenerator random = Seeds.random("AgingTest");
    private final float[] reader = values();
    private final Map<EntityId, float[]> rows = new TreeMap<>();
    private final Map<EntityId, Long> made = new TreeMap<>();
    private RepresentationStore store;
    private long published;

    private static List<Space> spaces() {
        List<Space> spaces = new ArrayList<>();
        for (Metric metric : List.of(Metric.INNER_PRODUCT, Metric.L2, Metric.COSINE)) {
            for (EntityKind kind : List.of(USER, TWEET)) {
                SpacePolicy policy = metric == Metric.COSINE ? SpacePolicy.REFUSING : SpacePolicy.KEEPING;
                spaces.add(new DenseSpace(
                        name(metric) + "-" + kind,
                        name(metric),
                        kind,
                        DIMENSION,
                        metric,
                        metric == Metric.COSINE ? "hnsw" : "exact", // what a graph holds is expired inside its searches
                        HnswParameters.DEFAULT,
                        Quantization.NONE,
                        0,
                        false,
                        kind.equals(USER) ? policy : policy.with(GROWING_OLD)));
            }
        }
        for (EntityKind kind : List.of(USER, TWEET)) {
            spaces.add(new SparseSpace(
                    "sparse-" + kind,
                    "sparse",
                    kind,
                    DIMENSION,
                    1_000,
                    false,
                    kind.equals(USER) ? SpacePolicy.KEEPING : SpacePolicy.KEEPING.with(GROWING_OLD)));
        }
        return spaces;
    }

    private static String name(Metric metric) {
        return switch (metric) {
            case INNER_PRODUCT -> "dot";
            case L2 -> "l2";
            case COSINE -> "cosine";
        };
    }

    private float[] values() {
        float[] values = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            values[i] = 0.1f + random.nextFloat();
        }
        return values;
    }

    @BeforeEach
    void publishAndStream() throws IOException {
        store = open();
        for (int i = 0; i < TWEETS; i++) {
            rows.put(EntityId.of(TWEET, i), values());
        }
        ReleaseBuilder release = ReleaseBuilder.of(store, Files.createTempDirectory(directory, "scratch"), "r1");
        Map<EntityId, SparseVector> sparse = new TreeMap<>();
        rows.forEach((id, row) -> sparse.put(id, sparse(row)));
        sparse.put(READER, sparse(reader));
        Map<EntityId, float[]> dense = new TreeMap<>(rows);
        dense.put(READER, reader);
        for (Space space : store.spaces()) {
            if (space instanceof DenseSpace) {
                release.dense(space.name(), dense);
            } else {
                release.sparse(space.name(), ReleaseBuilder.columns("cluster", DIMENSION), sparse);
            }
        }
        release.publish();
        published = store.releases().getFirst().publishedAt().toEpochMilli();
        rows.keySet().forEach(id -> made.put(id, published));
        for (int i = 0; i < TWEETS; i++) {
            EntityId id = EntityId.of(TWEET, random.nextInt(TWEETS + 30));
            if (random.nextInt(5) == 0) {
                rows.remove(id);
                made.remove(id);
                apply(space -> new Change.Delete(id, OptionalLong.empty()));
            } else {
                float[] row = values();
                long when = published - random.nextLong(60 * HOUR);
                rows.put(id, row);
                made.put(id, when);
                apply(space -> new Change.Upsert(
                        id,
                        space instanceof DenseSpace ? new Embedding.Dense(row) : new Embedding.Sparse(sparse(row)),
                        OptionalLong.empty(),
                        OptionalLong.of(when)));
            }
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private RepresentationStore open() {
        return RepresentationStore.open(
                directory.resolve("store"), spaces(), new StoreOptions(2, 1 << 20, 1, 10, 10_000, TWEETS / 4));
    }

    private static SparseVector sparse(float[] row) {
        return new SparseVector(new int[] {0, 1, 2, 3}, row);
    }

    private void apply(Function<Space, Change> change) {
        for (Space space : store.spaces()) {
            if (space.kind().equals(TWEET)) {
                store.apply("r1", space.name(), "", List.of(change.apply(space)));
            }
        }
    }

    // The oracle.

    private static boolean expired(long age) {
        return age >= TIME_TO_LIVE;
    }

    private static double factor(long age) {
        return age <= 0 ? 1 : Math.pow(0.5, (double) age / HALF_LIFE);
    }

    private double expected(Similarity similarity, EntityId id, long now) {
        double factor = factor(now - made.getOrDefault(id, 0L));
        float[] row = rows.getOrDefault(id, new float[DIMENSION]);
        double dot = 0;
        double a = 0;
        double b = 0;
        double difference = 0;
        double least = 0;
        for (int i = 0; i < DIMENSION; i++) {
            double left = factor * row[i];
            dot += reader[i] * left;
            a += reader[i] * reader[i];
            b += left * left;
            difference += (reader[i] - left) * (reader[i] - left);
            least += Math.min(reader[i], left);
        }
        return switch (similarity) {
            case DOT -> dot;
            case COSINE -> dot / Math.sqrt(a * b);
            case L2 -> -Math.sqrt(difference);
            case EUCLIDEAN_DISTANCE -> Math.sqrt(difference);
            case LOG_COSINE -> dot / (Math.log(1 + a) * Math.log(1 + b));
            case EXP_SCALED_COSINE -> dot / (Math.pow(a, 0.3) * Math.pow(b, 0.3));
            case FUZZY_JACCARD -> {
                double sums = 0;
                for (int i = 0; i < DIMENSION; i++) {
                    sums += reader[i] + factor * row[i];
                }
                yield least / (sums - least);
            }
            case JACCARD, MANHATTAN_DISTANCE, BM25 -> throw new AssertionError(similarity);
        };
    }

    private List<EntityId> best(Similarity similarity, long now) {
        return rows.keySet().stream()
                .filter(id -> !expired(now - made.getOrDefault(id, 0L)))
                .sorted(Comparator.comparingDouble(id -> -expected(similarity, id, now)))
                .limit(12)
                .toList();
    }

    private record Asked(String prefix, Similarity similarity, String ranking) {

        ColumnPlan column() {
            ColumnBuilder column = prefix.equals("sparse") ? ColumnPlan.sparse("c") : ColumnPlan.dense("c");
            column.source(USER, prefix + "-user")
                    .candidate(TWEET, prefix + "-tweet")
                    .similarity(similarity)
                    .set(ColumnSetting.RETRIEVE, 12);
            return column.build();
        }

        Map<String, String> overrides() {
            return ranking.isEmpty()
                    ? Map.of()
                    : Map.of("columns.c.ranking", ranking, "columns.c.items-per-cluster", "1000");
        }
    }

    private static final List<Asked> ASKED = List.of(
            new Asked("dot", Similarity.DOT, ""),
            new Asked("l2", Similarity.L2, ""),
            new Asked("cosine", Similarity.COSINE, ""),
            new Asked("sparse", Similarity.DOT, "dot"),
            new Asked("sparse", Similarity.COSINE, "cosine"),
            new Asked("sparse", Similarity.LOG_COSINE, "log-cosine"),
            new Asked("sparse", Similarity.EXP_SCALED_COSINE, "exp-scaled-cosine"));

    private void holds(long now) {
        for (Asked asked : ASKED) {
            ScoringPlan plan = ScoringPlan.of("s", TWEET)
                    .columns(asked.column())
                    .blend(new BlendRecipe.Linear(Normalizer.NONE))
                    .kDefault(12)
                    .build();
            Scorer scorer = ScorerBuilder.of(store, plan).at(now).build();
            for (Map<String, String> more : List.of(
                    Map.<String, String>of(),
                    Map.of("optimal", "true", "columns.c.retrieve", "1", "optimal.budget-ms", "60000"))) {
                Map<String, String> overrides = new TreeMap<>(asked.overrides());
                overrides.putAll(more);
                List<ScoredCandidate> answer =
                        scorer.candidates(query(overrides)).candidates();
                assertThat(answer.stream().map(ScoredCandidate::id).toList())
                        .as("%s, %s after %s hours", asked, overrides, (now - published) / HOUR)
                        .isEqualTo(best(asked.similarity(), now));
                for (ScoredCandidate each : answer) {
                    close(each.score(), expected(asked.similarity(), each.id(), now));
                }
            }
            pairs(scorer, asked, now);
            embeddings(scorer, asked.prefix() + "-tweet", now);
            whyNot(scorer, asked, now);
        }
        Scorer scorer = ScorerBuilder.of(store).at(now).build();
        for (Similarity similarity : List.of(Similarity.EUCLIDEAN_DISTANCE, Similarity.FUZZY_JACCARD)) {
            pairs(scorer, new Asked("sparse", similarity, ""), now);
        }
    }

    private static void close(double value, double expected) {
        assertThat(value).isCloseTo(expected, within(1e-5 * Math.max(Math.abs(expected), 1e-9)));
    }

    private static CandidateQuery query(Map<String, String> overrides) {
        return new CandidateQuery(
                "s",
                Source.Entities.of(READER),
                Optional.of(12),
                List.of(),
                List.of(),
                Optional.empty(),
                overrides,
                Optional.empty(),
                true);
    }

    private void pairs(Scorer scorer, Asked asked, long now) {
        List<PairQuery.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < TWEETS + 31; i++) {
            pairs.add(new PairQuery.Pair(READER, EntityId.of(TWEET, i)));
        }
        Comparison comparison = Comparison.of(asked.similarity(), asked.prefix() + "-user", asked.prefix() + "-tweet");
        for (ScoredPairs.Entry entry :
                scorer.pairs(new PairQuery(comparison, pairs)).entries()) {
            EntityId id = entry.pair().candidate();
            Optional<MissingReason> missing = missing(id, now);
            assertThat(entry.missing()).as("%s of %s", id, asked).isEqualTo(missing);
            if (missing.isEmpty()) {
                close(entry.score(), expected(asked.similarity(), id, now));
            }
        }
    }

    /** An expired row that a compaction has taken is one that never was. */
    private Optional<MissingReason> missing(EntityId id, long now) {
        if (!rows.containsKey(id)) {
            return Optional.of(MissingReason.NO_EMBEDDING_CANDIDATE);
        }
        return expired(now - made.getOrDefault(id, 0L)) ? Optional.of(MissingReason.EXPIRED) : Optional.empty();
    }

    private void embeddings(Scorer scorer, String space, long now) {
        for (EntityId id : rows.keySet()) {
            Optional<Embedding> embedding = scorer.embedding(store.current(), space, id);
            assertThat(embedding.isEmpty()).as("%s", id).isEqualTo(expired(now - made.getOrDefault(id, 0L)));
            embedding.ifPresent(held -> {
                float[] left = switch (held) {
                    case Embedding.Dense dense -> dense.values();
                    case Embedding.Sparse sparse -> sparse.vector().weights();
                    case Embedding.Text text -> throw new AssertionError("no texts are put in: " + text);
                };
                for (int i = 0; i < DIMENSION; i++) {
                    double factor = factor(now - made.getOrDefault(id, 0L));
                    close(left[i], factor * rows.getOrDefault(id, left)[i]);
                }
            });
        }
    }

    private void whyNot(Scorer scorer, Asked asked, long now) {
        for (EntityId id : rows.keySet()) {
            if (expired(now - made.getOrDefault(id, 0L))) {
                WhyNot why = scorer.whyNot(query(asked.overrides()), id, 12);
                assertThat(why.stage()).isEqualTo(WhyNot.Stage.EMBEDDING);
                assertThat(why.searches())
                        .singleElement()
                        .satisfies(search -> assertThat(search.missing()).contains(MissingReason.EXPIRED));
                return;
            }
        }
    }

    @Test
    @DisplayName("what is left of a vector is scored, searched and read, before and after a restart and a compaction")
    void whatIsLeftOfAVector() {
        long[] hours = {0, 3, 21, 47, 49, 70};
        for (long hour : hours) {
            holds(published + hour * HOUR);
        }
        store.close();
        store = open();
        holds(published + 5 * HOUR);
        List<EntityId> gone = rows.keySet().stream()
                .filter(id -> expired(System.currentTimeMillis() - made.getOrDefault(id, 0L)))
                .toList();
        assertThat(gone).as("expired before they were streamed").isNotEmpty();
        store.spaces().forEach(space -> store.compact(space.name(), PublicationListener.NONE));
        gone.forEach(rows::remove);
        for (Space space : store.spaces()) {
            int left = store.current().space(space.name()).orElseThrow().file().count();
            assertThat(left).isEqualTo(space.kind().equals(USER) ? 1 : rows.size());
        }
        for (long hour : hours) {
            holds(published + hour * HOUR);
        }
        store.close();
        store = open();
        holds(published + 21 * HOUR);
        holds(published + 47 * HOUR);
    }

    @Test
    @DisplayName("a vector that says no time is of the time when it is taken, and one made in the future is whole")
    void timesThatAreNotSaid() {
        EntityId now = EntityId.of(TWEET, 1_000);
        EntityId later = EntityId.of(TWEET, 1_001);
        long before = System.currentTimeMillis();
        Embedding row = new Embedding.Dense(new float[] {1, 1, 1, 1});
        store.apply(
                "r1",
                "dot-tweet",
                "",
                List.of(
                        new Change.Upsert(now, row, OptionalLong.empty()),
                        new Change.Upsert(later, row, OptionalLong.empty(), OptionalLong.of(before + 100 * HOUR))));
        for (int life = 0; life < 2; life++) {
            Scorer scorer = ScorerBuilder.of(store).at(before + 16 * HOUR).build();
            assertThat(first(scorer, now)).isCloseTo(0.25f, within(0.001f));
            assertThat(first(scorer, later)).isEqualTo(1);
            Scorer late = ScorerBuilder.of(store).at(before + 49 * HOUR).build();
            assertThat(late.embedding(store.current(), "dot-tweet", now)).isEmpty();
            assertThat(first(late, later)).isEqualTo(1);
            store.close();
            store = open();
        }
    }

    private float first(Scorer scorer, EntityId id) {
        return ((Embedding.Dense)
                        scorer.embedding(store.current(), "dot-tweet", id).orElseThrow())
                .values()[0];
    }

    @Test
    @DisplayName("a space that is carried over is as old as it was")
    void aSpaceThatIsCarriedOverIsAsOldAsItWas() throws Exception {
        Thread.sleep(20);
        ReleaseBuilder.of(store, Files.createTempDirectory(directory, "scratch"), "r2")
                .dense("dot-user", Map.of(READER, reader));
        store.publish("r2", new Missing(false, Set.of(Missing.ALL)), PublicationListener.NONE);
        assertThat(store.releases().getFirst().publishedAt().toEpochMilli()).isGreaterThan(published);
        for (int life = 0; life < 3; life++) {
            // At this very millisecond what was published is expired, and would not be if it were as old as the second
            // release.
            holds(published + TIME_TO_LIVE);
            holds(published + 30 * HOUR);
            store.close();
            store = open();
            if (life == 1) {
                List<EntityId> gone = rows.keySet().stream()
                        .filter(id -> expired(System.currentTimeMillis() - made.getOrDefault(id, 0L)))
                        .toList();
                store.spaces().forEach(space -> store.compact(space.name(), PublicationListener.NONE));
                gone.forEach(rows::remove);
            }
        }
    }
}
