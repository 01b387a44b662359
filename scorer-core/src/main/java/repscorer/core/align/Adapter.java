package repscorer.core.align;

import java.util.Arrays;
import repscorer.vector.VectorOps;

/**
 * A map from the coordinates of one training onto those of another. Immutable, safe for concurrent use.
 *
 * <p>One row costs O(in · out), or O(rank · (in + out)), and O(2 · hidden · out) more for a residual network.
 */
public final class Adapter {

    /*
     * y = x · first · second + shift,  and with a network  y + max(0, y · hiddenWeights + hiddenShift) · outWeights.
     *
     * The parts are those of [1]: a rotation, a low-rank affine map, a residual network; here the network corrects the affine map
     * rather than the row as it came. Where rows are compared by the cosine, the map sees rows of norm 1 and gives back rows of the
     * norm that came in: it learns directions, and nothing of lengths.
     *
     * [1] Drift-Adapter: near zero-downtime embedding model upgrades in vector databases, EMNLP 2025.
     */

    private final AlignmentMethod method;
    private final boolean directions;
    private final int in;
    private final int out;
    private final Parts parts;

    /**
     * The values of a map, each a matrix in row-major order; arrays are shared and left as they are.
     *
     * @param first in × rank
     * @param second rank × out; empty where {@code first} is in × out
     * @param shift out values, or none
     * @param hiddenWeights out × hidden; empty where there is no network, as the next two
     * @param hiddenShift hidden values
     * @param outWeights hidden × out
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Parts(
            float[] first,
            float[] second,
            float[] shift,
            float[] hiddenWeights,
            float[] hiddenShift,
            float[] outWeights) {

        static Parts linear(float[] first, float[] second, float[] shift) {
            return new Parts(first, second, shift, new float[0], new float[0], new float[0]);
        }

        Parts with(float[] weights, float[] bias, float[] output) {
            return new Parts(first, second, shift, weights, bias, output);
        }

        int rank(int in) {
            return first.length / in;
        }

        int hidden() {
            return hiddenShift.length;
        }
    }

    /**
     * @param directions whether rows are compared by the cosine
     * @throws IllegalArgumentException when the parts do not go together
     */
    Adapter(AlignmentMethod method, boolean directions, int in, int out, Parts parts) {
        this.method = method;
        this.directions = directions;
        this.in = in;
        this.out = out;
        this.parts = parts;
        int rank = in < 1 ? 0 : parts.rank(in);
        boolean linear = in >= 1
                && out >= 1
                && (long) rank * in == parts.first.length
                && (parts.second.length == 0 ? rank == out : rank >= 1 && parts.second.length == (long) rank * out)
                && (parts.shift.length == 0 || parts.shift.length == out);
        long corner = (long) parts.hidden() * out;
        if (!linear || parts.hiddenWeights.length != corner || parts.outWeights.length != corner) {
            throw new IllegalArgumentException("the parts of a map from %s to %s values do not go together: %s, %s, %s"
                    .formatted(in, out, parts.first.length, parts.second.length, parts.hiddenWeights.length));
        }
    }

    public AlignmentMethod method() {
        return method;
    }

    /** How many values a row has that comes in. */
    public int in() {
        return in;
    }

    public int out() {
        return out;
    }

    /** Whether lengths pass through and directions are mapped. */
    boolean directions() {
        return directions;
    }

    Parts parts() {
        return parts;
    }

    /** How many values it is made of. */
    public int values() {
        return parts.first.length
                + parts.second.length
                + parts.shift.length
                + 2 * parts.hiddenWeights.length
                + parts.hiddenShift.length;
    }

    /**
     * One row, mapped.
     *
     * @throws IllegalArgumentException when the row has another length
     */
    public float[] apply(float[] row) {
        if (row.length != in) {
            throw new IllegalArgumentException("a map of %s values met a row of %s".formatted(in, row.length));
        }
        float[] mapped = new float[out];
        new Mapping(this, 1).apply(row, 1, mapped);
        return mapped;
    }

    /** Maps rows by the batch, each as it is mapped alone, and allocates nothing. For one thread. */
    public static final class Mapping {

        private final Adapter adapter;
        private final int rowsMax;
        private final float[] scaled;
        private final float[] norms;
        private final float[] middle;
        private final float[] hidden;

        /** @param rowsMax of one batch; four and more read the map's values once for four rows */
        public Mapping(Adapter adapter, int rowsMax) {
            this.adapter = adapter;
            this.rowsMax = rowsMax;
            this.scaled = new float[adapter.directions ? rowsMax * adapter.in : 0];
            this.norms = new float[adapter.directions ? rowsMax : 0];
            this.middle = new float[adapter.parts.second.length == 0 ? 0 : rowsMax * adapter.parts.rank(adapter.in)];
            this.hidden = new float[rowsMax * adapter.parts.hidden()];
        }

        /**
         * @param rows count × in, row-major; zeros stay zeros where directions are mapped
         * @param into takes count × out
         */
        public void apply(float[] rows, int count, float[] into) {
            if (count > rowsMax) {
                throw new IllegalArgumentException("a batch has at most %s rows: %s".formatted(rowsMax, count));
            }
            float[] x = rows;
            if (adapter.directions) {
                scale(rows, count);
                x = scaled;
            }
            linear(x, count, into);
            if (adapter.parts.hidden() > 0) {
                correct(count, into);
            }
            if (adapter.directions) {
                rescale(count, into);
            }
        }

        private void scale(float[] rows, int count) {
            int in = adapter.in;
            for (int row = 0; row < count; row++) {
                int at = row * in;
                float norm = (float) Math.sqrt(VectorOps.dot(rows, at, rows, at, in));
                norms[row] = norm;
                float factor = norm > 0 ? 1 / norm : 0;
                for (int i = 0; i < in; i++) {
                    scaled[at + i] = rows[at + i] * factor;
                }
            }
        }

        private void linear(float[] x, int count, float[] into) {
            Parts parts = adapter.parts;
            int out = adapter.out;
            if (parts.shift.length == 0) {
                Arrays.fill(into, 0, count * out, 0);
            }
            for (int row = 0; row < count && parts.shift.length > 0; row++) {
                System.arraycopy(parts.shift, 0, into, row * out, out);
            }
            if (parts.second.length == 0) {
                VectorOps.addProducts(x, count, adapter.in, parts.first, out, into);
            } else {
                int rank = parts.rank(adapter.in);
                Arrays.fill(middle, 0, count * rank, 0);
                VectorOps.addProducts(x, count, adapter.in, parts.first, rank, middle);
                VectorOps.addProducts(middle, count, rank, parts.second, out, into);
            }
        }

        private void correct(int count, float[] into) {
            Parts parts = adapter.parts;
            int width = parts.hidden();
            for (int row = 0; row < count; row++) {
                System.arraycopy(parts.hiddenShift, 0, hidden, row * width, width);
            }
            VectorOps.addProducts(into, count, adapter.out, parts.hiddenWeights, width, hidden);
            for (int i = 0; i < count * width; i++) {
                hidden[i] = Math.max(0, hidden[i]);
            }
            VectorOps.addProducts(hidden, count, width, parts.outWeights, adapter.out, into);
        }

        private void rescale(int count, float[] into) {
            int out = adapter.out;
            for (int row = 0; row < count; row++) {
                int at = row * out;
                float norm = (float) Math.sqrt(VectorOps.dot(into, at, into, at, out));
                float factor = norm > 0 ? norms[row] / norm : 0;
                for (int i = 0; i < out; i++) {
                    into[at + i] *= factor;
                }
            }
        }
    }
}
