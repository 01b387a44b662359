package repscorer.ann.hnswlib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.ann.BuildProgress;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats.Plan;
import repscorer.testing.BruteForce;
import repscorer.testing.BruteForce.Scored;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** One set of 8,000 clustered rows of 32 values, one graph per metric (M = 16, efConstruction = 100), 60 queries. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HnswlibIndexTest {

    private static final int ROWS = 8000;
    private static final int DIMENSION = 32;
    private static final HnswParameters PARAMETERS = new HnswParameters(16, 100, 1);

    private final RandomGenerator random = Seeds.random("HnswlibIndexTest");
    private final float[][] centres = SyntheticVectors.gaussian(random, 100, DIMENSION);
    private final float[][] values = SyntheticVectors.around(random, centres, ROWS, 0.4);
    private final float[][] queries = SyntheticVectors.around(random, centres, 60, 0.4);
    private final DenseRows rows = DenseRows.copyOf(values);
    private final Map<Metric, HnswlibIndex> indexes = new EnumMap<>(Metric.class);
    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    @BeforeAll
    void build() throws InterruptedException {
        for (Metric metric : Metric.values()) {
            indexes.put(metric, build(rows, metric));
        }
    }

    @AfterAll
    void shutDown() {
        executor.close();
    }

    private HnswlibIndex build(DenseRows rows, Metric metric) throws InterruptedException {
        return HnswlibIndex.build(rows, metric, PARAMETERS, executor, 2, BuildProgress.NONE);
    }

    private HnswlibIndex index(Metric metric) {
        HnswlibIndex index = indexes.get(metric);
        if (index == null) {
            throw new AssertionError("not built: " + metric);
        }
        return index;
    }

    @Test
    void aBuildReportsEveryHundredthUpToTheEnd() throws InterruptedException {
        AtomicInteger reports = new AtomicInteger();
        AtomicBoolean ended = new AtomicBoolean();
        DenseRows some = DenseRows.copyOf(Arrays.copyOf(values, 1050));
        HnswlibIndex.build(some, Metric.L2, PARAMETERS, executor, 2, (done, total) -> {
            reports.incrementAndGet();
            if (done == total) {
                ended.set(true);
            }
        });
        assertThat(reports.get()).isBetween(100, 106);
        assertThat(ended).isTrue();
    }

    @Test
    void aFailureInAWorkerReachesTheCaller() {
        assertThatThrownBy(() -> HnswlibIndex.build(rows, Metric.L2, PARAMETERS, executor, 2, (done, total) -> {
                    throw new IllegalStateException("enough");
                }))
                .hasMessage("enough");
    }

    @Test
    void aClosedPoolAndAWrongThreadCountAreRefused() {
        ExecutorService closed = Executors.newSingleThreadExecutor();
        closed.shutdown();
        assertThatThrownBy(() -> HnswlibIndex.build(rows, Metric.L2, PARAMETERS, closed, 1, BuildProgress.NONE))
                .isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> HnswlibIndex.build(rows, Metric.L2, PARAMETERS, executor, 0, BuildProgress.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads must be at least 1: 0");
    }

    @ParameterizedTest
    @EnumSource
    void recallAt10IsAtLeast97PercentOnClusteredRowsWithEf100(Metric metric) {
        double recall = 0;
        for (float[] query : queries) {
            Neighbors found = index(metric).searchGraph(query, SearchOptions.of(10), 100);
            assertThat(found.stats().plan()).isEqualTo(Plan.GRAPH);
            assertThat(found.stats().ef()).isEqualTo(100);
            recall += BruteForce.recall(found.ordinals(), truth(metric, query, 10, OrdinalFilter.ALL));
        }
        assertThat(recall / queries.length).isGreaterThanOrEqualTo(0.97);
    }

    @ParameterizedTest
    @EnumSource
    void scoresAreThoseOfTheRowsAndFall(Metric metric) {
        for (float[] query : queries) {
            Neighbors found = index(metric).searchGraph(query, SearchOptions.of(20), 50);
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.scores()[i])
                        .isEqualTo(rows.score(metric, query, VectorOps.norm(query), found.ordinals()[i]));
                if (i > 0) {
                    assertThat(found.scores()[i]).isLessThanOrEqualTo(found.scores()[i - 1]);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {100, 50, 10, 1, 0.1})
    void underAFilterItAnswersKWithRecall97PercentWhicheverPlanRuns(double acceptedPercent) {
        BitSet allowed = new BitSet();
        while (allowed.cardinality() < ROWS * acceptedPercent / 100) {
            allowed.set(random.nextInt(ROWS));
        }
        OrdinalFilter filter = OrdinalFilter.allow(allowed);
        int k = 5;
        int fetch = (int) Math.min(ROWS, 60 * 100 / acceptedPercent);
        double searched = 0;
        double fromGraph = 0;
        for (float[] query : queries) {
            List<Scored> truth = truth(Metric.COSINE, query, k, filter);
            SearchOptions options = SearchOptions.of(k).withEf(60).withFilter(filter);
            Neighbors bySearch = index(Metric.COSINE).search(query, options);
            Neighbors byGraph = index(Metric.COSINE).searchGraph(query, options, fetch);
            for (Neighbors found : List.of(bySearch, byGraph)) {
                assertThat(found.size()).isEqualTo(Math.min(k, allowed.cardinality()));
                for (int ordinal : found.ordinals()) {
                    assertThat(allowed.get(ordinal)).isTrue();
                }
            }
            searched += BruteForce.recall(bySearch.ordinals(), truth);
            fromGraph += BruteForce.recall(byGraph.ordinals(), truth);
        }
        assertThat(searched / queries.length).isGreaterThanOrEqualTo(0.97);
        assertThat(fromGraph / queries.length).isGreaterThanOrEqualTo(0.97);
    }

    @Test
    void excludingTheBestRowsAnswersTheNextOnes() {
        for (float[] query : queries) {
            BitSet seen = new BitSet();
            for (Scored best : truth(Metric.COSINE, query, 300, OrdinalFilter.ALL)) {
                seen.set(best.ordinal());
            }
            // The filter refuses 4 % of all rows but everything near the query, so the search comes back empty-handed.
            OrdinalFilter filter = OrdinalFilter.deny(seen);
            Neighbors found =
                    index(Metric.COSINE).searchGraph(query, SearchOptions.of(10).withFilter(filter), 20);
            assertThat(found.stats().plan()).isEqualTo(Plan.EXACT_AFTER_GRAPH);
            assertThat(BruteForce.recall(found.ordinals(), truth(Metric.COSINE, query, 10, filter)))
                    .isEqualTo(1);
        }
    }

    @Test
    void aLeastScoreThatFewReachAnswersExactlyThose() {
        for (float[] query : queries) {
            float third = index(Metric.COSINE)
                    .search(query, SearchOptions.of(3).exactly())
                    .scores()[2];
            Neighbors found =
                    index(Metric.COSINE).searchGraph(query, SearchOptions.of(10).withScoreMin(third), 50);
            assertThat(found.size()).isEqualTo(3);
            assertThat(found.stats().plan()).isEqualTo(Plan.EXACT_AFTER_GRAPH);
        }
    }

    @Test
    void theCheaperPlanRunsAndIsReported() {
        float[] query = queries[0];
        HnswlibIndex index = index(Metric.L2);
        assertThat(index.search(query, SearchOptions.of(1).withEf(10)).stats().plan())
                .isEqualTo(Plan.GRAPH);
        assertThat(index.search(query, SearchOptions.of(1).withEf(10).exactly())
                        .stats()
                        .plan())
                .isEqualTo(Plan.EXACT);
        assertThat(index.search(query, SearchOptions.of(10).withEf(1000))
                        .stats()
                        .plan())
                .isEqualTo(Plan.EXACT);
        BitSet half = new BitSet();
        for (int i = 0; i < ROWS; i += 2) {
            half.set(i);
        }
        Neighbors filtered = index.search(query, SearchOptions.of(1).withEf(10).withFilter(OrdinalFilter.allow(half)));
        assertThat(filtered.stats().plan()).isEqualTo(Plan.GRAPH_OVER_FETCH);
        assertThat(filtered.stats().ef()).isEqualTo(20);
    }

    @Test
    void searchesWithDifferentEfAtOnceAnswerAsOneByOne() throws Exception {
        int[] efs = {10, 40, 10, 200, 15};
        HnswlibIndex index = index(Metric.COSINE);
        List<Callable<int[]>> searches = new ArrayList<>();
        List<int[]> alone = new ArrayList<>();
        for (int i = 0; i < 5 * queries.length; i++) {
            float[] query = queries[i % queries.length];
            int ef = efs[i % efs.length];
            searches.add(
                    () -> index.searchGraph(query, SearchOptions.of(10), ef).ordinals());
            alone.add(index.searchGraph(query, SearchOptions.of(10), ef).ordinals());
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 3; round++) {
                int i = 0;
                for (Future<int[]> found : threads.invokeAll(searches)) {
                    assertThat(found.get()).isEqualTo(alone.get(i++));
                }
            }
        }
    }

    @Test
    void anInterruptedThreadStillSearchesAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        Neighbors found = index(Metric.COSINE).searchGraph(queries[0], SearchOptions.of(10), 50);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(found.size()).isEqualTo(10);
    }

    @Test
    void kAboveTheCountAnswersEveryRow() {
        Neighbors found = index(Metric.COSINE).search(queries[0], SearchOptions.of(ROWS + 1));
        assertThat(found.size()).isEqualTo(ROWS);
        assertThat(Arrays.stream(found.ordinals()).distinct().count()).isEqualTo(ROWS);
    }

    @ParameterizedTest
    @EnumSource
    void noRowAndOneRow(Metric metric) throws InterruptedException {
        HnswlibIndex empty = build(DenseRows.of(MemorySegment.NULL, MemorySegment.NULL, 0, 3), metric);
        assertThat(empty.count()).isZero();
        assertThat(empty.search(new float[] {1, 0, 0}, SearchOptions.of(3)).size())
                .isZero();
        HnswlibIndex one = build(DenseRows.copyOf(new float[][] {{1, 2, 3}}), metric);
        assertThat(one.search(new float[] {1, 0, 0}, SearchOptions.of(3)).ordinals())
                .containsExactly(0);
        assertThat(one.searchGraph(new float[] {1, 0, 0}, SearchOptions.of(3), 10)
                        .ordinals())
                .containsExactly(0);
    }

    @Test
    void equalRowsAreAllFoundInTheirOrder() throws InterruptedException {
        float[][] equal = new float[500][];
        Arrays.fill(equal, new float[] {1, 2, 3});
        HnswlibIndex index = build(DenseRows.copyOf(equal), Metric.COSINE);
        for (int k : new int[] {1, 10, 499, 500, 600}) {
            for (Neighbors found : List.of(
                    index.search(new float[] {3, 2, 1}, SearchOptions.of(k)),
                    index.searchGraph(new float[] {3, 2, 1}, SearchOptions.of(k), k))) {
                assertThat(found.size()).isEqualTo(Math.min(k, 500));
                assertThat(found.ordinals()).isSorted().doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void zeroRowsNeverRankUnderCosineInEitherPlan() throws InterruptedException {
        float[][] some = new float[300][];
        Arrays.setAll(some, i -> i % 3 == 0 ? new float[4] : new float[] {1, i, 2, 3});
        HnswlibIndex index = build(DenseRows.copyOf(some), Metric.COSINE);
        for (Neighbors found : List.of(
                index.search(new float[] {1, 1, 1, 1}, SearchOptions.of(300)),
                index.searchGraph(new float[] {1, 1, 1, 1}, SearchOptions.of(300), 300))) {
            assertThat(found.size()).isEqualTo(200);
            assertThat(Arrays.stream(found.ordinals())).allMatch(ordinal -> ordinal % 3 != 0);
        }
        HnswlibIndex zeros = build(DenseRows.copyOf(new float[5][4]), Metric.COSINE);
        assertThat(zeros.search(new float[] {1, 1, 1, 1}, SearchOptions.of(3)).size())
                .isZero();
    }

    @Test
    void wrongQueriesAreRefused() {
        SearchOptions options = SearchOptions.of(1);
        float[] nan = queries[0].clone();
        nan[5] = Float.NaN;
        float[] infinite = queries[0].clone();
        infinite[6] = Float.POSITIVE_INFINITY;
        HnswlibIndex index = index(Metric.COSINE);
        assertThatThrownBy(() -> index.search(nan, options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("query values must be finite: NaN at place 5 of 32");
        assertThatThrownBy(() -> index.search(infinite, options)).hasMessageContaining("Infinity at place 6");
        assertThatThrownBy(() -> index.search(new float[DIMENSION], options)).hasMessageContaining("must not be zero");
        assertThatThrownBy(() -> index.search(new float[3], options))
                .hasMessage("dimension differs: the index has 32, the query has 3");
    }

    private List<Scored> truth(Metric metric, float[] query, int k, OrdinalFilter filter) {
        BruteForce.Dense similarity = BruteForce.Dense.valueOf(metric.name());
        return BruteForce.topK(
                ROWS, filter::accepts, ordinal -> BruteForce.score(similarity, query, values[ordinal]), k);
    }
}
