package repscorer.api.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RequestThreadsTest {

    /** On which threads a request came and was computed. */
    private record Ran(Thread came, Thread computed) {}

    private static Ran run(RequestThreads threads) throws Exception {
        AtomicReference<Thread> computed = new AtomicReference<>();
        threads.run(() -> computed.set(Thread.currentThread()));
        return new Ran(Thread.currentThread(), Objects.requireNonNull(computed.get()));
    }

    @Test
    @DisplayName(
            "S33: few come to platform threads and are computed there; more come to virtual ones, and none of those computes")
    void handsOverWhereThereAreMany() throws Exception {
        int requests = 200;
        BlockingQueue<Ran> ran = new LinkedBlockingQueue<>();
        CountDownLatch end = new CountDownLatch(1);
        try (RequestThreads threads = new RequestThreads()) {
            for (int i = 0; i < requests; i++) {
                threads.execute(() -> {
                    try {
                        ran.add(run(threads));
                        end.await(); // slow to send, or to read
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
            int whole = 0;
            for (int i = 0; i < requests; i++) {
                Ran each = ran.poll(30, TimeUnit.SECONDS);
                assertThat(each)
                        .as("request %s of %s that wait for nothing".formatted(i, requests))
                        .isNotNull();
                assertThat(each.computed.isVirtual()).isFalse();
                if (each.came.isVirtual()) {
                    assertThat(each.computed).isNotEqualTo(each.came);
                } else {
                    assertThat(each.computed).isEqualTo(each.came);
                    whole++;
                }
            }
            assertThat(whole).isBetween(1, requests / 2);
            end.countDown();
        }
    }

    @Test
    @DisplayName("what a computation throws comes to its request, whoever computed")
    void throwsWhatWasThrown() throws Exception {
        try (RequestThreads threads = new RequestThreads()) {
            assertThatThrownBy(() -> threads.run(RequestThreadsTest::fail)).isInstanceOf(IOException.class);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            threads.run(RequestThreadsTest::fail);
                        } catch (Exception e) {
                            thrown.set(e);
                        }
                    })
                    .join();
            assertThat(thrown.get()).isInstanceOf(IOException.class).hasMessage("of the request");
        }
    }

    private static void fail() throws IOException {
        throw new IOException("of the request");
    }
}
