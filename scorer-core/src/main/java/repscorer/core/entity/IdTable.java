package repscorer.core.entity;

import java.util.OptionalInt;

/**
 * The identifiers of one version: ordinal to id and back. Ids may be of several kinds. Held off the heap or mapped;
 * immutable and safe for concurrent use; a look-up is O(1).
 */
public final class IdTable {

    private IdTable() {}

    public int count() {
        throw new UnsupportedOperationException();
    }

    public EntityId id(int ordinal) {
        throw new UnsupportedOperationException();
    }

    /** The ordinal of an id, or empty where the table does not hold it. */
    public OptionalInt ordinal(EntityId id) {
        throw new UnsupportedOperationException();
    }
}
