package repscorer.core;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.IdTable;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseRows;

/**
 * Sparse spaces read the other way, from a column to the first row by id that has it: who wrote this tweet. Built once per
 * base file, O(entries) time and an int per entry and column; a few are kept. Changes streamed in since are read once per
 * request, O(their entries). Safe for concurrent use.
 */
final class Inverses {

    private static final int FILES_MAX = 16;

    private final Map<String, Rows> files = new ConcurrentHashMap<>();

    /** One version read the other way. For one thread. */
    static final class Inverse {

        private final SpaceVersion version;
        private final Rows base;
        private final Map<Integer, EntityId> streamed = new HashMap<>();

        private Inverse(SpaceVersion version, Rows base) {
            this.version = version;
            this.base = base;
            for (int ordinal = version.file().count(); ordinal < version.ordinalsEnd(); ordinal++) {
                if (version.live(ordinal)) {
                    EntityId id = version.id(ordinal);
                    for (int column : version.sparse(ordinal).columns()) {
                        streamed.merge(column, id, Inverse::first);
                    }
                }
            }
        }

        private static EntityId first(EntityId a, EntityId b) {
            return a.compareTo(b) <= 0 ? a : b;
        }

        /** The first id of which the row has an entry for the column. */
        Optional<EntityId> row(EntityId column) {
            Optional<IdTable> columns = version.file().columns();
            OptionalInt place = columns.isPresent() ? columns.get().ordinal(column) : OptionalInt.empty();
            if (place.isEmpty()) {
                return Optional.empty();
            }
            Optional<EntityId> changed = Optional.ofNullable(streamed.get(place.getAsInt()));
            Optional<EntityId> kept = base.first(place.getAsInt(), version).map(version::id);
            return kept.isPresent() && changed.isPresent()
                    ? Optional.of(first(kept.get(), changed.get()))
                    : kept.or(() -> changed);
        }
    }

    Inverse of(SpaceVersion version) {
        if (files.size() > FILES_MAX) {
            files.clear();
        }
        return new Inverse(version, files.computeIfAbsent(version.file().checksum(), file -> invert(version.file())));
    }

    /** By column, the rows of a file that have it, ascending; those of column c lie from {@code starts[c]} on. */
    private record Rows(int[] starts, int[] rows) {

        /** The first that no change took away. */
        Optional<Integer> first(int column, SpaceVersion version) {
            for (int i = starts[column]; i < starts[column + 1]; i++) {
                if (version.live(rows[i])) {
                    return Optional.of(rows[i]);
                }
            }
            return Optional.empty();
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
