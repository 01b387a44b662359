package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats.End;
import repscorer.ann.SearchStats.Plan;
import repscorer.testing.Seeds;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** Which rows an index links, in which parts, and when it takes the graph. */
class SmallIndexesTest {

    private static final int D = 8;
    private static final HnswParameters PARAMETERS = new HnswParameters(5, 20, 4);

    private final RandomGenerator random = Seeds.random("SmallIndexesTest");
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        executor.close();
    }

    private float[][] drawn(int n) {
        float[][] rows = new float[n][D];
        for (float[] row : rows) {
            for (int j = 0; j < D; j++) {
                row[j] = (float) random.nextGaussian();
            }
        }
        return rows;
    }

    private HnswIndex build(float[][] values, Metric metric, Quantization codes, BuildProgress progress)
            throws InterruptedException {
        return HnswIndex.build(DenseRows.copyOf(values), metric, PARAMETERS, codes, executor, 1, progress);
    }

    @Test
    @DisplayName("V3: rows that cannot be compared are beside the graph, and of outlying ones the 64 greatest")
    void outlyingRowsAreBesideTheGraph() throws Exception {
        float[][] values = drawn(400);
        for (int row = 0; row < 400; row++) {
            float norm = row < 150 ? 1e20f : row < 220 ? 1000 + row : 1;
            VectorOps.scale(values[row], norm / VectorOps.norm(values[row]));
        }
        HnswIndex index = build(values, Metric.L2, Quantization.INT8, BuildProgress.NONE);
        assertThat(index.outside())
                .containsExactly(IntStream.range(0, 220)
                        .filter(row -> row < 150 || row >= 156)
                        .toArray());
        assertThat(index.inGraph()).isEqualTo(186);
        Neighbors none = index.searchGraph(values[300], SearchOptions.of(230).withScoreMin(1), 186);
        assertThat(none.stats().plan()).isEqualTo(Plan.GRAPH);
        assertThat(none.stats().end()).as("enough were scored").isEqualTo(End.SCORE_MIN);
        for (int row = 156; row < 220; row += 9) {
            assertThat(index.searchGraph(values[row], SearchOptions.of(1), 100).ordinals())
                    .containsExactly(row);
        }
    }

    @Test
    @DisplayName("V3: a row that must not be in an index is named")
    void aRowThatMustNotBeInAnIndexIsNamed() {
        float[][] values = drawn(20);
        values[7][3] = Float.NaN;
        assertThatThrownBy(() -> build(values, Metric.L2, Quantization.NONE, BuildProgress.NONE))
                .hasMessage("values must be finite: NaN at place 3 of 8 (row 7)");
        values[7] = new float[D];
        assertThatThrownBy(() -> build(values, Metric.COSINE, Quantization.NONE, BuildProgress.NONE))
                .hasMessageContaining("must not be zero")
                .hasMessageContaining("row 7");
    }

    @Test
    @DisplayName("S13: of few rows half are linked after what they can teach was learnt")
    void ofFewRowsHalfAreLinkedLast() throws Exception {
        List<Integer> told = new ArrayList<>();
        build(drawn(100), Metric.COSINE, Quantization.NONE, (done, total) -> told.add(done));
        assertThat(told).containsExactly(50, 100);
    }

    @Test
    @DisplayName(
            "S13: rows that come to a graph that is carried over are linked anew, and all lists hold distinct others")
    void rowsThatComeAreLinkedAnew() throws Exception {
        float[][] values = drawn(220);
        HnswIndex index = build(values, Metric.L2, Quantization.NONE, BuildProgress.NONE);
        float[][] others = drawn(220);
        int[] before = new int[220];
        for (int row = 0; row < 220; row++) {
            before[row] = row % 5 == 2 ? -1 : 219 - row;
            others[row] = before[row] < 0 ? others[row] : values[before[row]];
        }
        List<Integer> told = new ArrayList<>();
        Graph graph = index.carriedOver(
                        DenseRows.copyOf(others), before, BuildThreads.of(executor, 1), (done, total) -> told.add(done))
                .graph();
        assertThat(told).as("the 44 that came, after the others").containsExactly(220);
        for (int row = 0; row < 220; row++) {
            int[] links = new int[graph.degree(0, row)];
            for (int place = 0; place < links.length; place++) {
                links[place] = graph.link(0, row, place);
            }
            assertThat(links).isNotEmpty().doesNotContain(row).doesNotHaveDuplicates();
        }
    }

    @Test
    @DisplayName("S13: rows that nothing led to are counted when they are mended")
    void rowsThatNothingLedToAreCounted() throws Exception {
        float[][] values = drawn(600);
        HnswStats stats = HnswIndex.build(
                        DenseRows.copyOf(values),
                        Metric.L2,
                        new HnswParameters(2, 2, 1),
                        Quantization.NONE,
                        executor,
                        1,
                        BuildProgress.NONE)
                .stats();
        assertThat(stats.repaired()).isPositive();
        assertThat(stats.unreachable()).isZero();
    }

    @Test
    @DisplayName("S13: a search takes the graph where that is cheaper and the query can be compared")
    void aSearchTakesTheGraphWhereThatIsCheaper() throws Exception {
        float[][] values = drawn(220);
        HnswIndex index = build(values, Metric.L2, Quantization.NONE, BuildProgress.NONE);
        SearchOptions options = SearchOptions.of(1).withEf(9);
        int hits = 0;
        for (int row = 0; row < 220; row++) {
            var found = index.search(values[row], options);
            assertThat(found.stats().plan()).isEqualTo(Plan.GRAPH);
            hits += found.ordinals()[0] == row ? 1 : 0;
        }
        assertThat(hits).isGreaterThan(180);
        assertThat(index.search(values[3], options.withEf(50)).stats().plan()).isEqualTo(Plan.EXACT);
        assertThat(index.search(values[3], options.withRecallTarget(0.5f))
                        .stats()
                        .plan())
                .as("nothing was learnt")
                .isEqualTo(Plan.EXACT);
        float[] great = values[3].clone();
        VectorOps.scale(great, 1e20f);
        assertThat(index.search(great, options).stats().plan()).isEqualTo(Plan.EXACT);
        assertThat(index.searchGraph(values[3], SearchOptions.of(221), 220)
                        .stats()
                        .plan())
                .as("there are no more")
                .isEqualTo(Plan.GRAPH);
    }
}
