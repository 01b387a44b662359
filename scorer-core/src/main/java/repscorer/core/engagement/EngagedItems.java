package repscorer.core.engagement;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import repscorer.core.embedding.Aging;
import repscorer.core.embedding.EngagementRule;
import repscorer.core.entity.EntityId;

/**
 * The items of one space that were engaged with, with their sums. What it holds follows from what it was given in what order, and from
 * no clock: memory is what a restart makes. For one thread at a time.
 */
public final class EngagedItems {

    /*
     * An item whose newest engagement is older than the time to live is as one that was never engaged with; when it leaves memory is
     * nobody's business. The time is the latest at which anything was taken, which the log says.
     */

    private final EngagementRule rule;
    private final long halfLifeMillis;
    private final long timeToLiveMillis;
    private final Map<EntityId, ItemSums> items = new HashMap<>();
    private Map<EntityId, ItemSums> owed = new HashMap<>();
    private int quiet;
    private long clock = Long.MIN_VALUE;
    private long sweptInVainUntil = Long.MIN_VALUE; // nothing expires before

    public EngagedItems(EngagementRule rule, Aging aging) {
        this.rule = rule;
        this.halfLifeMillis = aging.halfLife().orElseThrow().toMillis();
        this.timeToLiveMillis = aging.timeToLive().orElseThrow().toMillis();
    }

    public EngagementRule rule() {
        return rule;
    }

    /** When something that comes now is taken, in milliseconds since 1970: never before what was taken last. */
    public long taken(long nowMillis) {
        return Math.max(clock, nowMillis);
    }

    /**
     * Whether there is room for an engagement with an item. O(1), but that all items are looked through where there are as many as can
     * be and some may be expired.
     *
     * @param coming how many others may still be added
     */
    public boolean hasRoom(EntityId item, long takenMillis, int coming) {
        if (items.containsKey(item) || items.size() + coming < rule.itemsMax()) {
            return true;
        }
        sweep(takenMillis);
        return items.size() + coming < rule.itemsMax();
    }

    private void sweep(long takenMillis) {
        clock = Math.max(clock, takenMillis);
        if (takenMillis < sweptInVainUntil) {
            return;
        }
        items.values().removeIf(each -> isExpired(each.momentMillis(), takenMillis));
        sweptInVainUntil = timeToLiveMillis
                + items.values().stream()
                        .mapToLong(ItemSums::momentMillis)
                        .min()
                        .orElse(takenMillis);
    }

    private boolean isExpired(long momentMillis, long takenMillis) {
        return takenMillis - momentMillis >= timeToLiveMillis;
    }

    /**
     * Adds an engagement to its item; one that is older than the time to live adds nothing. O(columns of the item).
     *
     * @return the item's sums, where enough users engaged that it has a vector and the engagement added to it
     */
    public Optional<ItemSums> take(EntityId item, Addition more) {
        clock = Math.max(clock, more.takenMillis());
        if (isExpired(more.atMillis(), more.takenMillis())
                || (!more.counts() && more.added().isEmpty())) {
            quiet++;
            return Optional.empty();
        }
        if (items.size() >= rule.itemsMax()) {
            sweep(more.takenMillis());
        }
        ItemSums before = sums(item, more.takenMillis());
        ItemSums after = before == null
                ? ItemSums.of(more, halfLifeMillis, rule.floor())
                : before.with(more, halfLifeMillis, rule.floor());
        put(item, after);
        if (after.reached(rule.floor()) && after.columns().length > 0) {
            return Optional.of(after);
        }
        quiet++;
        return Optional.empty();
    }

    private @Nullable ItemSums sums(EntityId item, long takenMillis) {
        ItemSums sums = items.get(item);
        return sums == null || isExpired(sums.momentMillis(), takenMillis) ? null : sums;
    }

    /** Puts sums back as they were written. */
    public void put(EntityId item, ItemSums sums) {
        clock = Math.max(clock, sums.takenMillis());
        items.put(item, sums);
        sweptInVainUntil = Math.min(sweptInVainUntil, sums.momentMillis() + timeToLiveMillis);
    }

    /** Forgets an item. */
    public void remove(EntityId item) {
        items.remove(item);
    }

    /** All that are not expired, copied. O(items). */
    public Map<EntityId, ItemSums> all(long nowMillis) {
        sweep(taken(nowMillis));
        return new HashMap<>(items);
    }

    /** How many engagements left no vector, of those whose log is not let go yet. */
    public int quiet() {
        return quiet;
    }

    /** The log of so many of those is let go. */
    public void heard(int count) {
        quiet -= count;
    }

    /**
     * The log is cut: what lies before it is let go once it says all sums anew, each item's as it is now and before its next
     * engagement. O(items).
     */
    public void oweAll(long nowMillis) {
        owed = all(nowMillis);
    }

    /** What an item's sums were at the last cut, where the log did not say them since. */
    public Optional<ItemSums> owed(EntityId item) {
        return Optional.ofNullable(owed.get(item));
    }

    /** Some of those. */
    public Map<EntityId, ItemSums> owedSome(int count) {
        Map<EntityId, ItemSums> some = new HashMap<>();
        for (Map.Entry<EntityId, ItemSums> each : owed.entrySet()) {
            if (some.size() == count) {
                break;
            }
            some.put(each.getKey(), each.getValue());
        }
        return some;
    }

    /** The log says the sums of items anew, or that they are gone. */
    public void said(Set<EntityId> these) {
        if (!owed.isEmpty()) {
            these.forEach(owed::remove);
        }
    }

    /** How many items are held, expired ones with them. */
    public int count() {
        return items.size();
    }
}
