package repscorer.ann.exact;

import repscorer.ann.DenseIndex;
import repscorer.ann.DenseScan;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** Scores every accepted row: O(count · dimension) a search, always right. */
public final class ExactIndex implements DenseIndex {

    private final DenseRows rows;
    private final Metric metric;

    /** Searches {@code rows} where they are; nothing is copied. */
    public ExactIndex(DenseRows rows, Metric metric) {
        this.rows = rows;
        this.metric = metric;
    }

    @Override
    public String engine() {
        return "exact";
    }

    @Override
    public Metric metric() {
        return metric;
    }

    @Override
    public int dimension() {
        return rows.dimension();
    }

    @Override
    public int count() {
        return rows.count();
    }

    @Override
    public Neighbors search(float[] query, SearchOptions options) {
        float queryNorm = DenseScan.checkQuery(query, metric, rows.dimension());
        return DenseScan.search(rows, metric, query, queryNorm, options, SearchStats.Plan.EXACT);
    }
}
