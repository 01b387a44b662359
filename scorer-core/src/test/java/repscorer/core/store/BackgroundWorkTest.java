package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.store.delta.DeltaGraph;

/** Work that is waited for, and how many threads do it. */
@Timeout(60)
class BackgroundWorkTest {

    private static BackgroundWork work(int threads, int graphRowsMin) {
        return new BackgroundWork(new StoreOptions(1, 1, threads, 1, 1, graphRowsMin));
    }

    @Test
    @DisplayName("what work comes to or throws is what who waits for it gets")
    void whatWorkComesToIsAnswered() throws IOException {
        try (BackgroundWork background = work(1, 1)) {
            assertThat(background.<String>await(() -> "done")).isEqualTo("done");
            IOException failed = new IOException("Input/output error");
            assertThatThrownBy(() -> background.await(() -> {
                        throw failed;
                    }))
                    .isSameAs(failed);
            RuntimeException refused = new IllegalArgumentException("refused");
            assertThatThrownBy(() -> background.await(() -> {
                        throw refused;
                    }))
                    .isSameAs(refused);
            Error grave = new StackOverflowError();
            assertThatThrownBy(() -> background.await(() -> {
                        throw grave;
                    }))
                    .isSameAs(grave);
            Exception other = new CloneNotSupportedException();
            assertThatThrownBy(() -> background.await(() -> {
                        throw other;
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasRootCause(other);
        }
    }

    @Test
    @DisplayName("who is interrupted while it waits ends the work, and stays interrupted")
    void whoIsInterruptedEndsTheWork() throws Exception {
        try (BackgroundWork background = work(1, 1)) {
            CountDownLatch ended = new CountDownLatch(1);
            Thread waiting = Thread.currentThread();
            assertThatThrownBy(() -> background.await(() -> {
                        waiting.interrupt();
                        try {
                            return new CompletableFuture<String>().get();
                        } finally {
                            ended.countDown();
                        }
                    }))
                    .isInstanceOf(Rejected.class)
                    .hasMessage("interrupted while an index was built");
            assertThat(Thread.interrupted()).isTrue();
            ended.await();
        }
    }

    @Test
    @DisplayName("all threads build before there is anything to serve, half of them afterwards, and those rest")
    void allThreadsBuildBeforeThereIsAnythingToServe() {
        try (BackgroundWork background = work(4, 1)) {
            assertThat(background.builders(false).count()).isEqualTo(4);
            assertThat(background.builders(false).rest()).isZero();
            assertThat(background.builders(true).count()).isEqualTo(2);
            assertThat(background.builders(true).rest()).isPositive();
        }
    }

    @Test
    @DisplayName("changes are worth a graph from as many on as rows are, and never later than at its own bound")
    void changesAreWorthAGraph() {
        int[][] cases = {{0, 1}, {1, 1}, {700, 700}, {5_000, DeltaGraph.ROWS_MIN}};
        for (int[] each : cases) {
            try (BackgroundWork background = work(1, each[0])) {
                assertThat(background.deltaRowsMin()).isEqualTo(each[1]);
            }
        }
    }

    @Test
    @DisplayName("nothing is begun after the end")
    void nothingIsBegunAfterTheEnd() {
        BackgroundWork background = work(1, 1);
        background.close();
        assertThatThrownBy(() -> background.executor().execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> background.builders(false).executor().execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class);
    }
}
