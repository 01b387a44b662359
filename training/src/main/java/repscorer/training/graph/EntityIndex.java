package repscorer.training.graph;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;

/**
 * The entities of one kind: value to ordinal and back. Ordinals count up from 0 in the order of first appearance. One thread
 * may intern; any number may read once interning is over.
 */
public final class EntityIndex {

    /*
     * Values lie one after another in one byte array; an open-addressing table of ordinals, probed linearly and at most half
     * full, finds them by their bytes. A value costs its bytes plus 4 for its offset and 8 to 16 for the table; looking it up
     * allocates nothing.
     */

    private final EntityKind kind;
    private byte[] pool = new byte[1 << 12];
    private int[] offsets = new int[1 << 8];
    private int[] table = new int[1 << 9];
    private int count;

    public EntityIndex(EntityKind kind) {
        this.kind = kind;
        Arrays.fill(table, -1);
    }

    public EntityKind kind() {
        return kind;
    }

    public int count() {
        return count;
    }

    public EntityId id(int ordinal) {
        return EntityId.of(kind, value(ordinal));
    }

    /** The part of the id after the colon. */
    public String value(int ordinal) {
        int from = offsets[ordinal];
        return new String(pool, from, offsets[ordinal + 1] - from, StandardCharsets.UTF_8);
    }

    /** The ordinal of a value, or -1. */
    public int ordinal(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return find(bytes, 0, bytes.length);
    }

    /** The ordinal of a value, new where the value is. */
    public int intern(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return intern(bytes, 0, bytes.length);
    }

    /** The ordinal of the value in {@code bytes[from]} up to {@code bytes[to]}, or -1. */
    int find(byte[] bytes, int from, int to) {
        int slot = slot(bytes, from, to);
        return table[slot];
    }

    /**
     * The ordinal of the value in {@code bytes[from]} up to {@code bytes[to]}, new where the value is.
     *
     * @throws IllegalArgumentException for a value that no id may have
     */
    int intern(byte[] bytes, int from, int to) {
        int slot = slot(bytes, from, to);
        if (table[slot] >= 0) {
            return table[slot];
        }
        checkValue(bytes, from, to);
        int length = to - from;
        int end = offsets[count];
        if (end + length > pool.length) {
            pool = Arrays.copyOf(pool, Math.max(pool.length * 2, end + length));
        }
        System.arraycopy(bytes, from, pool, end, length);
        if (count + 2 > offsets.length) {
            offsets = Arrays.copyOf(offsets, offsets.length * 2);
        }
        offsets[count + 1] = end + length;
        table[slot] = count;
        count++;
        if (count * 2 > table.length) {
            grow();
        }
        return count - 1;
    }

    /** Throws what the id's own rules throw, so that no entity gets in that the release could not name. */
    EntityId checkValue(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0 && !isText(text, bytes, from, to)) {
            throw new IllegalArgumentException("an id's value must be UTF-8: '%s:%s'".formatted(kind, text));
        }
        return EntityId.of(kind, text);
    }

    /** Whether the bytes are those of the text, in which nothing stands for what is no UTF-8. */
    private static boolean isText(String text, byte[] bytes, int from, int to) {
        byte[] written = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(written, 0, written.length, bytes, from, to);
    }

    private int slot(byte[] bytes, int from, int to) {
        int mask = table.length - 1;
        int slot = hash(bytes, from, to) & mask;
        while (table[slot] >= 0 && !matches(table[slot], bytes, from, to)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean matches(int ordinal, byte[] bytes, int from, int to) {
        return Arrays.equals(pool, offsets[ordinal], offsets[ordinal + 1], bytes, from, to);
    }

    private void grow() {
        int[] larger = new int[table.length * 2];
        Arrays.fill(larger, -1);
        int mask = larger.length - 1;
        for (int ordinal = 0; ordinal < count; ordinal++) {
            int slot = hash(pool, offsets[ordinal], offsets[ordinal + 1]) & mask;
            while (larger[slot] >= 0) {
                slot = (slot + 1) & mask;
            }
            larger[slot] = ordinal;
        }
        table = larger;
    }

    private static int hash(byte[] bytes, int from, int to) {
        int h = 0;
        for (int i = from; i < to; i++) {
            h = 31 * h + bytes[i];
        }
        h *= 0x9E3779B9; // spreads what the low bits of short numbers share
        return h ^ (h >>> 15);
    }
}
