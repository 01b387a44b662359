package repscorer.codes;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import repscorer.vector.VectorOps;

/** Makes rows into codes, by batches. For one thread at a time; allocates nothing per row. A row's code does not depend on others beside it. */
public abstract sealed class Encoder
        permits HalfEncoder, ScalarEncoder, ProductEncoder, ResidualEncoder, RabitqEncoder {

    /** Rows that are turned at a time. */
    static final int BATCH = 32;

    final Codebook codebook;
    private final float[] centred;
    private final float[] turned;

    Encoder(Codebook codebook) {
        this.codebook = codebook;
        int size = BATCH * codebook.dimension();
        this.centred = new float[size];
        this.turned = new float[codebook.rotation().length > 0 ? size : 0];
    }

    static Encoder of(Codebook codebook) {
        return switch (codebook.method()) {
            case FLOAT16 -> new HalfEncoder(codebook);
            case INT8 -> new ScalarEncoder(codebook);
            case PQ -> new ProductEncoder(codebook);
            case RESIDUAL -> new ResidualEncoder(codebook);
            case RABITQ -> new RabitqEncoder(codebook);
        };
    }

    /**
     * Encodes rows; their codes lie one after the other.
     *
     * @param rows count × dimension, row-major, from the front of the array
     * @param at of the first code's first byte
     * @throws IllegalArgumentException for a value that is not finite; the message tells which row of these
     * @throws IndexOutOfBoundsException when the array or the segment ends before
     */
    public final void encode(float[] rows, int count, MemorySegment into, long at) {
        int d = codebook.dimension();
        checkFinite(rows, count, d);
        into.asSlice(at, (long) count * codebook.rowBytes()).fill((byte) 0);
        float[] mean = codebook.mean();
        for (int begin = 0; begin < count; begin += BATCH) {
            int n = Math.min(BATCH, count - begin);
            for (int i = 0; i < n; i++) {
                int from = (begin + i) * d;
                for (int j = 0; j < d; j++) {
                    centred[i * d + j] = rows[from + j] - mean[j];
                }
            }
            float[] z = centred;
            if (codebook.rotation().length > 0) {
                Arrays.fill(turned, 0, n * d, 0);
                VectorOps.addProducts(centred, n, d, codebook.rotation(), d, turned);
                z = turned;
            }
            encodeTurned(z, n, into, at + (long) begin * codebook.rowBytes());
        }
    }

    /** @param rows at most {@link #BATCH}, less their mean and turned */
    abstract void encodeTurned(float[] rows, int count, MemorySegment into, long at);

    static void checkFinite(float[] rows, int count, int d) {
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < d; j++) {
                if (!Float.isFinite(rows[i * d + j])) {
                    throw new IllegalArgumentException(
                            "values must be finite: %s at place %s of row %s".formatted(rows[i * d + j], j, i));
                }
            }
        }
    }
}
