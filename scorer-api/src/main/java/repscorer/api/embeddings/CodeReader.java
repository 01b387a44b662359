package repscorer.api.embeddings;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import repscorer.codes.Decoder;
import repscorer.codes.Encoder;
import repscorer.core.codes.RowCodes;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.store.SpaceVersion;

/** Reads the codes of a version's rows, and rows as their codes have them. For one thread at a time. */
final class CodeReader implements RowReader {

    private final SpaceVersion version;
    private final RowCodes codes;
    private final float[] row;
    private final MemorySegment code;
    private final Decoder decoder;
    private @Nullable Encoder encoder; // made when a row that was streamed in is read

    CodeReader(SpaceVersion version, DenseSpace space, RowCodes codes) {
        this.version = version;
        this.codes = codes;
        this.row = new float[space.dimension()];
        this.code = MemorySegment.ofArray(new byte[codes.rows().codebook().rowBytes()]);
        this.decoder = codes.rows().codebook().decoder();
    }

    void copyCode(int ordinal, MemorySegment into, long at) {
        if (ordinal < codes.rows().count()) {
            codes.rows().copyCode(ordinal, into, at);
            return;
        }
        Encoder made = encoder;
        if (made == null) {
            made = codes.rows().codebook().encoder();
            encoder = made;
        }
        version.copyDense(ordinal, row);
        made.encode(row, 1, into, at);
    }

    @Override
    public void copy(int ordinal, float[] into) {
        copyCode(ordinal, code, 0);
        decoder.decode(code, 0, 1, into, 0);
    }
}
