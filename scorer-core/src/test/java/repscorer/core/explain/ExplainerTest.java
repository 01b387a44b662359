package repscorer.core.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.answer.ColumnScore;
import repscorer.core.answer.MissingReason;
import repscorer.core.answer.ScoredCandidate.Anchor;
import repscorer.core.answer.ScoredCandidate.SharedCluster;
import repscorer.core.blend.Blend;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.pair.CandidateNumbers;
import repscorer.core.pair.ScoreTable;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.request.EntitySet;
import repscorer.core.request.RequestTrace;
import repscorer.core.similarity.Similarity;
import repscorer.core.source.QueryVector;
import repscorer.core.store.RepresentationStore;
import repscorer.vector.SparseVector;

/** What is told of two candidates, against numbers worked out by hand. */
class ExplainerTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityId ANA = EntityId.of(USER, "ana");
    private static final EntityId BEN = EntityId.of(USER, "ben");
    private static final SparseVector SOURCE = new SparseVector(new int[] {0, 1, 3}, new float[] {1, 2, 1});

    @TempDir
    Path directory;

    private RepresentationStore store;
    private RequestTrace trace;
    private ScoreTable table;
    private Blend blend;
    private Explainer explainer;

    @BeforeEach
    void score() throws IOException {
        EntityKind topic = EntityKind.TOPIC;
        store = ReleaseBuilder.open(
                directory.resolve("store"),
                Spaces.twhin("twhin-user", USER, 2),
                Spaces.twhin("twhin-topic", topic, 2),
                Spaces.clusters("clusters-user", USER, 5));
        ReleaseBuilder.of(store, Files.createDirectory(directory.resolve("scratch")), "r1")
                .dense("twhin-user", Map.of(ANA, new float[] {1, 0}, BEN, new float[] {0, 1}))
                .dense(
                        "twhin-topic",
                        Map.of(
                                EntityId.of(topic, "east"), new float[] {2, 0},
                                EntityId.of(topic, "north"), new float[] {0, 3},
                                EntityId.of(topic, "northeast"), new float[] {1, 1},
                                EntityId.of(topic, "west"), new float[] {-1, 0}))
                .write(
                        "clusters-user",
                        ReleaseBuilder.columns("cluster", 4),
                        Map.of(1, "jazz"),
                        writer -> writer.add(ANA, new SparseVector(new int[] {0, 1, 2}, new float[] {4, 3, 9})))
                .publish();
        trace = RequestTrace.of(store.current(), 0);
        List<ColumnPlan> columns = List.of(
                ColumnPlan.dense("twhin")
                        .source(USER, "twhin-user")
                        .candidate(USER, "twhin-user")
                        .similarity(Similarity.COSINE)
                        .set(ColumnSetting.WEIGHT, 2.0)
                        .build(),
                ColumnPlan.sparse("clusters")
                        .source(USER, "clusters-user")
                        .candidate(USER, "clusters-user")
                        .similarity(Similarity.DOT)
                        .set(ColumnSetting.WEIGHT, 0.5)
                        .build());
        List<QueryVector> sources =
                List.of(new QueryVector.Dense(Map.of(USER, new float[] {0.6f, 0.8f})), new QueryVector.Sparse(SOURCE));
        table = ScoreTable.of(
                columns, sources, EntitySet.of(List.of(ANA, BEN), trace.entities()), trace, CandidateNumbers.NONE);
        blend = table.blend(new BlendRecipe.Linear(Normalizer.NONE));
        ScoringPlan plan = ScoringPlan.of("follow", USER)
                .columns(columns)
                .anchors(Map.of("twhin", "twhin-topic"))
                .build();
        explainer = new Explainer(table, blend, plan, trace);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void contributionsSumToTheScore() {
        List<ColumnScore> columns = explainer.columns(0);
        ColumnScore.Present twhin = (ColumnScore.Present) columns.get(0);
        ColumnScore.Present clusters = (ColumnScore.Present) columns.get(1);
        assertThat(twhin.raw()).isCloseTo(0.6, within(1e-6));
        assertThat(twhin.contribution()).isCloseTo(1.2, within(1e-6));
        assertThat(clusters.raw()).isCloseTo(4 + 6, within(1e-6));
        assertThat(clusters.contribution()).isCloseTo(5, within(1e-6));
        assertThat(twhin.contribution() + clusters.contribution()).isEqualTo(blend.score(0));
        assertThat(clusters.rank()).as("a linear blend ranks no column").isEmpty();
    }

    @Test
    void aMissingColumnSaysWhyAndItsWeightIsShared() {
        List<ColumnScore> columns = explainer.columns(1);
        assertThat(columns.get(1)).isEqualTo(new ColumnScore.Missing("clusters", MissingReason.NO_EMBEDDING_CANDIDATE));
        assertThat(((ColumnScore.Present) columns.get(0)).weight()).isEqualTo(2.5);
        assertThat(explainer.sharedClusters(1)).isEmpty();
    }

    @Test
    void sharedClustersComeStrongestFirstWithTheirLabels() {
        assertThat(explainer.sharedClusters(0))
                .containsExactly(
                        new SharedCluster("clusters", "cluster:1", "jazz", 0.6),
                        new SharedCluster("clusters", "cluster:0", "cluster:0", 0.4));
    }

    @Test
    void anchorsAreTheNearestToTheCandidate() {
        List<Anchor> anchors = explainer.anchors(0);
        assertThat(anchors.stream().map(anchor -> anchor.id().value())).containsExactly("east", "northeast", "north");
        assertThat(anchors.get(0).similarity()).isCloseTo(1, within(1e-6));
        assertThat(anchors.get(0).sourceSimilarity()).isCloseTo(0.6, within(1e-6));
        assertThat(anchors.get(1).similarity()).isCloseTo(Math.sqrt(0.5), within(1e-6));
        assertThat(anchors.get(1).sourceSimilarity()).isCloseTo(1.4 / Math.sqrt(2), within(1e-6));
        assertThat(explainer.anchors(1).getFirst().id().value()).isEqualTo("north");
    }
}
