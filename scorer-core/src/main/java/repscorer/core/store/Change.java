package repscorer.core.store;

import java.util.OptionalLong;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;

/** One streamed change to a space. */
public sealed interface Change {

    /** The highest number that a change may have: one at the very end would leave its producer none to go on with. */
    long NUMBER_MAX = Long.MAX_VALUE / 2;

    EntityId id();

    /** The caller's own number, which makes repeating harmless; absent, a repeated change is applied again. */
    OptionalLong number();

    /** The same change by another number. */
    default Change numbered(long other) {
        return switch (this) {
            case Upsert upsert -> new Upsert(upsert.id, upsert.embedding, OptionalLong.of(other));
            case Delete delete -> new Delete(delete.id, OptionalLong.of(other));
        };
    }

    /** Puts an entity's whole vector in place of the one that was there, if any. */
    record Upsert(EntityId id, Embedding embedding, OptionalLong number) implements Change {}

    /** Takes an entity away; does nothing where it is absent. */
    record Delete(EntityId id, OptionalLong number) implements Change {}
}
