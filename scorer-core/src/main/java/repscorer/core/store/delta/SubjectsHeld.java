package repscorer.core.store.delta;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.entity.IdTable;
import repscorer.core.erasure.Sought;

/** Which subjects a space holds now: in its base, in what changes made of it, or on the way to a vector. */
public final class SubjectsHeld {

    private SubjectsHeld() {}

    /**
     * Each of them once. O(changes), and O(1) for the base of a kind that is not sought.
     *
     * @param kind of the space's rows
     * @param base whose rows the changes lie over
     * @param engaged items that engagements are counted of, with a vector or not
     */
    public static List<EntityId> find(
            Sought sought, EntityKind kind, IdTable base, DeltaView changes, Set<EntityId> engaged) {
        List<EntityId> held = new ArrayList<>();
        for (int row : sought.mayHave(kind) ? sought.in(base) : new int[0]) {
            if (!changes.overrides(row)) {
                held.add(base.id(row));
            }
        }
        for (int slot = 0; slot < changes.count(); slot++) {
            if (changes.isLive(slot) && sought.has(changes.id(slot))) {
                held.add(changes.id(slot));
            }
        }
        engaged.stream()
                .filter(item -> sought.has(item) && !held.contains(item))
                .forEach(held::add);
        return held;
    }
}
