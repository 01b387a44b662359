package repscorer.codes;

import java.lang.foreign.MemorySegment;
import repscorer.vector.HalfRows;

/** Rounds each value to half precision. */
final class HalfEncoder extends Encoder {

    HalfEncoder(Codebook codebook) {
        super(codebook);
    }

    @Override
    void encodeTurned(float[] rows, int count, MemorySegment into, long at) {
        int values = count * codebook.dimension();
        for (int i = 0; i < values; i++) {
            if (Math.abs(rows[i]) > HalfRows.VALUE_MAX) {
                throw new IllegalArgumentException(
                        "float16 holds values to %s: %s".formatted(HalfRows.VALUE_MAX, rows[i]));
            }
            Bits.putHalf(into, at + 2L * i, rows[i]);
        }
    }
}
