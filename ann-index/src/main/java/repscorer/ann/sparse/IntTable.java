package repscorer.ann.sparse;

import java.util.Arrays;

/**
 * Gives the numbers 0, 1, 2, … to non-negative ints in the order they first come. Open addressing over flat arrays; not
 * safe for concurrent writes, safe for concurrent reads after them.
 */
final class IntTable {

    static final int ABSENT = -1;

    private static final int CAPACITY_FIRST = 64;

    private int[] keys;
    private int[] numbers;
    private int mask;
    private int size;

    IntTable() {
        allocate(CAPACITY_FIRST);
    }

    int size() {
        return size;
    }

    /** The key's number, or {@link #ABSENT}. */
    int find(int key) {
        int[] keys = this.keys;
        int mask = this.mask;
        int at = hash(key) & mask;
        while (keys[at] != ABSENT) {
            if (keys[at] == key) {
                return numbers[at];
            }
            at = (at + 1) & mask;
        }
        return ABSENT;
    }

    /** The key's number, which is the former {@link #size()} when the key is new. */
    int findOrAdd(int key) {
        int found = find(key);
        if (found != ABSENT) {
            return found;
        }
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        put(key, size);
        return size++;
    }

    void clear() {
        Arrays.fill(keys, ABSENT);
        size = 0;
    }

    private void put(int key, int number) {
        int at = hash(key) & mask;
        while (keys[at] != ABSENT) {
            at = (at + 1) & mask;
        }
        keys[at] = key;
        numbers[at] = number;
    }

    private void grow() {
        int[] oldKeys = keys;
        int[] oldNumbers = numbers;
        allocate(2 * oldKeys.length);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != ABSENT) {
                put(oldKeys[i], oldNumbers[i]);
            }
        }
    }

    private void allocate(int capacity) {
        keys = new int[capacity];
        Arrays.fill(keys, ABSENT);
        numbers = new int[capacity];
        mask = capacity - 1;
    }

    private static int hash(int key) {
        int h = key * 0x9E3779B9;
        return h ^ (h >>> 15);
    }
}
