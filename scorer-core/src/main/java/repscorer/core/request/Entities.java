package repscorer.core.request;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.store.EntityNumbers;
import repscorer.core.store.Snapshot;
import repscorer.core.store.SpaceVersion;

/**
 * The entities of one request by number: first those of the release's bases, whose numbers rank as their ids do, then those
 * that only a streamed change or the request itself names. For one thread.
 */
public final class Entities {

    private static final int ROOM = 16; // a power of two
    private static final int SPREAD = 0x9e3779b9; // 2^32 over the golden ratio: neighbours land far apart

    private final EntityNumbers known;
    private final List<EntityId> others = new ArrayList<>();
    private int[] hashes = new int[ROOM]; // by the places of the others
    private int[] slots = new int[2 * ROOM]; // a place among the others + 1, or 0; at most half are taken

    Entities(Snapshot snapshot) {
        this.known = snapshot.entities();
    }

    /** The number of an id, whether or not anything is known of it. */
    public int number(EntityId id) {
        int number = known.find(id);
        return number >= 0 ? number : other(id);
    }

    /** The numbers of ids, in their order. */
    public int[] numbers(List<EntityId> ids) {
        int[] numbers = new int[ids.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(ids.get(i));
        }
        return numbers;
    }

    private int other(EntityId id) {
        int hash = id.hashCode() * SPREAD;
        int slot = slot(id, hash);
        if (slots[slot] == 0) {
            if (others.size() == hashes.length) {
                grow();
                slot = slot(id, hash);
            }
            hashes[others.size()] = hash;
            others.add(id);
            slots[slot] = others.size();
            return Math.addExact(known.size(), others.size() - 1);
        }
        return known.size() + slots[slot] - 1;
    }

    private void grow() {
        hashes = Arrays.copyOf(hashes, 4 * hashes.length);
        slots = new int[2 * hashes.length];
        for (int place = 0; place < others.size(); place++) {
            slots[slot(others.get(place), hashes[place])] = place + 1;
        }
    }

    /** Where one of the others is, or the empty slot where it would be. */
    private int slot(EntityId id, int hash) {
        int mask = slots.length - 1;
        int slot = (hash ^ hash >>> 16) & mask;
        while (slots[slot] != 0
                && !(hashes[slots[slot] - 1] == hash
                        && others.get(slots[slot] - 1).equals(id))) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    public EntityId id(int number) {
        return number < known.size() ? known.id(number) : others.get(number - known.size());
    }

    public EntityKind kind(int number) {
        return number < known.size()
                ? known.kind(number)
                : others.get(number - known.size()).kind();
    }

    /** Orders two entities by their ids. */
    public int compare(int a, int b) {
        return a == b ? 0 : a < known.size() && b < known.size() ? Integer.compare(a, b) : id(a).compareTo(id(b));
    }

    /** One space's live rows by entity. */
    public Rows rows(SpaceVersion version) {
        return new Rows(version);
    }

    /** Where one version has its entities. For the request's thread. */
    public final class Rows {

        private final SpaceVersion version;
        private final EntityNumbers.Rows base;

        private Rows(SpaceVersion version) {
            this.version = version;
            this.base = known.rows(version.space().name());
        }

        /** The entity of a live row. O(1) for the base's. */
        public int number(int ordinal) {
            return ordinal < version.file().count() ? base.number(ordinal) : Entities.this.number(version.id(ordinal));
        }

        /** The live row of an entity, or -1 where it has none. O(1) but for entities that changes may have touched. */
        public int ordinal(int number) {
            int row = base.row(number);
            if (!version.changed() || (row >= 0 && version.live(row))) {
                return row;
            }
            OptionalInt streamed = version.ordinal(id(number));
            return streamed.isPresent() ? streamed.getAsInt() : -1;
        }
    }

    /** What the columns of a sparse version stand for. */
    public Columns columns(SpaceVersion version) {
        return new Columns(version);
    }

    /** The entities that a version's columns stand for. For the request's thread. */
    public final class Columns {

        private static final int UNMET = -1;

        private final SpaceVersion version;
        private final int[] numbers;

        private Columns(SpaceVersion version) {
            this.version = version;
            this.numbers = version.file().facts().get(Columns.class, known, () -> unmet(version));
        }

        private static int[] unmet(SpaceVersion version) {
            int[] numbers = new int[version.file().dimension()];
            Arrays.fill(numbers, UNMET);
            return numbers;
        }

        /** The entity of a column. One look-up the first time that a request of this release asks for it. */
        public int number(int column) {
            if (column >= numbers.length) { // named by a change
                return Entities.this.number(version.columnId(column));
            }
            int number = numbers[column];
            if (number == UNMET) {
                EntityId id = version.columnId(column);
                number = known.find(id);
                if (number < 0) {
                    return other(id);
                }
                numbers[column] = number; // racing threads write the same
            }
            return number;
        }
    }
}
