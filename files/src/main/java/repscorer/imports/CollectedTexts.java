package repscorer.imports;

import java.util.function.LongConsumer;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;

/** Texts on their way to a file. */
final class CollectedTexts extends CollectedRows {

    private final EmbeddingFileWriter writer;

    CollectedTexts(ImportTarget target, BadRows bad, LongConsumer progress, ImportMemory.Share memory) {
        super(target, bad, progress, memory);
        this.writer = EmbeddingFileWriter.texts(target.space(), target.model(), target.kind());
    }

    @Override
    boolean contains(EntityId id) {
        return writer.contains(id);
    }

    @Override
    public void dense(long row, String id, float[] values) {
        throw new IllegalStateException("a file of texts was read as one of vectors");
    }

    @Override
    public void sparse(long row, String id, String[] columns, float[] weights, boolean ordered) {
        throw new IllegalStateException("a file of texts was read as one of vectors");
    }

    @Override
    public void text(long row, String said, String text) {
        try {
            EntityId id = id(said);
            if (!text.isEmpty() || keepsZero(id)) {
                keep(row, id, text.length() / Long.BYTES + 1, 0);
                writer.add(id, text);
            }
        } catch (IllegalArgumentException e) {
            bad(row, String.valueOf(e.getMessage()));
        }
    }

    @Override
    EmbeddingFileWriter writer() {
        if (writer.count() == 0) {
            throw noRow();
        }
        return writer;
    }
}
