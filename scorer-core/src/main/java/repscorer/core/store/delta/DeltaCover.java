package repscorer.core.store.delta;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Space;

/** Lets the graph over the changes of one space follow them, in the background, once they are many. Safe for concurrent use. */
public final class DeltaCover {

    private final Space space;
    private final Executor background;
    private final int rowsMin;
    private final AtomicBoolean running = new AtomicBoolean();

    /** @param rowsMin from so many changes on there is a graph */
    public DeltaCover(Space space, Executor background, int rowsMin) {
        this.space = space;
        this.background = background;
        this.rowsMin = rowsMin;
    }

    /** Whether changes to the space are searched by a graph once they are many. */
    public boolean hasGraph() {
        return space instanceof DenseSpace dense && !dense.engine().equals("exact");
    }

    /**
     * Begins where it is worth it, and goes on until the graph has caught up.
     *
     * @param delta the one that changes are added to now
     * @param turn held by whoever adds them
     */
    public void soon(Supplier<Delta> delta, ReentrantLock turn) {
        if (!isBehind(delta.get()) || !running.compareAndSet(false, true)) {
            return;
        }
        try {
            background.execute(() -> {
                try {
                    while (isBehind(delta.get())) {
                        cover(delta, turn);
                    }
                } finally {
                    running.set(false);
                }
            });
        } catch (RejectedExecutionException e) {
            running.set(false); // the store is closed
        }
    }

    private boolean isBehind(Delta present) {
        return hasGraph()
                && present.count() >= rowsMin
                && present.uncovered() >= Math.min(DeltaGraph.BEHIND_MAX, rowsMin)
                && !Thread.currentThread().isInterrupted();
    }

    private void cover(Supplier<Delta> delta, ReentrantLock turn) {
        turn.lock();
        Delta present = delta.get();
        DeltaView view = present.view();
        turn.unlock();
        if (space instanceof DenseSpace dense) {
            present.cover(dense, view);
        }
    }

    /** Links changes that nobody sees yet, where they are many. */
    public void cover(Delta next) {
        if (hasGraph() && next.count() >= rowsMin && space instanceof DenseSpace dense) {
            CompletableFuture.runAsync(() -> next.cover(dense, next.view()), background)
                    .join();
        }
    }
}
