package repscorer.core.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DerivedFactsTest {

    private final DerivedFacts facts = new DerivedFacts();
    private final AtomicInteger computed = new AtomicInteger();

    @Test
    void computesAFactOnceForAllWhoAsk() throws InterruptedException {
        CountDownLatch together = new CountDownLatch(8);
        Thread[] threads = new Thread[8];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = Thread.ofPlatform().start(() -> {
                together.countDown();
                try {
                    together.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                facts.get("inverse", computed::incrementAndGet);
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(facts.<Integer>get("inverse", computed::incrementAndGet)).isEqualTo(1);
        assertThat(computed).hasValue(1);
    }

    @Test
    void computesAnewWhereWhatItCameFromIsAnother() {
        assertThat(facts.<String>get("ages", 1, () -> "of one")).isEqualTo("of one");
        assertThat(facts.<String>get("ages", 2, () -> "of two")).isEqualTo("of two");
        assertThat(facts.<String>get("ages", 2, () -> "again")).isEqualTo("of two");
        assertThat(facts.<String>get("ages", 1, () -> "again")).isEqualTo("again");
    }

    @Test
    void oneFactMayAskForAnother() {
        String outer = facts.get("outer", () -> "over " + facts.get("inner", () -> "inner"));
        assertThat(outer).isEqualTo("over inner");
    }

    @Test
    void whatFailedIsTriedAgain() {
        assertThatIllegalStateException()
                .isThrownBy(() -> facts.get("bounds", () -> {
                    throw new IllegalStateException("no memory");
                }));
        assertThat(facts.<String>get("bounds", () -> "there")).isEqualTo("there");
    }
}
