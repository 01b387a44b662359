package repscorer.core.store.delta;

import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.TopK;
import repscorer.core.text.TextIndex;
import repscorer.core.text.TextQuery;

/**
 * A base's texts with those that changed left out, and a scan of those that came: one answer by score. What words weigh is the
 * base's say until the next compaction.
 */
public record OverlaidTexts(TextIndex base, DeltaView delta) {

    /** The clock is looked at once for so many changed rows. */
    private static final int ROWS_PER_LOOK = 1_024;

    /** O(the base's search + words of the query · changes). */
    public Neighbors search(TextQuery query, int k, float scoreMin, OrdinalFilter filter, long deadlineNanos) {
        Neighbors old = base.search(query, k, scoreMin, delta.untouched(filter), deadlineNanos);
        if (delta.isEmpty()) {
            return old;
        }
        TopK best = new TopK(k);
        for (int i = 0; i < old.size(); i++) {
            best.offer(old.ordinals()[i], old.scores()[i]);
        }
        int first = delta.baseCount();
        long scored = old.stats().scored();
        SearchStats.End end = old.stats().end();
        for (int slot = 0; slot < delta.count(); slot++) {
            if (slot % ROWS_PER_LOOK == ROWS_PER_LOOK - 1 && SearchOptions.isOver(deadlineNanos)) {
                end = SearchStats.End.DEADLINE;
                break;
            }
            if (delta.isLive(slot) && filter.accepts(first + slot)) {
                float score = (float) base.score(query, delta.words(slot, base));
                scored++;
                if (score > 0 && score >= scoreMin) {
                    best.offer(first + slot, score);
                }
            }
        }
        return best.drain(new SearchStats(old.stats().plan(), scored, 0).ended(end));
    }
}
