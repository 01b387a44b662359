package repscorer.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

    private final ReentrantLock turn = new ReentrantLock();
    private final List<List<Integer>> groups = Collections.synchronizedList(new ArrayList<>());

    private List<Future<?>> submitWhileTheTurnIsTaken(GroupCommit<Integer> commit, ExecutorService callers, int count)
            throws InterruptedException {
        List<Future<?>> done = new ArrayList<>();
        turn.lock();
        try {
            for (int i = 1; i <= count; i++) {
                int batch = i;
                done.add(callers.submit(() -> {
                    commit.submit(batch);
                    return batch;
                }));
            }
            while (turn.getQueueLength() < count) {
                Thread.sleep(1);
            }
        } finally {
            turn.unlock();
        }
        return done;
    }

    @Test
    void whatWaitsBecomesOneGroup() throws Exception {
        GroupCommit<Integer> commit = new GroupCommit<>(turn, batch -> 1, groups::add);
        try (ExecutorService callers = Executors.newCachedThreadPool()) {
            for (Future<?> each : submitWhileTheTurnIsTaken(commit, callers, 8)) {
                each.get(10, TimeUnit.SECONDS);
            }
        }
        assertThat(groups)
                .singleElement()
                .satisfies(group -> assertThat(group).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8));
    }

    @Test
    void aGroupHoldsNoMoreThanItsLastBatchBeyondTheLimit() throws Exception {
        GroupCommit<Integer> commit = new GroupCommit<>(turn, batch -> 15_000, groups::add);
        try (ExecutorService callers = Executors.newCachedThreadPool()) {
            for (Future<?> each : submitWhileTheTurnIsTaken(commit, callers, 5)) {
                each.get(10, TimeUnit.SECONDS);
            }
        }
        assertThat(groups).extracting(List::size).containsExactly(2, 2, 1);
    }

    @Test
    void aGroupThatTheDeviceRefusesFailsForAllOfItsCallersAndTheNextGoesOn() throws Exception {
        List<Integer> failing = new ArrayList<>(List.of(1));
        GroupCommit<Integer> commit = new GroupCommit<>(turn, batch -> 1, group -> {
            if (!failing.isEmpty()) {
                failing.clear();
                throw new IOException("No space left on device");
            }
            groups.add(group);
        });
        try (ExecutorService callers = Executors.newCachedThreadPool()) {
            for (Future<?> each : submitWhileTheTurnIsTaken(commit, callers, 3)) {
                assertThatThrownBy(() -> each.get(10, TimeUnit.SECONDS))
                        .rootCause()
                        .hasMessage("No space left on device");
            }
        }
        commit.submit(9);
        assertThat(groups).containsExactly(List.of(9));
    }

    @Test
    void aFaultOfOursFailsTheGroupAndIsThrown() {
        GroupCommit<Integer> commit = new GroupCommit<>(turn, batch -> 1, group -> {
            throw new IllegalStateException("ours");
        });
        assertThatThrownBy(() -> commit.submit(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("ours");
        assertThat(turn.isLocked()).isFalse();
    }
}
