package repscorer.codes;

import java.lang.foreign.MemorySegment;

/** Puts each value on the scale of its dimension: entries of a table rise by equal steps. */
final class ScalarEncoder extends Encoder {

    private final float[] low;
    private final float[] stepsPerUnit;

    ScalarEncoder(Codebook codebook) {
        super(codebook);
        int d = codebook.dimension();
        this.low = new float[d];
        this.stepsPerUnit = new float[d];
        Tables tables = codebook.tables();
        int last = tables.entries() - 1;
        for (int j = 0; j < d; j++) {
            low[j] = tables.values()[tables.entryAt(j, 0)];
            float range = tables.values()[tables.entryAt(j, last)] - low[j];
            stepsPerUnit[j] = range > 0 ? last / range : 0;
        }
    }

    @Override
    void encodeTurned(float[] rows, int count, MemorySegment into, long at) {
        int d = codebook.dimension();
        int last = codebook.tables().entries() - 1;
        for (int i = 0; i < count; i++) {
            long code = at + (long) i * d;
            for (int j = 0; j < d; j++) {
                float steps = (rows[i * d + j] - low[j]) * stepsPerUnit[j];
                Bits.put(into, code, j, Byte.SIZE, Math.clamp((int) (steps + 0.5f), 0, last));
            }
        }
    }
}
