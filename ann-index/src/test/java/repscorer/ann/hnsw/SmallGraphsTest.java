package repscorer.ann.hnsw;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats.End;
import repscorer.ann.SearchStats.Plan;
import repscorer.testing.BruteForce;
import repscorer.testing.BruteForce.Scored;
import repscorer.testing.Seeds;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** Graphs of some hundred rows that are searched so widely that every answer must be the scan's. */
class SmallGraphsTest {

    /** Scores that differ by more are told apart in float32. */
    private static final double APART = 1e-5;

    private static final int ROWS = 220;
    private static final int D = 9;
    private static final HnswParameters PARAMETERS = new HnswParameters(6, 40, 4);

    @TempDir
    Path directory;

    private final RandomGenerator random = Seeds.random("SmallGraphsTest");
    private final float[][] rows = rows(ROWS);
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        executor.close();
    }

    private float[][] rows(int n) {
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

    private static OrdinalFilter every(int nth) {
        return new OrdinalFilter() {
            @Override
            public boolean accepts(int ordinal) {
                return ordinal % nth == 1;
            }

            @Override
            public int accepted(int count) {
                return (count + nth - 2) / nth;
            }
        };
    }

    private static List<Scored> truth(Map<Integer, float[]> there, Metric metric, float[] query, OrdinalFilter filter) {
        List<Scored> truth = new ArrayList<>();
        there.forEach((ordinal, row) -> {
            if (filter.accepts(ordinal)) {
                truth.add(new Scored(ordinal, BruteForce.score(BruteForce.Dense.valueOf(metric.name()), query, row)));
            }
        });
        truth.sort(Comparator.comparingDouble(scored -> -scored.score()));
        return truth;
    }

    private static Map<Integer, float[]> numbered(float[][] values) {
        Map<Integer, float[]> there = new TreeMap<>();
        for (int row = 0; row < values.length; row++) {
            there.put(row, values[row]);
        }
        return there;
    }

    private static void assertIs(Neighbors found, List<Scored> truth, int k, double error) {
        assertThat(found.size()).isEqualTo(Math.min(k, truth.size()));
        for (int i = 0; i < found.size(); i++) {
            assertThat((double) found.scores()[i]).isCloseTo(truth.get(i).score(), within(error));
            if (error < 1e-3) {
                int ordinal = found.ordinals()[i];
                Scored own = truth.stream()
                        .filter(scored -> scored.ordinal() == ordinal)
                        .findFirst()
                        .orElseThrow();
                // Rows that float32 sums cannot tell apart may change places.
                assertThat(own.score()).isCloseTo(truth.get(i).score(), within(APART));
            }
        }
        assertThat(found.ordinals()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: a search that follows every row is the scan, under each metric, code and filter")
    void aSearchOfEveryRowIsTheScan(Metric metric) throws Exception {
        for (Quantization codes : Quantization.values()) {
            HnswIndex index = build(rows, metric, codes);
            double error = codes == Quantization.INT8_ONLY ? 0.3 : codes == Quantization.INT8_FLOAT16 ? 0.02 : 1e-4;
            for (int q = 0; q < 3; q++) {
                float[] query = rows(1)[0];
                for (OrdinalFilter filter : List.of(OrdinalFilter.ALL, every(2), every(7))) {
                    List<Scored> truth = truth(numbered(rows), metric, query, filter);
                    for (int k : new int[] {1, 10, 30}) {
                        SearchOptions options = SearchOptions.of(k).withFilter(filter);
                        Neighbors found = index.searchGraph(query, options, ROWS);
                        assertIs(found, truth, k, error);
                        assertThat(found.stats().plan()).isIn(Plan.GRAPH, Plan.GRAPH_OVER_FETCH, Plan.GRAPH_FILTERED);
                        assertThat(found.stats().end()).isEqualTo(End.DONE);
                        assertIs(index.search(query, options), truth, k, error);
                        if (codes == Quantization.NONE) {
                            int last = k / 2;
                            while (truth.get(last).score() - truth.get(last + 1).score() < 2 * APART) {
                                last++; // to where a least score can stand between two rows
                            }
                            float least = (float) (truth.get(last).score() - APART);
                            assertThat(index.searchGraph(query, options.withScoreMin(least), ROWS)
                                            .size())
                                    .isEqualTo(Math.min(k, last + 1));
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: a graph that was saved and opened answers to the bit as it did")
    void aGraphThatWasSavedAnswersAsItDid(Metric metric) throws Exception {
        for (Quantization codes : Quantization.values()) {
            HnswIndex index = build(rows, metric, codes);
            Path file = directory.resolve(metric + "-" + codes + ".hnsw");
            index.save(file);
            HnswIndex opened = HnswIndex.open(file, DenseRows.copyOf(rows));
            for (int q = 0; q < 5; q++) {
                float[] query = rows(1)[0];
                Neighbors was = index.searchGraph(query, SearchOptions.of(10), 20);
                Neighbors is = opened.searchGraph(query, SearchOptions.of(10), 20);
                assertThat(is.ordinals()).isEqualTo(was.ordinals());
                assertThat(is.scores()).isEqualTo(was.scores());
                assertThat(is.stats()).isEqualTo(was.stats());
            }
            assertThat(opened.stats()).usingRecursiveComparison().isEqualTo(index.stats());
            assertThat(opened.quantization()).isEqualTo(index.quantization());
            assertThat(opened.parameters()).isEqualTo(PARAMETERS);
            assertThat(opened.recallLearnt()).isEqualTo(index.recallLearnt());
            assertThat(Files.size(file)).isPositive();
        }
    }

    @Test
    @DisplayName("S13: the stats of a graph are counted from its lists")
    void theStatsAreCountedFromItsLists() throws Exception {
        HnswIndex index = build(rows, Metric.L2, Quantization.INT8);
        HnswStats stats = index.stats();
        Graph graph = index.graph();
        int least = Integer.MAX_VALUE;
        int most = 0;
        long sum = 0;
        int levels = 0;
        for (int row = 0; row < ROWS; row++) {
            int degree = 0;
            while (degree < 2 * PARAMETERS.m() && graph.link(0, row, degree) >= 0) {
                degree++;
            }
            assertThat(graph.degree(0, row)).isEqualTo(degree);
            assertThat(graph.holds(row)).isTrue();
            least = Math.min(least, degree);
            most = Math.max(most, degree);
            sum += degree;
            levels = Math.max(levels, graph.level(row) + 1);
        }
        assertThat(stats.inGraph()).isEqualTo(ROWS);
        assertThat(stats.degreeMin()).isEqualTo(least);
        assertThat(stats.degreeMax()).isEqualTo(most);
        assertThat(stats.degreeMean()).isCloseTo((double) sum / ROWS, within(1e-9));
        assertThat(Arrays.stream(stats.degrees()).sum()).isEqualTo(ROWS);
        assertThat(stats.levels()).isEqualTo(levels);
        assertThat(stats.unreachable()).isZero();
        assertThat(stats.linkBytes()).isGreaterThanOrEqualTo(4L * 2 * PARAMETERS.m() * ROWS);
        assertThat(stats.codeBytes()).isGreaterThanOrEqualTo((long) D * ROWS);
        assertThat(stats.upperBytes()).isEqualTo(graph.upper.byteSize() + graph.upperAt.byteSize());
        assertThat(stats.bytes()).isEqualTo(stats.linkBytes() + stats.upperBytes() + stats.codeBytes());
        HnswIndex halves = build(rows, Metric.L2, Quantization.INT8_FLOAT16);
        assertThat(halves.stats().codeBytes())
                .isEqualTo(halves.scorer().bytes()
                        + requireNonNull(halves.halves()).values().byteSize());
        HnswStats none = MutableHnswIndex.empty(D, Metric.L2, PARAMETERS, Quantization.NONE)
                .stats();
        assertThat(none.inGraph()).isZero();
        assertThat(none.levels()).isZero();
        assertThat(none.degreeMin()).isZero();
        assertThat(none.degreeMean()).isZero();
        assertThat(none.degreeMax()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: a graph is carried over to other rows: those it knew keep their links, and all are found")
    void aGraphIsCarriedOver(Metric metric) throws Exception {
        for (Quantization codes : List.of(Quantization.NONE, Quantization.INT8)) {
            HnswIndex index = build(rows, metric, codes);
            float[][] others = new float[ROWS][];
            int[] before = new int[ROWS];
            float[][] fresh = rows(ROWS);
            for (int row = 0; row < ROWS; row++) {
                before[row] = row % 5 == 2 ? -1 : ROWS - 1 - row;
                others[row] = before[row] < 0 ? fresh[row] : rows[before[row]];
            }
            HnswIndex carried = index.carriedOver(
                    DenseRows.copyOf(others), before, BuildThreads.of(executor, 1), BuildProgress.NONE);
            assertThat(carried.stats().unreachable()).isZero();
            assertThat(carried.stats().inGraph()).isEqualTo(ROWS);
            for (int q = 0; q < 3; q++) {
                float[] query = rows(1)[0];
                assertIs(
                        carried.searchGraph(query, SearchOptions.of(10), ROWS),
                        truth(numbered(others), metric, query, OrdinalFilter.ALL),
                        10,
                        1e-4);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: rows that come are answered as a map has them, by graph and by scan")
    void rowsThatComeAreAnsweredAsAMapHasThem(Metric metric) throws Exception {
        for (boolean copied : new boolean[] {false, true}) {
            MutableHnswIndex index = copied
                    ? MutableHnswIndex.copyOf(build(rows, metric, Quantization.INT8))
                    : MutableHnswIndex.empty(D, metric, PARAMETERS, Quantization.INT8);
            Map<Integer, float[]> model = copied ? numbered(rows) : new TreeMap<>();
            for (int step = 0; step < 200; step++) {
                float[] row = rows(1)[0];
                assertThat(model.put(index.insert(row), row)).isNull();
                assertThat(index.count()).isEqualTo(model.size());
                if (step % 40 == 39) {
                    assertAnswers(index, model, metric);
                }
            }
            assertThat(index.stats().unreachable())
                    .as("scored beside each search")
                    .isLessThan(64);
            assertThat(index.stats().inGraph()).isEqualTo(model.size());
            assertAnswers(index, model, metric);
        }
    }

    private void assertAnswers(MutableHnswIndex index, Map<Integer, float[]> model, Metric metric) {
        float[] query = rows(1)[0];
        for (OrdinalFilter filter : List.of(OrdinalFilter.ALL, every(3))) {
            List<Scored> truth = truth(model, metric, query, filter);
            SearchOptions options = SearchOptions.of(8).withEf(1000).withFilter(filter);
            for (Neighbors found : List.of(index.search(query, options), index.search(query, options.exactly()))) {
                assertThat(found.size()).isEqualTo(Math.min(8, truth.size()));
                for (int i = 0; i < found.size(); i++) {
                    assertThat((double) found.scores()[i])
                            .isCloseTo(truth.get(i).score(), within(1e-4));
                    float[] row = requireNonNull(model.get(found.ordinals()[i]), "a row that is not there");
                    assertThat(BruteForce.score(BruteForce.Dense.valueOf(metric.name()), query, row))
                            .isCloseTo(found.scores()[i], within(1e-4));
                }
            }
        }
    }

    @Test
    @DisplayName("S13: an index grows past its first room, and its codes are made anew where values do not fit")
    void anIndexGrowsAndItsCodesFit() {
        MutableHnswIndex index = MutableHnswIndex.empty(D, Metric.L2, new HnswParameters(4, 20, 1), Quantization.INT8);
        Map<Integer, float[]> model = new TreeMap<>();
        for (int i = 0; i < 1700; i++) {
            float[] row = rows(1)[0];
            if (i >= 1300) {
                for (int j = 0; j < D; j++) {
                    row[j] *= 20; // beyond the scales of the first
                }
            }
            assertThat(index.insert(row)).isEqualTo(i);
            model.put(i, row);
        }
        for (int q = 0; q < 10; q++) {
            float[] query = rows(1)[0];
            for (int j = 0; j < D; j++) {
                query[j] *= q < 5 ? 1 : 20;
            }
            Neighbors found = index.search(query, SearchOptions.of(5).withEf(400));
            assertThat(found.scores()[0])
                    .isCloseTo(
                            (float) truth(model, Metric.L2, query, OrdinalFilter.ALL)
                                    .getFirst()
                                    .score(),
                            within(1e-3f));
        }
        assertThat(index.stats().codeBytes()).isPositive();
        assertThat(index.stats().unreachable()).as("scored beside each search").isLessThan(64);
    }

    @Test
    void whatARowMustKeepToIsSaidOfItsPlace() {
        DenseRows stored = DenseRows.copyOf(new float[][] {{1, 0}, {0, 0}, {1, Float.POSITIVE_INFINITY}});
        RowRules.check(stored, Metric.COSINE, 0);
        RowRules.check(stored, Metric.L2, 1);
        assertThatThrownBy(() -> RowRules.check(stored, Metric.COSINE, 1))
                .hasMessage("a vector under COSINE must not be zero: all 2 values are 0 (row 1)");
        assertThatThrownBy(() -> RowRules.check(stored, Metric.L2, 2))
                .hasMessage("values must be finite: Infinity at place 1 of 2 (row 2)");
        assertThat(RowRules.check(new float[] {3, 4}, Metric.COSINE, "v")).isEqualTo(5);
        assertThat(RowRules.check(new float[] {3e38f, 3e38f}, Metric.L2, "v"))
                .as("finite values, to be scored beside the graph")
                .isInfinite();
    }
}
