package repscorer.core.store.delta;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.TopK;
import repscorer.core.text.Completion;
import repscorer.core.text.Completion.Match;
import repscorer.core.text.TextIndex;
import repscorer.core.text.TextQuery;

/**
 * A base's texts with those that changed left out, and a scan of those that came: one answer by score. What words weigh is the
 * base's say until the next compaction.
 */
public record OverlaidTexts(TextIndex base, DeltaView delta) {

    /** The clock is looked at once for so many changed rows. */
    private static final int ROWS_PER_LOOK = 1_024;

    /** The best n names by the beginnings of their words. O(the base's search + changes). */
    public List<Match> complete(String prefix, int n) {
        Optional<Completion> names = base.completion();
        if (names.isEmpty() || prefix.isBlank()) {
            return List.of();
        }
        List<Match> found = new ArrayList<>(names.get().complete(prefix, n, row -> !delta.overrides(row)));
        for (int slot = 0; slot < delta.count(); slot++) {
            if (delta.isLive(slot)) {
                base.completed(delta.baseCount() + slot, delta.words(slot, base), prefix)
                        .ifPresent(found::add);
            }
        }
        return found;
    }

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
