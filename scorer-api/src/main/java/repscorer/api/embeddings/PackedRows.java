package repscorer.api.embeddings;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import repscorer.core.align.Adapter;
import repscorer.core.codes.RowCodes;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.failure.ScorerException;
import repscorer.core.store.SpaceVersion;

/** Dense rows as bytes, in the order asked for. */
final class PackedRows {

    static final byte FOUND = 0;
    static final byte NO_EMBEDDING = 1;
    static final byte OTHER_KIND = 2;

    private PackedRows() {}

    /** Writes what an answer holds of a row. */
    @FunctionalInterface
    interface RowWriter {
        /** @param at of the first byte of the row's place */
        void write(int ordinal, ByteBuffer out, int at);
    }

    /** Refuses more rows than an answer may hold, before anything is made of that size. */
    static void check(int rowBytes, int count, long bytesMax) {
        long bytes = (long) count * (1 + rowBytes);
        if (bytes > bytesMax) {
            throw new ScorerException.Invalid(
                    "answer-too-large",
                    "ids",
                    "an answer has at most %s bytes (limits.answer-max), and %s rows of %s bytes have %s"
                            .formatted(bytesMax, count, rowBytes, bytes));
        }
    }

    /**
     * Rows of equal length.
     *
     * @param width as the answer tells it: values or bytes of a row
     */
    static byte[] of(
            SpaceVersion version, DenseSpace space, int width, int rowBytes, RowWriter writer, List<EntityId> ids) {
        int count = ids.size();
        int rowsAt = 2 * Integer.BYTES + ((count + 3) & -4);
        byte[] bytes = new byte[Math.addExact(rowsAt, Math.multiplyExact(count, rowBytes))];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0, count).putInt(Integer.BYTES, width);
        for (int i = 0; i < count; i++) {
            EntityId id = ids.get(i);
            OptionalInt ordinal = version.ordinal(id);
            out.put(2 * Integer.BYTES + i, state(space, id, ordinal));
            if (ordinal.isPresent()) {
                writer.write(ordinal.getAsInt(), out, rowsAt + i * rowBytes);
            }
        }
        return bytes;
    }

    /**
     * Writes float32 values.
     *
     * @param adapter that rows go through, where they are wanted in other coordinates
     */
    static RowWriter values(RowReader rows, DenseSpace space, Optional<Adapter> adapter) {
        Optional<Adapter.Mapping> mapping = adapter.map(each -> new Adapter.Mapping(each, 1));
        float[] mapped = new float[adapter.map(Adapter::out).orElse(0)];
        float[] row = new float[space.dimension()];
        return (ordinal, out, at) -> {
            rows.copy(ordinal, row);
            mapping.ifPresent(each -> each.apply(row, 1, mapped));
            out.position(at);
            out.asFloatBuffer().put(mapping.isPresent() ? mapped : row);
        };
    }

    /** Writes codes. */
    static RowWriter codes(SpaceVersion version, DenseSpace space, RowCodes codes) {
        CodeReader reader = new CodeReader(version, space, codes);
        return (ordinal, out, at) ->
                reader.copyCode(ordinal, MemorySegment.ofBuffer(out.duplicate().clear()), at);
    }

    private static byte state(DenseSpace space, EntityId id, OptionalInt ordinal) {
        if (ordinal.isPresent()) {
            return FOUND;
        }
        return id.kind().equals(space.kind()) ? NO_EMBEDDING : OTHER_KIND;
    }
}
