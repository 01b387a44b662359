package repscorer.ann.hnsw;

import java.util.ArrayDeque;
import java.util.Collection;
import repscorer.parallel.Epochs;

/** Slots whose rows were unlinked, each free for another row once no search is left that could know the old one. One thread. */
final class FreeSlots {

    private record Retired(int slot, long epoch) {}

    private final Epochs epochs;

    /** Oldest first. */
    private final ArrayDeque<Retired> retired = new ArrayDeque<>();

    FreeSlots(Epochs epochs) {
        this.epochs = epochs;
    }

    /** Takes slots that nothing leads to any more. */
    void add(Collection<Integer> slots) {
        long epoch = epochs.retire();
        for (int slot : slots) {
            retired.add(new Retired(slot, epoch));
        }
    }

    /** Gives away a slot that no search can see; {@link Graph#NONE} where there is none. */
    int take() {
        Retired oldest = retired.peek();
        if (oldest == null || oldest.epoch() >= epochs.oldest()) {
            return Graph.NONE;
        }
        retired.remove();
        return oldest.slot();
    }
}
