package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.answer.EngagementFeatures;
import repscorer.core.answer.MissingReason;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.experiment.Assigner;
import repscorer.core.failure.ScorerException;
import repscorer.core.plan.Comparison;
import repscorer.core.plan.EngagementPlan;
import repscorer.core.plan.EngagementPlan.Aggregate;
import repscorer.core.plan.EngagementPlan.SignalFeatures;
import repscorer.core.query.EngagementQuery;
import repscorer.core.request.StageListener;
import repscorer.core.signal.Signal;
import repscorer.core.signal.SignalSource;
import repscorer.core.similarity.Similarity;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.StoreOptions;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.vector.SparseVector;

/** Features of recent engagement against their definition over plain lists. */
class EngagementTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final long DAY = 86_400_000;
    private static final EntityId ANN = EntityId.parse("user:ann");

    @TempDir
    Path directory;

    private RepresentationStore store;
    private final Map<EntityId, SparseVector> embeddings = new TreeMap<>();

    @BeforeEach
    void publish() throws IOException {
        store = RepresentationStore.open(
                directory.resolve("store"),
                List.of(
                        new SparseSpace("clusters-tweet", "simclusters", EntityKind.TWEET, 9, 100, false),
                        new SparseSpace("clusters-user", "simclusters", EntityKind.USER, 9, 100, false)),
                new StoreOptions(2, 1 << 20, 1, 10));
        RandomGenerator random = Seeds.random("EngagementTest.release");
        List<EntityId> clusters = new ArrayList<>();
        for (int c = 0; c < 5; c++) {
            clusters.add(EntityId.parse("cluster:" + c));
        }
        for (EntityKind kind : List.of(EntityKind.TWEET, EntityKind.USER)) {
            EmbeddingFileWriter writer =
                    EmbeddingFileWriter.sparse("clusters-" + kind, "simclusters", kind, clusters, Map.of());
            for (int i = 1; i <= 30; i++) {
                int[] columns = random.ints(0, 5)
                        .distinct()
                        .limit(1 + random.nextInt(3))
                        .sorted()
                        .toArray();
                float[] weights = new float[columns.length];
                for (int c = 0; c < weights.length; c++) {
                    weights[c] = 0.1f + random.nextFloat();
                }
                SparseVector vector = new SparseVector(columns, weights);
                embeddings.put(EntityId.of(kind, i), vector);
                writer.add(EntityId.of(kind, i), vector);
            }
            Path file = writer.writeTo(Files.createDirectories(directory.resolve("scratch-" + kind)));
            try (InputStream body = Files.newInputStream(file)) {
                store.stage("r1", "clusters-" + kind, body);
            }
        }
        store.publish("r1", PublicationListener.NONE);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static SignalFeatures features(String signal, String sourceSpace, boolean emptyInReference, int... days) {
        List<Duration> windows =
                java.util.Arrays.stream(days).mapToObj(Duration::ofDays).toList();
        return new SignalFeatures(
                signal,
                Comparison.of(Similarity.COSINE, sourceSpace, "clusters-tweet"),
                windows,
                List.of(Aggregate.values()),
                3,
                Duration.ofHours(36),
                emptyInReference);
    }

    private static final List<SignalFeatures> FEATURES =
            List.of(features("fav", "clusters-tweet", false, 1, 7), features("block", "clusters-user", true, 7));

    private Scorer scorer(SignalSource signals, EngagementPlan plan) {
        return new Scorer(
                store,
                List.of(),
                new Assigner(List.of()),
                EmbeddingSource.NONE,
                Duration.ofMillis(100),
                2,
                StageListener.NONE,
                signals,
                plan,
                () -> Instant.ofEpochMilli(NOW));
    }

    /** The definition, straight over the signals. */
    private Optional<Double> expected(
            List<Signal> signals, String type, int days, Aggregate aggregate, EntityId candidate) {
        List<Signal> latest = signals.stream()
                .filter(signal -> signal.type().equals(type) && NOW - signal.atMillis() < days * DAY)
                .sorted(Comparator.comparingLong(signal -> -signal.atMillis()))
                .limit(3)
                .filter(signal -> embeddings.containsKey(signal.entity()))
                .toList();
        if (latest.isEmpty() || !embeddings.containsKey(candidate)) {
            return Optional.empty();
        }
        double max = 0;
        double sum = 0;
        double decayed = 0;
        double weights = 0;
        for (Signal signal : latest) {
            double cosine = cosine(signal.entity(), candidate);
            double weight = Math.exp(-Math.log(2) * (NOW - signal.atMillis()) / (1.5 * DAY));
            max = Math.max(max, cosine);
            sum += cosine;
            decayed += weight * cosine;
            weights += weight;
        }
        return Optional.of(
                switch (aggregate) {
                    case MAX -> max;
                    case MEAN -> sum / latest.size();
                    case LAST -> cosine(latest.getFirst().entity(), candidate);
                    case DECAYED -> decayed / weights;
                });
    }

    private double cosine(EntityId a, EntityId b) {
        SparseVector x = embeddings.getOrDefault(a, SparseVector.EMPTY);
        SparseVector y = embeddings.getOrDefault(b, SparseVector.EMPTY);
        return BruteForce.score(BruteForce.Sparse.COSINE, x.columns(), x.weights(), y.columns(), y.weights());
    }

    @Test
    void featuresAreTheirDefinition() {
        RandomGenerator random = Seeds.random("EngagementTest.cases");
        int filled = 0;
        for (int round = 0; round < 200; round++) {
            List<Signal> signals = new ArrayList<>();
            for (int i = 0; i < random.nextInt(15); i++) {
                boolean fav = random.nextBoolean();
                EntityKind kind = fav ? EntityKind.TWEET : EntityKind.USER;
                signals.add(new Signal(
                        fav ? "fav" : "block",
                        EntityId.of(kind, 1 + random.nextInt(35)),
                        NOW - random.nextLong(9 * DAY) - 1));
            }
            signals.sort(Comparator.comparingLong(signal -> -signal.atMillis()));
            List<EntityId> candidates = List.of(
                    EntityId.of(EntityKind.TWEET, 1 + random.nextInt(30)),
                    EntityId.of(EntityKind.TWEET, 99),
                    EntityId.parse("topic:jazz"),
                    EntityId.of(EntityKind.TWEET, 7),
                    EntityId.of(EntityKind.TWEET, 7));
            boolean likeReference = random.nextInt(4) == 0;
            AtomicInteger reads = new AtomicInteger();
            SignalSource source = (user, types, budget) -> {
                assertThat(user).isEqualTo(ANN);
                assertThat(types).containsExactlyInAnyOrder("fav", "block");
                reads.incrementAndGet();
                return new SignalSource.Answer.Found(signals);
            };
            EngagementFeatures answer = scorer(source, new EngagementPlan(FEATURES, likeReference))
                    .engagement(new EngagementQuery(ANN, candidates));

            assertThat(reads).as("one read per batch").hasValue(1);
            assertThat(answer.names())
                    .hasSize(12)
                    .startsWith("fav-1d-max", "fav-1d-mean", "fav-1d-last", "fav-1d-decayed");
            assertThat(answer.entries())
                    .extracting(EngagementFeatures.Entry::id)
                    .isEqualTo(candidates);
            assertThat(answer.entries().get(1).missing()).contains(MissingReason.NO_EMBEDDING_CANDIDATE);
            assertThat(answer.entries().get(2).missing()).contains(MissingReason.KIND_MISMATCH);
            assertThat(answer.entries().get(3)).isEqualTo(answer.entries().get(4));
            for (EngagementFeatures.Entry entry : answer.entries()) {
                for (SignalFeatures each : FEATURES) {
                    for (Duration window : each.windows()) {
                        for (Aggregate aggregate : Aggregate.values()) {
                            Optional<Double> wanted = likeReference && each.emptyInReference()
                                    ? Optional.empty()
                                    : expected(signals, each.signal(), (int) window.toDays(), aggregate, entry.id());
                            String name = each.name(window, aggregate);
                            assertThat(entry.features().containsKey(name))
                                    .as(name)
                                    .isEqualTo(wanted.isPresent());
                            wanted.ifPresent(
                                    value -> assertThat(entry.features().getOrDefault(name, -1.0))
                                            .as(name)
                                            .isCloseTo(value, within(1e-9)));
                            filled += wanted.isPresent() ? 1 : 0;
                        }
                    }
                }
            }
        }
        assertThat(filled).isGreaterThan(1_000);
    }

    @Test
    void signalsThatCannotBeReadAreAReason() {
        for (boolean timedOut : List.of(true, false)) {
            SignalSource gone = (user, types, budget) -> new SignalSource.Answer.Unavailable("away", timedOut);
            EngagementFeatures answer = scorer(gone, new EngagementPlan(FEATURES, false))
                    .engagement(new EngagementQuery(ANN, List.of(EntityId.parse("tweet:1"))));
            assertThat(answer.entries().getFirst().missing())
                    .contains(timedOut ? MissingReason.TIMEOUT : MissingReason.ERROR);
            assertThat(answer.provenance().notices()).hasSize(1);
        }
    }

    @Test
    void rulesOfPlans() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EngagementPlan(List.of(FEATURES.get(0), FEATURES.get(0)), false))
                .withMessage("feature names must differ: 'fav-1d-max' twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scorer(
                        SignalSource.NONE,
                        new EngagementPlan(List.of(features("fav", "clusters-none", false, 1)), false)))
                .withMessageContaining("no space is called 'clusters-none'")
                .withMessageContaining("features of signal fav");
        Scorer none = scorer(SignalSource.NONE, EngagementPlan.NONE);
        assertThatThrownBy(() -> none.engagement(new EngagementQuery(ANN, List.of(EntityId.parse("tweet:1")))))
                .isInstanceOf(ScorerException.NotFound.class);
        Scorer some = scorer(SignalSource.NONE, new EngagementPlan(FEATURES, false));
        assertThatThrownBy(() -> some.engagement(new EngagementQuery(ANN, List.of())))
                .isInstanceOf(ScorerException.Invalid.class);
    }
}
