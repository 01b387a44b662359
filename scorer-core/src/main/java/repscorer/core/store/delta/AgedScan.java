package repscorer.core.store.delta;

import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.SearchStats.End;
import repscorer.ann.SearchStats.Plan;
import repscorer.ann.TopK;

/** Reads all rows of a space as they are now, for a ranking that ages change. */
final class AgedScan {

    private static final int ROWS_PER_LOOK = 1_024; // at the clock

    /** What is left of a row, by a measure. */
    @FunctionalInterface
    interface Score {

        /** NaN for a row that is not to be found. */
        float of(int ordinal);
    }

    private AgedScan() {}

    /**
     * The best rows of the base and of the changes over it. O(rows), until a deadline.
     *
     * @param found which of them may be found
     * @param best empty; as many as are wanted
     */
    static Neighbors search(
            DeltaView delta, OrdinalFilter found, TopK best, float scoreMin, long deadlineNanos, Score score) {
        int base = delta.baseCount();
        int count = base + delta.count();
        long scored = 0;
        for (int ordinal = found.next(0, count); ordinal < count; ordinal = found.next(ordinal + 1, count)) {
            boolean live = ordinal < base ? !delta.overrides(ordinal) : delta.isLive(ordinal - base);
            if (!live) {
                continue;
            }
            if (scored++ % ROWS_PER_LOOK == 0 && SearchOptions.isOver(deadlineNanos)) {
                return best.drain(new SearchStats(Plan.EXACT, scored, 0).ended(End.DEADLINE));
            }
            float value = score.of(ordinal);
            if (value >= scoreMin) {
                best.offer(ordinal, value);
            }
        }
        return best.drain(new SearchStats(Plan.EXACT, scored, 0));
    }
}
