package repscorer.ann.hnswlib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import repscorer.ann.BuildProgress;
import repscorer.ann.HnswParameters;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

@Timeout(20)
class GraphBuildTest {

    private final ExecutorService executor = Executors.newFixedThreadPool(3);

    @AfterEach
    void shutDown() {
        executor.shutdownNow();
    }

    @Test
    void insertsEveryRowOnceAndReportsUpToTheEnd() throws InterruptedException {
        AtomicIntegerArray inserted = new AtomicIntegerArray(1050);
        AtomicInteger reports = new AtomicInteger();
        AtomicBoolean ended = new AtomicBoolean();
        BuildProgress progress = (done, total) -> {
            reports.incrementAndGet();
            if (done == total) {
                ended.set(true);
            }
        };
        new GraphBuild(1050, inserted::incrementAndGet, progress).run(executor, 3);
        for (int i = 0; i < 1050; i++) {
            assertThat(inserted.get(i)).isOne();
        }
        assertThat(reports.get()).isBetween(100, 106);
        assertThat(ended).isTrue();
    }

    @Test
    void aFailureEndsTheBuildAndReachesTheCaller() {
        AtomicInteger inserted = new AtomicInteger();
        GraphBuild.Insertion failing = ordinal -> {
            if (inserted.incrementAndGet() == 10) {
                throw new IllegalStateException("row " + ordinal);
            }
        };
        assertThatThrownBy(() -> new GraphBuild(1_000_000, failing, BuildProgress.NONE).run(executor, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("row ");
        assertThat(inserted.get()).isLessThan(1_000_000);
        assertThatThrownBy(() -> new GraphBuild(
                                5,
                                ordinal -> {
                                    throw new OutOfMemoryError("simulated");
                                },
                                BuildProgress.NONE)
                        .run(executor, 2))
                .isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void anInterruptAbandonsTheBuildAfterTheRowsAtWork() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger atWork = new AtomicInteger();
        AtomicInteger inserted = new AtomicInteger();
        GraphBuild.Insertion slow = ordinal -> {
            atWork.incrementAndGet();
            begun.countDown();
            sleep(1);
            inserted.incrementAndGet();
            atWork.decrementAndGet();
        };
        try (ExecutorService callers = Executors.newSingleThreadExecutor()) {
            AtomicInteger atWorkAfter = new AtomicInteger(-1);
            Future<Boolean> interrupted = callers.submit(() -> {
                try {
                    new GraphBuild(1_000_000, slow, BuildProgress.NONE).run(executor, 3);
                    return false;
                } catch (InterruptedException e) {
                    atWorkAfter.set(atWork.get());
                    return true;
                }
            });
            begun.await();
            callers.shutdownNow();
            assertThat(interrupted.get()).isTrue();
            assertThat(atWorkAfter.get()).isZero();
        }
        int after = inserted.get();
        Thread.sleep(20);
        assertThat(inserted.get()).isEqualTo(after).isLessThan(1_000_000);
    }

    @Test
    void aPoolShutDownBeforeItsWorkersBeganInterruptsTheCaller() {
        CountDownLatch blocked = new CountDownLatch(1);
        ExecutorService busy = Executors.newSingleThreadExecutor();
        busy.execute(() -> {
            try {
                blocked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        executor.execute(() -> {
            sleep(50);
            busy.shutdownNow();
        });
        GraphBuild build = new GraphBuild(10, ordinal -> {}, BuildProgress.NONE);
        assertThatThrownBy(() -> build.run(busy, 1)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aClosedPoolAndAWrongThreadCountAreRefused() {
        executor.shutdown();
        DenseRows rows = DenseRows.copyOf(new float[][] {{1}});
        assertThatThrownBy(() ->
                        HnswlibIndex.build(rows, Metric.L2, HnswParameters.DEFAULT, executor, 1, BuildProgress.NONE))
                .isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() ->
                        HnswlibIndex.build(rows, Metric.L2, HnswParameters.DEFAULT, executor, 0, BuildProgress.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads must be at least 1: 0");
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
