package repscorer.core.store.delta;

import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.ScoreBounds;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.SearchStats.End;
import repscorer.ann.SearchStats.Plan;
import repscorer.ann.SparseIndex;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.ann.TopK;
import repscorer.vector.SparseQuery;
import repscorer.vector.SparseVector;

/**
 * An index over rows that grow old. Expired ones are left out inside its search. By a cosine rows rank the same whatever is left of
 * them, and are searched as before; by another ranking rows that decay are scanned, each as it is now, so that the answer is exact.
 */
public record AgedSparseIndex(SparseIndex all, RowAges ages) implements SparseIndex {

    private static final int ROWS_PER_LOOK = 1_024; // at the clock

    @Override
    public int count() {
        return all.count();
    }

    @Override
    public Neighbors search(SparseVector query, SparseSearchOptions options) {
        OrdinalFilter found = ages.found(options.filter());
        return ages.decays() && !scaleless(options.ranking())
                ? scan(query, found, options)
                : all.search(query, options.withFilter(found));
    }

    private static boolean scaleless(Ranking ranking) {
        return ranking == Ranking.COSINE || ranking == Ranking.COSINE_NO_SOURCE_NORM;
    }

    /** None that hold for what is left of a row. */
    @Override
    public ScoreBounds bounds(SparseVector query, Ranking ranking) {
        return ScoreBounds.NONE;
    }

    private Neighbors scan(SparseVector query, OrdinalFilter found, SparseSearchOptions options) {
        DeltaView delta = ages.delta();
        int base = delta.baseCount();
        int count = base + delta.count();
        SparseQuery source = new SparseQuery().set(query);
        TopK best = new TopK(options.resultsMax());
        long scored = 0;
        for (int ordinal = found.next(0, count); ordinal < count; ordinal = found.next(ordinal + 1, count)) {
            boolean live = ordinal < base ? !delta.overrides(ordinal) : delta.isLive(ordinal - base);
            if (!live) {
                continue;
            }
            if (scored++ % ROWS_PER_LOOK == 0 && SearchOptions.isOver(options.deadlineNanos())) {
                return best.drain(new SearchStats(Plan.EXACT, scored, 0).ended(End.DEADLINE));
            }
            read(source, ordinal);
            double factor = ages.factor(ordinal);
            double score = OverlaidSparseIndex.score(
                    options.ranking(),
                    factor * source.dot(),
                    query.squaredNorm(),
                    factor * factor * source.rowSquares());
            if (source.dot() > 0 && (float) score >= options.scoreMin()) {
                best.offer(ordinal, (float) score);
            }
        }
        return best.drain(new SearchStats(Plan.EXACT, scored, 0));
    }

    private void read(SparseQuery source, int ordinal) {
        int slot = ordinal - ages.base().count();
        if (slot < 0) {
            source.readProducts(ages.base().sparseRows(), ordinal);
        } else {
            SparseVector row = ages.delta().sparse(slot);
            source.readProducts(row.columns(), row.weights(), row.size());
        }
    }
}
