package repscorer.api.embeddings;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import repscorer.api.mapping.Answers;
import repscorer.core.answer.MissingReason;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;
import repscorer.core.failure.ScorerException;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseVector;
import repscorer.wire.EmbeddingBody;
import repscorer.wire.EmbeddingBody.EntryBody;

/** Writes embeddings as wire records, with the words that their file has for columns. */
final class EmbeddingBodies {

    private EmbeddingBodies() {}

    /** How dense vectors are written. */
    enum Encoding {
        NUMBERS,
        BASE64;

        static Encoding of(String word) {
            for (Encoding encoding : values()) {
                if (encoding.name().toLowerCase(Locale.ROOT).equals(word)) {
                    return encoding;
                }
            }
            throw new ScorerException.Invalid(
                    "unknown-encoding", "encoding", "an encoding is numbers or base64: '%s'".formatted(word));
        }
    }

    static EmbeddingBody of(EntityId id, Embedding embedding, SpaceVersion version, Encoding encoding) {
        return switch (embedding) {
            case Embedding.Dense dense ->
                encoding == Encoding.BASE64
                        ? new EmbeddingBody(id.toString(), null, null, null, base64(dense.values()), null)
                        : new EmbeddingBody(id.toString(), dense.values(), null, null);
            case Embedding.Sparse sparse ->
                new EmbeddingBody(id.toString(), null, entries(sparse.vector(), version), null);
            case Embedding.Text text -> new EmbeddingBody(id.toString(), null, null, null, null, text.value());
        };
    }

    static EmbeddingBody missing(EntityId id, MissingReason reason) {
        return new EmbeddingBody(id.toString(), null, null, Answers.reason(reason));
    }

    private static String base64(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static List<EntryBody> entries(SparseVector vector, SpaceVersion version) {
        List<EntryBody> entries = new ArrayList<>(vector.size());
        for (int i = 0; i < vector.size(); i++) {
            int column = vector.columns()[i];
            entries.add(new EntryBody(
                    column,
                    version.columnId(column).toString(),
                    version.file().columnLabel(column).orElse(null),
                    vector.weights()[i]));
        }
        return entries;
    }
}
