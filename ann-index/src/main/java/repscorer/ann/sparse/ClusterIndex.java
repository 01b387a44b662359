package repscorer.ann.sparse;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.ScoreBounds;
import repscorer.ann.SearchStats;
import repscorer.ann.SearchStats.Plan;
import repscorer.ann.SparseIndex;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Mode;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.ann.TopK;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/**
 * An inverted index from clusters to their top items.
 *
 * <p>A search reads the first M items of the query's N strongest clusters: O(N · M), and with rescoring the rest of the
 * query's lists besides, or the rows of the items that may be among the best. An exact search reads lists until bounds exclude
 * all other items, and scans all rows where what lists have dropped could matter. A query column that no item has counts among
 * the N.
 */
public final class ClusterIndex implements SparseIndex {

    /*
     * The released SimClusters-ANN ranks by what was met on the way: P, the sum of source weight × item weight, and Q, the
     * sum of squared item weights, over the clusters read. An item met in one list only then scores s/|s| whatever its own
     * weight, so whole lists tie. The other modes rank by whole vectors: see WholeSearch.
     */

    /** Of a list: what it begins at, and the most of it under each item norm. */
    private static final long CLUSTER_BYTES = 64;

    /** How many scratch objects are kept for later searches; more searches at once allocate their own. */
    private static final int SCRATCHES_KEPT = 2 * Runtime.getRuntime().availableProcessors();

    private final SparseRows rows;
    private final Postings postings;
    private final ItemNorms itemNorms;
    private final ConcurrentLinkedQueue<Scratch> scratches = new ConcurrentLinkedQueue<>();
    private final AtomicInteger scratchesKept = new AtomicInteger();

    private ClusterIndex(SparseRows rows, Postings postings, ItemNorms itemNorms) {
        this.rows = rows;
        this.postings = postings;
        this.itemNorms = itemNorms;
    }

    /**
     * Inverts {@code rows}; fronts are the strongest {@code itemsPerClusterMax} items of each cluster. Four passes over the rows;
     * keeps 8 bytes for each posting and for each row, 8 more for a row and each item norm in use, and 64 for each cluster.
     *
     * @param rows stay where they are and must outlive the index; rescoring reads them
     * @throws IllegalArgumentException when {@code itemsPerClusterMax} is less than 1, or the fronts together would hold more
     *     than 2³¹ - 9 postings
     */
    public static ClusterIndex build(SparseRows rows, int itemsPerClusterMax) {
        if (itemsPerClusterMax < 1) {
            throw new IllegalArgumentException("itemsPerClusterMax must be at least 1: " + itemsPerClusterMax);
        }
        RowReader reader = new RowReader();
        ItemNorms itemNorms = ItemNorms.of(rows, reader);
        Postings postings = Postings.build(rows, itemsPerClusterMax, itemNorms.squares(), reader);
        return new ClusterIndex(rows, postings, itemNorms);
    }

    /**
     * The memory that an index will take besides the rows, where clusters have about the same number of items and one ranking is asked for.
     *
     * @param entries of a row, on average
     */
    public static long estimateBytes(long rows, double entries, long clusters, int itemsPerClusterMax) {
        double each = clusters == 0 ? 0 : rows * entries / clusters;
        double kept = each <= (double) Postings.FRONTS_KEPT * itemsPerClusterMax ? each : itemsPerClusterMax;
        return Math.round(Long.BYTES * kept * clusters) + 2L * Double.BYTES * rows + CLUSTER_BYTES * clusters;
    }

    /** The memory that it takes besides the rows, when one ranking is asked for. */
    public long bytes() {
        return (long) Long.BYTES * postings.entries().length
                + 2L * Double.BYTES * rows.count()
                + CLUSTER_BYTES * postings.lists();
    }

    @Override
    public int count() {
        return rows.count();
    }

    @Override
    public Neighbors search(SparseVector query, SparseSearchOptions options) {
        Scratch scratch = borrow();
        try {
            scratch.query().set(query);
            if (options.mode() == Mode.RELEASED) {
                scratch.lists().meetFronts(query, options.clustersScanned(), options.itemsPerCluster(), scratch.sums());
                return rankMet(options, scratch);
            }
            return new WholeSearch(rows, itemNorms, options, scratch).search(query, options);
        } finally {
            giveBack(scratch);
        }
    }

    /** Ranks by P and Q. The ranking keeps the best X and answers the best Y of those by the same score. */
    private static Neighbors rankMet(SparseSearchOptions options, Scratch scratch) {
        TopK best = scratch.best();
        best.reset(Math.min(options.candidatesMax(), options.resultsMax()));
        Ranking ranking = options.ranking();
        double sourceNorm = Norms.source(ranking, scratch.query().squaredNorm());
        int itemNorm = Norms.itemNorm(ranking);
        float scoreMin = options.scoreMin();
        OrdinalFilter filter = options.filter();
        Sums sums = scratch.sums();
        double[] products = sums.products();
        int[] met = sums.met();
        int size = sums.size();
        long accepted = 0;
        for (int place = 0; place < size; place++) {
            int ordinal = met[place];
            if (filter.accepts(ordinal)) {
                accepted++;
                double norm = sourceNorm * Norms.item(itemNorm, sums.square(ordinal));
                float score = (float) (products[ordinal] / norm);
                if (score >= scoreMin) {
                    best.offer(ordinal, score);
                }
            }
        }
        return best.drain(new SearchStats(Plan.CLUSTERS, accepted, 0));
    }

    /** Reads all lists of the query's clusters: O(their postings). The bounds are safe whatever the lists keep. */
    @Override
    public ScoreBounds bounds(SparseVector query, Ranking ranking) {
        int itemNorm = Norms.itemNorm(ranking);
        Scratch scratch = borrow();
        QueryLists lists = scratch.lists();
        lists.set(query, itemNorm);
        for (int rank = 0; rank < lists.size(); rank++) {
            lists.read(rank, true, scratch.sums());
        }
        double sourceNorm = Norms.source(ranking, query.squaredNorm());
        double[] norms = itemNorms.of(itemNorm).norms();
        return new ClusterBounds(this, scratch, norms, sourceNorm, lists.impactsDropped());
    }

    private Scratch borrow() {
        @Nullable Scratch scratch = scratches.poll();
        if (scratch == null) {
            return new Scratch(rows.count(), postings);
        }
        scratchesKept.decrementAndGet();
        return scratch;
    }

    void giveBack(Scratch scratch) {
        scratch.clear();
        if (scratchesKept.incrementAndGet() <= SCRATCHES_KEPT) {
            scratches.add(scratch);
        } else {
            scratchesKept.decrementAndGet();
        }
    }
}
