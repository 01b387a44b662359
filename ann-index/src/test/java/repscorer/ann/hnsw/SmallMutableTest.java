package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
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
import repscorer.testing.BruteForce;
import repscorer.testing.Seeds;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** Indexes that grow, searched with so little effort that the graph is walked and not scanned. */
class SmallMutableTest {

    private static final int D = 8;
    private static final HnswParameters PARAMETERS = new HnswParameters(5, 30, 4);

    private final RandomGenerator random = Seeds.random("SmallMutableTest");
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
        for (int row = 0; row < n; row++) {
            rows[row] = drawn(size);
        }
        return rows;
    }

    private HnswIndex build(float[][] values, Metric metric, Quantization codes) throws InterruptedException {
        return HnswIndex.build(DenseRows.copyOf(values), metric, PARAMETERS, codes, executor, 1, BuildProgress.NONE);
    }

    /** How often the nearest is the first that a walk answers. */
    private double found(MutableHnswIndex index, List<float[]> there, double size) {
        int hits = 0;
        for (int q = 0; q < 60; q++) {
            float[] query = drawn(size);
            int best = 0;
            for (int row = 1; row < there.size(); row++) {
                best = score(index, query, there.get(row)) > score(index, query, there.get(best)) ? row : best;
            }
            Neighbors answer = index.search(query, SearchOptions.of(1).withEf(7));
            assertThat(answer.stats().plan()).isEqualTo(Plan.GRAPH);
            hits += answer.ordinals()[0] == best ? 1 : 0;
        }
        return hits / 60.0;
    }

    private static double score(MutableHnswIndex index, float[] query, float[] row) {
        return BruteForce.score(BruteForce.Dense.valueOf(index.metric().name()), query, row);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: a copy is walked as well as what it was made of, and so are rows that come, past its first room")
    void aCopyIsWalkedAsWell(Metric metric) throws Exception {
        for (Quantization codes : new Quantization[] {Quantization.NONE, Quantization.INT8}) {
            float[][] base = drawn(300, 1);
            MutableHnswIndex index = MutableHnswIndex.copyOf(build(base, metric, codes));
            List<float[]> there = new ArrayList<>(List.of(base));
            double least = metric == Metric.INNER_PRODUCT ? 0.5 : 0.7;
            assertThat(index.count()).isEqualTo(300);
            assertThat(found(index, there, 1)).as("%s, as it was", codes).isGreaterThan(least);
            for (int i = 0; i < 800; i++) { // there is room for 1,024
                float[] row = drawn(1);
                assertThat(index.insert(row)).isEqualTo(300 + i);
                there.add(row);
                if (i == 400) {
                    assertThat(found(index, there, 1)).as("%s, half way", codes).isGreaterThan(least);
                }
            }
            assertThat(found(index, there, 1)).as("%s, grown", codes).isGreaterThan(least - 0.1);
            assertThat(index.stats().codeBytes() > 0).isEqualTo(codes == Quantization.INT8);
            assertThat(index.stats().inGraph()).isEqualTo(1100);
        }
    }

    @Test
    @DisplayName("S13: a copy has room for an eighth more, and grows by a half when that is full")
    void aCopyGrowsByAHalfWhenItIsFull() throws Exception {
        HnswParameters thin = new HnswParameters(2, 2, 1);
        HnswIndex base = HnswIndex.build(
                DenseRows.copyOf(drawn(1200, 1)), Metric.L2, thin, Quantization.NONE, executor, 1, BuildProgress.NONE);
        MutableHnswIndex index = MutableHnswIndex.copyOf(base);
        assertThat(index.stats().linkBytes()).isEqualTo(Graph.linkBytes(1350, 2));
        for (int i = 0; i < 150; i++) {
            index.insert(drawn(1));
        }
        assertThat(index.stats().linkBytes()).isEqualTo(Graph.linkBytes(1350, 2));
        index.insert(drawn(1));
        assertThat(index.stats().linkBytes()).isEqualTo(Graph.linkBytes(2025, 2));
        assertThat(index.stats().repaired()).isGreaterThanOrEqualTo(base.repaired());
    }

    @Test
    @DisplayName("S13: codes are made once a thousand rows differ, and not before")
    void codesAreMadeOnceAThousandRowsDiffer() {
        for (Quantization codes : new Quantization[] {Quantization.INT8, Quantization.NONE}) {
            MutableHnswIndex index = MutableHnswIndex.empty(D, Metric.L2, new HnswParameters(3, 6, 1), codes);
            float[] first = drawn(1);
            for (int i = 0; i < 40; i++) {
                index.insert(first);
            }
            for (int i = 1; i < 999; i++) {
                index.insert(drawn(1));
            }
            assertThat(index.stats().codeBytes()).isZero();
            index.insert(first);
            assertThat(index.stats().codeBytes()).as("one that is there").isZero();
            index.insert(drawn(1));
            assertThat(index.stats().codeBytes() > 0).isEqualTo(codes == Quantization.INT8);
        }
    }

    @Test
    @DisplayName("S13: codes follow rows that their scales cut off")
    void codesFollowRowsThatAreCutOff() throws Exception {
        float[][] base = drawn(300, 1);
        MutableHnswIndex index = MutableHnswIndex.copyOf(build(base, Metric.L2, Quantization.INT8));
        List<float[]> there = new ArrayList<>(List.of(base));
        for (int i = 0; i < 300; i++) {
            float[] row = drawn(9);
            index.insert(row);
            there.add(row);
        }
        assertThat(found(index, there, 9)).isGreaterThan(0.6);
    }

    @Test
    @DisplayName("S13: a row that no list has room for is scored beside each search")
    void aRowThatNothingLeadsToIsStillFound() {
        MutableHnswIndex index = MutableHnswIndex.empty(D, Metric.L2, new HnswParameters(2, 12, 1), Quantization.NONE);
        for (int i = 0; i < 150; i++) {
            index.insert(drawn(1));
        }
        int most = 0;
        int found = 0;
        for (int i = 0; i < 200; i++) {
            float[] row = drawn(100 + i); // each further away, in a direction of its own
            index.insert(row);
            found += index.search(row, SearchOptions.of(1).withEf(25)).ordinals()[0] == 150 + i ? 1 : 0;
            int unreachable = index.stats().unreachable();
            most = Math.max(most, unreachable);
            assertThat(unreachable)
                    .as("mended at 64, beside those that a list let go of since")
                    .isLessThan(96);
        }
        assertThat(found).isGreaterThan(180);
        assertThat(most).as("some were").isGreaterThan(9);
    }

    @Test
    @DisplayName("S13: what cannot be inserted is refused, and what an index is of is told")
    void whatCannotBeInsertedIsRefused() throws Exception {
        HnswIndex base = build(drawn(50, 1), Metric.COSINE, Quantization.NONE);
        assertThat(MutableHnswIndex.copies(base)).isTrue();
        MutableHnswIndex index = MutableHnswIndex.copyOf(base);
        assertThat(index.engine()).isEqualTo("hnsw");
        assertThat(index.metric()).isEqualTo(Metric.COSINE);
        assertThat(index.dimension()).isEqualTo(D);
        assertThatThrownBy(() -> index.insert(new float[3]))
                .hasMessage("dimension differs: the index has 8, the vector has 3");
        assertThatThrownBy(() -> index.insert(new float[D])).hasMessageContaining("must not be zero");
        float[] tiny = new float[D];
        tiny[0] = 1e-20f;
        assertThatThrownBy(() -> index.insert(tiny)).hasMessageContaining("out of what float32 sums can compare");
        assertThat(index.count()).isEqualTo(50);
        SearchOptions options = SearchOptions.of(2).withEf(2);
        assertThat(index.search(drawn(1), options.exactly()).stats().plan()).isEqualTo(Plan.EXACT);
        assertThat(index.search(drawn(1), options.withRecallTarget(0.9f))
                        .stats()
                        .plan())
                .as("nothing was learnt")
                .isEqualTo(Plan.EXACT);
        assertThat(index.search(tiny, options).stats().plan()).isEqualTo(Plan.EXACT);
        assertThat(MutableHnswIndex.empty(D, Metric.L2, PARAMETERS, Quantization.NONE)
                        .search(drawn(1), options)
                        .size())
                .isZero();
    }

    @Test
    @DisplayName("S13: rows are answered once they are shown, by filters too, and stay in more room")
    void rowsAreAnsweredOnceTheyAreShown() {
        MutableRows rows = MutableRows.empty(10, 2, Arena.ofAuto());
        for (int row = 0; row < 6; row++) {
            rows.set(row, new float[] {row, 1}, row + 0.5f);
        }
        rows.show(5);
        OrdinalFilter odd = new OrdinalFilter() {
            @Override
            public boolean accepts(int ordinal) {
                return ordinal % 2 == 1;
            }

            @Override
            public int accepted(int count) {
                return count / 2;
            }
        };
        for (MutableRows each : List.of(rows, rows.grown(20, Arena.ofAuto()))) {
            assertThat(each.capacity()).isEqualTo(each == rows ? 10 : 20);
            assertThat(each.shown()).isEqualTo(5);
            assertThat(each.accepted(10)).isEqualTo(5);
            OrdinalFilter both = each.and(odd);
            assertThat(each.and(OrdinalFilter.ALL)).isSameAs(each);
            assertThat(both.accepted(4)).isEqualTo(2);
            assertThat(both.accepted(20)).isEqualTo(5);
            for (int row = 0; row < 9; row++) {
                assertThat(each.accepts(row)).isEqualTo(row < 5);
                assertThat(both.accepts(row)).isEqualTo(row == 1 || row == 3);
                assertThat(each.next(row, 9)).isEqualTo(row < 5 ? row : 9);
                assertThat(both.next(row, 9)).isEqualTo(row <= 1 ? 1 : row <= 3 ? 3 : 9);
            }
            for (int row = 0; row < 6; row++) {
                assertThat(each.view().row(row)).containsExactly(row, 1);
                assertThat(each.view().norm(row)).isEqualTo(row + 0.5f);
            }
        }
    }
}
