package repscorer.core;

import java.util.Map;
import repscorer.core.answer.MissingReason;
import repscorer.core.entity.EntityKind;
import repscorer.vector.SparseVector;

/** What one column compares candidates with. */
sealed interface ColumnSource {

    /** @param byKind the vector to compare candidates of a kind with, translations added */
    record Dense(Map<EntityKind, float[]> byKind) implements ColumnSource {}

    record Sparse(SparseVector vector) implements ColumnSource {}

    record Missing(MissingReason reason) implements ColumnSource {}
}
