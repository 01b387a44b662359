package repscorer.core.store;

import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import repscorer.core.embedding.Embedding;
import repscorer.core.engagement.Addition;
import repscorer.core.engagement.ItemSums;
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
            case Upsert upsert -> new Upsert(upsert.id, upsert.embedding, OptionalLong.of(other), upsert.madeMillis);
            case Named named -> new Named(named.id, named.entries, OptionalLong.of(other), named.madeMillis);
            case Delete delete -> new Delete(delete.id, OptionalLong.of(other));
            case Engagement event ->
                new Engagement(event.id, event.user, event.kind, OptionalLong.of(other), event.atMillis);
            case Added event -> new Added(event.id, event.addition, OptionalLong.of(other));
            case Restated sums -> sums;
        };
    }

    /** The same change of a vector that was made at a time, where it does not say one itself. */
    default Change madeAt(long millis) {
        return switch (this) {
            case Upsert upsert
            when upsert.madeMillis.isEmpty() ->
                new Upsert(upsert.id, upsert.embedding, upsert.number, OptionalLong.of(millis));
            case Named named
            when named.madeMillis.isEmpty() ->
                new Named(named.id, named.entries, named.number, OptionalLong.of(millis));
            case Engagement event
            when event.atMillis.isEmpty() ->
                new Engagement(event.id, event.user, event.kind, event.number, OptionalLong.of(millis));
            case Upsert upsert -> upsert;
            case Named named -> named;
            case Delete delete -> delete;
            case Engagement event -> event;
            case Added event -> event;
            case Restated sums -> sums;
        };
    }

    /**
     * Puts an entity's whole vector in place of the one that was there, if any.
     *
     * @param madeMillis when the vector was made, in milliseconds since 1970; where absent, and vectors grow old, when it is taken
     */
    record Upsert(EntityId id, Embedding embedding, OptionalLong number, OptionalLong madeMillis) implements Change {

        /** Of a vector that does not say when it was made. */
        public Upsert(EntityId id, Embedding embedding, OptionalLong number) {
            this(id, embedding, number, OptionalLong.empty());
        }
    }

    /**
     * Puts a sparse vector in place, of which some columns may have no number yet: they are given one when the change is taken.
     *
     * @param entries weights by what the columns stand for
     * @param madeMillis as of an {@link Upsert}
     */
    record Named(EntityId id, Map<EntityId, Float> entries, OptionalLong number, OptionalLong madeMillis)
            implements Change {

        /** Of a vector that does not say when it was made. */
        public Named(EntityId id, Map<EntityId, Float> entries, OptionalLong number) {
            this(id, entries, number, OptionalLong.empty());
        }

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

    /**
     * A user engaged with an item whose space is {@linkplain repscorer.core.embedding.EngagementRule made from engagements}: the user's
     * vector, as it is when this is taken, is added to the item's.
     *
     * @param id the item
     * @param kind of engagement, such as {@code favorite}
     * @param atMillis when it happened, in milliseconds since 1970; when it is taken where absent or to come
     */
    record Engagement(EntityId id, EntityId user, String kind, OptionalLong number, OptionalLong atMillis)
            implements Change {}

    /** What an engagement came to when it was taken: what the log holds in its place. Nobody sends it. */
    record Added(EntityId id, Addition addition, OptionalLong number) implements Change {}

    /** An item's sums where the log goes on without the engagements that they came from. Nobody sends it. */
    record Restated(EntityId id, ItemSums sums) implements Change {

        @Override
        public OptionalLong number() {
            return OptionalLong.empty();
        }
    }
}
