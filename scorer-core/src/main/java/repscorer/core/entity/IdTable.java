package repscorer.core.entity;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;

/**
 * The identifiers of one version: ordinal to id and back. Ids may be of several kinds. Held off the heap or mapped;
 * immutable and safe for concurrent use; a look-up is O(1).
 */
public final class IdTable {

    /*
     * One piece of memory, little-endian, which is also a section of an embedding file:
     *
     *   0        int64  count
     *   8        int64  slots, a power of two, at least twice the count
     *   16       int64  bytes of text
     *   24       int64  0
     *   32       int64  × (count + 1)  where each id's text begins; the last is where the text ends
     *   …        int32  × slots        ordinal + 1, or 0 for an empty slot
     *   …        the ids one after another as UTF-8, each written kind:value
     *
     * An id's first slot is its hash masked; where that is taken by another, the next one, and so on around. The hash is
     * FNV-1a over the bytes with the finalizer of MurmurHash3, and is part of the format: at most half the slots are
     * taken, so a look-up reads one or two of them, and the id's text once.
     */

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int HEADER_BYTES = 32;
    private static final int COUNT_MAX = Integer.MAX_VALUE - 8;
    private static final int TEXT_BYTES_MAX = 32 + 1 + EntityId.VALUE_BYTES_MAX;

    private final MemorySegment segment;
    private final int count;
    private final long slots;
    private final long slotsAt;
    private final long textAt;
    private final long textBytes;

    /** The kind met last: tables mostly hold one kind, and a racy read costs no more than a new object. */
    private EntityKind kindMet = EntityKind.USER;

    private IdTable(MemorySegment segment, int count, long slots, long textBytes) {
        this.segment = segment;
        this.count = count;
        this.slots = slots;
        this.textBytes = textBytes;
        this.slotsAt = HEADER_BYTES + (count + 1L) * Long.BYTES;
        this.textAt = slotsAt + slots * Integer.BYTES;
    }

    /**
     * Reads a table where it is, without looking at its ids; {@link #verify()} does.
     *
     * @param segment kept and read, must not change
     * @throws IllegalArgumentException when the sizes in its first bytes do not fit the segment
     */
    public static IdTable of(MemorySegment segment) {
        if (segment.byteSize() < HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "an id table has at least %s bytes: %s".formatted(HEADER_BYTES, segment.byteSize()));
        }
        long count = segment.get(LONG, 0);
        long slots = segment.get(LONG, 8);
        long textBytes = segment.get(LONG, 16);
        if (count < 0 || count > COUNT_MAX) {
            throw new IllegalArgumentException("an id table holds 0 to %s ids: %s".formatted(COUNT_MAX, count));
        }
        if (slots != slotsFor(count)) {
            throw new IllegalArgumentException(
                    "an id table of %s ids has %s slots: %s".formatted(count, slotsFor(count), slots));
        }
        if (textBytes < 0 || segment.byteSize() != byteSize(count, textBytes) || segment.get(LONG, 24) != 0) {
            throw new IllegalArgumentException("an id table of %s ids with %s bytes of text does not have %s bytes"
                    .formatted(count, textBytes, segment.byteSize()));
        }
        return new IdTable(segment, (int) count, slots, textBytes);
    }

    /**
     * Builds a table off the heap in the order given: O(n). The memory is freed when the table becomes unreachable.
     *
     * @throws IllegalArgumentException naming an id that comes twice
     */
    public static IdTable copyOf(List<EntityId> ids) {
        int count = ids.size();
        long textBytes = 0;
        for (EntityId id : ids) {
            textBytes += textOf(id).length;
        }
        long slots = slotsFor(count);
        MemorySegment segment = Arena.ofAuto().allocate(byteSize(count, textBytes), Long.BYTES);
        segment.set(LONG, 0, count);
        segment.set(LONG, 8, slots);
        segment.set(LONG, 16, textBytes);
        IdTable table = new IdTable(segment, count, slots, textBytes);
        long at = 0;
        int ordinal = 0;
        for (EntityId id : ids) {
            byte[] text = textOf(id);
            MemorySegment.copy(text, 0, segment, JAVA_BYTE, table.textAt + at, text.length);
            at += text.length;
            segment.set(LONG, HEADER_BYTES + (ordinal + 1L) * Long.BYTES, at);
            table.insert(id, ordinal++);
        }
        return table;
    }

    /** What a table takes of so many ids, whose text together has so many bytes. */
    public static long byteSize(long count, long textBytes) {
        return HEADER_BYTES + (count + 1) * Long.BYTES + slotsFor(count) * Integer.BYTES + textBytes;
    }

    private void insert(EntityId id, int ordinal) {
        byte[] text = textOf(id);
        long mask = slots - 1;
        long slot = hash(text) & mask;
        int taken;
        while ((taken = segment.get(INT, slotsAt + slot * Integer.BYTES)) != 0) {
            if (holds(taken - 1, text)) {
                throw new IllegalArgumentException("ids must differ: %s is there twice".formatted(id));
            }
            slot = (slot + 1) & mask;
        }
        segment.set(INT, slotsAt + slot * Integer.BYTES, ordinal + 1);
    }

    public int count() {
        return count;
    }

    /** @throws IndexOutOfBoundsException for an ordinal outside 0 to {@code count - 1} */
    public EntityId id(int ordinal) {
        byte[] text = text(ordinal);
        EntityKind met = kindMet;
        int colon = met.name().length();
        if (text.length > colon && text[colon] == ':' && startsWith(text, met.name())) {
            return new EntityId(met, new String(text, colon + 1, text.length - colon - 1, StandardCharsets.UTF_8));
        }
        EntityId id = EntityId.parse(new String(text, StandardCharsets.UTF_8));
        kindMet = id.kind();
        return id;
    }

    private static boolean startsWith(byte[] text, String kind) {
        for (int i = 0; i < kind.length(); i++) {
            if (text[i] != (byte) kind.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The ordinal of an id, or empty where the table does not hold it. Allocates the bytes of the id's text. */
    public OptionalInt ordinal(EntityId id) {
        int found = find(id);
        return found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
    }

    /** The same, with -1 where the table does not hold it. */
    public int find(EntityId id) {
        return find(textOf(id));
    }

    /** The table's memory as laid out above; nobody may write to it. */
    public MemorySegment segment() {
        return segment.asReadOnly();
    }

    /**
     * Reads every id once: text in order and well-formed, every id found under its own ordinal, nothing else in the
     * slots. O(n).
     *
     * @throws IllegalArgumentException naming the ordinal and the rule
     */
    public void verify() {
        long end = start(0);
        if (end != 0 || start(count) != textBytes) {
            throw new IllegalArgumentException(
                    "the text of ids must span 0 to %s: %s to %s".formatted(textBytes, start(0), start(count)));
        }
        for (int ordinal = 0; ordinal < count; ordinal++) {
            long length = start(ordinal + 1) - start(ordinal);
            if (length < 1 || length > TEXT_BYTES_MAX || start(ordinal + 1) > textBytes) {
                throw new IllegalArgumentException("an id's text has 1 to %s bytes: %s bytes at ordinal %s"
                        .formatted(TEXT_BYTES_MAX, length, ordinal));
            }
        }
        long taken = 0;
        for (long slot = 0; slot < slots; slot++) {
            int entry = segment.get(INT, slotsAt + slot * Integer.BYTES);
            if (entry < 0 || entry > count) {
                throw new IllegalArgumentException("a slot holds 0 to %s: %s in slot %s".formatted(count, entry, slot));
            }
            taken += entry == 0 ? 0 : 1;
        }
        if (taken != count) {
            throw new IllegalArgumentException(
                    "as many slots are taken as there are ids: %s for %s ids".formatted(taken, count));
        }
        for (int ordinal = 0; ordinal < count; ordinal++) {
            verifyId(ordinal);
        }
    }

    private void verifyId(int ordinal) {
        String text = new String(text(ordinal), StandardCharsets.UTF_8);
        EntityId id;
        try {
            id = EntityId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s (ordinal %s)".formatted(e.getMessage(), ordinal), e);
        }
        if (find(textOf(id)) != ordinal) {
            // Malformed UTF-8 reads as another id than its bytes say, and ends here too.
            throw new IllegalArgumentException(
                    "an id must be found under its own ordinal: %s at ordinal %s".formatted(id, ordinal));
        }
    }

    private int find(byte[] text) {
        long mask = slots - 1;
        long slot = hash(text) & mask;
        for (long probes = 0; probes < slots; probes++) {
            int entry = segment.get(INT, slotsAt + slot * Integer.BYTES);
            if (entry == 0) {
                return -1;
            }
            if (holds(entry - 1, text)) {
                return entry - 1;
            }
            slot = (slot + 1) & mask;
        }
        return -1;
    }

    /** Whether an ordinal's id is written like this. */
    boolean holds(int ordinal, byte[] text) {
        long from = start(ordinal);
        int length = text.length;
        if (start(ordinal + 1) - from != length) {
            return false;
        }
        long at = textAt + from;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (segment.get(LONG, at + i) != (long) LONGS.get(text, i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (segment.get(JAVA_BYTE, at + i) != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** How an ordinal's id is written. */
    byte[] text(int ordinal) {
        if (ordinal < 0 || ordinal >= count) {
            throw new IndexOutOfBoundsException("an ordinal is 0 to %s: %s".formatted(count - 1, ordinal));
        }
        long from = start(ordinal);
        byte[] text = new byte[Math.toIntExact(start(ordinal + 1) - from)];
        MemorySegment.copy(segment, JAVA_BYTE, textAt + from, text, 0, text.length);
        return text;
    }

    private long start(int ordinal) {
        return segment.get(LONG, HEADER_BYTES + (long) ordinal * Long.BYTES);
    }

    /** How an id is written, in UTF-8. */
    static byte[] textOf(EntityId id) {
        String kind = id.kind().name();
        String value = id.value();
        byte[] text = new byte[kind.length() + 1 + value.length()];
        int at = 0;
        for (; at < kind.length(); at++) {
            text[at] = (byte) kind.charAt(at);
        }
        text[at++] = ':';
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 0x80) {
                return id.toString().getBytes(StandardCharsets.UTF_8);
            }
            text[at++] = (byte) c;
        }
        return text;
    }

    static long slotsFor(long count) {
        return Math.max(2, Long.highestOneBit(Math.max(1, count * 2 - 1)) << 1);
    }

    static long hash(byte[] text) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : text) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        hash ^= hash >>> 33;
        hash *= 0xff51afd7ed558ccdL;
        hash ^= hash >>> 33;
        hash *= 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
