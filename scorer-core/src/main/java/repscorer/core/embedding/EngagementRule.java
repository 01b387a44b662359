package repscorer.core.embedding;

import java.util.Map;
import java.util.TreeMap;

/**
 * How vectors of a sparse space are made from engagements: an item's is the sum of the vectors of the users who engaged with it, each
 * as it was then, decayed by the space's half-life.
 *
 * @param of the sparse space of the users' vectors
 * @param kinds by engagement, such as {@code favorite}, what a user's vector is multiplied by; at 0 it is taken and counts for nothing
 * @param floor from so many users on an item has a vector, 1 to {@link #FLOOR_MAX}
 * @param entriesMax the greatest entries of the sum that the vector has, at least 1
 * @param itemsMax how many items sums are kept for at a time, at least 1
 */
public record EngagementRule(String of, Map<String, Float> kinds, int floor, int entriesMax, int itemsMax) {

    public static final int FLOOR_MAX = 100;
    public static final int FLOOR_DEFAULT = 8;
    public static final int ENTRIES_MAX_DEFAULT = 50;
    public static final int ITEMS_MAX_DEFAULT = 100_000;

    /** The greatest weight of a kind: sums of it stay finite however many there are. */
    public static final float WEIGHT_MAX = 1_000_000;

    /** What an engagement adds to one column at most. */
    public static final float PRODUCT_MAX = 1e18f;

    public EngagementRule {
        Space.checkName("space", of);
        kinds = Map.copyOf(new TreeMap<>(kinds));
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("engagements are of one kind or more");
        }
        for (Map.Entry<String, Float> each : kinds.entrySet()) {
            Space.checkName("kind of engagement", each.getKey());
            float weight = each.getValue();
            if (!(weight >= 0 && weight <= WEIGHT_MAX)) {
                throw new IllegalArgumentException("the weight of an engagement is 0 to %s: %s for %s"
                        .formatted(WEIGHT_MAX, weight, each.getKey()));
            }
        }
        if (floor < 1 || floor > FLOOR_MAX) {
            throw new IllegalArgumentException("floor must be 1 to %s: %s".formatted(FLOOR_MAX, floor));
        }
        if (entriesMax < 1) {
            throw new IllegalArgumentException("entries-max must be at least 1: %s".formatted(entriesMax));
        }
        if (itemsMax < 1) {
            throw new IllegalArgumentException("items-max must be at least 1: %s".formatted(itemsMax));
        }
    }
}
