package repscorer.core.store.delta;

import java.util.Arrays;
import repscorer.ann.Neighbors;
import repscorer.ann.ScoreBounds;
import repscorer.ann.SearchStats;
import repscorer.ann.SparseIndex;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Mode;
import repscorer.ann.TopK;
import repscorer.vector.SparseVector;

/**
 * A base's index with the rows that changed left out, and a scan of the rows that came: one answer by score. Rows that came
 * are met where they share one of the query's strongest clusters; no list cuts them short.
 */
public record OverlaidSparseIndex(SparseIndex base, DeltaView delta) implements SparseIndex {

    /** Of the exponentially scaled cosine. */
    private static final double EXPONENT = 0.3;

    @Override
    public int count() {
        return delta.rows();
    }

    /** O(the base's search + entries of all changes). */
    @Override
    public Neighbors search(SparseVector query, SparseSearchOptions options) {
        Neighbors old = base.search(
                query,
                new SparseSearchOptions(
                        options.clustersScanned(),
                        options.itemsPerCluster(),
                        options.candidatesMax(),
                        options.resultsMax(),
                        options.scoreMin(),
                        options.ranking(),
                        options.mode(),
                        delta.untouched(options.filter())));
        TopK best = new TopK(options.resultsMax());
        for (int i = 0; i < old.size(); i++) {
            best.offer(old.ordinals()[i], old.scores()[i]);
        }
        long scored = query.isEmpty() ? 0 : scan(query, options, best);
        return best.drain(new SearchStats(old.stats().plan(), old.stats().scored() + scored, 0));
    }

    /** Of the base's rows; those that came since are for the caller to score. */
    @Override
    public ScoreBounds bounds(SparseVector query, SparseSearchOptions.Ranking ranking) {
        return base.bounds(query, ranking);
    }

    private long scan(SparseVector query, SparseSearchOptions options, TopK best) {
        boolean[] scanned = strongest(query, options.mode() == Mode.EXACT ? query.size() : options.clustersScanned());
        double squares = query.squaredNorm();
        int first = delta.baseCount();
        int count = delta.count();
        long scored = 0;
        for (int slot = 0; slot < count; slot++) {
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
        return scored;
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
        return switch (options.ranking()) {
            case DOT -> p;
            case COSINE -> p / (Math.sqrt(squares) * Math.sqrt(q));
            case LOG_COSINE -> p / (Math.log1p(squares) * Math.log1p(q));
            case COSINE_NO_SOURCE_NORM -> p / Math.sqrt(q);
            case EXP_SCALED_COSINE -> p / (Math.pow(squares, EXPONENT) * Math.pow(q, EXPONENT));
        };
    }
}
