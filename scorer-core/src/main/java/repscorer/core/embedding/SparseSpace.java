package repscorer.core.embedding;

import repscorer.core.entity.EntityKind;

/**
 * A space of sparse vectors over named columns: clusters, or the entities of a user's history.
 *
 * @param entriesMax the most entries one vector may have
 * @param itemsPerCluster how many items a search can meet per cluster; 0 for a space that is only looked up, never searched
 */
public record SparseSpace(
        String name,
        String model,
        EntityKind kind,
        int entriesMax,
        int itemsPerCluster,
        boolean required,
        SpacePolicy policy)
        implements Space {

    /** With the default policy, which keeps rows without entries. */
    public SparseSpace(
            String name, String model, EntityKind kind, int entriesMax, int itemsPerCluster, boolean required) {
        this(name, model, kind, entriesMax, itemsPerCluster, required, SpacePolicy.KEEPING);
    }

    public SparseSpace {
        Space.checkName("space", name);
        Space.checkName("model", model);
        if (entriesMax < 1) {
            throw new IllegalArgumentException(
                    "entries-max must be at least 1: %s (space %s)".formatted(entriesMax, name));
        }
        if (itemsPerCluster < 0) {
            throw new IllegalArgumentException(
                    "items-per-cluster must not be negative: %s (space %s)".formatted(itemsPerCluster, name));
        }
    }

    public boolean indexed() {
        return itemsPerCluster > 0;
    }
}
