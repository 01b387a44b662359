package repscorer.codes;

import java.lang.foreign.MemorySegment;

/** Names the nearest entry of each part of a row. */
final class ProductEncoder extends Encoder {

    private final Nearest[] parts;
    private final int[] found = new int[BATCH];

    ProductEncoder(Codebook codebook) {
        super(codebook);
        Tables tables = codebook.tables();
        this.parts = new Nearest[tables.units()];
        for (int s = 0; s < parts.length; s++) {
            parts[s] = new Nearest(tables.values(), tables.entryAt(s, 0), tables.entries(), tables.width(s));
        }
    }

    @Override
    void encodeTurned(float[] rows, int count, MemorySegment into, long at) {
        int rowBytes = codebook.rowBytes();
        for (int s = 0; s < parts.length; s++) {
            parts[s].find(rows, codebook.tables().from(s), codebook.dimension(), count, found, 0, 1);
            for (int i = 0; i < count; i++) {
                Bits.put(into, at + (long) i * rowBytes, s, codebook.bits(), found[i]);
            }
        }
    }
}
