package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.ann.BuildProgress;
import repscorer.ann.HnswParameters;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.testing.Seeds;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** Searches of graphs whose lists are set by hand, and of one of two hundred rows beside a plain search of the same lists. */
class BeamSearchTest {

    private final RandomGenerator random = Seeds.random("BeamSearchTest");

    private float[] drawn(int d) {
        float[] row = new float[d];
        for (int j = 0; j < d; j++) {
            row[j] = (float) random.nextGaussian();
        }
        return row;
    }

    private float[][] drawn(int n, int d) {
        float[][] rows = new float[n][];
        for (int row = 0; row < n; row++) {
            rows[row] = drawn(d);
        }
        return rows;
    }

    private static OrdinalFilter refusing(Set<Integer> refused) {
        return new OrdinalFilter() {
            @Override
            public boolean accepts(int ordinal) {
                return !refused.contains(ordinal);
            }

            @Override
            public int accepted(int count) {
                return count - refused.size();
            }
        };
    }

    private static List<Integer> found(SearchScratch scratch) {
        List<Integer> found = new ArrayList<>();
        for (int place = 0; place < scratch.candidates.size(); place++) {
            found.add(scratch.candidates.ordinal(place));
        }
        return found;
    }

    // ---- over accepted rows ----

    /** 1 leads to 2 and 4, which lead to 6 and others; 3 stands behind 2, and nothing leads to it. */
    private static Graph byHand() {
        Graph graph = Graph.empty(2, 12, 1, Arena.ofAuto());
        int[][] lists = {{}, {2, 4}, {0, 5, 8, 9}, {7}, {6}, {}, {10}, {}, {}, {}, {}, {}};
        for (int row = 0; row < lists.length; row++) {
            graph.setList(0, row, lists[row], lists[row].length);
        }
        return graph;
    }

    @Test
    @DisplayName("S13: what a refused row leads to is met, to the end of its list and no further")
    void whatARefusedRowLeadsToIsMet() {
        FloatScorer scorer = new FloatScorer(DenseRows.copyOf(drawn(12, 3)), Metric.L2);
        SearchScratch scratch = new SearchScratch(12, 3, 2);
        scorer.prepareRow(scratch.query, 1);
        scratch.starts[0] = 1;
        scratch.starts[1] = 11;
        OrdinalFilter filter = refusing(Set.of(2, 6));
        assertThat(BeamSearch.searchAccepted(
                        byHand(), scorer, scratch, 1, 12, filter, 1000, BeamSearch.StoppingRule.WHEN_FOLLOWED))
                .isTrue();
        assertThat(found(scratch)).containsExactlyInAnyOrder(0, 1, 4, 5, 8, 9, 10);
        // Two links and four behind them, six rows compared that count six each: then it is over, or goes on by one
        // row.
        for (long most : new long[] {41, 42}) {
            scratch.followed = 0;
            assertThat(BeamSearch.searchAccepted(
                            byHand(), scorer, scratch, 1, 12, filter, most, BeamSearch.StoppingRule.WHEN_FOLLOWED))
                    .isFalse();
            assertThat(scratch.followed).isEqualTo(most == 41 ? 2 : 3);
        }
    }

    @Test
    @DisplayName("S13: a search over accepted rows begins at each start that is accepted, as far as there is room")
    void aSearchBeginsAtEachStart() {
        Graph graph = Graph.empty(2, 30, 1, Arena.ofAuto());
        for (int row = 0; row < 30; row++) {
            graph.setList(0, row, new int[0], 0);
        }
        FloatScorer scorer = new FloatScorer(DenseRows.copyOf(drawn(30, 3)), Metric.L2);
        SearchScratch scratch = new SearchScratch(30, 3, 2);
        scorer.prepareRow(scratch.query, 1);
        for (int i = 0; i < 20; i++) {
            scratch.starts[i] = 1 + i;
        }
        OrdinalFilter filter = refusing(Set.of(2, 6));
        BeamSearch.StoppingRule rule = BeamSearch.StoppingRule.WHEN_FOLLOWED;
        assertThat(BeamSearch.searchAccepted(graph, scorer, scratch, 6, 30, filter, 1000, rule))
                .isTrue();
        assertThat(found(scratch)).containsExactlyInAnyOrder(1, 3, 4, 5);
        assertThat(BeamSearch.searchAccepted(graph, scorer, scratch, 17, 30, filter, 1000, rule))
                .isTrue();
        assertThat(found(scratch)).hasSizeBetween(8, 12);
    }

    // ---- over all rows, beside a plain search ----

    private record Row(int ordinal, float distance) {}

    private static List<Integer> links(Graph graph, int level, int row) {
        List<Integer> links = new ArrayList<>();
        for (int place = 0; place < graph.degree(level, row); place++) {
            links.add(graph.link(level, row, place));
        }
        return links;
    }

    private static HnswIndex index(float[][] rows) throws InterruptedException {
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            return HnswIndex.build(
                    DenseRows.copyOf(rows),
                    Metric.L2,
                    new HnswParameters(4, 20, 4),
                    Quantization.NONE,
                    executor,
                    1,
                    BuildProgress.NONE);
        }
    }

    @Test
    @DisplayName("S13: the slack at which a search goes on is written down before each row it follows")
    void theSlackIsWrittenDownBeforeEachRow() throws Exception {
        float[][] rows = drawn(200, 6);
        HnswIndex index = index(rows);
        Graph graph = index.graph();
        SearchScratch scratch = new SearchScratch(200, 6, 4);
        int[] ks = {1, 10, 100};
        for (int length : new int[] {30, 200, 300}) {
            for (float least : new float[] {0, 3}) {
                float[] query = drawn(6);
                index.scorer().prepare(scratch.query, query, VectorOps.norm(query));
                float[][] into = new float[3][length];
                int followed = BeamSearch.slackCurves(graph, index.scorer(), scratch, graph.entry(), ks, least, into);
                assertThat(followed).isEqualTo(Math.min(length, 200));

                List<Row> best = new ArrayList<>();
                Set<Integer> met = new HashSet<>(Set.of(graph.entry()));
                Set<Integer> done = new HashSet<>();
                best.add(new Row(graph.entry(), VectorOps.squaredL2(query, rows[graph.entry()]) / 2));
                float[] most = new float[3];
                for (int at = 0; at < followed; at++) {
                    Row next = best.stream()
                            .filter(row -> !done.contains(row.ordinal()))
                            .findFirst()
                            .orElseThrow();
                    for (int i = 0; i < 3; i++) {
                        if (best.size() >= ks[i]) {
                            float kth = Math.max(least, best.get(ks[i] - 1).distance());
                            most[i] = Math.max(most[i], next.distance() / kth);
                        }
                        assertThat(into[i][at])
                                .as("row %s, k %s", at, ks[i])
                                .isCloseTo(most[i], within(1e-4f * most[i]));
                    }
                    done.add(next.ordinal());
                    for (int to : links(graph, 0, next.ordinal())) {
                        if (met.add(to)) {
                            best.add(new Row(to, VectorOps.squaredL2(query, rows[to]) / 2));
                        }
                    }
                    best.sort(Comparator.comparing(Row::distance));
                    while (best.size() > length) {
                        best.removeLast();
                    }
                }
            }
        }
    }

    @Test
    @DisplayName("S13: on the way down every row is compared once, and a search that is due says so")
    void onTheWayDownEveryRowIsComparedOnce() throws Exception {
        float[][] rows = drawn(200, 6);
        HnswIndex index = index(rows);
        Graph graph = index.graph();
        SearchScratch scratch = new SearchScratch(200, 6, 4);
        for (int q = 0; q < 10; q++) {
            float[] query = drawn(6);
            index.scorer().prepare(scratch.query, query, VectorOps.norm(query));
            scratch.compared = 0;
            int start = BeamSearch.descend(graph, index.scorer(), scratch, 0);
            Set<Integer> compared = new HashSet<>();
            int at = graph.entry();
            for (int level = Graph.top(graph.start()); level > 0; level--) {
                for (int from = -1; from != at; ) {
                    from = at;
                    for (int to : links(graph, level, from)) {
                        compared.add(to);
                        at = VectorOps.squaredL2(query, rows[to]) < VectorOps.squaredL2(query, rows[at]) ? to : at;
                    }
                }
            }
            assertThat(start).isEqualTo(at);
            assertThat(scratch.compared).isEqualTo(compared.size());
            BeamSearch.StoppingRule late =
                    new BeamSearch.StoppingRule().set(1, Float.POSITIVE_INFINITY, 0, System.nanoTime() - 1);
            assertThat(BeamSearch.search(graph, index.scorer(), scratch, 0, start, 200, late))
                    .isFalse();
            BeamSearch.StoppingRule inTime = late.set(1, Float.POSITIVE_INFINITY, 0, SearchOptions.NO_DEADLINE);
            assertThat(BeamSearch.search(graph, index.scorer(), scratch, 0, start, 200, inTime))
                    .isTrue();
        }
    }

    @Test
    @DisplayName("S13: under a slack a search over accepted rows goes no further either, where scores are distances")
    void underASlackAcceptedRowsAreFollowedNoFurther() throws Exception {
        float[][] rows = drawn(200, 6);
        HnswIndex index = index(rows);
        SearchScratch scratch = new SearchScratch(200, 6, 4);
        OrdinalFilter filter = refusing(Set.of(3, 50, 51, 52, 53, 90, 120, 121, 160));
        for (Metric metric : new Metric[] {Metric.L2, Metric.INNER_PRODUCT}) {
            FloatScorer scorer = new FloatScorer(index.rows(), metric);
            for (int q = 0; q < 5; q++) {
                float[] query = drawn(6);
                scorer.prepare(scratch.query, query, VectorOps.norm(query));
                scratch.starts[0] = index.graph().entry();
                long[] followed = new long[2];
                for (int i = 0; i < 2; i++) {
                    float slack = i == 0 ? 1 : Float.POSITIVE_INFINITY;
                    BeamSearch.StoppingRule rule =
                            new BeamSearch.StoppingRule().set(5, slack, 0, SearchOptions.NO_DEADLINE);
                    scratch.followed = 0;
                    BeamSearch.searchAccepted(index.graph(), scorer, scratch, 1, 200, filter, Long.MAX_VALUE, rule);
                    followed[i] = scratch.followed;
                }
                if (metric == Metric.L2) {
                    assertThat(followed[0]).isBetween(5L, 60L);
                } else {
                    assertThat(followed[0]).isEqualTo(followed[1]);
                }
                assertThat(followed[1]).isGreaterThan(150);
            }
        }
    }
}
