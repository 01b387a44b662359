package repscorer.ann.hnsw;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import repscorer.os.OffHeap;
import repscorer.vector.ByteRows;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** Scores rows at one byte a value (scalar quantization), compared with queries in whole numbers. */
final class QuantizedScorer extends RowScorer {

    /*
     * Value x of dimension j is kept as the whole number c in -127 … 127 nearest to (x - middle[j]) / step[j], so that
     *
     *   q · x  ≈  q · middle  +  Σ (q[j] · step[j]) · c[j]
     *
     * The factors q[j] · step[j] do not depend on the row. They are scaled together so that the greatest is ±63 and rounded:
     * products then fit into 15 bits and four of them into 16, and a register holds twice as many of those as of floats.
     *
     * Under L2 everything is moved by -middle, which changes no distance: -|q - x|²/2 = q·x - |x|²/2 - |q|²/2, with one
     * |x|²/2 a row. For a row as the query, the term that does not depend on the other row is one float a row as well:
     * needed by the builder only under the other metrics.
     *
     * Directions that lie close together are compared as under L2, by -|q - x|²/2, the cosine less 1: of factors q[j] · step[j]
     * that are all but equal for every query, rounding would leave nothing that tells queries apart, nor would floats near 1.
     */

    private static final int CODE_MAX = 127;

    /** Directions whose mean squared distance to their mean is less are moved: rounding costs the others next to nothing. */
    private static final double SPREAD_MIN = 1.0 / 16;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ByteRows codes;

    /** Whether rows and queries are moved by -middle, and compared by their distance. */
    private final boolean moved;

    private final float[] middle;
    private final float[] step;

    /* What a row's own factors are made of: own + code · squares. */
    private final float[] own;
    private final float[] squares;

    /** By row: minus half its squared norm where moved; else its inner product with middle, and empty once built. */
    private final MemorySegment terms;

    private QuantizedScorer(
            ByteRows codes, Metric metric, boolean moved, float[] middle, float[] step, MemorySegment terms) {
        super(metric);
        this.codes = codes;
        this.moved = moved;
        this.middle = middle;
        this.step = step;
        this.terms = terms;
        this.own = new float[step.length];
        this.squares = new float[step.length];
        for (int j = 0; j < step.length; j++) {
            own[j] = moved ? 0 : middle[j] * step[j];
            squares[j] = step[j] * step[j];
        }
    }

    /**
     * Reads the rows twice: for the scales, and for the codes. Rows that are not {@link #comparable}, or of a norm above
     * {@code normMax}, become zeros.
     */
    static QuantizedScorer of(DenseRows rows, Metric metric, float normMax, Arena arena) {
        int dimension = rows.dimension();
        float[] middle = new float[dimension];
        float[] step = new float[dimension];
        boolean moved = scales(rows, metric, normMax, middle, step) || metric == Metric.L2;
        QuantizedScorer scorer = empty(rows.count(), metric, moved, middle, step, arena);
        float[] values = new float[dimension];
        byte[] code = new byte[dimension];
        for (int row = 0; row < rows.count(); row++) {
            if (rows.norm(row) <= normMax && comparable(metric, rows.norm(row))) {
                rows.copyRow(row, values);
                scorer.set(row, values, rows.norm(row), code);
            }
        }
        return scorer;
    }

    /** Quantization over memory that the caller keeps alive; {@code moved} and {@code terms} as their methods gave them. */
    static QuantizedScorer of(
            ByteRows codes, Metric metric, boolean moved, float[] middle, float[] step, MemorySegment terms) {
        return new QuantizedScorer(codes, metric, moved, middle, step, terms);
    }

    /** Rows of zeros on the same scales. */
    QuantizedScorer empty(int capacity, Arena arena) {
        return empty(capacity, metric, moved, middle, step, arena);
    }

    private static QuantizedScorer empty(
            int capacity, Metric metric, boolean moved, float[] middle, float[] step, Arena arena) {
        return new QuantizedScorer(
                ByteRows.allocate(capacity, step.length, arena),
                metric,
                moved,
                middle,
                step,
                OffHeap.allocate(4L * capacity, arena));
    }

    /** The same rows on the same scales with room for more. */
    QuantizedScorer grown(int capacity, Arena arena) {
        QuantizedScorer scorer = empty(capacity, arena);
        MemorySegment.copy(
                codes.values(), 0, scorer.codes.values(), 0, codes.values().byteSize());
        MemorySegment.copy(terms, 0, scorer.terms, 0, terms.byteSize());
        return scorer;
    }

    /**
     * Encodes a row and answers how many of its values lay outside the scales and were cut off.
     *
     * @param values overwritten
     * @param code of the dimension, overwritten
     */
    int set(int row, float[] values, float norm, byte[] code) {
        direction(metric, values, norm, values);
        double term = 0;
        int cut = 0;
        for (int j = 0; j < values.length; j++) {
            float distance = values[j] - middle[j];
            int c = step[j] == 0 ? 0 : Math.round(distance / step[j]);
            cut += Math.abs(c) > CODE_MAX || (step[j] == 0 && distance != 0) ? 1 : 0;
            code[j] = (byte) Math.clamp(c, -CODE_MAX, CODE_MAX);
            double fromMiddle = (double) step[j] * code[j];
            term += moved ? -0.5 * fromMiddle * fromMiddle : (middle[j] + fromMiddle) * middle[j];
        }
        codes.set(row, code);
        terms.set(FLOAT, 4L * row, (float) term);
        return cut;
    }

    /** Fills the scales in; answers whether the rows are directions that lie close together. */
    private static boolean scales(DenseRows rows, Metric metric, float normMax, float[] middle, float[] step) {
        int dimension = step.length;
        float[] values = new float[dimension];
        float[] least = new float[dimension];
        float[] greatest = new float[dimension];
        Arrays.fill(least, Float.POSITIVE_INFINITY);
        Arrays.fill(greatest, Float.NEGATIVE_INFINITY);
        double[] sums = new double[dimension];
        int n = 0;
        for (int row = 0; row < rows.count(); row++) {
            if (rows.norm(row) <= normMax && comparable(metric, rows.norm(row))) {
                n++;
                rows.copyRow(row, values);
                direction(metric, values, rows.norm(row), values);
                for (int j = 0; j < dimension; j++) {
                    least[j] = Math.min(least[j], values[j]);
                    greatest[j] = Math.max(greatest[j], values[j]);
                    sums[j] += values[j];
                }
            }
        }
        double meanSquares = 0;
        for (int j = 0; n > 0 && j < dimension; j++) {
            middle[j] = (least[j] + greatest[j]) / 2;
            step[j] = (greatest[j] - least[j]) / (2 * CODE_MAX);
            meanSquares += sums[j] / n * (sums[j] / n);
        }
        return metric == Metric.COSINE && 1 - meanSquares < SPREAD_MIN;
    }

    /** The same without what only a builder needs. */
    QuantizedScorer forSearch() {
        return moved ? this : new QuantizedScorer(codes, metric, false, middle, step, MemorySegment.NULL);
    }

    ByteRows codes() {
        return codes;
    }

    MemorySegment terms() {
        return terms;
    }

    boolean moved() {
        return moved;
    }

    float[] middle() {
        return middle;
    }

    float[] step() {
        return step;
    }

    @Override
    void prepare(PreparedQuery query, float[] vector, float norm) {
        float[] values = query.values;
        direction(metric, vector, norm, values);
        double offset = 0;
        for (int j = 0; j < values.length; j++) {
            if (moved) {
                values[j] -= middle[j];
                offset -= 0.5 * values[j] * values[j];
            } else {
                offset += (double) values[j] * middle[j];
            }
            values[j] *= step[j];
        }
        query.offset = (float) offset;
        round(query);
    }

    @Override
    void prepareRow(PreparedQuery query, int ordinal) {
        byte[] code = query.row;
        codes.copyRow(ordinal, code);
        float[] values = query.values;
        for (int j = 0; j < values.length; j++) {
            values[j] = own[j] + code[j] * squares[j];
        }
        query.offset = terms.get(FLOAT, 4L * ordinal);
        round(query);
    }

    @Override
    void copyRow(PreparedQuery into, int ordinal) {
        byte[] code = into.row;
        codes.copyRow(ordinal, code);
        float[] values = into.values;
        for (int j = 0; j < values.length; j++) {
            values[j] = middle[j] + step[j] * code[j];
        }
    }

    /** Makes whole numbers of the factors in {@code query.values}. */
    private static void round(PreparedQuery query) {
        float[] values = query.values;
        float greatest = 0;
        for (int j = 0; j < values.length; j++) {
            greatest = Math.max(greatest, Math.abs(values[j]));
        }
        short[] weights = query.weights;
        float factor = greatest < Float.MIN_NORMAL ? 0 : ByteRows.QUERY_MAX / greatest;
        if (!(factor <= Float.MAX_VALUE)) {
            factor = 0;
        }
        float half = ByteRows.QUERY_MAX + 0.5f; // moved above 0, where cutting the fraction off rounds
        for (int j = 0; j < values.length; j++) {
            weights[j] = (short) ((int) (values[j] * factor + half) - ByteRows.QUERY_MAX);
        }
        query.scale = factor == 0 ? 0 : 1 / factor;
    }

    @Override
    void prefetch(int[] ordinals, int n) {
        codes.prefetch(ordinals, n);
    }

    @Override
    void score(PreparedQuery query, int[] ordinals, int n, float[] into) {
        int[] dots = query.dots(n);
        codes.dots(query.weights, ordinals, n, dots);
        float scale = query.scale;
        float offset = query.offset;
        if (moved) {
            for (int i = 0; i < n; i++) {
                into[i] = scale * dots[i] + offset + terms.get(FLOAT, 4L * ordinals[i]);
            }
        } else {
            for (int i = 0; i < n; i++) {
                into[i] = scale * dots[i] + offset;
            }
        }
    }

    @Override
    float zero() {
        return moved ? 0 : super.zero();
    }

    @Override
    float asMetric(float score) {
        return moved && metric == Metric.COSINE ? Math.min(1, 1 + score) : super.asMetric(score);
    }

    @Override
    float fromMetric(float score) {
        return moved && metric == Metric.COSINE ? score - 1 : super.fromMetric(score);
    }

    @Override
    long bytes() {
        return codes.values().byteSize() + terms.byteSize() + 16L * step.length;
    }
}
