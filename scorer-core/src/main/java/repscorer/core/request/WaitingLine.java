package repscorer.core.request;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;

/** Who waits for a permit: those who lent theirs first, then newcomers by their priority. To be used with its owner's lock held. */
final class WaitingLine {

    private final Deque<Waiter> returning = new ArrayDeque<>();
    private final Map<Priority, Deque<Waiter>> newcomers = new EnumMap<>(Priority.class);

    /** One that waits, in the queue that it is in. */
    static final class Waiter {

        private final Deque<Waiter> queue;
        private final Condition turn;
        private boolean granted;

        private Waiter(Deque<Waiter> queue, Condition turn) {
            this.queue = queue;
            this.turn = turn;
        }

        boolean granted() {
            return granted;
        }

        /** Waits to be granted a permit, or for as long. */
        void await(long nanos) throws InterruptedException {
            turn.awaitNanos(nanos);
        }

        /** Waits no longer. */
        void leave() {
            queue.remove(this);
        }
    }

    private Deque<Waiter> newcomers(Priority priority) {
        return newcomers.computeIfAbsent(priority, each -> new ArrayDeque<>());
    }

    Waiter joinReturning(Condition turn) {
        return join(returning, turn);
    }

    Waiter join(Priority priority, Condition turn) {
        return join(newcomers(priority), turn);
    }

    private static Waiter join(Deque<Waiter> queue, Condition turn) {
        Waiter waiter = new Waiter(queue, turn);
        queue.addLast(waiter);
        return waiter;
    }

    /** Grants a permit to whoever is next; false where nobody waits. */
    boolean grant() {
        Waiter next = returning.pollFirst();
        for (Priority priority : Priority.values()) {
            next = next == null ? newcomers(priority).pollFirst() : next;
        }
        if (next == null) {
            return false;
        }
        next.granted = true;
        next.turn.signal();
        return true;
    }

    /** How many are before a newcomer. */
    int ahead(Priority newcomer) {
        int ahead = returning.size();
        for (Priority priority : Priority.values()) {
            ahead += priority.compareTo(newcomer) <= 0 ? newcomers(priority).size() : 0;
        }
        return ahead;
    }

    int size() {
        return ahead(Priority.LOW);
    }
}
