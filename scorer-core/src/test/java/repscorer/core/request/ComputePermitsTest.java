package repscorer.core.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import repscorer.core.failure.ScorerException;
import repscorer.core.failure.ScorerException.Overloaded;

@Timeout(60)
class ComputePermitsTest {

    private static final Budget LONG = Budget.of(Duration.ofMinutes(10));

    private static ComputePermits permits(int count, Duration target, Duration max) {
        return new ComputePermits(count, new ComputePermits.Bounds(target, max, false));
    }

    private static void assertRefused(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Overloaded.class,
                        e -> assertThat(((ScorerException) e).code()).isEqualTo(code));
    }

    private static void awaitQueued(ComputePermits permits, int count) throws InterruptedException {
        while (permits.queued() != count) {
            Thread.sleep(1);
        }
    }

    @Test
    @DisplayName("S14: who would wait too long is refused as it comes, and a few may always wait")
    void refusesAsItComes() throws Exception {
        ComputePermits permits = permits(1, Duration.ofNanos(1), Duration.ofMinutes(5));
        ComputePermits.Permit held = permits.take(LONG, Priority.NORMAL);
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            waiting.add(Thread.ofVirtual()
                    .start(() -> permits.take(LONG, Priority.NORMAL).close()));
        }
        awaitQueued(permits, 2);

        long asked = System.nanoTime();
        assertRefused("too-many-searches", () -> permits.take(LONG, Priority.NORMAL));
        assertRefused("too-many-searches", () -> permits.checkRoom(Priority.NORMAL));
        assertThat(System.nanoTime() - asked).isLessThan(TimeUnit.SECONDS.toNanos(20));

        held.close();
        for (Thread thread : waiting) {
            thread.join();
        }
        permits.checkRoom(Priority.NORMAL);
        permits.take(LONG, Priority.NORMAL).close();
    }

    @Test
    @DisplayName("S14: a longer learnt computation lets fewer wait, and one long computation does not close the door")
    void learnsHowLongAPermitIsHeld() throws Exception {
        ComputePermits permits = permits(1, Duration.ofMillis(100), Duration.ofMinutes(5));
        assertThat(room(permits)).isBetween(10, 40); // 100 ms of 5 ms each
        for (int i = 0; i < 100; i++) {
            permits.take(LONG, Priority.NORMAL).close();
        }
        int ofShort = room(permits);
        try (ComputePermits.Permit once = permits.take(LONG, Priority.NORMAL)) {
            Thread.sleep(1_000);
        }
        assertThat(room(permits)).isGreaterThan(ofShort / 2);
        for (int i = 0; i < 200; i++) {
            try (ComputePermits.Permit each = permits.take(LONG, Priority.NORMAL)) {
                Thread.sleep(10);
            }
        }
        assertThat(room(permits)).isBetween(2, 14); // 100 ms of 10 ms each
    }

    /** How many may wait behind one that computes. */
    private static int room(ComputePermits permits) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        int count = 0;
        try (ComputePermits.Permit held = permits.take(LONG, Priority.NORMAL)) {
            while (count < 100_000) {
                try {
                    permits.checkRoom(Priority.NORMAL);
                } catch (Overloaded e) {
                    break;
                }
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        permits.take(Budget.of(Duration.ofSeconds(50)), Priority.NORMAL)
                                .close();
                    } catch (Overloaded e) {
                        // it came to nothing, as others did before it
                    }
                }));
                count++;
                awaitQueued(permits, count);
                if (count == 500) {
                    break;
                }
            }
            threads.forEach(Thread::interrupt);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return count;
    }

    @Test
    @DisplayName("S14: nobody waits longer than the bound, nor than its own time less what the computation takes")
    void waitsEnd() {
        ComputePermits permits = permits(1, Duration.ofSeconds(1), Duration.ofMillis(50));
        try (ComputePermits.Permit held = permits.take(LONG, Priority.NORMAL)) {
            assertRefused("too-many-searches", () -> permits.take(LONG, Priority.NORMAL));
            assertRefused("deadline-passed", () -> permits.take(Budget.of(Duration.ofMillis(20)), Priority.NORMAL));
            assertRefused("deadline-passed", () -> permits.take(Budget.of(Duration.ZERO), Priority.NORMAL));
        }
        assertRefused("deadline-passed", () -> permits.take(Budget.of(Duration.ZERO), Priority.NORMAL));
        permits.take(LONG, Priority.NORMAL).close();
    }

    @Test
    @DisplayName("S39: with three times what can be computed, most computations have a caller who still waits")
    void computesWhatIsWaitedFor() throws Exception {
        ComputePermits permits = permits(2, Duration.ofMillis(50), Duration.ofSeconds(1));
        AtomicInteger computed = new AtomicInteger();
        AtomicInteger inTime = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            long due = System.nanoTime();
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    permits.holding(() -> {
                        sleep(5);
                        return computed.incrementAndGet();
                    });
                    if (System.nanoTime() - due < TimeUnit.MILLISECONDS.toNanos(500)) {
                        inTime.incrementAndGet();
                    }
                } catch (Overloaded e) {
                    refused.incrementAndGet();
                }
            }));
            if (i % 6 == 5) {
                Thread.sleep(5); // six come while two are computed
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(computed.get() + refused.get()).isEqualTo(1_500);
        assertThat(refused.get()).isGreaterThan(300);
        assertThat(computed.get()).isGreaterThan(200);
        assertThat(inTime.get()).isGreaterThan(computed.get() * 3 / 4);
    }

    @Test
    void firstComeFirstServed() throws Exception {
        ComputePermits permits = permits(1, Duration.ofMinutes(1), Duration.ofMinutes(1));
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        try (ComputePermits.Permit held = permits.take(LONG, Priority.NORMAL)) {
            for (int i = 0; i < 10; i++) {
                int number = i;
                threads.add(Thread.ofVirtual().start(() -> permits.holding(() -> order.add(number))));
                awaitQueued(permits, i + 1);
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).isSorted().hasSize(10);
    }

    @Test
    void whoHoldsAPermitNeedsNoOther() {
        ComputePermits permits = permits(1, Duration.ofMillis(1), Duration.ofMillis(1));
        assertThat(permits.<String>holding(() -> permits.holding(() -> "in"))).isEqualTo("in");
        ComputePermits other = permits(1, Duration.ofMillis(1), Duration.ofMillis(1));
        assertThat(permits.<String>holding(() -> other.holding(() -> "both"))).isEqualTo("both");
    }

    @Test
    @DisplayName("S14: who waits for others lends its permit, and comes back before newcomers")
    void lendsItsPermit() throws Exception {
        ComputePermits permits = permits(1, Duration.ofMinutes(1), Duration.ofMinutes(1));
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch away = new CountDownLatch(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Thread first = Thread.ofPlatform()
                .start(() -> permits.holding(() -> {
                    permits.waiting(() -> {
                        away.countDown();
                        awaitQuietly(answered);
                        return true;
                    });
                    return order.add("back");
                }));
        away.await();
        Thread newcomer;
        try (ComputePermits.Permit lent = permits.take(LONG, Priority.NORMAL)) {
            newcomer = Thread.ofPlatform().start(() -> permits.holding(() -> order.add("newcomer")));
            awaitQueued(permits, 1);
            answered.countDown();
            awaitQueued(permits, 2);
        }
        first.join();
        newcomer.join();
        assertThat(order).containsExactly("back", "newcomer");
        assertThat(permits.<String>waiting(() -> "without any")).isEqualTo("without any");
    }

    @Test
    void aPermitIsFreeAgainWhateverHappensWithIt() throws Exception {
        ComputePermits permits = permits(1, Duration.ofMillis(1), Duration.ofMillis(1));
        assertThatThrownBy(() -> permits.holding(() -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        ComputePermits.Permit permit = permits.take(Budget.of(Duration.ofMillis(300)), Priority.NORMAL);
        assertRefused(
                "deadline-passed",
                () -> permit.use(() -> permits.waiting(() -> {
                    try {
                        // Somebody else computes until long after this one's time.
                        ComputePermits.Permit lent = permits.take(LONG, Priority.NORMAL);
                        Thread.ofVirtual().start(() -> {
                            sleep(600);
                            lent.close();
                        });
                        return lent;
                    } catch (Overloaded e) {
                        throw new AssertionError("the permit was lent to nobody", e);
                    }
                })));
        permit.close();
        sleep(900);
        permits.take(LONG, Priority.NORMAL).close();
        assertThat(permits.queued()).isZero();
    }

    @Test
    @DisplayName("S14: every budget that is made while a request computes ends with the request's own")
    void budgetsEndWithTheWhole() {
        ComputePermits permits = permits(1, Duration.ofMillis(1), Duration.ofMillis(1));
        AtomicInteger shorter = new AtomicInteger();
        try (ComputePermits.Permit permit = permits.take(Budget.of(Duration.ofSeconds(30)), Priority.NORMAL)) {
            Duration left = permit.use(() -> {
                shorter.set((int) Budget.of(Duration.ofMillis(5)).left().toMillis());
                return Budget.of(Duration.ofHours(1)).left();
            });
            assertThat(left).isBetween(Duration.ofMillis(1), Duration.ofSeconds(30));
            assertThat(shorter.get()).isLessThanOrEqualTo(5);
        }
        assertThat(Budget.of(Duration.ofHours(1)).left()).isGreaterThan(Duration.ofMinutes(50));
    }

    @Test
    @DisplayName("turns come by priority, and first come, first served within one")
    void turnsComeByPriority() throws Exception {
        ComputePermits permits = permits(1, Duration.ofMinutes(1), Duration.ofMinutes(1));
        List<Priority> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        try (ComputePermits.Permit held = permits.take(LONG, Priority.NORMAL)) {
            for (Priority priority : List.of(
                    Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.NORMAL, Priority.LOW, Priority.HIGH)) {
                threads.add(Thread.ofVirtual().start(() -> {
                    try (ComputePermits.Permit permit = permits.take(LONG, priority)) {
                        order.add(priority);
                    }
                }));
                awaitQueued(permits, threads.size());
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).isSorted().hasSize(6);
    }

    @Test
    @DisplayName("what is of low priority is refused first, and those behind it do not count for those before it")
    void refusesLowPriorityFirst() throws Exception {
        ComputePermits permits = permits(1, Duration.ofMillis(19), Duration.ofMinutes(1)); // of 5 ms each
        List<Thread> threads = new ArrayList<>();
        try (ComputePermits.Permit held = permits.take(LONG, Priority.NORMAL)) {
            assertRefused("too-many-searches", () -> permits.checkRoom(Priority.LOW));
            for (int i = 0; i < 3; i++) {
                permits.checkRoom(Priority.NORMAL);
                threads.add(Thread.ofVirtual()
                        .start(() -> permits.take(LONG, Priority.NORMAL).close()));
                awaitQueued(permits, i + 1);
            }
            assertRefused("too-many-searches", () -> permits.checkRoom(Priority.NORMAL));
            permits.checkRoom(Priority.HIGH);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        permits.checkRoom(Priority.LOW);
    }

    @Test
    @DisplayName("heavy computations leave permits to others, and lend their own while they wait for one another")
    void heavyOnesLeavePermitsToOthers() throws Exception {
        ComputePermits permits = permits(2, Duration.ofMinutes(1), Duration.ofMinutes(1));
        CountDownLatch isIn = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Thread first = Thread.ofPlatform()
                .start(() -> permits.heavily(() -> {
                    isIn.countDown();
                    awaitQuietly(mayEnd);
                    return order.add("first");
                }));
        isIn.await();
        List<Thread> heavy = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            heavy.add(Thread.ofPlatform().start(() -> permits.heavily(() -> order.add("later"))));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(permits.<String>holding(() -> "light")).isEqualTo("light");
        }
        assertThat(order).isEmpty();
        mayEnd.countDown();
        first.join();
        for (Thread thread : heavy) {
            thread.join();
        }
        assertThat(order).hasSize(4).startsWith("first");
        assertThat(permits.<String>heavily(() -> permits.heavily(() -> "one in another")))
                .isEqualTo("one in another");
    }

    @Test
    @DisplayName("a heavy computation that comes back too late gives its turn away")
    void aHeavyOneThatIsLateGivesItsTurnAway() throws Exception {
        ComputePermits permits = permits(1, Duration.ofMinutes(1), Duration.ofMinutes(1));
        CountDownLatch isIn = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Thread first = Thread.ofPlatform()
                .start(() -> permits.heavily(() -> {
                    isIn.countDown();
                    return permits.waiting(() -> {
                        awaitQuietly(mayEnd);
                        return true;
                    });
                }));
        isIn.await();
        try (ComputePermits.Permit late = permits.take(Budget.of(Duration.ofMillis(200)), Priority.NORMAL)) {
            assertRefused("deadline-passed", () -> late.use(() -> permits.heavily(() -> "never")));
        }
        mayEnd.countDown();
        first.join();
        assertThat(permits.<String>heavily(() -> "free again")).isEqualTo("free again");
    }

    @Test
    @DisplayName("S14: what is computed ends where its request has no time left")
    void computationsEndWithTheirTime() {
        ComputePermits permits = permits(1, Duration.ofMillis(1), Duration.ofMillis(1));
        ComputePermits.checkTime();
        try (ComputePermits.Permit permit = permits.take(Budget.of(Duration.ofMillis(30)), Priority.NORMAL)) {
            assertRefused(
                    "deadline-passed",
                    () -> permit.use(() -> {
                        ComputePermits.checkTime();
                        assertThat(ComputePermits.earlier(Long.MAX_VALUE))
                                .isLessThan(System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
                        assertThat(ComputePermits.earlier(7)).isEqualTo(7);
                        sleep(40);
                        ComputePermits.checkTime();
                        return "too late";
                    }));
        }
        permits.holding(() -> {
            ComputePermits.checkTime();
            return "as long as it takes";
        });
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
