package repscorer.core.store;

import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
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
            case Named named -> new Named(named.id, named.entries, OptionalLong.of(other));
            case Delete delete -> new Delete(delete.id, OptionalLong.of(other));
        };
    }

    /** Puts an entity's whole vector in place of the one that was there, if any. */
    record Upsert(EntityId id, Embedding embedding, OptionalLong number) implements Change {}

    /**
     * Puts a sparse vector in place, of which some columns may have no number yet: they are given one when the change is taken.
     *
     * @param entries weights by what the columns stand for
     */
    record Named(EntityId id, Map<EntityId, Float> entries, OptionalLong number) implements Change {

        public Named {
            entries = Collections.unmodifiableMap(new TreeMap<>(entries));
            for (Map.Entry<EntityId, Float> each : entries.entrySet()) {
                float weight = each.getValue();
                if (!(weight > 0) || weight == Float.POSITIVE_INFINITY) {
                    throw new IllegalArgumentException(
                            "weights must be positive and finite: %s for %s".formatted(weight, each.getKey()));
                }
            }
        }
    }

    /** Takes an entity away; does nothing where it is absent. */
    record Delete(EntityId id, OptionalLong number) implements Change {}
}
