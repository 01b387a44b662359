package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
import repscorer.ann.HnswParameters;
import repscorer.ann.SearchOptions;
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** An index that takes another's links over finds what one built whole would. */
class CarriedIndexTest {

    private static final int DIMENSION = 16;
    private static final int ROWS = 4_000;
    private static final int QUERIES = 150;

    /** Of recall@10; graphs of the same rows differ by up to two points in draws of this size. */
    private static final double LOSS_MAX = 0.04;

    private static final HnswParameters PARAMETERS = new HnswParameters(12, 80, 3);

    private final RandomGenerator random = Seeds.random("CarriedIndexTest");
    private final float[][] centres = SyntheticVectors.gaussian(random, 60, DIMENSION);
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final BuildThreads threads = new BuildThreads(executor, 2, 0.1);

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    private float[][] rows(int count) {
        return SyntheticVectors.around(random, centres, count, 0.4);
    }

    private HnswIndex built(float[][] rows, Metric metric, Quantization quantization) throws InterruptedException {
        return HnswIndex.build(DenseRows.copyOf(rows), metric, PARAMETERS, quantization, threads, BuildProgress.NONE);
    }

    private final float[][] queries = rows(QUERIES);

    /** How much less than an index built whole it finds of the best ten. */
    private double loss(HnswIndex index, float[][] rows) throws InterruptedException {
        return recall(built(rows, index.metric(), index.quantization()), rows) - recall(index, rows);
    }

    private double recall(HnswIndex index, float[][] rows) {
        BruteForce.Dense similarity = BruteForce.Dense.valueOf(index.metric().name());
        double recall = 0;
        for (float[] query : queries) {
            List<BruteForce.Scored> truth = BruteForce.topK(
                    rows.length, row -> true, row -> BruteForce.score(similarity, query, rows[row]), 10);
            recall += BruteForce.recall(
                    index.searchGraph(query, SearchOptions.of(10), 80).ordinals(), truth);
        }
        return recall / QUERIES;
    }

    private static void assertWhole(HnswIndex index, int rows) {
        assertThat(index.count()).isEqualTo(rows);
        assertThat(index.inGraph()).isEqualTo(rows);
        assertThat(index.stats().unreachable()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void rowsThatStayedKeepTheirLinksWhereverTheyLieNow(Metric metric) throws Exception {
        for (Quantization quantization : List.of(Quantization.NONE, Quantization.INT8)) {
            float[][] old = rows(ROWS);
            HnswIndex index = built(old, metric, quantization);
            for (int round = 0; round < 3; round++) {
                List<Integer> kept = new ArrayList<>();
                for (int row = 0; row < old.length; row++) {
                    if (random.nextInt(4) > 0) {
                        kept.add(row);
                    }
                }
                while (kept.size() < ROWS + 100 * round) {
                    kept.add(-1);
                }
                Collections.shuffle(kept, new Random(random.nextLong()));
                int[] before = kept.stream().mapToInt(row -> row).toArray();
                float[][] now = rows(before.length);
                for (int row = 0; row < now.length; row++) {
                    now[row] = before[row] < 0 ? now[row] : old[before[row]];
                }
                index = index.carriedOver(DenseRows.copyOf(now), before, threads, BuildProgress.NONE);
                assertWhole(index, now.length);
                old = now;
            }
            assertThat(loss(index, old)).as("%s, %s", metric, quantization).isLessThanOrEqualTo(LOSS_MAX);
        }
    }

    @Test
    void anIndexThatChangedHandsItsNewLinksOn() throws Exception {
        float[][] old = rows(ROWS);
        MutableHnswIndex changed = MutableHnswIndex.copyOf(built(old, Metric.COSINE, Quantization.INT8), 60);
        float[][] now = old.clone();
        int[] before = new int[ROWS];
        Arrays.setAll(before, row -> row);
        for (int i = 0; i < ROWS / 2; i++) {
            int row = random.nextInt(ROWS);
            now[row] = rows(1)[0];
            before[row] = changed.insert(now[row]);
        }
        HnswIndex index = changed.carriedOver(DenseRows.copyOf(now), before, threads, (done, total) -> {
            throw new AssertionError("no row is linked anew");
        });
        assertWhole(index, ROWS);
        assertThat(index.parameters()).isEqualTo(PARAMETERS);
        assertThat(loss(index, now)).isLessThanOrEqualTo(LOSS_MAX);
    }

    @Test
    void noneAndAllMayStay() throws Exception {
        float[][] old = rows(500);
        HnswIndex index = built(old, Metric.L2, Quantization.NONE);
        int[] none = new int[600];
        Arrays.fill(none, -1);
        float[][] others = rows(600);
        HnswIndex another = index.carriedOver(DenseRows.copyOf(others), none, threads, BuildProgress.NONE);
        assertWhole(another, 600);
        assertThat(loss(another, others)).isLessThanOrEqualTo(LOSS_MAX);
        int[] all = new int[500];
        Arrays.setAll(all, row -> 499 - row);
        float[][] turned = new float[500][];
        Arrays.setAll(turned, row -> old[499 - row]);
        HnswIndex same = index.carriedOver(DenseRows.copyOf(turned), all, threads, BuildProgress.NONE);
        assertWhole(same, 500);
        assertThat(loss(same, turned)).isLessThanOrEqualTo(LOSS_MAX);
        assertWhole(
                index.carriedOver(DenseRows.copyOf(new float[][] {old[7]}), new int[] {7}, threads, BuildProgress.NONE),
                1);
    }

    @Test
    void aRowThatMustNotBeInAnIndexIsNamed() throws Exception {
        float[][] old = rows(200);
        HnswIndex index = built(old, Metric.COSINE, Quantization.NONE);
        float[][] now = old.clone();
        now[17] = new float[DIMENSION];
        int[] before = new int[200];
        assertThatThrownBy(() -> index.carriedOver(DenseRows.copyOf(now), before, threads, BuildProgress.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("17");
    }
}
