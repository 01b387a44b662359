package repscorer.core.store.delta;

import java.util.Arrays;
import repscorer.ann.Neighbors;
import repscorer.ann.ScoreBounds;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.SparseIndex;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Mode;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.ann.TopK;
import repscorer.vector.SparseVector;

/**
 * A base's index with the rows that changed left out, and a scan of the rows that came: one answer by score. Rows that came
 * are met where they share one of the query's strongest clusters; no list cuts them short.
 */
public record OverlaidSparseIndex(SparseIndex base, DeltaView delta) implements SparseIndex {

    /** Of the exponentially scaled cosine. */
    private static final double EXPONENT = 0.3;

    /** The clock is looked at once for so many changed rows. */
    private static final int ROWS_PER_LOOK = 1024;

    @Override
    public int count() {
        return delta.rows();
    }

    /** O(the base's search + entries of all changes). */
    @Override
    public Neighbors search(SparseVector query, SparseSearchOptions options) {
        Neighbors old = base.search(query, options.withFilter(delta.untouched(options.filter())));
        TopK best = new TopK(options.resultsMax());
        for (int i = 0; i < old.size(); i++) {
            best.offer(old.ordinals()[i], old.scores()[i]);
        }
        SearchStats came = query.isEmpty() ? old.stats() : scan(query, options, best, old.stats());
        return best.drain(came);
    }

    /** Of the base's rows; those that came since are for the caller to score. */
    @Override
    public ScoreBounds bounds(SparseVector query, SparseSearchOptions.Ranking ranking) {
        return base.bounds(query, ranking);
    }

    /** @param old what the base's search did; answers that and the scan together */
    private SearchStats scan(SparseVector query, SparseSearchOptions options, TopK best, SearchStats old) {
        boolean[] scanned = strongest(query, options.mode() == Mode.EXACT ? query.size() : options.clustersScanned());
        double squares = query.squaredNorm();
        int first = delta.baseCount();
        int count = delta.count();
        long scored = old.scored();
        SearchStats.End end = old.end();
        for (int slot = 0; slot < count; slot++) {
            if (slot % ROWS_PER_LOOK == 0 && SearchOptions.isOver(options.deadlineNanos())) {
                end = SearchStats.End.DEADLINE;
                break;
            }
            if (!delta.isLive(slot) || !options.filter().accepts(first + slot)) {
                continue;
            }
            double score = score(query, squares, scanned, delta.sparse(slot), options);
            if (Double.isNaN(score)) {
                continue;
            }
            scored++;
            if ((float) score >= options.scoreMin()) {
                best.offer(first + slot, (float) score);
            }
        }
        return new SearchStats(old.plan(), scored, 0).ended(end);
    }

    /** Which of the query's entries are among the n strongest, ties by ascending column. */
    private static boolean[] strongest(SparseVector query, int n) {
        boolean[] scanned = new boolean[query.size()];
        if (n >= query.size()) {
            Arrays.fill(scanned, true);
            return scanned;
        }
        TopK strongest = new TopK(n);
        for (int i = 0; i < query.size(); i++) {
            strongest.offer(i, query.weights()[i]);
        }
        for (int place : strongest
                .drain(new SearchStats(SearchStats.Plan.CLUSTERS, 0, 0))
                .ordinals()) {
            scanned[place] = true;
        }
        return scanned;
    }

    /** NaN where the row shares none of the clusters scanned. */
    private static double score(
            SparseVector query, double squares, boolean[] scanned, SparseVector row, SparseSearchOptions options) {
        double metProduct = 0;
        double metSquares = 0;
        double product = 0;
        boolean met = false;
        int i = 0;
        int j = 0;
        while (i < query.size() && j < row.size()) {
            int difference = Integer.compare(query.columns()[i], row.columns()[j]);
            if (difference == 0) {
                double weight = row.weights()[j];
                product += query.weights()[i] * weight;
                if (scanned[i]) {
                    met = true;
                    metProduct += query.weights()[i] * weight;
                    metSquares += weight * weight;
                }
            }
            i += difference <= 0 ? 1 : 0;
            j += difference >= 0 ? 1 : 0;
        }
        if (!met) {
            return Double.NaN;
        }
        boolean whole = options.mode() != Mode.RELEASED;
        double p = whole ? product : metProduct;
        double q = whole ? row.squaredNorm() : metSquares;
        return score(options.ranking(), p, squares, q);
    }

    /** @param p the inner product @param squares of the query @param q of the row */
    static double score(Ranking ranking, double p, double squares, double q) {
        return switch (ranking) {
            case DOT -> p;
            case COSINE -> p / (Math.sqrt(squares) * Math.sqrt(q));
            case LOG_COSINE -> p / (Math.log1p(squares) * Math.log1p(q));
            case COSINE_NO_SOURCE_NORM -> p / Math.sqrt(q);
            case EXP_SCALED_COSINE -> p / (Math.pow(squares, EXPONENT) * Math.pow(q, EXPONENT));
        };
    }
}
