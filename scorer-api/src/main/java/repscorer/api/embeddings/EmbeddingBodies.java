package repscorer.api.embeddings;

import java.util.ArrayList;
import java.util.List;
import repscorer.api.mapping.Answers;
import repscorer.core.MissingReason;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.IdTable;
import repscorer.vector.SparseVector;
import repscorer.wire.EmbeddingBody;
import repscorer.wire.EmbeddingBody.EntryBody;

/** Writes embeddings as wire records, with the words that their file has for columns. */
final class EmbeddingBodies {

    private EmbeddingBodies() {}

    static EmbeddingBody of(EntityId id, Embedding embedding, EmbeddingFile file) {
        return switch (embedding) {
            case Embedding.Dense dense -> new EmbeddingBody(id.toString(), dense.values(), null, null);
            case Embedding.Sparse sparse ->
                new EmbeddingBody(id.toString(), null, entries(sparse.vector(), file), null);
        };
    }

    static EmbeddingBody missing(EntityId id, MissingReason reason) {
        return new EmbeddingBody(id.toString(), null, null, Answers.reason(reason));
    }

    private static List<EntryBody> entries(SparseVector vector, EmbeddingFile file) {
        IdTable columns = file.columns().orElseThrow();
        List<EntryBody> entries = new ArrayList<>(vector.size());
        for (int i = 0; i < vector.size(); i++) {
            int column = vector.columns()[i];
            entries.add(new EntryBody(
                    column,
                    columns.id(column).toString(),
                    file.columnLabel(column).orElse(null),
                    vector.weights()[i]));
        }
        return entries;
    }
}
