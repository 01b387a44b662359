package repscorer.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.align.ReleaseAlignments;
import repscorer.core.answer.MissingReason;
import repscorer.core.answer.Provenance;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.embedding.EmbeddingSource.Answer;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.query.Source;
import repscorer.core.request.Budget;
import repscorer.core.request.RequestTrace;
import repscorer.core.similarity.Similarity;
import repscorer.core.store.RepresentationStore;
import repscorer.vector.SparseVector;

/** Sources of every sort against vectors worked out by hand. */
class SourceResolverTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityId ANA = EntityId.of(USER, "ana");
    private static final EntityId BEN = EntityId.of(USER, "ben");
    private static final EntityId STRANGER = EntityId.of(USER, "stranger");
    private static final EntityId FOLLOW = EntityId.of(EntityKind.RELATION, "follow");
    private static final ColumnPlan TWHIN = ColumnPlan.dense("twhin")
            .source(USER, "twhin-user")
            .candidate(USER, "twhin-user")
            .build();
    private static final ColumnPlan TRANSLATED = ColumnPlan.dense("translated")
            .translations(List.of(new ColumnPlan.Translation(USER, USER, "twhin-relation", "follow")))
            .source(USER, "twhin-user")
            .candidate(USER, "twhin-user")
            .build();
    private static final ColumnPlan CLUSTERS = ColumnPlan.sparse("clusters")
            .source(USER, "clusters-user")
            .candidate(USER, "clusters-user")
            .similarity(Similarity.DOT)
            .build();
    private static final ColumnPlan OTHER_CLUSTERS = ColumnPlan.sparse("other")
            .source(USER, "clusters-user")
            .candidate(USER, "clusters-other")
            .similarity(Similarity.DOT)
            .build();

    @TempDir
    Path directory;

    private RepresentationStore store;
    private RequestTrace trace;
    private EmbeddingSource upstream = EmbeddingSource.NONE;
    private Budget budget = Budget.of(Duration.ofSeconds(5));

    @BeforeEach
    void publish() throws IOException {
        store = ReleaseBuilder.open(
                directory.resolve("store"),
                Spaces.twhin("twhin-user", USER, 2),
                Spaces.twhin("twhin-relation", EntityKind.RELATION, 2),
                Spaces.clusters("clusters-user", USER, 5),
                Spaces.lookup("clusters-other", "simclusters", USER, 5));
        Path scratch = Files.createDirectory(directory.resolve("scratch"));
        Map<EntityId, SparseVector> clusters = Map.of(
                ANA, new SparseVector(new int[] {0, 2}, new float[] {1, 3}),
                BEN, new SparseVector(new int[] {2}, new float[] {5}));
        ReleaseBuilder.of(store, scratch, "r1")
                .dense("twhin-user", Map.of(ANA, new float[] {3, 4}, BEN, new float[] {0, 2}))
                .dense("twhin-relation", Map.of(FOLLOW, new float[] {1, -1}))
                .sparse("clusters-user", ReleaseBuilder.columns("cluster", 4), clusters)
                .sparse("clusters-other", ReleaseBuilder.columns("group", 4), clusters)
                .publish();
        trace = RequestTrace.of(store.current(), 0);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private List<QueryVector> resolve(Source source, Set<String> disabled, ColumnPlan... columns) {
        return new SourceResolver(
                        trace,
                        new EmbeddingLookup(trace, upstream, budget),
                        List.of(USER),
                        new ReleaseAlignments(store))
                .resolve(source, List.of(columns), disabled);
    }

    private QueryVector resolve(Source source, ColumnPlan column) {
        return resolve(source, Set.of(), column).getFirst();
    }

    private static Source weighted(double ana, double ben) {
        return new Source.Entities(List.of(new Source.Weighted(ANA, ana), new Source.Weighted(BEN, ben)));
    }

    private static float[] dense(QueryVector vector) {
        assertThat(vector).isInstanceOf(QueryVector.Dense.class);
        return ((QueryVector.Dense) vector).byKind().getOrDefault(USER, new float[0]);
    }

    private static SparseVector sparse(QueryVector vector) {
        assertThat(vector).isInstanceOf(QueryVector.Sparse.class);
        return ((QueryVector.Sparse) vector).vector();
    }

    private List<String> notices() {
        return trace.toProvenance("", Map.of()).notices().stream()
                .map(Provenance.Notice::message)
                .toList();
    }

    private static Source inline(float... values) {
        return new Source.Inline(Optional.of(values), Optional.empty());
    }

    @Test
    @DisplayName("S41 an inline vector whose norm overflows is the caller's mistake")
    void aNormThatOverflowsIsRefused() {
        assertThatThrownBy(() -> resolve(inline(3e38f, 3e38f), TWHIN))
                .isInstanceOf(ScorerException.Invalid.class)
                .hasMessage("the norm must be finite: Infinity of 2 values")
                .satisfies(
                        e -> assertThat(((ScorerException.Invalid) e).field()).isEqualTo("source.vector"));
        assertThat(dense(resolve(inline(1e38f, 1e38f), TWHIN))).containsExactly(1e38f, 1e38f);
    }

    @Test
    @DisplayName("S41 sibling: upstream's embedding whose norm overflows fits no space")
    void upstreamsNormsAreHeldToTheSame() {
        upstream = (space, id, release, left) -> new Answer.Found(new Embedding.Dense(new float[] {3e38f, 3e38f}));
        assertThatThrownBy(() -> resolve(Source.Entities.of(STRANGER), TWHIN))
                .isInstanceOf(ScorerException.NotReady.class);
        assertThat(notices()).anyMatch(notice -> notice.contains("does not fit the space"));
    }

    @Test
    @DisplayName("A query of zeros under the cosine says why there is no answer")
    void zerosHaveNoCosine() {
        assertThatThrownBy(() -> resolve(inline(0, 0), TWHIN))
                .isInstanceOf(ScorerException.Invalid.class)
                .hasMessage("the source is a vector of zeros, which has no cosine: columns [twhin]");
        ColumnPlan dot = ColumnPlan.dense("dot")
                .similarity(Similarity.DOT)
                .source(USER, "twhin-user")
                .candidate(USER, "twhin-user")
                .build();
        List<QueryVector> both = resolve(inline(0, 0), Set.of(), TWHIN, dot);
        assertThat(both.getFirst()).isEqualTo(new QueryVector.Missing(MissingReason.NO_EMBEDDING_SOURCE));
        assertThat(dense(both.getLast())).containsExactly(0, 0);
        assertThat(notices()).containsExactly("the source is a vector of zeros, which has no cosine");
    }

    @Test
    void aSingleEntityKeepsItsVector() {
        assertThat(dense(resolve(Source.Entities.of(ANA), TWHIN))).containsExactly(3, 4);
        SparseVector clusters = sparse(resolve(Source.Entities.of(ANA), CLUSTERS));
        assertThat(clusters.columns()).containsExactly(0, 2);
        assertThat(clusters.weights()).containsExactly(1, 3);
    }

    @Test
    void severalBecomeTheirWeightedMeanDenseOnesOfLengthOne() {
        float[] mean = dense(resolve(weighted(1, 3), TWHIN));
        assertThat(mean[0]).isCloseTo(0.6f / 4, within(1e-6f));
        assertThat(mean[1]).isCloseTo((0.8f + 3 * 1) / 4, within(1e-6f));
        SparseVector clusters = sparse(resolve(weighted(1, 3), CLUSTERS));
        assertThat(clusters.columns()).containsExactly(0, 2);
        assertThat(clusters.weights()).containsExactly(0.25f, 4.5f);
    }

    @Test
    void aTranslationIsAddedBeforeTheMean() {
        assertThat(dense(resolve(Source.Entities.of(ANA), TRANSLATED))).containsExactly(4, 3);
        float[] mean = dense(resolve(weighted(1, 1), TRANSLATED));
        assertThat(mean[0]).isCloseTo((0.6f + 1 + 0 + 1) / 2, within(1e-6f));
        assertThat(mean[1]).isCloseTo((0.8f - 1 + 1 - 1) / 2, within(1e-6f));
    }

    @Test
    void aTranslationThatTheReleaseLacksIsTold() {
        ColumnPlan lacking = ColumnPlan.dense("lacking")
                .translations(List.of(new ColumnPlan.Translation(USER, USER, "twhin-relation", "mute")))
                .source(USER, "twhin-user")
                .candidate(USER, "twhin-user")
                .build();
        assertThat(dense(resolve(Source.Entities.of(ANA), lacking))).containsExactly(3, 4);
        assertThat(notices())
                .containsExactly("compared without a translation: release r1 has no relation:mute in twhin-relation");
    }

    @Test
    void aColumnThatIsSwitchedOffHasNone() {
        List<QueryVector> resolved = resolve(Source.Entities.of(ANA), Set.of("clusters"), TWHIN, CLUSTERS);
        assertThat(dense(resolved.get(0))).containsExactly(3, 4);
        assertThat(resolved.get(1)).isEqualTo(new QueryVector.Missing(MissingReason.DISABLED));
    }

    @Test
    void columnsThatStandForOtherThingsAreNotCompared() {
        List<QueryVector> resolved = resolve(Source.Entities.of(ANA), Set.of(), TWHIN, OTHER_CLUSTERS);
        assertThat(resolved.get(1)).isEqualTo(new QueryVector.Missing(MissingReason.UNKNOWN_VERSION));
        assertThat(notices())
                .containsExactly(
                        "columns of clusters-user and clusters-other stand for different things in release r1");
    }

    @Test
    void refusesAKindThatNoColumnKnows() {
        assertThatThrownBy(() -> resolve(Source.Entities.of(EntityId.of(EntityKind.TOPIC, "jazz")), TWHIN))
                .isInstanceOf(ScorerException.Invalid.class)
                .hasMessage("a source is of kind [user] here, got topic:jazz");
    }

    @Test
    void aStrangerIsNotFoundAndOneThatUpstreamCannotTellIsNotReady() {
        assertThatThrownBy(() -> resolve(Source.Entities.of(STRANGER), TWHIN))
                .isInstanceOf(ScorerException.NotFound.class)
                .hasMessage("no embedding of user:stranger in twhin-user (release r1)");
        upstream = (space, id, release, left) -> new Answer.Unavailable("connection refused", false);
        assertThatThrownBy(() -> resolve(Source.Entities.of(STRANGER), TWHIN))
                .isInstanceOf(ScorerException.NotReady.class)
                .hasMessageContaining("and upstream cannot say");
    }

    @Test
    void whatTheReleaseLacksComesFromUpstreamIfItFits() {
        upstream = (space, id, release, left) -> new Answer.Found(new Embedding.Dense(new float[] {1, 2}));
        assertThat(dense(resolve(Source.Entities.of(STRANGER), TWHIN))).containsExactly(1, 2);
        upstream = (space, id, release, left) -> new Answer.Found(new Embedding.Dense(new float[] {1, 2, 3}));
        assertThatThrownBy(() -> resolve(Source.Entities.of(STRANGER), TWHIN))
                .isInstanceOf(ScorerException.NotReady.class);
        assertThat(notices())
                .contains("no embedding of user:stranger in twhin-user, and upstream cannot say: "
                        + "it answered an embedding that does not fit the space");
    }

    @Test
    void upstreamIsAskedOnceAndNotAfterTheBudget() {
        AtomicInteger asked = new AtomicInteger();
        upstream = (space, id, release, left) -> {
            asked.incrementAndGet();
            return new Answer.Found(new Embedding.Dense(new float[] {1, 2}));
        };
        resolve(Source.Entities.of(STRANGER), Set.of(), TWHIN, TRANSLATED);
        assertThat(asked).as("two columns of one space").hasValue(1);
        budget = Budget.of(Duration.ZERO);
        assertThatThrownBy(() -> resolve(Source.Entities.of(STRANGER), TWHIN))
                .isInstanceOf(ScorerException.NotReady.class);
        assertThat(asked).hasValue(1);
        assertThat(notices())
                .contains("no embedding of user:stranger in twhin-user, and upstream cannot say: "
                        + "the request's budget for upstream look-ups is used up");
    }

    @Test
    void vectorsOfTheRequestAreHeldToTheSpaces() {
        Source inline = new Source.Inline(Optional.of(new float[] {7, 8}), Optional.empty());
        List<QueryVector> resolved = resolve(inline, Set.of(), TWHIN, CLUSTERS);
        assertThat(dense(resolved.get(0))).containsExactly(7, 8);
        assertThat(resolved.get(1)).isEqualTo(new QueryVector.Missing(MissingReason.NO_EMBEDDING_SOURCE));
        assertThatThrownBy(() ->
                        resolve(new Source.Inline(Optional.of(new float[] {1, 2, 3}), Optional.empty()), TWHIN))
                .isInstanceOf(ScorerException.Invalid.class)
                .hasMessage("dimension differs: space=twhin-user expects 2, got 3");
        assertThatThrownBy(() ->
                        resolve(new Source.Inline(Optional.of(new float[] {1, Float.NaN}), Optional.empty()), TWHIN))
                .hasMessage("values must be finite: NaN in column 1");
        SparseVector outside = new SparseVector(new int[] {4}, new float[] {1});
        assertThatThrownBy(() -> resolve(new Source.Inline(Optional.empty(), Optional.of(outside)), CLUSTERS))
                .hasMessage("clusters of clusters-user are 0 to 3: 4");
    }
}
