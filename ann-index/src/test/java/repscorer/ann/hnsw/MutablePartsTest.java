package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.BuildProgress;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats.Plan;
import repscorer.testing.Seeds;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** When an index that grows mends its links, makes its codes anew, sets rows apart, and takes its graph. */
class MutablePartsTest {

    private static final int D = 8;

    private final RandomGenerator random = Seeds.random("MutablePartsTest");
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        executor.close();
    }

    private float[] drawn(double size) {
        float[] row = new float[D];
        for (int j = 0; j < D; j++) {
            row[j] = (float) (size * random.nextGaussian());
        }
        return row;
    }

    private float[][] drawn(int n, double size) {
        float[][] rows = new float[n][];
        Arrays.setAll(rows, row -> drawn(size));
        return rows;
    }

    private HnswIndex build(float[][] values, Metric metric, Quantization codes) throws InterruptedException {
        HnswParameters parameters = new HnswParameters(5, 30, 4);
        return HnswIndex.build(DenseRows.copyOf(values), metric, parameters, codes, executor, 1, BuildProgress.NONE);
    }

    @ParameterizedTest
    @EnumSource(names = "INT8_FLOAT16", mode = EnumSource.Mode.EXCLUDE) // whose halves a copy does without
    @DisplayName("S13: a copy answers to the bit as what it was made of")
    void aCopyAnswersAsWhatItWasMadeOf(Quantization codes) throws Exception {
        float[][] rows = drawn(200, 1);
        rows[7] = new float[D];
        HnswIndex base = build(rows, Metric.L2, codes);
        MutableHnswIndex copy = MutableHnswIndex.copyOf(base);
        SearchOptions options = SearchOptions.of(3).withEf(8);
        for (int q = 0; q < 20; q++) {
            float[] query = drawn(q == 0 ? 0.01 : 1);
            Neighbors is = copy.search(query, options);
            Neighbors was = base.search(query, options);
            assertThat(is.stats()).isEqualTo(was.stats());
            assertThat(is.ordinals()).isEqualTo(was.ordinals());
            assertThat(is.scores()).isEqualTo(was.scores());
        }
    }

    @Test
    @DisplayName("S13: codes are made anew when 64 rows show that their scales cut values off, and not before")
    void codesAreMadeAnewWhenEnoughIsCutOff() throws Exception {
        MutableHnswIndex index =
                MutableHnswIndex.copyOf(build(drawn(300, 1), Metric.INNER_PRODUCT, Quantization.INT8_ONLY));
        SearchOptions options = SearchOptions.of(1).withEf(8);
        float[][] far = drawn(64, 1);
        int cut = 0;
        for (int i = 0; i < 64; i++) {
            for (int j = 0; j < D; j++) {
                far[i][j] = Math.signum(far[i][j]) * 9 + i / 1000f; // beyond the scales, and within what is set apart
            }
            assertThat(index.insert(far[i])).isEqualTo(300 + i);
            cut += i < 63 && index.search(far[i], options).scores()[0] < 400 ? 1 : 0;
        }
        assertThat(cut).as("answered by codes that are cut off").isGreaterThan(31);
        int whole = 0;
        for (float[] row : far) {
            whole += index.search(row, options).scores()[0] > 600 ? 1 : 0;
        }
        assertThat(whole).as("answered by codes that fit").isGreaterThan(40);
    }

    @Test
    @DisplayName("S13: a row that nothing leads to is found, and 64 of them are mended at once")
    void rowsThatNothingLeadsToAreMended() {
        MutableHnswIndex index = MutableHnswIndex.empty(D, Metric.L2, new HnswParameters(2, 2, 1), Quantization.NONE);
        for (int i = 0; i < 150; i++) {
            index.insert(drawn(1));
        }
        int mended = 0;
        int found = 0;
        int lost = 0;
        for (int i = 0; i < 600 && mended < 2; i++) {
            HnswStats before = index.stats();
            float[] row = drawn(100 + i); // each further away, in a direction of its own
            index.insert(row);
            HnswStats after = index.stats();
            if (after.repaired() != before.repaired()) {
                mended++;
                assertThat(after.repaired() - before.repaired()).isGreaterThanOrEqualTo(64);
                assertThat(after.unreachable()).isZero();
            } else if (after.unreachable() > before.unreachable()) {
                lost++;
                found += index.search(row, SearchOptions.of(1).withEf(9)).ordinals()[0] == 150 + i ? 1 : 0;
            }
        }
        assertThat(mended).isPositive();
        assertThat(lost).isGreaterThan(50);
        assertThat((double) found / lost).isGreaterThan(0.9);
    }

    @Test
    @DisplayName("V3: rows of outlying norms are set apart after others that are not")
    void outlyingRowsAreSetApartAfterOthers() throws Exception {
        MutableHnswIndex index = MutableHnswIndex.copyOf(build(drawn(200, 1), Metric.L2, Quantization.INT8));
        index.insert(drawn(1));
        index.insert(drawn(1000));
        index.insert(drawn(1));
        index.insert(drawn(1000));
        assertThat(index.stats().inGraph()).isEqualTo(202);
        assertThat(index.count()).isEqualTo(204);
    }

    @Test
    @DisplayName("S13: a search takes the graph wherever it starts, and the scan where a filter leaves little")
    void aSearchTakesTheGraph() {
        long seed = 0;
        for (boolean found = false; !found; ) { // one that draws the first row to the highest level alone
            seed++;
            int first = Graph.level(seed, 0, 4);
            found = first > 0;
            for (int row = 1; row < 200; row++) {
                found &= Graph.level(seed, row, 4) < first;
            }
        }
        MutableHnswIndex index =
                MutableHnswIndex.empty(D, Metric.L2, new HnswParameters(4, 12, seed), Quantization.NONE);
        BitSet near = new BitSet();
        BitSet few = new BitSet();
        for (int row = 0; row < 200; row++) {
            index.insert(drawn(row % 2 == 0 ? 1 : 100));
            near.set(row, row % 2 == 0);
            few.set(row, row % 50 == 0);
        }
        SearchOptions options = SearchOptions.of(2).withEf(8);
        float[] query = drawn(1);
        assertThat(index.search(query, options).stats().plan()).isEqualTo(Plan.GRAPH);
        assertThat(index.search(query, options.withFilter(OrdinalFilter.allow(near)))
                        .stats()
                        .plan())
                .isEqualTo(Plan.GRAPH_OVER_FETCH);
        assertThat(index.search(query, options.withFilter(OrdinalFilter.allow(few)))
                        .stats()
                        .plan())
                .isEqualTo(Plan.EXACT);
        float[] great = query.clone();
        VectorOps.scale(great, 1e20f);
        assertThat(index.search(great, options).stats().plan()).isEqualTo(Plan.EXACT);
    }

    @Test
    @DisplayName("S13: a filtered search that costs too much is given up, and the accepted rows are scanned")
    void aSearchThatCostsTooMuchIsGivenUp() throws Exception {
        MutableHnswIndex index = MutableHnswIndex.copyOf(build(drawn(600, 1), Metric.L2, Quantization.NONE));
        BitSet fifth = new BitSet();
        for (int row = 0; row < 600; row += 5) {
            fifth.set(row);
        }
        SearchOptions options = SearchOptions.of(5).withEf(5).withFilter(OrdinalFilter.allow(fifth));
        int scanned = 0;
        for (int q = 0; q < 20; q++) {
            float[] query = drawn(1);
            Neighbors found = index.search(query, options);
            assertThat(found.size()).isEqualTo(5);
            if (found.stats().plan() == Plan.EXACT_AFTER_GRAPH) {
                scanned++;
                assertThat(found.ordinals())
                        .isEqualTo(index.search(query, options.exactly()).ordinals());
            }
        }
        assertThat(scanned).isPositive();
    }
}
