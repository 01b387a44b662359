package repscorer.guard;

import java.util.Arrays;

/** Which units were seen, by a hash of 64 bits, up to a number of them. Not for several threads. */
final class UnitSet {

    static final int UNITS_MAX = 1 << 19;

    private long[] slots = new long[1 << 10];
    private int size;

    /** Whether the unit was not seen before. Two units of one hash count as one: of half a million that befalls one in 10 billion. */
    boolean add(String unit) {
        long hash = hash(unit);
        int at = slot(hash);
        if (slots[at] == hash) {
            return false;
        }
        slots[at] = hash;
        if (++size > slots.length / 2) {
            grow();
        }
        return true;
    }

    boolean isFull() {
        return size >= UNITS_MAX;
    }

    void clear() {
        slots = new long[1 << 10];
        size = 0;
    }

    private void grow() {
        long[] before = slots;
        slots = new long[2 * before.length];
        Arrays.stream(before).filter(hash -> hash != 0).forEach(hash -> slots[slot(hash)] = hash);
    }

    /** Where a hash is, or may be put. */
    private int slot(long hash) {
        int at = (int) hash & slots.length - 1;
        while (slots[at] != 0 && slots[at] != hash) {
            at = at + 1 & slots.length - 1;
        }
        return at;
    }

    /** FNV-1a over characters, mixed; never 0. */
    private static long hash(String unit) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < unit.length(); i++) {
            hash = (hash ^ unit.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return hash == 0 ? 1 : hash;
    }
}
