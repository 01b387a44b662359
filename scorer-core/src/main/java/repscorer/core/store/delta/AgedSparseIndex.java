package repscorer.core.store.delta;

import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.ScoreBounds;
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
        SparseQuery source = new SparseQuery().set(query);
        double squaredNorm = query.squaredNorm();
        return AgedScan.search(
                ages.delta(),
                found,
                new TopK(options.resultsMax()),
                options.scoreMin(),
                options.deadlineNanos(),
                ordinal -> score(source, squaredNorm, options.ranking(), ordinal));
    }

    private float score(SparseQuery source, double squaredNorm, Ranking ranking, int ordinal) {
        read(source, ordinal);
        if (!(source.dot() > 0)) {
            return Float.NaN;
        }
        double factor = ages.factor(ordinal);
        return (float) OverlaidSparseIndex.score(
                ranking, factor * source.dot(), squaredNorm, factor * factor * source.rowSquares());
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
