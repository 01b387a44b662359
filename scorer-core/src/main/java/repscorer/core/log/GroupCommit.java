package repscorer.core.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The turns of those who append to one log: what waits while a group is being synced becomes the next group. Safe for concurrent
 * use.
 */
public final class GroupCommit<B> {

    /*
     * Callers queue their batches, then take turns. Whoever has the turn writes all that is queued as one group with one sync,
     * so that the more callers there are, the fewer syncs each costs.
     */

    /** Records that one group holds at most, beside those of its last batch. */
    private static final int GROUP_RECORDS_MAX = 20_000;

    /** Puts a group on the device and makes it visible; called by whoever has the turn. */
    @FunctionalInterface
    public interface Commit<B> {

        /** @throws IOException when the device refuses: no batch of the group counts then */
        void commit(List<B> group) throws IOException;
    }

    private final ReentrantLock turn;
    private final ToIntFunction<B> records;
    private final Commit<B> commit;
    private final ConcurrentLinkedQueue<Waiting<B>> queue = new ConcurrentLinkedQueue<>();

    /** What one caller waits for; guarded by the turn. */
    private static final class Waiting<B> {
        final B batch;
        boolean done;

        @Nullable
        IOException failure;

        Waiting(B batch) {
            this.batch = batch;
        }
    }

    /**
     * @param turn held by whoever commits; others may take it to keep groups away
     * @param records that a batch holds
     */
    public GroupCommit(ReentrantLock turn, ToIntFunction<B> records, Commit<B> commit) {
        this.turn = turn;
        this.records = records;
        this.commit = commit;
    }

    /** Returns when the batch's group is committed. */
    public void submit(B batch) throws IOException {
        Waiting<B> mine = new Waiting<>(batch);
        queue.add(mine);
        turn.lock();
        try {
            while (!mine.done) {
                commitGroup();
            }
        } finally {
            turn.unlock();
        }
        if (mine.failure != null) {
            throw new IOException(mine.failure.getMessage(), mine.failure);
        }
    }

    private void commitGroup() {
        List<Waiting<B>> group = new ArrayList<>();
        int taken = 0;
        Waiting<B> next;
        while (taken < GROUP_RECORDS_MAX && (next = queue.poll()) != null) {
            group.add(next);
            taken += records.applyAsInt(next.batch);
        }
        try {
            commit.commit(group.stream().map(each -> each.batch).toList());
        } catch (IOException e) {
            group.forEach(each -> each.failure = e);
        } catch (RuntimeException | Error e) {
            group.forEach(each -> each.failure = new IOException("the group failed: " + e, e));
            throw e;
        } finally {
            group.forEach(each -> each.done = true);
        }
    }
}
