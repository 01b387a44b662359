package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Arrays;
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
import repscorer.ann.SearchOptions;
import repscorer.testing.Seeds;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** Links of rows whose places are known, built a batch at a time. */
class SmallLinksTest {

    private static final int CAPACITY = 64;

    private final RandomGenerator random = Seeds.random("SmallLinksTest");
    private final Graph graph = Graph.empty(2, CAPACITY, 3, Arena.ofAuto());

    /** Rows of the lowest level alone. */
    private final int[] low =
            IntStream.range(0, CAPACITY).filter(row -> graph.level(row) == 0).toArray();

    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        executor.close();
    }

    /** The low rows at places on a line, all others at 0. */
    private DenseRows onALine(double... places) {
        float[][] rows = new float[CAPACITY][1];
        for (int i = 0; i < places.length; i++) {
            rows[low[i]][0] = (float) places[i];
        }
        return DenseRows.copyOf(rows);
    }

    private HnswBuilder builder(DenseRows rows, Graph into, int efConstruction) {
        return new HnswBuilder(
                rows,
                LinkRule.by(new FloatScorer(rows, Metric.L2)),
                new HnswParameters(into.m, efConstruction, into.seed),
                into,
                BuildThreads.of(executor, 1).workers(),
                BuildProgress.NONE);
    }

    private static int[] links(Graph graph, int row) {
        int[] links = new int[graph.degree(0, row)];
        Arrays.setAll(links, place -> graph.link(0, row, place));
        return links;
    }

    /** By where they are among the low ones. */
    private int[] low(int... at) {
        return Arrays.stream(at).map(i -> low[i]).toArray();
    }

    @Test
    @DisplayName(
            "S13: a list that is just full is kept as it is, and one that overflows is chosen anew, the nearest first")
    void aListThatIsJustFullIsKept() throws Exception {
        // Each links to the one nearest, and to the first, which is hardly further from that one.
        DenseRows rows = onALine(0, 1.06, 1.04, 1.02, 1, 1.08);
        try (HnswBuilder builder = builder(rows, graph, 8)) {
            for (int i = 0; i < 5; i++) {
                builder.insert(low, i, i + 1);
            }
            assertThat(graph.entry()).as("the first of the level").isEqualTo(low[0]);
            assertThat(links(graph, low[0])).containsExactly(low(1, 2, 3, 4));
            builder.insert(low, 5, 6);
        }
        assertThat(links(graph, low[0])).containsExactly(low(4));
        assertThat(links(graph, low[5])).containsExactly(low(1, 0));
        assertThat(graph.entry()).isEqualTo(low[0]);
    }

    @Test
    @DisplayName("S13: rows of one batch link to each other and to those before")
    void rowsOfOneBatchLinkToEachOther() throws Exception {
        DenseRows rows = onALine(0, 10, 10.5, 0.5);
        try (HnswBuilder builder = builder(rows, graph, 8)) {
            builder.insert(low, 0, 2);
            builder.insert(low, 2, 4);
        }
        assertThat(links(graph, low[2])[0]).isEqualTo(low[1]);
        assertThat(links(graph, low[3])[0]).isEqualTo(low[0]);
        assertThat(links(graph, low[0])).contains(low[3]);
        assertThat(links(graph, low[1])).contains(low[2]);
    }

    @Test
    @DisplayName("S13: a row that all of a batch link to keeps those that lie in different directions")
    void aRowThatAWholeBatchLinksTo() throws Exception {
        int n = 1024;
        int d = 64;
        float[][] values = new float[n][d];
        for (int row = 1; row < n; row++) {
            for (int j = 0; j < d; j++) {
                values[row][j] = (float) random.nextGaussian();
            }
            VectorOps.scale(values[row], 1 / VectorOps.norm(values[row]));
        }
        Graph hub = Graph.empty(3, n, 3, Arena.ofAuto());
        try (HnswBuilder builder = builder(DenseRows.copyOf(values), hub, 4)) {
            builder.insert(IntStream.range(0, n).toArray(), 0, n);
        }
        int led = 0;
        for (int row = 1; row < n; row++) {
            led += links(hub, row)[0] == 0 ? 1 : 0;
        }
        assertThat(led).as("to the one in the middle").isGreaterThan(950);
        assertThat(links(hub, 0)).hasSize(6).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("S13: in place of a row that is gone, a list takes the nearest of those that it led to")
    void inPlaceOfARowThatIsGoneTheNearestIsTaken() throws Exception {
        DenseRows rows = onALine(10, 5, 7, 9, 8, 6);
        Graph before = Graph.empty(2, CAPACITY, 3, Arena.ofAuto());
        before.setList(0, low[0], low(1), 1);
        before.setList(0, low[1], low(2, 3, 4, 5), 4);
        for (int i = 2; i < 6; i++) {
            before.setList(0, low[i], low(0), 1);
        }
        before.enter(low[0]);
        int[] same = IntStream.range(0, CAPACITY).toArray();
        int[] after = same.clone();
        after[low[1]] = Graph.NONE;
        try (HnswBuilder builder = builder(rows, graph, 8)) {
            builder.takeOver(before, low(0, 2, 3, 4, 5), same, after);
        }
        assertThat(links(graph, low[0])).containsExactly(low(3));
        assertThat(links(graph, low[2])).containsExactly(low(0));
        assertThat(graph.holds(low[1])).isFalse();
        assertThat(graph.entry()).as("where none is on a level above").isEqualTo(low[0]);
    }

    @Test
    @DisplayName("S13: a graph none of whose rows is known is built anew when it is carried over")
    void nothingToCarryOver() throws Exception {
        float[][] values = new float[30][4];
        for (float[] row : values) {
            for (int j = 0; j < 4; j++) {
                row[j] = (float) random.nextGaussian();
            }
        }
        DenseRows rows = DenseRows.copyOf(values);
        HnswIndex index = HnswIndex.build(
                rows, Metric.L2, new HnswParameters(3, 9, 1), Quantization.NONE, executor, 1, BuildProgress.NONE);
        int[] none = new int[30];
        Arrays.fill(none, -1);
        HnswIndex carried = index.carriedOver(rows, none, BuildThreads.of(executor, 1), BuildProgress.NONE);
        for (int row = 0; row < 30; row++) {
            assertThat(carried.searchGraph(values[row], SearchOptions.of(1), 30).ordinals())
                    .containsExactly(row);
        }
    }
}
