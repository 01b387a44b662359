package repscorer.core.candidates;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.request.Entities;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseRows;

/**
 * A sparse space read the other way, from a column to the first row by id that has it: who wrote this tweet. The base is
 * inverted once per file, O(entries) time and an int per entry and column; changes streamed in since are read once per
 * request, O(their entries). For one request and one thread.
 */
final class InverseSpace {

    private static final int NONE = -1;

    private final SpaceVersion version;
    private final Entities entities;
    private final Entities.Rows numbers;
    private final Rows base;
    private final Map<Integer, Integer> streamed = new HashMap<>(); // the first entity by column

    InverseSpace(SpaceVersion version, Entities entities) {
        this.version = version;
        this.entities = entities;
        this.numbers = entities.rows(version);
        this.base = base(version);
        version.eachStreamed(ordinal -> {
            int number = numbers.number(ordinal);
            for (int column : version.sparse(ordinal).columns()) {
                streamed.merge(column, number, this::first);
            }
        });
    }

    private static Rows base(SpaceVersion version) {
        return version.file().facts().get(Rows.class, () -> invert(version.file()));
    }

    /**
     * How many rows of a version's base have an entry for a column; NaN for what is no column. What is streamed in counts with the next
     * base. O(1) once the base is inverted.
     */
    static double rows(SpaceVersion version, EntityId column) {
        OptionalInt place = version.column(column);
        if (place.isEmpty() || place.getAsInt() >= version.file().dimension()) {
            return Double.NaN;
        }
        int[] starts = base(version).starts;
        return starts[place.getAsInt() + 1] - starts[place.getAsInt()];
    }

    /** Tells every live row of a version that has an entry for a column. O(such rows + changes). */
    static void eachRow(SpaceVersion version, int column, IntConsumer ordinals) {
        Rows base = base(version);
        boolean known = column < version.file().dimension();
        for (int i = known ? base.starts[column] : 0; i < (known ? base.starts[column + 1] : 0); i++) {
            if (version.live(base.rows[i])) {
                ordinals.accept(base.rows[i]);
            }
        }
        version.eachStreamed(ordinal -> {
            if (Arrays.binarySearch(version.sparse(ordinal).columns(), column) >= 0) {
                ordinals.accept(ordinal);
            }
        });
    }

    private int first(int a, int b) {
        return entities.compare(a, b) <= 0 ? a : b;
    }

    /** The first entity of which the row has an entry for the column, by number; -1 where there is none. */
    int row(EntityId column) {
        OptionalInt place = version.column(column);
        if (place.isEmpty()) {
            return NONE;
        }
        int changed = streamed.getOrDefault(place.getAsInt(), NONE);
        int row = place.getAsInt() < version.file().dimension() ? base.first(place.getAsInt(), version) : NONE;
        int kept = row < 0 ? NONE : numbers.number(row);
        return kept < 0 ? changed : changed < 0 ? kept : first(kept, changed);
    }

    /** By column, the rows of a file that have it, ascending; those of column c lie from {@code starts[c]} on. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    private record Rows(int[] starts, int[] rows) {

        /** The first that no change took away, or -1. */
        int first(int column, SpaceVersion version) {
            for (int i = starts[column]; i < starts[column + 1]; i++) {
                if (version.live(rows[i])) {
                    return rows[i];
                }
            }
            return NONE;
        }
    }

    private static Rows invert(EmbeddingFile file) {
        SparseRows sparse = file.sparseRows();
        int[] starts = new int[file.columns().orElseThrow().count() + 1];
        for (int row = 0; row < sparse.count(); row++) {
            for (int i = sparse.size(row) - 1; i >= 0; i--) {
                starts[sparse.column(row, i) + 1]++;
            }
        }
        for (int column = 1; column < starts.length; column++) {
            starts[column] = Math.addExact(starts[column], starts[column - 1]);
        }
        int[] rows = new int[starts[starts.length - 1]];
        int[] next = starts.clone();
        for (int row = 0; row < sparse.count(); row++) {
            int size = sparse.size(row);
            for (int i = 0; i < size; i++) {
                rows[next[sparse.column(row, i)]++] = row;
            }
        }
        return new Rows(starts, rows);
    }
}
