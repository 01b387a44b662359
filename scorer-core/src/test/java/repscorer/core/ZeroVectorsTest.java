package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.core.answer.EngagementFeatures;
import repscorer.core.answer.MissingReason;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.answer.ScoredList;
import repscorer.core.answer.ScoredMatrix;
import repscorer.core.answer.ScoredPairs;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.Comparison;
import repscorer.core.plan.EngagementPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.EngagementQuery;
import repscorer.core.query.MatrixQuery;
import repscorer.core.query.PairQuery;
import repscorer.core.query.ScoreQuery;
import repscorer.core.query.Source;
import repscorer.core.signal.Signal;
import repscorer.core.signal.SignalSource;
import repscorer.core.similarity.Similarity;
import repscorer.core.store.RepresentationStore;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/** Vectors of zeros in a space that keeps them, compared by the cosine that they do not have: missing, and not 0. */
@DisplayName("Vectors, awkward: a vector of zeros has no cosine")
class ZeroVectorsTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityKind TWEET = EntityKind.TWEET;
    private static final EntityId ANN = EntityId.of(USER, 1);
    private static final EntityId ZERO_USER = EntityId.of(USER, 2);
    private static final EntityId NEAR = EntityId.of(TWEET, 1);
    private static final EntityId ZERO = EntityId.of(TWEET, 2);
    private static final EntityId FAR = EntityId.of(TWEET, 3);
    private static final Comparison COSINE = Comparison.of(Similarity.COSINE, "users", "tweets");

    @TempDir
    Path directory;

    private RepresentationStore store;

    @BeforeEach
    void publish() throws IOException {
        store = ReleaseBuilder.open(
                directory.resolve("store"),
                dense("users", USER),
                dense("tweets", TWEET),
                Spaces.clusters("clusters-user", USER, 2),
                Spaces.clusters("clusters-tweet", TWEET, 2));
        List<EntityId> columns = ReleaseBuilder.columns("cluster", 2);
        ReleaseBuilder.of(store, directory, "r1")
                .dense("users", Map.of(ANN, new float[] {1, 0}, ZERO_USER, new float[2]))
                .dense("tweets", Map.of(NEAR, new float[] {2, 1}, ZERO, new float[2], FAR, new float[] {-1, 1}))
                .sparse("clusters-user", columns, Map.of(ANN, new SparseVector(new int[] {0}, new float[] {1})))
                .sparse(
                        "clusters-tweet",
                        columns,
                        Map.of(
                                NEAR, new SparseVector(new int[] {0, 1}, new float[] {0.25f, 1}),
                                ZERO, new SparseVector(new int[] {0}, new float[] {1}),
                                FAR, new SparseVector(new int[] {1}, new float[] {1})))
                .publish();
    }

    private static DenseSpace dense(String name, EntityKind kind) {
        return new DenseSpace(name, "twhin", kind, 2, Metric.INNER_PRODUCT, "exact", HnswParameters.DEFAULT, 0, false);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static ScoringPlan plan(boolean retrieves) {
        return ScoringPlan.of("s", TWEET)
                .columns(
                        ColumnPlan.dense("dense")
                                .source(USER, "users")
                                .candidate(TWEET, "tweets")
                                .set(ColumnSetting.RETRIEVE, retrieves ? 200 : 1)
                                .build(),
                        ColumnPlan.sparse("sparse")
                                .source(USER, "clusters-user")
                                .candidate(TWEET, "clusters-tweet")
                                .set(ColumnSetting.RETRIEVE, retrieves ? 200 : 0)
                                .set(ColumnSetting.WEIGHT, 0.5)
                                .build())
                .blend(new BlendRecipe.Linear(Normalizer.NONE))
                .build();
    }

    @Test
    void listsPairsAndMatricesSayThatItIsMissing() {
        Scorer scorer = ScorerBuilder.of(store, plan(true)).build();
        ScoredList list =
                scorer.scores(new ScoreQuery.BySimilarity(COSINE, Source.Entities.of(ANN), List.of(NEAR, ZERO), false));
        assertThat(list.entries().getFirst()).isInstanceOf(ScoredList.Entry.Scored.class);
        assertThat(list.entries().getLast())
                .isEqualTo(new ScoredList.Entry.Missing(ZERO, MissingReason.NO_EMBEDDING_CANDIDATE));

        ScoredPairs pairs = scorer.pairs(new PairQuery(
                COSINE,
                List.of(
                        new PairQuery.Pair(ANN, ZERO),
                        new PairQuery.Pair(ZERO_USER, NEAR),
                        new PairQuery.Pair(ANN, NEAR))));
        assertThat(pairs.entries())
                .extracting(ScoredPairs.Entry::missing)
                .containsExactly(
                        Optional.of(MissingReason.NO_EMBEDDING_CANDIDATE),
                        Optional.of(MissingReason.NO_EMBEDDING_SOURCE),
                        Optional.empty());

        ScoredMatrix matrix = scorer.matrix(new MatrixQuery(COSINE, List.of(ZERO_USER, ANN), List.of(ZERO, NEAR)));
        assertThat(matrix.scores()[0]).containsExactly(Double.NaN, Double.NaN);
        assertThat(matrix.scores()[1][0]).isNaN();
        assertThat(matrix.scores()[1][1]).isCloseTo(2 / Math.sqrt(5), org.assertj.core.data.Offset.offset(1e-9));
        assertThat(matrix.sources().getFirst().missing()).contains(MissingReason.NO_EMBEDDING_SOURCE);
        assertThat(matrix.candidates().getFirst().missing()).contains(MissingReason.NO_EMBEDDING_CANDIDATE);

        Comparison product = Comparison.of(Similarity.DOT, "users", "tweets");
        assertThat(scorer.pairs(new PairQuery(product, List.of(new PairQuery.Pair(ANN, ZERO))))
                        .entries()
                        .getFirst()
                        .score())
                .as("a product of zeros is 0")
                .isZero();
    }

    @Test
    void featuresLeaveItOut() {
        EngagementPlan.SignalFeatures fav = new EngagementPlan.SignalFeatures(
                "fav",
                Comparison.of(Similarity.COSINE, "tweets", "tweets"),
                List.of(Duration.ofDays(1)),
                List.of(EngagementPlan.Aggregate.MAX),
                10,
                Duration.ofHours(1),
                false);
        Scorer scorer = ScorerBuilder.of(store, plan(true))
                .at(1_000_000)
                .engagement(new EngagementPlan(List.of(fav), false))
                .signals((user, types, budget) ->
                        new SignalSource.Answer.Found(List.of(new Signal("fav", NEAR, 999_000))))
                .build();
        EngagementFeatures features = scorer.engagement(new EngagementQuery(ANN, List.of(FAR, ZERO)));
        assertThat(features.entries().getFirst().features()).hasSize(1);
        assertThat(features.entries().getLast().features()).isEmpty();
        assertThat(features.entries().getLast().missing()).contains(MissingReason.NO_EMBEDDING_CANDIDATE);
    }

    /** Its other column has all the weight, and the best of all entities are found by that. */
    @Test
    void aBlendSharesItsWeightOut() {
        for (boolean optimal : new boolean[] {false, true}) {
            CandidateQuery query =
                    CandidateQuery.of("s", Source.Entities.of(ANN)).withK(1);
            ScoredCandidates found = ScorerBuilder.of(store, plan(!optimal))
                    .build()
                    .candidates(optimal ? query.withOverride("optimal", "true") : query);
            ScoredCandidate best = found.candidates().getFirst();
            assertThat(best.id()).isEqualTo(ZERO);
            assertThat(best.score()).isEqualTo(1.5);
        }
    }
}
