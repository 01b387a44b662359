package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.ann.BuildProgress;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchPlan;
import repscorer.ann.SearchStats.End;
import repscorer.ann.SearchStats.Plan;
import repscorer.testing.BruteForce;
import repscorer.testing.BruteForce.Scored;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** One set of 8,000 clustered rows of 32 values, a graph per metric and codes (M = 16, efConstruction = 100), 60 queries. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HnswIndexTest {

    /** Quantization whose answers are scored from the rows. */
    private static final List<Quantization> RESCORED = List.of(Quantization.NONE, Quantization.INT8);

    private static final int ROWS = 8000;
    private static final int DIMENSION = 32;
    private static final HnswParameters PARAMETERS = new HnswParameters(16, 100, 1);

    private final RandomGenerator random = Seeds.random("HnswIndexTest");
    private final float[][] centres = SyntheticVectors.gaussian(random, 100, DIMENSION);
    private final float[][] values = SyntheticVectors.around(random, centres, ROWS, 0.4);
    private final float[][] queries = SyntheticVectors.around(random, centres, 60, 0.4);
    private final DenseRows rows = DenseRows.copyOf(values);
    private final Map<Metric, HnswIndex> overFloats = new EnumMap<>(Metric.class);
    private final Map<Metric, HnswIndex> overBytes = new EnumMap<>(Metric.class);
    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    @BeforeAll
    void build() throws InterruptedException {
        for (Metric metric : Metric.values()) {
            overFloats.put(metric, build(rows, metric, Quantization.NONE));
            overBytes.put(metric, build(rows, metric, Quantization.INT8));
        }
    }

    @AfterAll
    void shutDown() {
        executor.close();
    }

    private HnswIndex build(DenseRows rows, Metric metric, Quantization quantization) throws InterruptedException {
        return HnswIndex.build(rows, metric, PARAMETERS, quantization, executor, 2, BuildProgress.NONE);
    }

    private HnswIndex index(Metric metric, Quantization quantization) {
        HnswIndex index = (quantization == Quantization.NONE ? overFloats : overBytes).get(metric);
        if (index == null) {
            throw new AssertionError("not built: " + metric);
        }
        return index;
    }

    private HnswIndex index(Metric metric) {
        return index(metric, Quantization.INT8);
    }

    static List<Arguments> metricsAndQuantizations() {
        List<Arguments> all = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            for (Quantization quantization : RESCORED) {
                all.add(Arguments.of(metric, quantization));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("metricsAndQuantizations")
    void recallAt10IsAtLeast97PercentOnClusteredRowsWithEf100(Metric metric, Quantization quantization) {
        double recall = 0;
        for (float[] query : queries) {
            Neighbors found = index(metric, quantization).searchGraph(query, SearchOptions.of(10), 100);
            assertThat(found.stats().plan()).isEqualTo(Plan.GRAPH);
            assertThat(found.stats().ef()).isEqualTo(100);
            recall += BruteForce.recall(found.ordinals(), truth(metric, query, 10, OrdinalFilter.ALL));
        }
        assertThat(recall / queries.length).isGreaterThanOrEqualTo(0.97);
    }

    @ParameterizedTest
    @MethodSource("metricsAndQuantizations")
    void scoresAreThoseOfTheRowsAndFall(Metric metric, Quantization quantization) {
        for (float[] query : queries) {
            Neighbors found = index(metric, quantization).searchGraph(query, SearchOptions.of(20), 50);
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
        if (acceptedPercent >= 50) { // below, so long a graph search is not what a search does, and no measure of it
            assertThat(fromGraph / queries.length).isGreaterThanOrEqualTo(0.97);
        }
    }

    @Test
    void excludingTheBestRowsAnswersTheNextOnes() {
        double recall = 0;
        for (float[] query : queries) {
            BitSet seen = new BitSet();
            for (Scored best : truth(Metric.COSINE, query, 300, OrdinalFilter.ALL)) {
                seen.set(best.ordinal());
            }
            // The filter refuses 4 % of all rows but everything near the query.
            OrdinalFilter filter = OrdinalFilter.deny(seen);
            Neighbors found =
                    index(Metric.COSINE).search(query, SearchOptions.of(10).withFilter(filter));
            assertThat(found.stats().plan()).isIn(Plan.GRAPH_FILTERED, Plan.EXACT_AFTER_GRAPH);
            recall += BruteForce.recall(found.ordinals(), truth(Metric.COSINE, query, 10, filter));
        }
        assertThat(recall / queries.length).isGreaterThanOrEqualTo(0.95);
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
            assertThat(found.stats().plan()).isEqualTo(Plan.GRAPH);
            assertThat(found.stats().end()).isEqualTo(End.SCORE_MIN);
        }
    }

    @Test
    void theCheaperPlanRunsAndIsReported() {
        float[] query = queries[0];
        HnswIndex index = index(Metric.L2);
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
        Neighbors half = index.search(query, SearchOptions.of(1).withEf(10).withFilter(oneIn(2)));
        assertThat(half.stats().plan()).isEqualTo(Plan.GRAPH_OVER_FETCH);
        assertThat(half.stats().ef()).isEqualTo(20);
        Neighbors third = index.search(query, SearchOptions.of(1).withEf(10).withFilter(oneIn(3)));
        assertThat(third.stats().plan()).isEqualTo(Plan.GRAPH_FILTERED);
        assertThat(third.stats().ef()).isEqualTo(10);
    }

    private static OrdinalFilter oneIn(int step) {
        BitSet accepted = new BitSet();
        for (int i = 0; i < ROWS; i += step) {
            accepted.set(i);
        }
        return OrdinalFilter.allow(accepted);
    }

    @Test
    void searchesWithDifferentEfAtOnceAnswerAsOneByOne() throws Exception {
        int[] efs = {10, 40, 10, 200, 15};
        HnswIndex index = index(Metric.COSINE);
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
    @MethodSource("metricsAndQuantizations")
    void noRowAndOneRow(Metric metric, Quantization quantization) throws InterruptedException {
        HnswIndex empty = build(DenseRows.of(MemorySegment.NULL, MemorySegment.NULL, 0, 3), metric, quantization);
        assertThat(empty.count()).isZero();
        assertThat(empty.search(new float[] {1, 0, 0}, SearchOptions.of(3)).size())
                .isZero();
        assertThat(empty.stats().levels()).isZero();
        HnswIndex one = build(DenseRows.copyOf(new float[][] {{1, 2, 3}}), metric, quantization);
        assertThat(one.search(new float[] {1, 0, 0}, SearchOptions.of(3)).ordinals())
                .containsExactly(0);
        Neighbors found = one.searchGraph(new float[] {1, 0, 0}, SearchOptions.of(3), 10);
        assertThat(found.ordinals()).containsExactly(0);
        assertThat(found.stats().plan()).isEqualTo(Plan.GRAPH);
    }

    @ParameterizedTest
    @MethodSource("metricsAndQuantizations")
    void equalRowsAreAllFoundInTheirOrder(Metric metric, Quantization quantization) throws InterruptedException {
        float[][] equal = new float[1500][];
        Arrays.fill(equal, new float[] {1, 2, 3});
        HnswIndex index = build(DenseRows.copyOf(equal), metric, quantization);
        assertThat(index.stats().unreachable()).isZero();
        for (int k : new int[] {1, 10, 499, 1500, 1600}) {
            for (Neighbors found : List.of(
                    index.search(new float[] {3, 2, 1}, SearchOptions.of(k)),
                    index.searchGraph(new float[] {3, 2, 1}, SearchOptions.of(k), k))) {
                assertThat(found.size()).isEqualTo(Math.min(k, 1500));
                assertThat(found.ordinals()).isSorted().doesNotHaveDuplicates();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsThatCannotBeIndexedAreRefusedByName(Quantization quantization) {
        float[][] some = SyntheticVectors.gaussian(random, 300, 8);
        some[17][3] = Float.NaN;
        assertThatThrownBy(() -> build(DenseRows.copyOf(some), Metric.L2, quantization))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("values must be finite: NaN at place 3 of 8 (row 17)");
        some[17][3] = Float.NEGATIVE_INFINITY;
        assertThatThrownBy(() -> build(DenseRows.copyOf(some), Metric.INNER_PRODUCT, quantization))
                .hasMessage("values must be finite: -Infinity at place 3 of 8 (row 17)");
        some[17] = new float[8];
        assertThatThrownBy(() -> build(DenseRows.copyOf(some), Metric.COSINE, quantization))
                .hasMessage("a vector under COSINE must not be zero: all 8 values are 0 (row 17)");
    }

    @ParameterizedTest
    @MethodSource("metricsAndQuantizations")
    void aRecallTargetIsReachedByAnEffortOfItsOwn(Metric metric, Quantization quantization) {
        HnswIndex index = index(metric, quantization);
        int easy = index.effortFor(10, 0.8f).orElseThrow();
        int hard = index.effortFor(10, 0.99f).orElseThrow();
        assertThat(easy).isLessThanOrEqualTo(hard);
        assertThat(index.effortFor(20, 0.99f).orElseThrow()).isGreaterThan(hard);
        // Among 60, one that misses its cluster costs .017.
        float[][] many = SyntheticVectors.around(random, centres, 400, 0.4);
        double recall = 0;
        for (float[] query : many) {
            Neighbors found = index.searchGraph(query, SearchOptions.of(10), Math.max(10, hard));
            recall += BruteForce.recall(found.ordinals(), truth(metric, query, 10, OrdinalFilter.ALL));
        }
        assertThat(recall / many.length).isGreaterThanOrEqualTo(0.97);
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "INT8"})
    void effortIsTheRowsFollowedOnAverage(Quantization quantization) {
        HnswIndex index = index(Metric.COSINE, quantization);
        for (int ef : new int[] {20, 60, 150}) {
            long visited = 0;
            for (float[] query : queries) {
                visited += index.searchGraph(query, SearchOptions.of(10), ef)
                        .stats()
                        .visited();
            }
            assertThat((double) visited / queries.length).isBetween(0.5 * ef, 2.0 * ef);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {50, 10, 3})
    void aSearchOfAcceptedRowsFindsThemWhereverTheyLie(double acceptedPercent) {
        int wanted = (int) (ROWS * acceptedPercent / 100);
        double recall = 0;
        int searches = 0;
        for (int i = 0; i < 20; i++) {
            float[] query = queries[i];
            for (BitSet allowed : List.of(scattered(wanted), near(queries[i + 1], wanted), far(query, wanted))) {
                OrdinalFilter filter = OrdinalFilter.allow(allowed);
                SearchOptions options = SearchOptions.of(10).withFilter(filter);
                Neighbors found = index(Metric.COSINE).run(query, options, new SearchPlan(100, true));
                assertThat(found.size()).isEqualTo(10);
                for (int ordinal : found.ordinals()) {
                    assertThat(allowed.get(ordinal)).isTrue();
                }
                recall += BruteForce.recall(found.ordinals(), truth(Metric.COSINE, query, 10, filter));
                searches++;
            }
        }
        assertThat(recall / searches).isGreaterThanOrEqualTo(0.95);
    }

    private BitSet scattered(int count) {
        BitSet rows = new BitSet();
        while (rows.cardinality() < count) {
            rows.set(random.nextInt(ROWS));
        }
        return rows;
    }

    private BitSet near(float[] query, int count) {
        BitSet rows = new BitSet();
        truth(Metric.COSINE, query, count, OrdinalFilter.ALL).forEach(row -> rows.set(row.ordinal()));
        return rows;
    }

    private BitSet far(float[] query, int count) {
        BitSet rows = near(query, ROWS - count);
        rows.flip(0, ROWS);
        return rows;
    }

    @Test
    void aDeadlineEndsASearchWithWhatItHas() {
        Neighbors late = index(Metric.COSINE)
                .searchGraph(queries[0], SearchOptions.of(10).withDeadline(System.nanoTime() - 1), 500);
        assertThat(late.stats().end()).isEqualTo(End.DEADLINE);
        assertThat(late.stats().visited()).isLessThan(100);
        Neighbors scan = index(Metric.COSINE)
                .search(queries[0], SearchOptions.of(10).exactly().withDeadline(System.nanoTime() - 1));
        assertThat(scan.stats().end()).isEqualTo(End.DEADLINE);
        assertThat(scan.stats().scored()).isLessThan(ROWS);
        Neighbors inTime = index(Metric.COSINE)
                .searchGraph(queries[0], SearchOptions.of(10).withDeadline(System.nanoTime() + 60_000_000_000L), 50);
        assertThat(inTime.stats().end()).isEqualTo(End.DONE);
    }

    @ParameterizedTest
    @MethodSource("metricsAndQuantizations")
    void theEstimateIsRightWithinTenPercent(Metric metric, Quantization quantization) {
        long estimated = HnswIndex.estimateBytes(ROWS, DIMENSION, metric, PARAMETERS, quantization);
        assertThat((double) index(metric, quantization).stats().bytes() / estimated)
                .isBetween(0.9, 1.1);
    }

    @ParameterizedTest
    @EnumSource
    void withoutTheFloatsAnswersAreScoredByTheirCodes(Metric metric) throws InterruptedException {
        HnswIndex index = build(rows, metric, Quantization.INT8_ONLY);
        double recall = 0;
        double error = 0;
        int scores = 0;
        for (float[] query : queries) {
            Neighbors found = index.searchGraph(query, SearchOptions.of(10), 60);
            for (int i = 0; i < found.size(); i++) {
                float exact = rows.score(metric, query, VectorOps.norm(query), found.ordinals()[i]);
                error += Math.abs(found.scores()[i] - exact) / Math.max(1, Math.abs(exact));
                scores++;
            }
            assertThat(found.scores()).isSortedAccordingTo((a, b) -> Float.compare(b, a));
            recall += BruteForce.recall(found.ordinals(), truth(metric, query, 10, OrdinalFilter.ALL));
        }
        assertThat(error / scores).isBetween(1e-6, 0.02);
        assertThat(recall / queries.length).isGreaterThanOrEqualTo(0.85);
    }

    @ParameterizedTest
    @EnumSource
    void inHalfPrecisionAnswersAreRightToThreeDigitsInHalfTheMemory(Metric metric) throws InterruptedException {
        HnswIndex index = build(rows, metric, Quantization.INT8_FLOAT16);
        assertThat(index.stats().bytes()
                        - index(metric, Quantization.INT8).stats().bytes())
                .isEqualTo(2L * ROWS * DIMENSION);
        double recall = 0;
        for (float[] query : queries) {
            Neighbors found = index.searchGraph(query, SearchOptions.of(10), 60);
            for (int i = 0; i < found.size(); i++) {
                float exact = rows.score(metric, query, VectorOps.norm(query), found.ordinals()[i]);
                assertThat(found.scores()[i]).isCloseTo(exact, within(1e-3f * Math.max(1, Math.abs(exact))));
            }
            recall += BruteForce.recall(found.ordinals(), truth(metric, query, 10, OrdinalFilter.ALL));
        }
        assertThat(recall / queries.length).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void whatHalfPrecisionCannotHoldIsRefusedByItsRow() {
        DenseRows large = DenseRows.copyOf(new float[][] {new float[8], {1, 2, 3, 70_000, 5, 6, 7, 8}});
        assertThatThrownBy(() -> build(large, Metric.L2, Quantization.INT8_FLOAT16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("float16 holds values to 65504")
                .hasMessageContaining("row 1 has 70000");
    }

    @Test
    void codesCostLittleAndSayHowMuch() {
        QuantizationLoss coded = index(Metric.COSINE, Quantization.INT8).quantizationLoss();
        assertThat(coded.queries()).isGreaterThan(100);
        assertThat(coded.recall()).isBetween(0.8f, 1f);
        assertThat(coded.recallReranked()).isBetween(0.98f, 1f);
        assertThat(coded.errorP99()).isBetween(1e-6f, 0.05f);
        QuantizationLoss none = index(Metric.COSINE, Quantization.NONE).quantizationLoss();
        assertThat(none.recall()).isEqualTo(1);
        assertThat(none.errorP99()).isLessThan(1e-5f);
    }

    @Test
    void moreRowsAreScoredAnewWhereTheyLieCloserTogetherThanCodesCanTell() throws InterruptedException {
        float[][] crowded = SyntheticVectors.clustered(random, 4000, 32, 40, 0.02);
        DenseRows some = DenseRows.copyOf(crowded);
        HnswIndex index = build(some, Metric.COSINE, Quantization.INT8);
        assertThat(index.quantizationLoss().recall()).isLessThan(0.6f);
        assertThat(index.quantizationLoss().rerankedPerK()).isGreaterThan(QuantizationLoss.RERANKED_PER_K_MIN);
        assertThat(index.quantizationLoss().recallReranked()).isGreaterThanOrEqualTo(0.99f);
        double recall = 0;
        for (int i = 0; i < 200; i++) {
            int[] found =
                    index.searchGraph(crowded[i], SearchOptions.of(10), 100).ordinals();
            List<Scored> truth = BruteForce.topK(BruteForce.Dense.COSINE, crowded, crowded[i], 10);
            recall += BruteForce.recall(found, truth) / 200;
        }
        assertThat(recall).isGreaterThanOrEqualTo(0.7);
        assertThat(index(Metric.COSINE, Quantization.INT8).quantizationLoss().rerankedPerK())
                .isEqualTo(QuantizationLoss.RERANKED_PER_K_MIN);
    }

    @ParameterizedTest
    @MethodSource("metricsAndQuantizations")
    void awkwardDimensionsReachRecall95Percent(Metric metric, Quantization quantization) throws InterruptedException {
        for (int dimension : new int[] {1, 7, 8, 13, 100, 207}) {
            if (dimension == 1 && metric == Metric.INNER_PRODUCT) {
                continue; // on a line every row's best partners are the same two ends, and no graph leads between the
                // others
            }
            float[][] some = SyntheticVectors.clustered(random, 900, dimension, 30, 0.4);
            DenseRows someRows = DenseRows.copyOf(some);
            HnswIndex index = build(someRows, metric, quantization);
            assertThat(index.stats().unreachable()).isZero();
            double hits = 0;
            int queryCount = 20;
            for (int q = 0; q < queryCount; q++) {
                float[] query = SyntheticVectors.gaussian(random, 1, dimension)[0];
                Neighbors found = index.searchGraph(query, SearchOptions.of(10), 200);
                float[] exact =
                        index.search(query, SearchOptions.of(10).exactly()).scores();
                for (int i = 0; i < found.size(); i++) {
                    // By score, because one dimension under cosine knows only two.
                    hits += found.scores()[i] >= exact[9] ? 1 : 0;
                    assertThat(found.scores()[i])
                            .isEqualTo(someRows.score(metric, query, VectorOps.norm(query), found.ordinals()[i]));
                }
            }
            assertThat(hits / (10 * queryCount)).as("dimension %s", dimension).isGreaterThanOrEqualTo(0.95);
        }
    }

    @Test
    void valuesNearTheEndsOfTheRangeAreStillFound() throws InterruptedException {
        float[][] some = SyntheticVectors.gaussian(random, 400, 8);
        some[17] = new float[] {1e30f, 0, 0, 0, 0, 0, 0, 0};
        some[18] = new float[] {1e-30f, 0, 0, 0, 0, 0, 0, 0};
        DenseRows someRows = DenseRows.copyOf(some);
        float[] query = {1, 0, 0, 0, 0, 0, 0, 0};
        for (Quantization quantization : RESCORED) {
            assertThat(build(someRows, Metric.COSINE, quantization)
                            .searchGraph(query, SearchOptions.of(2), 20)
                            .ordinals())
                    .containsExactly(17, 18);
            assertThat(build(someRows, Metric.INNER_PRODUCT, quantization)
                            .searchGraph(query, SearchOptions.of(1), 20)
                            .ordinals())
                    .containsExactly(17);
        }
        float[] huge = {1e30f, 1e30f, 0, 0, 0, 0, 0, 0};
        assertThat(build(someRows, Metric.L2, Quantization.INT8)
                        .search(huge, SearchOptions.of(1))
                        .ordinals())
                .containsExactly(17);
    }

    @ParameterizedTest
    @MethodSource("metricsAndQuantizations")
    void theStatsFitTheGraph(Metric metric, Quantization quantization) {
        HnswStats stats = index(metric, quantization).stats();
        assertThat(stats.inGraph()).isEqualTo(ROWS);
        assertThat(stats.unreachable()).isZero();
        assertThat(stats.levels()).isBetween(3, 8);
        assertThat(stats.degreeMin()).isPositive();
        assertThat(stats.degreeMean()).isBetween(4.0, 32.0);
        assertThat(stats.degreeMax()).isBetween(16, 32);
        assertThat(stats.degrees()).hasSize(33);
        assertThat(Arrays.stream(stats.degrees()).sum()).isEqualTo(ROWS);
        assertThat(stats.linkBytes()).isEqualTo(ROWS * 128L);
        assertThat(stats.codeBytes() > ROWS * 32).isEqualTo(quantization == Quantization.INT8);
    }

    @Test
    void wrongQueriesAreRefused() {
        SearchOptions options = SearchOptions.of(1);
        float[] nan = queries[0].clone();
        nan[5] = Float.NaN;
        float[] infinite = queries[0].clone();
        infinite[6] = Float.POSITIVE_INFINITY;
        HnswIndex index = index(Metric.COSINE);
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
