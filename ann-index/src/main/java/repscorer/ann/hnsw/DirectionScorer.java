package repscorer.ann.hnsw;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import repscorer.os.OffHeap;
import repscorer.vector.Metric;

/** Scores rows by the cosine between the directions in which they lie from a centre, over a scorer of inner products. */
final class DirectionScorer extends RowScorer {

    /*
     * With e the direction of one row from the centre, of length one, the cosine of another row x is
     *
     *   (e · x - e · centre) / |x - centre|
     *
     * so the scorer beneath is asked for the inner product with e, and a row needs one float, kept here. A part that all rows
     * have in common is in the centre and cancels out.
     */

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final RowScorer products;
    private final float[] centre;

    /** By row: one over its distance from the centre, 0 where that is none. */
    private final MemorySegment inverses;

    private DirectionScorer(RowScorer products, float[] centre, MemorySegment inverses) {
        super(Metric.COSINE);
        this.products = products;
        this.centre = centre;
        this.inverses = inverses;
    }

    /**
     * Directions from the mean of rows. O(rows · dimension).
     *
     * @param products scores by inner products
     * @param rows those that are to be scored; of others, before they are, {@link #set} must be told
     * @param capacity above every row's ordinal
     */
    static DirectionScorer of(RowScorer products, int[] rows, int capacity, int dimension) {
        float[] centre = new float[dimension];
        DirectionScorer scorer =
                new DirectionScorer(products, centre, OffHeap.allocate(Float.BYTES * (long) capacity, Arena.ofAuto()));
        PreparedQuery scratch = new PreparedQuery(dimension);
        double[] sums = new double[dimension];
        for (int row : rows) {
            products.copyRow(scratch, row);
            for (int j = 0; j < dimension; j++) {
                sums[j] += scratch.values[j];
            }
        }
        for (int j = 0; rows.length > 0 && j < dimension; j++) {
            centre[j] = (float) (sums[j] / rows.length);
        }
        for (int row : rows) {
            scorer.set(row, scratch);
        }
        return scorer;
    }

    /** Learns how far a row lies from the centre; the scratch is overwritten. */
    void set(int row, PreparedQuery scratch) {
        products.copyRow(scratch, row);
        float[] values = scratch.values;
        double squares = 0;
        for (int j = 0; j < values.length; j++) {
            double distance = values[j] - centre[j];
            squares += distance * distance;
        }
        float inverse = (float) (1 / Math.sqrt(squares));
        inverses.set(FLOAT, Float.BYTES * (long) row, inverse <= Float.MAX_VALUE ? inverse : 0);
    }

    @Override
    void copyRow(PreparedQuery into, int ordinal) {
        products.copyRow(into, ordinal);
    }

    @Override
    void prepare(PreparedQuery query, float[] vector, float norm) {
        float[] values = query.values;
        double squares = 0;
        for (int j = 0; j < values.length; j++) {
            values[j] = vector[j] - centre[j];
            squares += (double) values[j] * values[j];
        }
        double distance = Math.sqrt(squares);
        double product = 0;
        for (int j = 0; j < values.length; j++) {
            values[j] = squares == 0 ? 0 : (float) (values[j] / distance);
            product += (double) values[j] * centre[j];
        }
        query.centre = (float) product;
        products.prepare(query, values, 1);
    }

    @Override
    void prepareRow(PreparedQuery query, int ordinal) {
        products.copyRow(query, ordinal);
        prepare(query, query.values, 1);
    }

    @Override
    void prefetch(int[] ordinals, int n) {
        products.prefetch(ordinals, n);
    }

    @Override
    void score(PreparedQuery query, int[] ordinals, int n, float[] into) {
        products.score(query, ordinals, n, into);
        float beside = query.centre;
        for (int i = 0; i < n; i++) {
            into[i] = (into[i] - beside) * inverses.get(FLOAT, Float.BYTES * (long) ordinals[i]);
        }
    }

    @Override
    long bytes() {
        return products.bytes() + inverses.byteSize();
    }
}
