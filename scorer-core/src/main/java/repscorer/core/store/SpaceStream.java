package repscorer.core.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import repscorer.ann.DenseIndex;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.Space;
import repscorer.core.store.Outcome.Accepted;
import repscorer.core.store.Outcome.Duplicate;

/**
 * Takes the changes to one space of one release: checks them, puts them on the device, applies them, makes them visible, in
 * this order and many at once. Safe for concurrent use.
 */
final class SpaceStream {

    /*
     * Group commit: callers queue their batches, then take turns. Whoever has the turn writes all that is queued as one group
     * with one sync, so that the more callers there are, the fewer syncs each costs.
     */

    /** Changes that one group holds at most, beside those of its last batch. */
    private static final int GROUP_CHANGES_MAX = 20_000;

    static final int PRODUCERS_MAX = 1_000;

    /** Makes a state of the delta visible. */
    interface Publisher {
        void publish(DeltaView view);
    }

    private final Space space;
    private final SpaceLog log;
    private final Publisher publisher;
    private final Map<String, Long> highest; // number accepted by producer
    private final ConcurrentLinkedQueue<Batch> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock();
    private final Executor background;
    private final AtomicBoolean covering = new AtomicBoolean();
    private volatile Delta delta;

    /** What one caller waits for. */
    private static final class Batch {
        final String producer;
        final List<Change> changes;

        @Nullable
        List<Outcome> outcomes;

        @Nullable
        IOException failure;

        Batch(String producer, List<Change> changes) {
            this.producer = producer;
            this.changes = changes;
        }

        boolean isDone() {
            return outcomes != null || failure != null;
        }
    }

    /** @param background where graphs over the changes are built */
    SpaceStream(
            Space space,
            SpaceLog log,
            Delta delta,
            Map<String, Long> highest,
            Publisher publisher,
            Executor background) {
        this.background = background;
        this.space = space;
        this.log = log;
        this.delta = delta;
        this.highest = new HashMap<>(highest);
        this.publisher = publisher;
    }

    /**
     * Answers each change by itself, when all that were accepted are durable and visible.
     *
     * @param producer who numbers the changes; the numbers of each ascend
     * @throws IOException when the device refuses; none of the changes is visible then, nor acknowledged
     */
    List<Outcome> apply(String producer, List<Change> changes) throws IOException {
        Batch batch = new Batch(producer, changes);
        queue.add(batch);
        turn.lock();
        try {
            while (!batch.isDone()) {
                commitGroup();
            }
        } finally {
            turn.unlock();
        }
        if (batch.failure != null) {
            throw new IOException(batch.failure.getMessage(), batch.failure);
        }
        coverSoon();
        return java.util.Objects.requireNonNull(batch.outcomes);
    }

    private void commitGroup() {
        List<Batch> group = new ArrayList<>();
        int taken = 0;
        Batch next;
        while (taken < GROUP_CHANGES_MAX && (next = queue.poll()) != null) {
            group.add(next);
            taken += next.changes.size();
        }
        Map<String, Long> numbers = new HashMap<>();
        List<LogRecord> records = new ArrayList<>();
        List<List<Outcome>> outcomes = new ArrayList<>();
        for (Batch batch : group) {
            outcomes.add(decide(batch, numbers, records));
        }
        try {
            if (!records.isEmpty()) {
                log.append(delta.sequence() + 1, records);
                records.forEach(each -> delta.add(each.change()));
                highest.putAll(numbers);
                publisher.publish(delta.view());
            }
            for (int i = 0; i < group.size(); i++) {
                group.get(i).outcomes = outcomes.get(i);
            }
        } catch (IOException e) {
            group.forEach(batch -> batch.failure = e);
        } catch (RuntimeException | Error e) {
            group.forEach(batch -> batch.failure = new IOException("the group failed: " + e, e));
            throw e;
        }
    }

    private List<Outcome> decide(Batch batch, Map<String, Long> numbers, List<LogRecord> records) {
        List<Outcome> outcomes = new ArrayList<>(batch.changes.size());
        for (Change change : batch.changes) {
            Optional<Outcome.Refused> refused = ChangeChecks.check(space, delta.base(), change);
            if (refused.isPresent()) {
                outcomes.add(refused.get());
                continue;
            }
            if (change.number().isPresent()) {
                long number = change.number().getAsLong();
                Long before = numbers.getOrDefault(batch.producer, highest.get(batch.producer));
                if (before == null && highest.size() + numbers.size() >= PRODUCERS_MAX) {
                    outcomes.add(new Outcome.Refused(
                            "too-many-producers", "a space has at most %d producers".formatted(PRODUCERS_MAX)));
                    continue;
                }
                if (before != null && number <= before) {
                    outcomes.add(new Duplicate(before));
                    continue;
                }
                numbers.put(batch.producer, number);
            }
            records.add(new LogRecord(batch.producer, ChangeChecks.applied(space, change)));
            outcomes.add(new Accepted(delta.sequence() + records.size()));
        }
        return outcomes;
    }

    /** Makes sure of what was read from the log at the start. */
    void prove() throws IOException {
        turn.lock();
        try {
            log.prove(delta.sequence());
        } finally {
            turn.unlock();
        }
    }

    /** Changes since the base was written. */
    int pending() {
        return delta.count();
    }

    /** Whether changes to the space are searched by a graph once they are many. */
    boolean hasGraph() {
        return space instanceof DenseSpace dense && !dense.engine().equals("exact");
    }

    /** Lets the graph over the changes follow them, in the background. */
    void coverSoon() {
        if (!isBehind() || !covering.compareAndSet(false, true)) {
            return;
        }
        try {
            background.execute(() -> {
                try {
                    while (isBehind()) {
                        cover();
                    }
                } finally {
                    covering.set(false);
                }
            });
        } catch (RejectedExecutionException e) {
            covering.set(false); // the store is closed
        }
    }

    private boolean isBehind() {
        Delta present = delta;
        return hasGraph()
                && present.count() >= DeltaGraph.ROWS_MIN
                && present.uncovered() >= DeltaGraph.BEHIND_MAX
                && !Thread.currentThread().isInterrupted();
    }

    private void cover() {
        turn.lock();
        Delta present = delta;
        DeltaView view = present.view();
        turn.unlock();
        if (space instanceof DenseSpace dense) {
            present.cover(dense, view);
        }
    }

    /** A state of the delta that nothing changes any more, and the segments it is in. */
    record Cut(DeltaView view, int lastSegment, Map<String, Long> highest) {}

    Cut cut() {
        turn.lock();
        try {
            return new Cut(delta.view(), log.roll(), Map.copyOf(highest));
        } finally {
            turn.unlock();
        }
    }

    /** What makes a new base known for good, and visible with the changes that came since. */
    interface Fold {
        void commit(DeltaView changes) throws IOException;
    }

    /**
     * Goes on from a base that holds everything up to a cut. Changes that came since are copied beside the writers; only the
     * last of them, and the commit itself, hold writers up.
     */
    void rebase(Cut cut, EmbeddingFile base, Optional<DenseIndex> baseIndex, Fold fold) throws IOException {
        Delta next = new Delta(base, baseIndex, cut.view().sequence());
        int from = cut.view().count();
        // Twice, for much may come while a graph is built over what came.
        for (int pass = 0; pass < 2; pass++) {
            turn.lock();
            DeltaView now = delta.view();
            turn.unlock();
            from = copy(now, from, next);
            if (hasGraph() && next.count() >= DeltaGraph.ROWS_MIN && space instanceof DenseSpace dense) {
                CompletableFuture.runAsync(() -> next.cover(dense, next.view()), background)
                        .join();
            }
        }
        turn.lock();
        try {
            copy(delta.view(), from, next);
            fold.commit(next.view());
            delta = next;
        } finally {
            turn.unlock();
        }
    }

    private static int copy(DeltaView changes, int from, Delta into) {
        for (int slot = from; slot < changes.count(); slot++) {
            into.add(changes.change(slot));
        }
        return changes.count();
    }

    /** Removes segments whose changes the base holds. */
    void forget(int lastSegment) throws IOException {
        turn.lock();
        try {
            log.removeUpTo(lastSegment);
        } finally {
            turn.unlock();
        }
    }

    void close() {
        turn.lock();
        try {
            log.roll();
        } finally {
            turn.unlock();
        }
    }
}
