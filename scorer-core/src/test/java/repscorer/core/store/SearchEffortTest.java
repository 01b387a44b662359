package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.DenseIndex;
import repscorer.ann.DenseScan;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.core.Scorer;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Source;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** A plan's and a request's recall target and budget reach the index, and a search that its budget ended is told of. */
class SearchEffortTest {

    private static final EntityKind USER = EntityKind.USER;

    private final Queue<SearchOptions> asked = new ConcurrentLinkedQueue<>();

    @TempDir
    Path directory;

    /** Answers what a scan does and says that the deadline came first where there is one. */
    private record Hurried(DenseRows rows, Queue<SearchOptions> asked) implements DenseIndex {

        @Override
        public String engine() {
            return "hurried";
        }

        @Override
        public Metric metric() {
            return Metric.COSINE;
        }

        @Override
        public int dimension() {
            return rows.dimension();
        }

        @Override
        public int count() {
            return rows.count();
        }

        @Override
        public Neighbors search(float[] query, SearchOptions options) {
            asked.add(options);
            float norm = DenseScan.checkQuery(query, Metric.COSINE, rows.dimension());
            Neighbors found =
                    DenseScan.search(rows, Metric.COSINE, query, norm, options.exactly(), SearchStats.Plan.GRAPH);
            boolean hurried = options.deadlineNanos() != SearchOptions.NO_DEADLINE;
            return new Neighbors(
                    found.ordinals(),
                    found.scores(),
                    hurried ? found.stats().ended(SearchStats.End.DEADLINE) : found.stats());
        }
    }

    @Test
    void reachTheIndexAndATimeoutIsTold() throws IOException {
        DenseSpace space = Spaces.twhin("twhin-user", USER, 2);
        try (RepresentationStore store = RepresentationStore.open(
                directory.resolve("store"),
                List.of(space),
                new StoreOptions(2, 1 << 20, 1, 10),
                Clock.systemUTC(),
                Disk.LOCAL,
                (each, file, before, progress) -> new Hurried(file.denseRows(), asked))) {
            publish(store);
            Scorer scorer = scorer(store);

            assertThat(ask(scorer, Map.of()).provenance().notices()).isEmpty();
            assertThat(last())
                    .extracting(SearchOptions::ef, SearchOptions::recallTarget, SearchOptions::deadlineNanos)
                    .containsExactly(70, 0f, SearchOptions.NO_DEADLINE);

            long before = System.nanoTime();
            ScoredCandidates hurried =
                    ask(scorer, Map.of("columns.twhin.recall-target", "0.95", "columns.twhin.budget-ms", "5000"));
            SearchOptions options = last();
            assertThat(options.recallTarget()).isEqualTo(0.95f);
            assertThat(options.deadlineNanos() - before)
                    .isBetween(TimeUnit.SECONDS.toNanos(5), TimeUnit.SECONDS.toNanos(5) + System.nanoTime() - before);
            assertThat(hurried.provenance().notices())
                    .singleElement()
                    .satisfies(notice -> assertThat(notice.toString())
                            .contains("twhin", "TIMEOUT", "the search for user ended by its budget"));
        }
    }

    private SearchOptions last() {
        SearchOptions last = asked.stream().reduce((a, b) -> b).orElseThrow();
        asked.clear();
        return last;
    }

    private void publish(RepresentationStore store) throws IOException {
        Map<EntityId, float[]> rows = new TreeMap<>();
        for (int i = 1; i <= 4; i++) {
            rows.put(EntityId.of(USER, i), new float[] {1, i});
        }
        ReleaseBuilder.of(store, directory, "r1").dense("twhin-user", rows).publish();
        asked.clear();
    }

    private static Scorer scorer(RepresentationStore store) {
        ColumnPlan column = ColumnPlan.dense("twhin")
                .source(USER, "twhin-user")
                .candidate(USER, "twhin-user")
                .set(ColumnSetting.RETRIEVE, 3)
                .set(ColumnSetting.EF, 70)
                .build();
        ScoringPlan plan = ScoringPlan.of("follow", USER)
                .columns(column)
                .blend(new BlendRecipe.Linear(Normalizer.NONE))
                .kDefault(3)
                .build();
        return ScorerBuilder.of(store, plan).build();
    }

    private static ScoredCandidates ask(Scorer scorer, Map<String, String> overrides) {
        return scorer.candidates(new CandidateQuery(
                "follow",
                Source.Entities.of(EntityId.of(USER, 1)),
                Optional.of(3),
                List.of(),
                List.of(),
                Optional.empty(),
                overrides,
                Optional.empty(),
                false));
    }
}
