package repscorer.core.source;

import java.util.Map;
import repscorer.core.answer.MissingReason;
import repscorer.core.entity.EntityKind;
import repscorer.core.text.TextQuery;
import repscorer.vector.SparseVector;

/** What one column compares candidates with. */
public sealed interface QueryVector {

    /** @param byKind the vector to compare candidates of a kind with, translations added */
    record Dense(Map<EntityKind, float[]> byKind) implements QueryVector {}

    record Sparse(SparseVector vector) implements QueryVector {}

    /** @param byKind the words to hold against texts of candidates of a kind, as their index has them */
    record Text(Map<EntityKind, TextQuery> byKind) implements QueryVector {}

    /** Nothing: the column is computed of what others say. */
    record Computed() implements QueryVector {}

    record Missing(MissingReason reason) implements QueryVector {}
}
