package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchPlan;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** 4,000 rows of 16 values, equal ones in groups of 1 to some hundred, held to brute force in double precision: ties are as good. */
class CopiesTest {

    private static final int DIMENSION = 16;
    private static final int DISTINCT = 1_200;
    private static final int ROWS = 4_000;
    private static final int QUERIES = 100;
    private static final int K = 10;
    private static final int EF = 80;
    private static final double RECALL_MIN = 0.99;
    private static final HnswParameters PARAMETERS = new HnswParameters(12, 80, 3);
    private static final Path FILE = Path.of("graph.hnsw");

    private final RandomGenerator random = Seeds.random("CopiesTest");
    private final float[][] centres = SyntheticVectors.gaussian(random, 40, DIMENSION);
    private final float[][] distinct = SyntheticVectors.around(random, centres, DISTINCT, 0.4);
    private final float[][] queries = SyntheticVectors.around(random, centres, QUERIES, 0.4);
    private final float[][] values = withCopies();
    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    @AfterEach
    void shutDown() {
        executor.shutdownNow();
    }

    /** Each distinct row at least once; low ones far more often, as a fallback vector is. */
    private float[][] withCopies() {
        float[][] rows = new float[ROWS][];
        for (int i = 0; i < ROWS; i++) {
            double often = random.nextDouble() * random.nextDouble() * random.nextDouble();
            rows[i] = distinct[i % 10 < 3 ? (i / 10 * 3 + i % 10) % DISTINCT : (int) (often * DISTINCT)].clone();
        }
        return rows;
    }

    private HnswIndex build(float[][] rows, Metric metric, Quantization quantization, int threads)
            throws InterruptedException {
        return HnswIndex.build(
                DenseRows.copyOf(rows), metric, PARAMETERS, quantization, executor, threads, BuildProgress.NONE);
    }

    /** How many of the rows that are answered score as the best that there are do, one by one. */
    private double recall(DenseIndex index, float[][] rows, OrdinalFilter filter) {
        BruteForce.Dense similarity = BruteForce.Dense.valueOf(index.metric().name());
        int hits = 0;
        int asked = 0;
        for (float[] query : queries) {
            double[] best = IntStream.range(0, rows.length)
                    .filter(filter::accepts)
                    .mapToDouble(row -> BruteForce.score(similarity, query, rows[row]))
                    .sorted()
                    .toArray();
            int expected = Math.min(K, best.length);
            SearchOptions options = SearchOptions.of(K).withFilter(filter).withEf(EF);
            int[] found = index instanceof HnswIndex graph
                    ? graph.run(query, options, plan(graph, filter)).ordinals()
                    : index.search(query, options).ordinals();
            assertThat(found).hasSize(expected).doesNotHaveDuplicates();
            for (int row : found) {
                assertThat(filter.accepts(row)).isTrue();
                double score = BruteForce.score(similarity, query, rows[row]);
                hits += score >= best[best.length - expected] - 1e-6 * Math.abs(score) ? 1 : 0;
            }
            asked += expected;
        }
        return (double) hits / asked;
    }

    private static SearchPlan plan(HnswIndex index, OrdinalFilter filter) {
        return new SearchPlan(Math.min(EF, index.inGraph()), 2 * filter.accepted(ROWS) < ROWS);
    }

    private static OrdinalFilter each(int step, int first) {
        BitSet accepted = new BitSet();
        for (int row = first; row < ROWS; row += step) {
            accepted.set(row);
        }
        return OrdinalFilter.allow(accepted);
    }

    @ParameterizedTest
    @CsvSource({
        "COSINE, NONE", "COSINE, INT8", "COSINE, INT8_FLOAT16", "COSINE, INT8_ONLY",
        "L2, NONE", "L2, INT8", "INNER_PRODUCT, NONE", "INNER_PRODUCT, INT8"
    })
    @DisplayName(
            "V11: equal rows are one node of a graph, all are found, with filters too, and after it was kept in a file")
    void equalRowsOfABuildAreAllFound(Metric metric, Quantization quantization) throws Exception {
        HnswIndex index = build(values, metric, quantization, 2);
        assertThat(index.count()).isEqualTo(ROWS);
        assertThat(index.inGraph()).isEqualTo(DISTINCT);
        assertThat(index.stats().unreachable()).isZero();
        double least = quantization == Quantization.INT8_ONLY ? 0.9 : RECALL_MIN; // codes are all it has
        HnswIndex opened = opened(saved(index), values);
        for (DenseIndex each : List.of(index, opened)) {
            assertThat(recall(each, values, OrdinalFilter.ALL)).isGreaterThanOrEqualTo(least);
            assertThat(recall(each, values, each(3, 1))).isGreaterThanOrEqualTo(least);
            assertThat(recall(each, values, copiesOnly())).isGreaterThanOrEqualTo(least);
        }
        assertThat(saved(opened)).isEqualTo(saved(index));
    }

    /** Every row that is not the first of its kind: no node of the graph. */
    private OrdinalFilter copiesOnly() {
        Set<List<Float>> met = new HashSet<>();
        BitSet copies = new BitSet();
        for (int row = 0; row < ROWS; row++) {
            copies.set(row, !met.add(boxed(values[row])));
        }
        return OrdinalFilter.allow(copies);
    }

    private static List<Float> boxed(float[] row) {
        return IntStream.range(0, row.length).mapToObj(j -> row[j]).toList();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("V11: bursts of equal rows that are streamed in are all found, beside a base, alone, and carried on")
    void streamedCopiesAreAllFound(Metric metric) throws Exception {
        int half = ROWS / 2;
        MutableHnswIndex grown =
                MutableHnswIndex.copyOf(build(Arrays.copyOf(values, half), metric, Quantization.INT8, 2));
        MutableHnswIndex alone = MutableHnswIndex.empty(DIMENSION, metric, PARAMETERS, Quantization.INT8);
        for (int row = 0; row < ROWS; row++) {
            assertThat(alone.insert(values[row])).isEqualTo(row);
            if (row >= half) {
                assertThat(grown.insert(values[row])).isEqualTo(row);
            }
        }
        for (MutableHnswIndex index : List.of(grown, alone)) {
            assertThat(index.count()).isEqualTo(ROWS);
            assertThat(index.stats().inGraph()).isEqualTo(DISTINCT);
            assertThat(recall(index, values, OrdinalFilter.ALL)).isGreaterThanOrEqualTo(RECALL_MIN);
            assertThat(recall(index, values, each(2, 1))).isGreaterThanOrEqualTo(RECALL_MIN);
            assertThat(recall(index, values, copiesOnly())).isGreaterThanOrEqualTo(RECALL_MIN);
        }

        // A third is gone, rows that copies were linked by among them; the rest lies elsewhere.
        int[] before = IntStream.range(0, ROWS).filter(row -> row % 3 != 0).toArray();
        float[][] now = Arrays.stream(before).mapToObj(row -> values[row]).toArray(float[][]::new);
        HnswIndex carried =
                grown.carriedOver(DenseRows.copyOf(now), before, BuildThreads.of(executor, 2), (done, total) -> {
                    throw new AssertionError("no row is linked anew");
                });
        assertThat(carried.stats().unreachable()).isZero();
        assertThat(carried.inGraph()).isEqualTo((int)
                Arrays.stream(now).map(CopiesTest::boxed).distinct().count());
        assertThat(recall(carried, now, OrdinalFilter.ALL)).isGreaterThanOrEqualTo(RECALL_MIN - 0.01);
    }

    @Test
    @DisplayName("V11: of equal scores the lowest ordinals are answered, as by a scan")
    void theFirstCopiesAreAnswered() throws InterruptedException {
        HnswIndex index = build(values, Metric.L2, Quantization.INT8, 2);
        int[] group = IntStream.range(0, ROWS)
                .filter(row -> Arrays.equals(values[row], values[5]))
                .toArray();
        assertThat(group.length).isGreaterThan(1);
        int k = Math.min(group.length, 7);
        assertThat(index.searchGraph(values[5], SearchOptions.of(k), EF).ordinals())
                .containsExactly(Arrays.copyOf(group, k));
    }

    @Test
    @DisplayName(
            "V11: a graph with copies is the same to the byte on one thread and on two; one without says nothing of them")
    void theFormatTellsCopies() throws Exception {
        byte[] one = saved(build(values, Metric.COSINE, Quantization.INT8, 1));
        assertThat(saved(build(values, Metric.COSINE, Quantization.INT8, 2))).isEqualTo(one);
        assertThat(format(one)).as("what versions before refuse").isEqualTo(4);
        assertThat(format(saved(build(distinct, Metric.COSINE, Quantization.INT8, 2))))
                .isEqualTo(2);
        byte[] cut = one.clone();
        cut[one.length - 1] ^= 1;
        assertThatThrownBy(() -> opened(cut, values))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("COPIES");
    }

    @Test
    @DisplayName("V11: a file of before, whose graph links each copy by itself, is read, grown and carried on")
    void graphsOfBeforeAreRead() throws Exception {
        DenseRows rows = DenseRows.copyOf(values);
        RowScorer scorer = new FloatScorer(rows, Metric.L2);
        Graph graph = Graph.empty(PARAMETERS.m(), ROWS, PARAMETERS.seed(), Arena.ofAuto());
        BuildThreads threads = BuildThreads.of(executor, 2);
        try (HnswBuilder builder =
                new HnswBuilder(rows, LinkRule.by(scorer), PARAMETERS, graph, threads.workers(), BuildProgress.NONE)) {
            builder.insert(IntStream.range(0, ROWS).toArray(), 0, ROWS);
        }
        HnswIndex old = new HnswIndex(
                rows,
                PARAMETERS,
                Quantization.NONE,
                graph,
                new Copies(ROWS),
                scorer,
                null,
                ROWS,
                new int[0],
                0,
                Calibration.NONE);
        byte[] file = saved(old);
        assertThat(format(file)).isEqualTo(2);
        HnswIndex opened = opened(file, values);
        assertThat(opened.inGraph()).isEqualTo(ROWS);
        int[] before = IntStream.range(0, ROWS).toArray();
        HnswIndex carried = opened.carriedOver(rows, before, threads, BuildProgress.NONE);
        assertThat(carried.inGraph()).isEqualTo(DISTINCT);
        assertThat(carried.stats().unreachable()).isZero();
        MutableHnswIndex grown = MutableHnswIndex.copyOf(opened);
        grown.insert(values[3]);
        assertThat(grown.stats().inGraph()).isEqualTo(ROWS);
        assertThat(grown.count()).isEqualTo(ROWS + 1);
    }

    @Test
    @DisplayName("V11 sibling: zeros of either sign are equal; rows that differ in the last place of one value are not")
    void equalityIsOfValues() throws InterruptedException {
        float[][] rows = distinct.clone();
        rows[1] = rows[0].clone();
        rows[0][3] = 0f;
        rows[1][3] = -0f;
        rows[2] = rows[0].clone();
        rows[2][7] = Math.nextUp(rows[2][7]);
        HnswIndex index = build(rows, Metric.L2, Quantization.INT8, 1);
        assertThat(index.inGraph()).isEqualTo(DISTINCT - 1);
        assertThat(index.copies().node(1)).isZero();
        assertThat(index.searchGraph(rows[1], SearchOptions.of(3), EF).ordinals())
                .containsExactly(0, 1, 2);
    }

    @Test
    @DisplayName(
            "V11 sibling: a stream that begins with a thousand equal rows, or varies where the base is constant, is told apart")
    void scalesFollowWhatComes() throws InterruptedException {
        float[][] constant = distinct.clone();
        for (int row = 0; row < DISTINCT; row++) {
            constant[row] = new float[DIMENSION];
            constant[row][0] = distinct[row][0];
        }
        MutableHnswIndex grown = MutableHnswIndex.copyOf(build(constant, Metric.L2, Quantization.INT8, 2));
        MutableHnswIndex alone = MutableHnswIndex.empty(DIMENSION, Metric.L2, PARAMETERS, Quantization.INT8);
        for (int i = 0; i < DISTINCT; i++) {
            alone.insert(constant[0]);
        }
        for (float[] row : distinct) {
            grown.insert(row);
            alone.insert(row);
        }
        float[][] all = Arrays.copyOf(constant, 2 * DISTINCT);
        System.arraycopy(distinct, 0, all, DISTINCT, DISTINCT);
        assertThat(recall(grown, all, OrdinalFilter.ALL)).isGreaterThanOrEqualTo(0.85); // .64 on scales that lag behind
        Arrays.fill(all, 0, DISTINCT, constant[0]);
        assertThat(recall(alone, all, OrdinalFilter.ALL)).isGreaterThanOrEqualTo(0.97);
    }

    private static byte[] saved(HnswIndex index) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        index.save(Channels.newChannel(bytes));
        return bytes.toByteArray();
    }

    private static HnswIndex opened(byte[] bytes, float[][] rows) throws IOException {
        return HnswIndex.open(FILE, MemorySegment.ofArray(bytes), DenseRows.copyOf(rows));
    }

    private static int format(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
    }
}
