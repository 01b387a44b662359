package repscorer.codes;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import repscorer.vector.VectorOps;

/** Makes codes into rows. For one thread at a time; allocates nothing per row. */
public final class Decoder {

    private static final int BATCH = 32;

    private final Codebook codebook;
    private final float[] sums;
    private final float[] turned;

    Decoder(Codebook codebook) {
        this.codebook = codebook;
        int size = BATCH * codebook.dimension();
        this.sums = new float[size];
        this.turned = new float[codebook.rotation().length > 0 ? size : 0];
    }

    /**
     * Decodes codes that lie one after the other. O(m · width) a row, and O(d²) more where rows are turned.
     *
     * @param at of the first code's first byte
     * @param into rows × dimension, from {@code intoAt} on
     * @throws IndexOutOfBoundsException when the codes or the array end before
     */
    public void decode(MemorySegment codes, long at, int rows, float[] into, int intoAt) {
        int d = codebook.dimension();
        int rowBytes = codebook.rowBytes();
        for (int begin = 0; begin < rows; begin += BATCH) {
            int count = Math.min(BATCH, rows - begin);
            for (int i = 0; i < count; i++) {
                sum(codes, at + (long) (begin + i) * rowBytes, i * d);
            }
            turnBack(count, into, intoAt + begin * d);
        }
    }

    private void sum(MemorySegment codes, long at, int sumAt) {
        int d = codebook.dimension();
        if (codebook.method() == CodesMethod.FLOAT16) {
            for (int j = 0; j < d; j++) {
                sums[sumAt + j] = Bits.half(codes, at + 2L * j);
            }
            return;
        }
        Tables tables = codebook.tables();
        float[] values = tables.values();
        int units = tables.units();
        Arrays.fill(sums, sumAt, sumAt + d, 0);
        for (int s = 0; s < units; s++) {
            int entry = tables.entryAt(s, codebook.code(codes, at, s));
            int width = tables.width(s);
            int place = sumAt + tables.from(s);
            if (width == 1) {
                sums[place] += values[entry];
            } else {
                VectorOps.addScaled(sums, place, 1, values, entry, width);
            }
        }
        if (codebook.hasFactor()) {
            float factor = Bits.half(codes, at + codebook.unitBytes());
            for (int j = 0; j < d; j++) {
                sums[sumAt + j] *= factor;
            }
        }
    }

    private void turnBack(int count, float[] into, int intoAt) {
        int d = codebook.dimension();
        float[] rows = sums;
        if (codebook.rotation().length > 0) {
            Arrays.fill(turned, 0, count * d, 0);
            VectorOps.addProducts(sums, count, d, codebook.back(), d, turned);
            rows = turned;
        }
        float[] mean = codebook.mean();
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < d; j++) {
                into[intoAt + i * d + j] = rows[i * d + j] + mean[j];
            }
        }
    }
}
