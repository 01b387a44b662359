package repscorer.ann.exact;

import java.lang.foreign.Arena;
import repscorer.vector.ByteRows;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/**
 * Upper bounds of dense scores, an eighth to a quarter as dear as the scores: rows cut down to a byte a value, with how far
 * each row is from its bytes. Immutable, safe for concurrent use; each {@link Query} is for one thread.
 */
public final class DenseBounds {

    /*
     * A row x is scale · c + e with c in bytes, and a query q is step · d + f with d within ±63. Then
     *
     *     q·x = step · scale · (d·c) + (step · d)·e + f·x ≤ step · scale · (d·c) + |step · d| |e| + |f| |x|
     *
     * by Cauchy and Schwarz. d·c is a whole number and exact; |e| and |x| are kept per row and rounded up. Bounds of a cosine
     * and of a distance follow from that of the inner product.
     *
     * Memory: the padded dimension in bytes and 12 more a row.
     */

    private static final int CODE_MAX = 127;

    /** Raises a bound by more than its own arithmetic, and the float32 norms in it, can be off. */
    private static final double SLACK = 1e-6;

    private final DenseRows rows;
    private final ByteRows codes;
    private final float[] scales;
    private final float[] errors;
    private final float normMax;

    private DenseBounds(DenseRows rows, ByteRows codes, float[] scales, float[] errors, float normMax) {
        this.rows = rows;
        this.codes = codes;
        this.scales = scales;
        this.errors = errors;
        this.normMax = normMax;
    }

    /**
     * Cuts the rows down. O(count · dimension).
     *
     * @param rows kept and read for their norms
     */
    public static DenseBounds of(DenseRows rows) {
        int count = rows.count();
        int dimension = rows.dimension();
        ByteRows codes = ByteRows.allocate(count, dimension, Arena.ofAuto());
        float[] scales = new float[count];
        float[] errors = new float[count];
        float[] row = new float[dimension];
        byte[] code = new byte[dimension];
        float normMax = 0;
        for (int ordinal = 0; ordinal < count; ordinal++) {
            rows.copyRow(ordinal, row);
            float scale = greatest(row) / CODE_MAX;
            double squares = 0;
            for (int i = 0; i < dimension; i++) {
                code[i] = (byte) (scale > 0 ? Math.clamp(Math.round((double) row[i] / scale), -CODE_MAX, CODE_MAX) : 0);
                double error = row[i] - (double) scale * code[i];
                squares += error * error;
            }
            codes.set(ordinal, code);
            scales[ordinal] = scale;
            errors[ordinal] = Math.nextUp((float) Math.sqrt(squares));
            normMax = Math.max(normMax, rows.norm(ordinal));
        }
        return new DenseBounds(rows, codes, scales, errors, Math.nextUp(normMax));
    }

    private static float greatest(float[] values) {
        float greatest = 0;
        for (float value : values) {
            greatest = Math.max(greatest, Math.abs(value));
        }
        return greatest;
    }

    public int count() {
        return rows.count();
    }

    /**
     * Prepares a query.
     *
     * @param values of the rows' dimension, finite
     */
    public Query query(Metric metric, float[] values) {
        return new Query(metric, values);
    }

    /** One query's bounds. For one thread. */
    public final class Query {

        private final Metric metric;
        private final short[] digits;
        private final double step;
        private final double norm;
        private final double digitsNorm;
        private final double errorNorm;
        private int[] products = new int[64];

        private Query(Metric metric, float[] values) {
            if (values.length != rows.dimension()) {
                throw new IllegalArgumentException(
                        "dimension differs: rows have " + rows.dimension() + ", the query has " + values.length);
            }
            this.metric = metric;
            digits = new short[ByteRows.stride(values.length)];
            step = (double) greatest(values) / ByteRows.QUERY_MAX;
            double squares = 0;
            double digitsSquares = 0;
            double errorSquares = 0;
            for (int i = 0; i < values.length; i++) {
                long digit = step > 0 ? Math.round(values[i] / step) : 0;
                digits[i] = (short) Math.clamp(digit, -ByteRows.QUERY_MAX, ByteRows.QUERY_MAX);
                double error = values[i] - step * digits[i];
                squares += (double) values[i] * values[i];
                digitsSquares += step * digits[i] * step * digits[i];
                errorSquares += error * error;
            }
            norm = Math.sqrt(squares);
            digitsNorm = Math.sqrt(digitsSquares);
            errorNorm = Math.sqrt(errorSquares);
        }

        /** No row scores more than this. */
        public double upperOfAll() {
            return switch (metric) {
                case COSINE -> 1;
                case INNER_PRODUCT -> norm * normMax * (1 + SLACK);
                case L2 -> 0;
            };
        }

        /**
         * Bounds of the first {@code n} rows named: no row scores more than its own. O(n · dimension), allocates nothing once
         * it has met an n as great.
         *
         * @param into takes {@code n} bounds
         * @throws IndexOutOfBoundsException when there is no such row
         */
        public void uppers(int[] ordinals, int n, double[] into) {
            if (products.length < n) {
                products = new int[n];
            }
            codes.dots(digits, ordinals, n, products);
            for (int i = 0; i < n; i++) {
                into[i] = upper(ordinals[i], products[i]);
            }
        }

        private double upper(int ordinal, int product) {
            double rowNorm = rows.norm(ordinal);
            double dot = step * scales[ordinal] * product + digitsNorm * errors[ordinal] + errorNorm * rowNorm;
            double slack = SLACK * norm * rowNorm;
            return switch (metric) {
                case COSINE -> norm * rowNorm > 0 ? Math.min(1, (dot + slack) / (norm * rowNorm) + SLACK) : 0;
                case INNER_PRODUCT -> dot + slack;
                case L2 -> {
                    double squares = norm * norm + rowNorm * rowNorm;
                    yield -Math.sqrt(Math.max(0, squares - 2 * (dot + slack) - SLACK * squares));
                }
            };
        }
    }
}
