package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
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
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchPlan;
import repscorer.ann.SearchStats.End;
import repscorer.ann.SearchStats.Plan;
import repscorer.testing.Seeds;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** Searches of 992 rows in sixteen places on a line, 62 each, so far apart that links lead from one to the next at most. */
class SmallFilteredTest {

    private static final int ROWS = 992;
    private static final int PER_PLACE = 62;
    private static final int D = 8;

    private final RandomGenerator random = Seeds.random("SmallFilteredTest");
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        executor.close();
    }

    private float[] drawn(double place) {
        float[] row = new float[D];
        for (int j = 0; j < D; j++) {
            row[j] = (float) random.nextGaussian();
        }
        row[0] += (float) (1000 * place);
        return row;
    }

    private float[][] line() {
        float[][] rows = new float[ROWS][];
        Arrays.setAll(rows, row -> drawn(row / PER_PLACE));
        return rows;
    }

    private HnswIndex build(float[][] values, Quantization codes) throws InterruptedException {
        HnswParameters parameters = new HnswParameters(4, 12, 4);
        return HnswIndex.build(DenseRows.copyOf(values), Metric.L2, parameters, codes, executor, 1, BuildProgress.NONE);
    }

    private static OrdinalFilter allow(IntStream ordinals) {
        BitSet set = new BitSet();
        ordinals.forEach(set::set);
        return OrdinalFilter.allow(set);
    }

    /** Found by the graph alone, though from the query's own place no accepted row is led to. */
    private static void assertFoundIn(int place, Neighbors found, int effort) {
        assertThat(found.stats().plan()).isEqualTo(Plan.GRAPH_FILTERED);
        assertThat(found.stats().end()).isEqualTo(End.DONE);
        assertThat(found.stats().ef()).isEqualTo(effort);
        assertThat(found.ordinals()).hasSize(5);
        assertThat(Arrays.stream(found.ordinals())).allMatch(row -> row / PER_PLACE == place);
    }

    @Test
    @DisplayName("S13: accepted rows are found in places that nothing accepted leads to from where the query is")
    void acceptedRowsAreFoundInOtherPlaces() throws Exception {
        HnswIndex index = build(line(), Quantization.NONE);
        OrdinalFilter filter = allow(IntStream.range(0, 10 * PER_PLACE).filter(row -> row / PER_PLACE % 3 == 0));
        for (int q = 0; q < 3; q++) {
            float[] query = drawn(12);
            SearchOptions options = SearchOptions.of(5).withFilter(filter);
            assertFoundIn(9, index.run(query, options, new SearchPlan(8, true)), 8);
            // All that is near is refused: the search is done anew, with as much effort as the filter leaves.
            assertFoundIn(9, index.run(query, options, new SearchPlan(28, false)), 7);
            assertFoundIn(9, index.run(query, options, new SearchPlan(8, false)), 5);
            SearchOptions inTime = options.withDeadline(System.nanoTime() + 600_000_000_000L);
            assertFoundIn(9, index.run(query, inTime, new SearchPlan(8, true)), 8);
            assertThat(index.run(query, inTime, new SearchPlan(248, true))
                            .stats()
                            .plan())
                    .as("given up for a scan, in time")
                    .isEqualTo(Plan.EXACT_AFTER_GRAPH);
        }
    }

    @Test
    @DisplayName("V11: accepted copies of refused rows are found in other places too")
    void acceptedCopiesAreFoundInOtherPlaces() throws Exception {
        float[][] rows = line();
        for (int row = 14 * PER_PLACE; row < 15 * PER_PLACE; row++) {
            rows[row] = rows[row - 6 * PER_PLACE].clone();
        }
        HnswIndex index = build(rows, Quantization.NONE);
        assertThat(index.copies().node(15 * PER_PLACE - 1)).isEqualTo(9 * PER_PLACE - 1);
        OrdinalFilter filter = allow(IntStream.range(0, 15 * PER_PLACE)
                .filter(row -> row < 6 * PER_PLACE && row / PER_PLACE % 2 == 0 || row / PER_PLACE == 14));
        SearchOptions options = SearchOptions.of(5).withFilter(filter);
        for (int q = 0; q < 3; q++) {
            assertFoundIn(14, index.run(drawn(11.4), options, new SearchPlan(8, true)), 8);
        }
    }

    @Test
    @DisplayName("S13: what a filter leaves of a search is as far from the query as the answer takes, under a slack")
    void aSearchGoesOnAsFarAsTheFilterTakes() throws Exception {
        float[][] rows = new float[200][];
        Arrays.setAll(rows, row -> drawn(0));
        float[][] slacks = new float[3][Calibration.EFS.length];
        for (float[] byEf : slacks) {
            Arrays.fill(byEf, 1);
        }
        HnswIndex index = build(rows, Quantization.NONE)
                .calibrated(new Calibration(slacks, new float[0], QuantizationLoss.UNMEASURED));
        OrdinalFilter filter = allow(IntStream.range(0, 200).filter(row -> row % 4 == 0));
        int walked = 0;
        for (int q = 0; q < 10; q++) {
            Neighbors found = index.run(drawn(0), SearchOptions.of(5).withFilter(filter), new SearchPlan(60, false));
            if (found.stats().plan()
                    != Plan.EXACT_AFTER_GRAPH) { // as where a query is drawn that few accepted rows are near
                walked++;
                assertThat(found.stats().visited()).isBetween(20L, 80L);
            }
            assertThat(index.searchGraph(drawn(0), SearchOptions.of(5), 60)
                            .stats()
                            .visited())
                    .isBetween(5L, 40L);
        }
        assertThat(walked).isGreaterThanOrEqualTo(7);
    }

    @ParameterizedTest
    @EnumSource(names = {"INT8", "INT8_ONLY"})
    @DisplayName("S13: as many are scored anew as lie within the codes' error of the last, and two more, up to a bound")
    void asManyAreScoredAnewAsLieWithinTheError(Quantization codes) throws Exception {
        float[][] rows = new float[200][];
        Arrays.setAll(rows, row -> drawn(0));
        HnswIndex index = build(rows, codes);
        RowScorer scorer = index.scorer();
        PreparedQuery prepared = new PreparedQuery(D);
        float[] scores = new float[200];
        for (int q = 0; q < 4; q++) {
            float[] query = drawn(0);
            scorer.prepare(prepared, query, VectorOps.norm(query));
            scorer.score(prepared, IntStream.range(0, 200).toArray(), 200, scores);
            Arrays.sort(scores); // the best last
            SearchOptions options = SearchOptions.of(5);
            long compared = index.searchGraph(query, options, 200).stats().scored() - 30; // of what is not measured
            assertThat(compared).isBetween(200L, 230L);
            for (float error : new float[] {0, 0.2f, 1, 1000}) {
                QuantizationLoss loss = new QuantizationLoss(9, error, 1, 1, 4);
                float within = codes == Quantization.INT8_ONLY ? 0 : error;
                long near = IntStream.range(0, 200)
                        .filter(row -> scores[row] >= scores[195] - within)
                        .count();
                assertThat(index.calibrated(new Calibration(new float[0][], new float[0], loss))
                                .searchGraph(query, options, 200)
                                .stats()
                                .scored())
                        .as("error %s", error)
                        .isEqualTo(compared + Math.min(30, Math.max(7, near)));
            }
        }
    }
}
