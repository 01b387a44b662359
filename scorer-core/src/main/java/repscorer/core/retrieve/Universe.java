package repscorer.core.retrieve;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.IdTable;

/**
 * All entities of a kind that any of several columns has a row of, and where each column's row is. Immutable, safe for
 * concurrent use.
 */
public final class Universe {

    private static final int ABSENT = -1;

    private final List<@Nullable IdTable> tables;
    private final int[][] ordinals;
    private final char[] masks;
    private final boolean[] present;
    private final int size;

    private Universe(List<@Nullable IdTable> tables, int[][] ordinals, int size) {
        this.tables = tables;
        this.ordinals = ordinals;
        this.size = size;
        this.masks = new char[size];
        this.present = new boolean[1 << tables.size()];
        for (int entity = 0; entity < size; entity++) {
            for (int c = 0; c < ordinals.length; c++) {
                masks[entity] |= (char) (ordinals[c][entity] == ABSENT ? 0 : 1 << c);
            }
            present[masks[entity]] = true;
        }
    }

    /**
     * Joins tables by id. O(all ids) look-ups; keeps 4 bytes for each entity and column, and 2 for each entity.
     *
     * @param tables one per column, null for a column without rows; at most 16
     */
    public static Universe of(List<@Nullable IdTable> tables) {
        if (tables.size() > 16) {
            throw new IllegalArgumentException("at most 16 columns are joined: " + tables.size());
        }
        int most = 0;
        for (IdTable table : tables) {
            most += table == null ? 0 : table.count();
        }
        int[][] ordinals = new int[tables.size()][most];
        for (int[] column : ordinals) {
            Arrays.fill(column, ABSENT);
        }
        BitSet[] joined = new BitSet[tables.size()];
        int size = 0;
        for (int c = 0; c < tables.size(); c++) {
            joined[c] = new BitSet();
        }
        for (int c = 0; c < tables.size(); c++) {
            IdTable table = tables.get(c);
            for (int row = 0; table != null && row < table.count(); row++) {
                if (joined[c].get(row)) {
                    continue;
                }
                ordinals[c][size] = row;
                EntityId id = table.id(row);
                for (int other = c + 1; other < tables.size(); other++) {
                    IdTable second = tables.get(other);
                    OptionalInt found = second == null ? OptionalInt.empty() : second.ordinal(id);
                    if (found.isPresent()) {
                        ordinals[other][size] = found.getAsInt();
                        joined[other].set(found.getAsInt());
                    }
                }
                size++;
            }
        }
        for (int c = 0; c < ordinals.length; c++) {
            ordinals[c] = Arrays.copyOf(ordinals[c], size);
        }
        return new Universe(tables, ordinals, size);
    }

    public int size() {
        return size;
    }

    /** Where a column's row of an entity is, or -1. */
    int ordinal(int column, int entity) {
        return ordinals[column][entity];
    }

    /** Which columns have a row of an entity, as bits. */
    int mask(int entity) {
        return masks[entity];
    }

    /** Whether any entity has rows in exactly these columns. */
    boolean has(int mask) {
        return present[mask];
    }

    public EntityId id(int entity) {
        for (int c = 0; c < ordinals.length; c++) {
            IdTable table = tables.get(c);
            if (table != null && ordinals[c][entity] != ABSENT) {
                return table.id(ordinals[c][entity]);
            }
        }
        throw new IllegalStateException("an entity is a row of some column: " + entity);
    }
}
