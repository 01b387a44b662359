package repscorer.api.embeddings;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import repscorer.core.align.Adapter;
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

    /** Refuses more rows than an answer may hold, before anything is made of that size. */
    static void check(int dimension, int count, long bytesMax) {
        long bytes = (long) count * (1 + Float.BYTES * dimension);
        if (bytes > bytesMax) {
            throw new ScorerException.Invalid(
                    "answer-too-large",
                    "ids",
                    "an answer has at most %s bytes (limits.answer-max), and %s rows of %s values have %s"
                            .formatted(bytesMax, count, dimension, bytes));
        }
    }

    /** @param adapter that rows go through, where they are wanted in other coordinates */
    static byte[] of(SpaceVersion version, DenseSpace space, Optional<Adapter> adapter, List<EntityId> ids) {
        int dimension = adapter.map(Adapter::out).orElse(space.dimension());
        Optional<Adapter.Mapping> mapping = adapter.map(each -> new Adapter.Mapping(each, 1));
        float[] mapped = new float[dimension];
        int count = ids.size();
        int valuesAt = 2 * Integer.BYTES + ((count + 3) & -4);
        int rowBytes = Float.BYTES * dimension;
        byte[] bytes = new byte[Math.addExact(valuesAt, Math.multiplyExact(count, rowBytes))];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0, count).putInt(Integer.BYTES, dimension);
        float[] row = new float[space.dimension()];
        for (int i = 0; i < count; i++) {
            EntityId id = ids.get(i);
            OptionalInt ordinal = version.ordinal(id);
            out.put(2 * Integer.BYTES + i, state(space, id, ordinal));
            if (ordinal.isPresent()) {
                version.copyDense(ordinal.getAsInt(), row);
                out.position(valuesAt + i * rowBytes);
                mapping.ifPresent(each -> each.apply(row, 1, mapped));
                out.asFloatBuffer().put(mapping.isPresent() ? mapped : row);
            }
        }
        return bytes;
    }

    private static byte state(DenseSpace space, EntityId id, OptionalInt ordinal) {
        if (ordinal.isPresent()) {
            return FOUND;
        }
        return id.kind().equals(space.kind()) ? NO_EMBEDDING : OTHER_KIND;
    }
}
