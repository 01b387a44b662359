package repscorer.ann.sparse;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchStats;
import repscorer.ann.SearchStats.Plan;
import repscorer.ann.SparseIndex;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.ann.TopK;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/**
 * An inverted index from clusters to their top items.
 *
 * <p>A search reads the first M items of the query's N strongest clusters: O(N · M), and with rescoring the whole vector of
 * every item met besides. It allocates its answer only. A query column that no item has counts among the N.
 */
public final class ClusterIndex implements SparseIndex {

    /*
     * The released SimClusters-ANN ranks by what was met on the way: P, the sum of source weight × item weight, and Q, the
     * sum of squared item weights, over the clusters read. An item met in one list only then scores s/|s| whatever its own
     * weight, so whole lists tie. Rescoring ranks what was met by whole vectors instead: a query's columns go into a small
     * hash table, and each row is one pass over its entries against that.
     */

    /** How many scratch objects are kept for later searches; more searches at once allocate their own. */
    private static final int SCRATCHES_KEPT = 2 * Runtime.getRuntime().availableProcessors();

    private final SparseRows rows;
    private final Postings postings;
    private final double[] squaredNorms;
    private final ConcurrentLinkedQueue<Scratch> scratches = new ConcurrentLinkedQueue<>();
    private final AtomicInteger scratchesKept = new AtomicInteger();

    private ClusterIndex(SparseRows rows, Postings postings, double[] squaredNorms) {
        this.rows = rows;
        this.postings = postings;
        this.squaredNorms = squaredNorms;
    }

    /**
     * Inverts {@code rows}, keeping the strongest {@code itemsPerClusterMax} items of each cluster. Two passes over the
     * rows; keeps 8 bytes for each posting and for each row.
     *
     * @param rows stay where they are and must outlive the index; rescoring reads them
     * @throws IllegalArgumentException when {@code itemsPerClusterMax} is less than 1, or the lists together would hold more
     *     than 2³¹ - 9 postings
     */
    public static ClusterIndex build(SparseRows rows, int itemsPerClusterMax) {
        if (itemsPerClusterMax < 1) {
            throw new IllegalArgumentException("itemsPerClusterMax must be at least 1: " + itemsPerClusterMax);
        }
        RowReader reader = new RowReader();
        Postings postings = Postings.build(rows, itemsPerClusterMax, reader);
        return new ClusterIndex(rows, postings, squaredNorms(rows, reader));
    }

    private static double[] squaredNorms(SparseRows rows, RowReader reader) {
        double[] squaredNorms = new double[rows.count()];
        for (int ordinal = 0; ordinal < squaredNorms.length; ordinal++) {
            int size = reader.read(rows, ordinal);
            double sum = 0;
            for (int i = 0; i < size; i++) {
                double weight = reader.weights()[i];
                sum += weight * weight;
            }
            squaredNorms[ordinal] = sum;
        }
        return squaredNorms;
    }

    @Override
    public int count() {
        return rows.count();
    }

    @Override
    public Neighbors search(SparseVector query, SparseSearchOptions options) {
        Scratch scratch = borrow();
        try {
            readLists(query, options, scratch);
            double sourceSquares = query.squaredNorm();
            return options.rescore()
                    ? rankWhole(query, sourceSquares, options, scratch)
                    : rankMet(sourceSquares, options, scratch);
        } finally {
            scratch.clear();
            giveBack(scratch);
        }
    }

    /** Meets the first M items of each of the query's N strongest clusters. */
    private void readLists(SparseVector query, SparseSearchOptions options, Scratch scratch) {
        int itemsMax = options.itemsPerCluster();
        OrdinalFilter filter = options.filter();
        Neighbors clusters = strongest(query, options.clustersScanned(), scratch.strongest());
        for (int c = 0; c < clusters.size(); c++) {
            int list = postings.list(query.columns()[clusters.ordinals()[c]]);
            if (list == IntTable.ABSENT) {
                continue;
            }
            double sourceWeight = clusters.scores()[c];
            int end = Math.min(itemsMax, postings.size(list));
            for (int i = 0; i < end; i++) {
                long posting = postings.posting(list, i);
                int ordinal = TopK.ordinal(posting);
                if (filter.accepts(ordinal)) {
                    double weight = TopK.score(posting);
                    scratch.meet(ordinal, sourceWeight * weight, weight * weight);
                }
            }
        }
    }

    /** Places of the query's n strongest entries, ties by ascending column. */
    private static Neighbors strongest(SparseVector query, int n, TopK strongest) {
        strongest.reset(n);
        float[] weights = query.weights();
        for (int i = 0; i < weights.length; i++) {
            strongest.offer(i, weights[i]);
        }
        return strongest.drain(new SearchStats(Plan.CLUSTERS, weights.length, 0));
    }

    /** Ranks by P and Q. The ranking keeps the best X and answers the best Y of those by the same score. */
    private Neighbors rankMet(double sourceSquares, SparseSearchOptions options, Scratch scratch) {
        TopK best = scratch.best();
        best.reset(Math.min(options.candidatesMax(), options.resultsMax()));
        Ranking ranking = options.ranking();
        float scoreMin = options.scoreMin();
        int size = scratch.size();
        for (int place = 0; place < size; place++) {
            float score = (float) score(ranking, scratch.product(place), sourceSquares, scratch.square(place));
            if (score >= scoreMin) {
                best.offer(scratch.item(place), score);
            }
        }
        return best.drain(new SearchStats(Plan.CLUSTERS, size, 0));
    }

    /** Ranks by the whole vectors of everything met. */
    private Neighbors rankWhole(
            SparseVector query, double sourceSquares, SparseSearchOptions options, Scratch scratch) {
        TopK best = scratch.best();
        best.reset(options.resultsMax());
        scratch.index(query);
        Ranking ranking = options.ranking();
        float scoreMin = options.scoreMin();
        int size = scratch.size();
        for (int place = 0; place < size; place++) {
            int ordinal = scratch.item(place);
            double dot = dot(query.weights(), ordinal, scratch);
            float score = (float) score(ranking, dot, sourceSquares, squaredNorms[ordinal]);
            if (score >= scoreMin) {
                best.offer(ordinal, score);
            }
        }
        return best.drain(new SearchStats(Plan.CLUSTERS_RESCORED, size, 0));
    }

    private double dot(float[] queryWeights, int ordinal, Scratch scratch) {
        RowReader reader = scratch.reader();
        int size = reader.read(rows, ordinal);
        int[] columns = reader.columns();
        float[] weights = reader.weights();
        double sum = 0;
        for (int i = 0; i < size; i++) {
            int place = scratch.queryPlace(columns[i]);
            if (place >= 0) {
                sum += (double) queryWeights[place] * weights[i];
            }
        }
        return sum;
    }

    /** One formula for both uses: partial sums make the released score, whole ones the exact score. */
    private static double score(Ranking ranking, double product, double sourceSquares, double itemSquares) {
        return switch (ranking) {
            case DOT -> product;
            case COSINE -> product / (Math.sqrt(sourceSquares) * Math.sqrt(itemSquares));
            case LOG_COSINE -> product / (Math.log1p(sourceSquares) * Math.log1p(itemSquares));
            case COSINE_NO_SOURCE_NORM -> product / Math.sqrt(itemSquares);
        };
    }

    private Scratch borrow() {
        @Nullable Scratch scratch = scratches.poll();
        if (scratch == null) {
            return new Scratch(rows.count());
        }
        scratchesKept.decrementAndGet();
        return scratch;
    }

    private void giveBack(Scratch scratch) {
        if (scratchesKept.incrementAndGet() <= SCRATCHES_KEPT) {
            scratches.add(scratch);
        } else {
            scratchesKept.decrementAndGet();
        }
    }
}
