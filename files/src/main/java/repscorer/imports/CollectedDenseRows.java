package repscorer.imports;

import java.util.Optional;
import java.util.function.LongConsumer;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.vector.VectorOps;

/** Dense rows. Where no dimension is declared the first good row tells it. */
final class CollectedDenseRows extends CollectedRows {

    private Optional<EmbeddingFileWriter> writer = Optional.empty();
    private int dimension;

    CollectedDenseRows(ImportTarget target, BadRows bad, LongConsumer progress, ImportMemory.Share memory) {
        super(target, bad, progress, memory);
        target.dimension().ifPresent(this::open);
    }

    private void open(int values) {
        writer = Optional.of(EmbeddingFileWriter.dense(target.space(), target.model(), target.kind(), values));
        dimension = values;
    }

    @Override
    boolean contains(EntityId id) {
        return writer.isPresent() && writer.get().contains(id);
    }

    @Override
    public void dense(long row, String text, float[] values) {
        try {
            EntityId id = id(text);
            check(id, values);
            if (VectorOps.norm(values) > 0 || keepsZero(id)) {
                if (writer.isEmpty()) {
                    open(values.length);
                }
                keep(row, id, 0, values.length);
                writer.orElseThrow().add(id, values);
            }
        } catch (IllegalArgumentException e) {
            bad(row, String.valueOf(e.getMessage()));
        }
    }

    private void check(EntityId id, float[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values for " + id);
        }
        if (dimension > 0 && values.length != dimension) {
            throw new IllegalArgumentException("dimension differs: space=%s expects %s, got %s (%s)"
                    .formatted(target.space(), dimension, values.length, id));
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("values must be finite: %s at %s (%s)".formatted(values[i], i, id));
            }
        }
        if (!Float.isFinite(VectorOps.norm(values))) {
            throw new IllegalArgumentException("the norm must be finite (%s)".formatted(id));
        }
    }

    @Override
    public void sparse(long row, String id, String[] columns, float[] weights, boolean ordered) {
        throw new IllegalStateException("a dense file was read as a sparse one");
    }

    @Override
    EmbeddingFileWriter writer() {
        if (writer.isEmpty() || writer.get().count() == 0) {
            throw noRow();
        }
        return writer.get();
    }
}
