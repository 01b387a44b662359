package repscorer.core.store.delta;

import repscorer.ann.DenseIndex;
import repscorer.ann.DenseScan;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.TopK;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/**
 * An index over rows that grow old. Expired ones are left out inside its search. A cosine is the same whatever is left of a row, and
 * is searched as before; by another metric rows that decay are scanned, each as it is now, so that the answer is exact.
 */
public record AgedDenseIndex(DenseIndex all, RowAges ages) implements DenseIndex {

    @Override
    public String engine() {
        return all.engine();
    }

    @Override
    public Metric metric() {
        return all.metric();
    }

    @Override
    public int dimension() {
        return all.dimension();
    }

    @Override
    public int count() {
        return all.count();
    }

    @Override
    public Neighbors search(float[] query, SearchOptions options) {
        OrdinalFilter found = ages.found(options.filter());
        return ages.decays() && metric() != Metric.COSINE
                ? scan(query, found, options)
                : all.search(query, options.withFilter(found));
    }

    private Neighbors scan(float[] query, OrdinalFilter found, SearchOptions options) {
        float norm = DenseScan.checkQuery(query, metric(), dimension());
        float[] row = new float[metric() == Metric.L2 ? dimension() : 0];
        return AgedScan.search(
                ages.delta(),
                found,
                new TopK(options.k()),
                options.scoreMin(),
                options.deadlineNanos(),
                ordinal -> score(ages, metric(), query, norm, ordinal, row));
    }

    /**
     * The score of what is left of a row.
     *
     * @param norm of the query
     */
    public static float score(RowAges ages, Metric metric, float[] query, float norm, int ordinal) {
        return score(ages, metric, query, norm, ordinal, new float[metric == Metric.L2 ? query.length : 0]);
    }

    private static float score(RowAges ages, Metric metric, float[] query, float norm, int ordinal, float[] row) {
        DenseRows rows = ages.rows(ordinal);
        return switch (metric) {
            case COSINE -> rows.score(Metric.COSINE, query, norm, ages.place(ordinal));
            case INNER_PRODUCT ->
                ages.factor(ordinal) * rows.score(Metric.INNER_PRODUCT, query, norm, ages.place(ordinal));
            case L2 -> {
                ages.copyDense(ordinal, row);
                yield (float) (0 - Math.sqrt(VectorOps.squaredL2(query, row)));
            }
        };
    }

    @Override
    public void close() {
        all.close();
    }
}
