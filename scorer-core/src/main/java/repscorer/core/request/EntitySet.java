package repscorer.core.request;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;

/**
 * Entities of one request, each once: known by their places from 0, in the order in which they came. Adding and finding are
 * O(1) and allocate nothing but room to grow. For one thread.
 */
public final class EntitySet {

    private static final int ABSENT = -1;
    private static final int SPREAD = 0x9e3779b9; // 2^32 over the golden ratio: neighbours land far apart

    private static final int EXPECTED = 16;

    private final Entities entities;
    private int[] numbers;
    private int size;
    private int[] slots; // a place + 1, or 0 for an empty slot; at most half are taken
    private int shift;

    public EntitySet(Entities entities) {
        this(entities, EXPECTED);
    }

    /** @param expected how many there is room for at once; more find room too */
    public EntitySet(Entities entities, int expected) {
        int room = Math.clamp(expected, EXPECTED, 1 << 20);
        int slotsLog = Integer.SIZE - Integer.numberOfLeadingZeros(2 * room);
        this.entities = entities;
        this.numbers = new int[room];
        this.slots = new int[1 << slotsLog];
        this.shift = Integer.SIZE - slotsLog;
    }

    /** A set of ids, known or not; duplicates count once. */
    public static EntitySet of(Collection<EntityId> ids, Entities entities) {
        EntitySet set = new EntitySet(entities);
        ids.forEach(set::add);
        return set;
    }

    /** The same of their numbers. */
    public static EntitySet of(int[] numbers, Entities entities) {
        EntitySet set = new EntitySet(entities);
        for (int number : numbers) {
            set.add(number);
        }
        return set;
    }

    /** Adds an entity that is not there yet; answers its place. */
    public int add(int number) {
        int slot = slot(number);
        if (slots[slot] != 0) {
            return slots[slot] - 1;
        }
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * size);
        }
        numbers[size++] = number;
        slots[slot] = size;
        if (2 * size > slots.length) {
            grow();
        }
        return size - 1;
    }

    public int add(EntityId id) {
        return add(entities.number(id));
    }

    private void grow() {
        slots = new int[2 * slots.length];
        shift--;
        for (int place = 0; place < size; place++) {
            slots[slot(numbers[place])] = place + 1;
        }
    }

    /** Where a number is, or the empty slot where it would be. */
    private int slot(int number) {
        int mask = slots.length - 1;
        int slot = number * SPREAD >>> shift;
        while (slots[slot] != 0 && numbers[slots[slot] - 1] != number) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** The place of an entity, or -1. */
    public int place(int number) {
        int taken = slots[slot(number)];
        return taken == 0 ? ABSENT : taken - 1;
    }

    public int place(EntityId id) {
        return place(entities.number(id));
    }

    public boolean contains(int number) {
        return place(number) >= 0;
    }

    public int size() {
        return size;
    }

    /** The number of the entity at a place. */
    public int number(int place) {
        return numbers[place];
    }

    public EntityKind kind(int place) {
        return entities.kind(numbers[place]);
    }

    public EntityId id(int place) {
        return entities.id(numbers[place]);
    }

    /** Orders two places by their ids. */
    public int compare(int a, int b) {
        return entities.compare(numbers[a], numbers[b]);
    }

    /** Which ids are at the places, in the order of the ids. O(n log n). */
    public EntitySet sorted() {
        EntitySet sorted = new EntitySet(entities);
        List<Integer> places =
                IntStream.range(0, size).boxed().sorted(this::compare).toList();
        places.forEach(place -> sorted.add(numbers[place]));
        return sorted;
    }

    public Entities entities() {
        return entities;
    }
}
