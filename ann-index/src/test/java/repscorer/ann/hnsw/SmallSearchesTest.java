package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchPlan;
import repscorer.ann.SearchStats.End;
import repscorer.ann.SearchStats.Plan;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** Filtered searches, searches that end early, and rows that equal others, over graphs of a hundred or two of rows. */
class SmallSearchesTest {

    private static final int ROWS = 200;
    private static final int D = 9;
    private static final HnswParameters PARAMETERS = new HnswParameters(5, 40, 4);

    private final RandomGenerator random = Seeds.random("SmallSearchesTest");
    private final float[][] rows = drawn(ROWS);
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        executor.close();
    }

    private float[][] drawn(int n) {
        float[][] drawn = new float[n][D];
        for (float[] row : drawn) {
            for (int j = 0; j < D; j++) {
                row[j] = (float) random.nextGaussian();
            }
        }
        return drawn;
    }

    private HnswIndex build(float[][] values, Metric metric, Quantization codes) throws InterruptedException {
        return HnswIndex.build(DenseRows.copyOf(values), metric, PARAMETERS, codes, executor, 1, BuildProgress.NONE);
    }

    private static double score(Metric metric, float[] query, float[] row) {
        return BruteForce.score(BruteForce.Dense.valueOf(metric.name()), query, row);
    }

    private static OrdinalFilter allow(IntStream ordinals) {
        BitSet set = new BitSet();
        ordinals.forEach(set::set);
        return OrdinalFilter.allow(set);
    }

    /** The nearest half, the furthest third, and every fifth. */
    private List<OrdinalFilter> filters(float[][] values, Metric metric, float[] query) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, values.length).boxed().toList());
        order.sort(Comparator.comparing((Integer row) -> -score(metric, query, values[row])));
        return List.of(
                allow(order.stream().limit(values.length / 2).mapToInt(row -> row)),
                allow(order.stream().skip(values.length * 2 / 3).mapToInt(row -> row)),
                allow(IntStream.range(0, values.length).filter(row -> row % 5 == 3)));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: a search over accepted rows alone meets them all, across one refused row at a time")
    void aSearchOfAcceptedRowsMeetsThemAll(Metric metric) throws Exception {
        HnswIndex index = build(rows, metric, Quantization.NONE);
        Graph graph = index.graph();
        SearchScratch scratch = new SearchScratch(ROWS, D, PARAMETERS.m());
        float[] query = drawn(1)[0];
        index.scorer().prepare(scratch.query, query, VectorOps.norm(query));
        for (OrdinalFilter filter : filters(rows, metric, query)) {
            scratch.starts[0] = graph.entry();
            int starts = 1;
            for (int row = 0; row < ROWS && starts < 9; row++) {
                if (filter.accepts(row) && row % 7 == 0) {
                    scratch.starts[starts++] = row;
                }
            }
            scratch.compared = 0;
            scratch.followed = 0;
            boolean whole = BeamSearch.searchAccepted(
                    graph,
                    index.scorer(),
                    scratch,
                    starts,
                    ROWS,
                    filter,
                    Long.MAX_VALUE,
                    BeamSearch.StoppingRule.WHEN_FOLLOWED);
            assertThat(whole).isTrue();
            int[] accepted = IntStream.range(0, ROWS).filter(filter::accepts).toArray();
            int[] met = new int[scratch.candidates.size()];
            Arrays.setAll(met, scratch.candidates::ordinal);
            assertThat(met).doesNotHaveDuplicates();
            assertThat(met.length).isGreaterThan(accepted.length * 9 / 10);
            for (int place = 0; place < met.length; place++) {
                assertThat(filter.accepts(met[place])).isTrue();
                double expected = index.scorer().fromMetric((float) score(metric, query, rows[met[place]]));
                assertThat((double) scratch.candidates.score(place)).isCloseTo(expected, within(1e-4));
            }
            assertThat(scratch.compared).as("each once").isEqualTo(met.length);
            assertThat(scratch.followed).isBetween((long) met.length, met.length + 1L);
            for (long most : new long[] {0, 100, 400}) {
                scratch.compared = 0;
                assertThat(BeamSearch.searchAccepted(
                                graph,
                                index.scorer(),
                                scratch,
                                starts,
                                ROWS,
                                filter,
                                most,
                                BeamSearch.StoppingRule.WHEN_FOLLOWED))
                        .isFalse();
                // The last row followed may bring three lists' length of rows.
                assertThat(BeamSearch.LOOKED_AT_PER_COMPARED * scratch.compared)
                        .isBetween(1L, most + BeamSearch.LOOKED_AT_PER_COMPARED * (6L * PARAMETERS.m() + starts));
            }
        }
    }

    private int nearest(Metric metric, float[] query) {
        int best = 0;
        for (int row = 1; row < ROWS; row++) {
            best = score(metric, query, rows[row]) > score(metric, query, rows[best]) ? row : best;
        }
        return best;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: a filtered plan finds what a scan does, by the graph or after it")
    void aFilteredPlanFindsWhatAScanDoes(Metric metric) throws Exception {
        HnswIndex index = build(rows, metric, Quantization.INT8);
        int hits = 0;
        int asked = 0;
        int byGraph = 0;
        int nearby = 0;
        for (int q = 0; q < 6; q++) {
            float[] query = drawn(1)[0];
            for (OrdinalFilter filter : filters(rows, metric, query)) {
                for (boolean acceptedOnly : new boolean[] {true, false}) {
                    SearchOptions options = SearchOptions.of(3).withFilter(filter);
                    Neighbors found = index.run(query, options, new SearchPlan(8, acceptedOnly));
                    int[] best = IntStream.range(0, ROWS)
                            .filter(filter::accepts)
                            .boxed()
                            .sorted(Comparator.comparing(row -> -score(metric, query, rows[row])))
                            .limit(3)
                            .mapToInt(row -> row)
                            .toArray();
                    assertThat(found.size()).isEqualTo(3);
                    for (int i = 0; i < 3; i++) {
                        int row = found.ordinals()[i];
                        assertThat(filter.accepts(row)).isTrue();
                        assertThat((double) found.scores()[i]).isCloseTo(score(metric, query, rows[row]), within(1e-4));
                        hits += Arrays.stream(best).anyMatch(each -> each == row) ? 1 : 0;
                    }
                    asked += 3;
                    Plan plan = found.stats().plan();
                    assertThat(plan)
                            .isIn(
                                    acceptedOnly
                                            ? List.of(Plan.GRAPH_FILTERED, Plan.EXACT_AFTER_GRAPH)
                                            : List.of(
                                                    Plan.GRAPH_OVER_FETCH,
                                                    Plan.GRAPH_FILTERED,
                                                    Plan.EXACT_AFTER_GRAPH));
                    byGraph += plan == Plan.EXACT_AFTER_GRAPH ? 0 : 1;
                    if (!acceptedOnly && filter.accepts(nearest(metric, query))) {
                        nearby += plan == Plan.GRAPH_OVER_FETCH ? 1 : 0;
                    } else if (!acceptedOnly && filter.accepted(ROWS) > ROWS / 4) {
                        assertThat(plan).as("all that is near is refused").isNotEqualTo(Plan.GRAPH_OVER_FETCH);
                    }
                }
            }
        }
        assertThat((double) hits / asked).isGreaterThan(0.8);
        assertThat(byGraph).isGreaterThan(4);
        assertThat(nearby).as("the nearest half is met by any search").isGreaterThanOrEqualTo(6);
    }

    @Test
    @DisplayName("S13: a search that is late answers what it has, and says so")
    void aSearchThatIsLateSaysSo() throws Exception {
        HnswIndex index = build(rows, Metric.COSINE, Quantization.INT8);
        float[] query = drawn(1)[0];
        SearchOptions late = SearchOptions.of(2).withDeadline(System.nanoTime() - 1);
        Neighbors found = index.searchGraph(query, late, ROWS);
        assertThat(found.stats().end()).isEqualTo(End.DEADLINE);
        assertThat(found.stats().visited()).as("the first look at the clock").isZero();
        assertThat(found.ordinals()).hasSize(1);
        OrdinalFilter odd = allow(IntStream.range(0, ROWS).filter(row -> row % 2 == 1));
        Neighbors filtered = index.run(query, late.withFilter(odd), new SearchPlan(60, true));
        assertThat(filtered.stats().end()).isEqualTo(End.DEADLINE);
        assertThat(filtered.stats().visited())
                .as("at the next look at the latest")
                .isBetween(1L, 16L);
        SearchOptions inTime = SearchOptions.of(2).withDeadline(System.nanoTime() + 600_000_000_000L);
        assertThat(index.searchGraph(query, inTime, ROWS).stats().end()).isEqualTo(End.DONE);
        assertThat(index.searchGraph(query, SearchOptions.of(ROWS + 1), ROWS)
                        .stats()
                        .end())
                .isEqualTo(End.EXHAUSTED);
        Neighbors whole = index.searchGraph(query, SearchOptions.of(ROWS), ROWS);
        assertThat(whole.stats().end()).isEqualTo(End.DONE);
        assertThat(index.searchGraph(query, SearchOptions.of(ROWS).withScoreMin(whole.scores()[7]), ROWS)
                        .ordinals())
                .as("of that score or a greater")
                .hasSize(8);
        assertThat(index.searchGraph(query, SearchOptions.of(ROWS).withScoreMin(0.5f), ROWS)
                        .stats()
                        .end())
                .isEqualTo(End.SCORE_MIN);
        float least = whole.scores()[12];
        Neighbors few = index.searchGraph(query, SearchOptions.of(20).withScoreMin(least), ROWS);
        assertThat(few.size()).isEqualTo(13);
        assertThat(few.stats().end()).isEqualTo(End.SCORE_MIN);
        assertThat(few.scores()[few.size() - 1]).isGreaterThanOrEqualTo(least);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: a search of a level meets each row once, and under a slack no further than that")
    void aSearchOfALevelMeetsEachRowOnce(Metric metric) throws Exception {
        HnswIndex index = build(rows, metric, Quantization.NONE);
        Graph graph = index.graph();
        SearchScratch scratch = new SearchScratch(ROWS, D, PARAMETERS.m());
        for (int q = 0; q < 8; q++) {
            float[] query = drawn(1)[0];
            index.scorer().prepare(scratch.query, query, VectorOps.norm(query));
            int start = BeamSearch.descend(graph, index.scorer(), scratch, 0);
            assertThat(start).isEqualTo(nearestByGreedySteps(graph, metric, query));
            assertThat(BeamSearch.descend(graph, index.scorer(), scratch, Graph.top(graph.start())))
                    .isEqualTo(graph.entry());
            scratch.compared = 0;
            scratch.followed = 0;
            assertThat(BeamSearch.search(
                            graph, index.scorer(), scratch, 0, start, ROWS, BeamSearch.StoppingRule.WHEN_FOLLOWED))
                    .isTrue();
            assertThat(scratch.candidates.size()).isEqualTo(ROWS);
            assertThat(scratch.compared).isEqualTo(ROWS);
            assertThat(scratch.followed).isEqualTo(ROWS);
            for (float slack : new float[] {1, 1.5f, 1e9f}) {
                scratch.followed = 0;
                BeamSearch.StoppingRule rule =
                        new BeamSearch.StoppingRule().set(5, slack, 0, SearchOptions.NO_DEADLINE);
                assertThat(BeamSearch.search(graph, index.scorer(), scratch, 0, start, ROWS, rule))
                        .isTrue();
                if (metric == Metric.INNER_PRODUCT || slack == 1e9f) {
                    assertThat(scratch.followed).isEqualTo(ROWS);
                } else {
                    float kth = index.scorer().zero() - scratch.candidates.score(4);
                    int within = 0;
                    for (int place = 0; place < scratch.candidates.size(); place++) {
                        float distance = index.scorer().zero() - scratch.candidates.score(place);
                        within += distance <= slack * kth * 0.9999f ? 1 : 0;
                    }
                    assertThat(scratch.followed).isGreaterThanOrEqualTo(within).isLessThan(ROWS / 2);
                }
            }
        }
    }

    /** From the entry, on each level above the lowest, to the nearest linked row until none is nearer. */
    private int nearestByGreedySteps(Graph graph, Metric metric, float[] query) {
        int at = graph.entry();
        for (int level = Graph.top(graph.start()); level > 0; level--) {
            for (int from = -1; from != at; ) {
                from = at;
                for (int place = 0; place < graph.degree(level, from); place++) {
                    int to = graph.link(level, from, place);
                    at = score(metric, query, rows[to]) > score(metric, query, rows[at]) ? to : at;
                }
            }
        }
        return at;
    }

    @Test
    @DisplayName("S13: the clock is looked at every 16 rows")
    void theClockIsLookedAtEverySixteenRows() {
        BeamSearch.StoppingRule past = new BeamSearch.StoppingRule().set(1, 1, 0, System.nanoTime() - 1_000_000_000L);
        BeamSearch.StoppingRule ahead =
                new BeamSearch.StoppingRule().set(1, 1, 0, System.nanoTime() + 600_000_000_000L);
        for (int followed = 0; followed < 100; followed++) {
            assertThat(past.isDue(followed)).isEqualTo(followed % 16 == 0);
            assertThat(ahead.isDue(followed)).isFalse();
            assertThat(BeamSearch.StoppingRule.WHEN_FOLLOWED.isDue(followed)).isFalse();
        }
    }

    // ---- equal rows ----

    /** 90 rows of their own, of which low ones come again and again. */
    private float[][] withCopies() {
        float[][] distinct = drawn(90);
        float[][] values = new float[ROWS][];
        for (int row = 0; row < ROWS; row++) {
            int from = row < 60 || row % 4 == 0 ? Math.min(89, row < 60 ? row : 60 + row / 4 - 15) : random.nextInt(12);
            values[row] = distinct[from].clone();
        }
        return values;
    }

    private static int distinct(float[][] values) {
        return (int) Arrays.stream(values).map(Arrays::hashCode).distinct().count();
    }

    /** Copies of a row come in ascending order right after each other; what scores alike otherwise may change places. */
    private void assertAnswers(HnswIndex index, float[][] values) {
        Metric metric = index.metric();
        for (int q = 0; q < 3; q++) {
            float[] query = q == 0 ? values[3] : drawn(1)[0];
            for (OrdinalFilter filter : List.of(
                    OrdinalFilter.ALL,
                    allow(IntStream.range(0, values.length).filter(row -> row % 3 == 2)),
                    allow(IntStream.range(60, values.length)))) {
                for (int k : new int[] {1, 5, 40}) {
                    int[] best = IntStream.range(0, values.length)
                            .filter(filter::accepts)
                            .boxed()
                            .sorted(Comparator.comparing((Integer row) -> -(float) score(metric, query, values[row]))
                                    .thenComparing(row -> row))
                            .limit(k)
                            .mapToInt(row -> row)
                            .toArray();
                    Neighbors found =
                            index.searchGraph(query, SearchOptions.of(k).withFilter(filter), index.inGraph());
                    assertThat(found.size()).isEqualTo(best.length);
                    assertThat(found.ordinals()).doesNotHaveDuplicates();
                    for (int i = 0; i < best.length; i++) {
                        int row = found.ordinals()[i];
                        assertThat(filter.accepts(row)).isTrue();
                        assertThat(score(metric, query, values[row]))
                                .isCloseTo(score(metric, query, values[best[i]]), within(1e-5));
                        if (i > 0 && Arrays.equals(values[row], values[found.ordinals()[i - 1]])) {
                            assertThat(row).isGreaterThan(found.ordinals()[i - 1]);
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("V11: equal rows are one node, and all are found, built, streamed and carried on")
    void equalRowsAreAllFound(Metric metric) throws Exception {
        float[][] values = withCopies();
        HnswIndex index = build(values, metric, Quantization.INT8);
        assertThat(index.inGraph()).isEqualTo(distinct(values)).isLessThan(100);
        assertAnswers(index, values);

        MutableHnswIndex grown = MutableHnswIndex.copyOf(build(Arrays.copyOf(values, 80), metric, Quantization.INT8));
        for (int row = 80; row < ROWS; row++) {
            assertThat(grown.insert(values[row])).isEqualTo(row);
        }
        assertThat(grown.stats().inGraph()).isEqualTo(index.inGraph());
        int[] before = IntStream.range(0, ROWS).filter(row -> row % 3 != 0).toArray();
        float[][] now = Arrays.stream(before).mapToObj(row -> values[row]).toArray(float[][]::new);
        HnswIndex carried =
                grown.carriedOver(DenseRows.copyOf(now), before, BuildThreads.of(executor, 1), (done, total) -> {
                    throw new AssertionError("no row is linked anew");
                });
        assertThat(carried.inGraph()).isEqualTo(distinct(now));
        assertThat(carried.stats().unreachable()).isZero();
        assertAnswers(carried, now);
    }

    @Test
    @DisplayName(
            "V3: streamed rows of outlying norms are scored beside the graph while they are few, and all are found")
    void outlyingRowsAreScoredBesideTheGraph() throws Exception {
        MutableHnswIndex index = MutableHnswIndex.copyOf(build(rows, Metric.L2, Quantization.INT8));
        float[][] outlying = drawn(131);
        for (int i = 0; i < outlying.length; i++) {
            for (int j = 0; j < D; j++) {
                outlying[i][j] *= 1000;
            }
            outlying[i] = i == 50 ? outlying[7].clone() : outlying[i]; // equal to one beside the graph
            assertThat(index.insert(outlying[i])).isEqualTo(ROWS + i);
            assertThat(index.stats().inGraph()).isEqualTo(ROWS + Math.max(0, i - 128));
            assertThat(index.count()).isEqualTo(ROWS + i + 1);
            if (i <= 128) { // more are compared by codes, which the first of them lie beyond
                Neighbors found = index.search(outlying[i], SearchOptions.of(1).withEf(20));
                assertThat(found.ordinals()).containsExactly(ROWS + (i == 50 ? 7 : i));
            }
        }
        for (int row = 0; row < ROWS; row += 9) {
            assertThat(index.search(rows[row], SearchOptions.of(1).withEf(60)).ordinals())
                    .containsExactly(row);
        }
        assertThat(index.search(outlying[7], SearchOptions.of(2).withEf(20)).ordinals())
                .containsExactly(ROWS + 7, ROWS + 50);
    }
}
