package repscorer.core.entity;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All entities that any of several id tables names, numbered from 0 in the order of their ids, and where each table has them.
 * Numbers rank as ids do. Eight bytes for each row, four for each entity and table, and up to sixteen more for each entity, by
 * which its id is found at once however many tables there are. Immutable, safe for concurrent use.
 */
public final class JoinedIds {

    private static final int ABSENT = -1;
    private static final int SLOTS_MAX = 1 << 30;

    private final List<IdTable> tables;
    private final int[][] numbers; // by table and row
    private final int[][] rows; // by table and number
    private final int[] slots; // a number + 1, or 0 for an empty slot; at most half are taken
    private final int size;

    private JoinedIds(List<IdTable> tables, int[][] numbers, int size) {
        this.tables = tables;
        this.numbers = numbers;
        this.size = size;
        this.rows = new int[tables.size()][size];
        for (int t = 0; t < rows.length; t++) {
            Arrays.fill(rows[t], ABSENT);
            for (int row = 0; row < numbers[t].length; row++) {
                rows[t][numbers[t][row]] = row;
            }
        }
        this.slots = new int[(int) slotsFor(size)];
        for (int number = 0; number < size; number++) {
            slots[slot(text(number))] = number + 1;
        }
    }

    private static long slotsFor(long size) {
        return Math.min(SLOTS_MAX, IdTable.slotsFor(size));
    }

    /**
     * What joined tables take.
     *
     * @param rows of all tables together
     * @param entities that any of them names
     */
    public static long byteSize(int tables, long rows, long entities) {
        return Integer.BYTES * (rows + tables * entities + slotsFor(entities));
    }

    /** Where an id is, or the empty slot where it would be. */
    private int slot(byte[] text) {
        int mask = slots.length - 1;
        int slot = (int) IdTable.hash(text) & mask;
        while (slots[slot] != 0 && !holds(slots[slot] - 1, text)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean holds(int number, byte[] text) {
        int table = table(number);
        return tables.get(table).holds(rows[table][number], text);
    }

    private byte[] text(int number) {
        int table = table(number);
        return tables.get(table).text(rows[table][number]);
    }

    /** The first table that has an entity. */
    private int table(int number) {
        for (int t = 0; t < rows.length; t++) {
            if (rows[t][number] != ABSENT) {
                return t;
            }
        }
        throw new IllegalStateException("an entity is a row of some table: " + number);
    }

    /**
     * Joins tables by id. O(tables · ids).
     *
     * @param tables of one kind each, their rows in the order of their ids
     */
    public static JoinedIds of(List<IdTable> tables) {
        int[][] numbers = new int[tables.size()][];
        int[] next = new int[tables.size()];
        @Nullable EntityId[] heads = new EntityId[tables.size()];
        for (int t = 0; t < numbers.length; t++) {
            numbers[t] = new int[tables.get(t).count()];
            heads[t] = numbers[t].length == 0 ? null : tables.get(t).id(0);
        }
        int size = 0;
        for (EntityId least = least(heads); least != null; least = least(heads)) {
            for (int t = 0; t < heads.length; t++) {
                if (least.equals(heads[t])) {
                    numbers[t][next[t]++] = size;
                    heads[t] =
                            next[t] == numbers[t].length ? null : tables.get(t).id(next[t]);
                }
            }
            size++;
        }
        return new JoinedIds(List.copyOf(tables), numbers, size);
    }

    private static @Nullable EntityId least(@Nullable EntityId[] heads) {
        EntityId least = null;
        for (EntityId head : heads) {
            least = head != null && (least == null || head.compareTo(least) < 0) ? head : least;
        }
        return least;
    }

    public int size() {
        return size;
    }

    /** Whether these are the tables that were joined. */
    public boolean joins(List<IdTable> others) {
        return tables.equals(others);
    }

    /** Where a table has an entity, or -1. */
    public int row(int table, int number) {
        return rows[table][number];
    }

    /** The entity of a table's row. */
    public int number(int table, int row) {
        return numbers[table][row];
    }

    /** An entity's number, or -1 where no table names it. One look-up. */
    public int find(EntityId id) {
        return slots[slot(IdTable.textOf(id))] - 1;
    }

    /** @throws IndexOutOfBoundsException for a number outside 0 to {@code size - 1} */
    public EntityId id(int number) {
        int table = table(number);
        return tables.get(table).id(rows[table][number]);
    }
}
