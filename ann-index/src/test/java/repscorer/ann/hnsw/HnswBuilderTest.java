package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.BuildProgress;
import repscorer.ann.HnswParameters;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

@Timeout(30)
class HnswBuilderTest {

    private static final HnswParameters PARAMETERS = new HnswParameters(8, 60, 7);

    private final ExecutorService executor = Executors.newFixedThreadPool(3);

    @AfterEach
    void shutDown() {
        executor.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource
    void theGraphIsTheSameOnAnyNumberOfThreadsAndInEveryBuild(Quantization quantization) throws InterruptedException {
        DenseRows rows =
                DenseRows.copyOf(SyntheticVectors.clustered(Seeds.random("HnswBuilderTest"), 2500, 20, 40, 0.4));
        for (Metric metric : Metric.values()) {
            Graph first = build(rows, metric, PARAMETERS, quantization, 1).graph();
            for (int threads : new int[] {2, 3}) {
                Graph again =
                        build(rows, metric, PARAMETERS, quantization, threads).graph();
                assertThat(again.links.mismatch(first.links)).isEqualTo(-1);
                assertThat(again.upper.mismatch(first.upper)).isEqualTo(-1);
                assertThat(again.start()).isEqualTo(first.start());
            }
        }
        Graph one = build(rows, Metric.L2, PARAMETERS, quantization, 2).graph();
        Graph other = build(rows, Metric.L2, new HnswParameters(8, 60, 8), quantization, 2)
                .graph();
        assertThat(other.upper.mismatch(one.upper)).as("with another seed").isNotEqualTo(-1);
    }

    @Test
    void listsHoldDistinctOthersOfTheirLevel() throws InterruptedException {
        DenseRows rows = DenseRows.copyOf(SyntheticVectors.gaussian(Seeds.random("HnswBuilderTest"), 3000, 12));
        Graph graph =
                build(rows, Metric.COSINE, PARAMETERS, Quantization.INT8, 3).graph();
        for (int row = 0; row < rows.count(); row++) {
            for (int level = 0; level <= Graph.level(7, row, 8); level++) {
                List<Integer> links = new ArrayList<>();
                for (int i = 0; i < graph.degree(level, row); i++) {
                    int to = graph.link(level, row, i);
                    assertThat(Graph.level(7, to, 8)).isGreaterThanOrEqualTo(level);
                    links.add(to);
                }
                assertThat(links).doesNotContain(row).doesNotHaveDuplicates();
            }
        }
        assertThat(Graph.level(7, graph.entry(), 8)).isEqualTo(Graph.top(graph.start()));
    }

    @Test
    void levelsThinOutByM() {
        int[] reaching = new int[16];
        for (int row = 0; row < 200_000; row++) {
            for (int level = Graph.level(42, row, 16); level >= 0; level--) {
                reaching[level]++;
            }
        }
        assertThat(reaching[0]).isEqualTo(200_000);
        assertThat(reaching[1]).isBetween(12_000, 13_000);
        assertThat(reaching[2]).isBetween(680, 880);
    }

    @Test
    void whatNothingLeadsToIsMended() throws InterruptedException {
        float[][] values = SyntheticVectors.clustered(Seeds.random("HnswBuilderTest"), 2000, 8, 20, 0.3);
        DenseRows rows = DenseRows.copyOf(values);
        Graph graph = build(rows, Metric.L2, PARAMETERS, Quantization.NONE, 2).graph();
        assertThat(Connectivity.unreachable(graph)).isZero();
        for (int row = 0; row < values.length; row++) {
            for (int place = 0; place < graph.degree(0, row); place++) {
                int to = graph.link(0, row, place);
                if (to % 50 == 3) { // now nothing leads to every fiftieth row
                    graph.setLink(0, row, place, to - 1);
                }
            }
        }
        int cut = Connectivity.unreachable(graph);
        assertThat(cut).isBetween(39, 41);
        SearchScratch scratch = new SearchScratch(rows.count(), 8, 8);
        assertThat(Connectivity.repair(graph, new FloatScorer(rows, Metric.L2), scratch))
                .isEqualTo(cut);
        assertThat(Connectivity.unreachable(graph)).isZero();
    }

    @Test
    void progressRisesToTheEnd() throws InterruptedException {
        DenseRows rows = DenseRows.copyOf(SyntheticVectors.gaussian(Seeds.random("HnswBuilderTest"), 1300, 4));
        List<Integer> reports = new ArrayList<>();
        HnswIndex.build(rows, Metric.L2, PARAMETERS, Quantization.INT8, executor, 2, (done, total) -> {
            assertThat(total).isEqualTo(1300);
            reports.add(done);
        });
        assertThat(reports).isSorted().hasSizeGreaterThan(2).endsWith(1300);
    }

    @Test
    void aFailureOrAnInterruptEndsTheBuild() throws Exception {
        DenseRows rows = DenseRows.copyOf(SyntheticVectors.gaussian(Seeds.random("HnswBuilderTest"), 20_000, 16));
        assertThatThrownBy(() ->
                        HnswIndex.build(rows, Metric.L2, PARAMETERS, Quantization.INT8, executor, 2, (done, total) -> {
                            throw new IllegalStateException("enough");
                        }))
                .hasMessage("enough");
        AtomicInteger doneLast = new AtomicInteger();
        try (ExecutorService caller = Executors.newSingleThreadExecutor()) {
            Future<Boolean> interrupted = caller.submit(() -> {
                try {
                    HnswIndex.build(rows, Metric.L2, PARAMETERS, Quantization.INT8, executor, 2, (done, total) -> {
                        doneLast.set(done);
                        Thread.currentThread().interrupt();
                    });
                    return false;
                } catch (InterruptedException e) {
                    return true;
                }
            });
            assertThat(interrupted.get()).isTrue();
        }
        assertThat(doneLast.get()).isLessThan(20_000);
        assertThatThrownBy(() -> HnswIndex.build(
                        rows,
                        Metric.L2,
                        PARAMETERS,
                        Quantization.INT8,
                        executor,
                        2,
                        (done, total) -> executor.shutdownNow()))
                .isInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> build(rows, Metric.L2, PARAMETERS, Quantization.INT8, 1))
                .isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> build(rows, Metric.L2, PARAMETERS, Quantization.INT8, 0))
                .hasMessage("threads must be at least 1: 0");
    }

    private HnswIndex build(
            DenseRows rows, Metric metric, HnswParameters parameters, Quantization quantization, int threads)
            throws InterruptedException {
        return HnswIndex.build(rows, metric, parameters, quantization, executor, threads, BuildProgress.NONE);
    }
}
