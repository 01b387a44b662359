package repscorer.parallel;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class WorkersTest {

    private final ExecutorService executor = Executors.newFixedThreadPool(3);

    @AfterEach
    void shutDown() {
        executor.shutdownNow();
    }

    private Workers workers(boolean withCaller, int count) {
        return withCaller ? Workers.withCaller(count, "worker-") : Workers.of(executor, count, 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyItemIsDoneOnceAndNoTwoThreadsAreTheSameWorkerAtATime(boolean withCaller) throws InterruptedException {
        for (int count = 1; count <= 3; count++) {
            AtomicIntegerArray done = new AtomicIntegerArray(1050);
            AtomicIntegerArray atWork = new AtomicIntegerArray(count);
            AtomicBoolean twice = new AtomicBoolean();
            try (Workers workers = workers(withCaller, count)) {
                assertThat(workers.count()).isEqualTo(count);
                workers.run(1050, (item, worker) -> {
                    if (atWork.getAndIncrement(worker) != 0) {
                        twice.set(true);
                    }
                    done.incrementAndGet(item);
                    atWork.decrementAndGet(worker);
                });
            }
            for (int i = 0; i < 1050; i++) {
                assertThat(done.get(i)).isOne();
            }
            assertThat(twice).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStepSeesWhatTheStepBeforeWrote(boolean withCaller) throws InterruptedException {
        int[] written = new int[100];
        AtomicInteger wrong = new AtomicInteger();
        try (Workers workers = workers(withCaller, 3)) {
            for (int step = 1; step <= 500; step++) {
                int now = step;
                workers.run(100, (item, worker) -> written[item] = now);
                workers.run(100, (item, worker) -> wrong.addAndGet(written[99 - item] == now ? 0 : 1));
            }
            workers.run(0, (item, worker) -> wrong.incrementAndGet());
        }
        assertThat(wrong).hasValue(0);
    }

    @Test
    void theCallerIsWorkerZeroWhereItWorks() throws InterruptedException {
        Thread caller = Thread.currentThread();
        AtomicInteger wrong = new AtomicInteger();
        try (Workers workers = Workers.withCaller(3, "worker-")) {
            workers.run(1000, (item, worker) -> {
                Thread here = Thread.currentThread();
                boolean right =
                        worker == 0 ? here.equals(caller) : here.getName().startsWith("worker-") && here.isDaemon();
                wrong.addAndGet(right ? 0 : 1);
            });
        }
        assertThat(wrong).hasValue(0);
    }

    @Test
    void workersRestInProportionToTheirWork() throws InterruptedException {
        long started = System.nanoTime();
        Workers.of(executor, 1, 1).run(20, (item, worker) -> sleep(2));
        assertThat(System.nanoTime() - started).isGreaterThan(75_000_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFailureEndsTheStepAndReachesTheCaller(boolean withCaller) {
        AtomicInteger done = new AtomicInteger();
        try (Workers workers = workers(withCaller, 2)) {
            assertThatThrownBy(() -> workers.run(1_000_000, (item, worker) -> {
                        if (done.incrementAndGet() == 10) {
                            throw new IllegalStateException("item " + item);
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("item ");
            assertThat(done.get()).isLessThan(1_000_000);
            assertThatThrownBy(() -> workers.run(5, (item, worker) -> {
                        throw new OutOfMemoryError("simulated");
                    }))
                    .isInstanceOf(OutOfMemoryError.class);
        }
    }

    @Test
    void aFailureCausedByAnInterruptIsAnInterrupt() {
        assertThatThrownBy(() -> Workers.of(executor, 2, 0).run(5, (item, worker) -> {
                    throw new IllegalStateException(new InterruptedException());
                }))
                .isInstanceOf(InterruptedException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptAbandonsTheStepAfterTheItemsAtWork(boolean withCaller) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger atWork = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Workers.Work slow = (item, worker) -> {
            atWork.incrementAndGet();
            begun.countDown();
            sleep(1);
            done.incrementAndGet();
            atWork.decrementAndGet();
        };
        try (ExecutorService callers = Executors.newSingleThreadExecutor();
                Workers workers = workers(withCaller, 3)) {
            AtomicInteger atWorkAfter = new AtomicInteger(-1);
            Future<Boolean> interrupted = callers.submit(() -> {
                try {
                    workers.run(1_000_000, slow);
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
        int after = done.get();
        Thread.sleep(20);
        assertThat(done.get()).isEqualTo(after).isLessThan(1_000_000);
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
        Workers workers = Workers.of(busy, 1, 0);
        assertThatThrownBy(() -> workers.run(10, (item, worker) -> {})).isInstanceOf(InterruptedException.class);
    }

    @Test
    void anInterruptedCallerIsToldThoughNothingWasLeftToWaitFor() {
        try (Workers workers = Workers.withCaller(1, "worker-")) {
            assertThatThrownBy(() -> workers.run(
                            1, (item, worker) -> Thread.currentThread().interrupt()))
                    .isInstanceOf(InterruptedException.class);
        }
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aClosedPoolAndAWrongCountAreRefused() {
        assertThatThrownBy(() -> Workers.of(executor, 0, 0)).hasMessage("threads must be at least 1: 0");
        assertThatThrownBy(() -> Workers.withCaller(0, "worker-")).hasMessage("threads must be at least 1: 0");
        Workers workers = Workers.of(executor, 1, 0);
        executor.shutdown();
        assertThatThrownBy(() -> Workers.of(executor, 1, 0)).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> workers.run(1, (item, worker) -> {})).isInstanceOf(InterruptedException.class);
    }

    @Test
    void closingLeavesSomebodyElsesPoolOpen() {
        Workers.of(executor, 1, 0).close();
        assertThat(executor.isShutdown()).isFalse();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
