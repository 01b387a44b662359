package repscorer.core;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.IdTable;
import repscorer.vector.SparseRows;

/**
 * Sparse files read the other way, from a column to the first row that has it: who wrote this tweet. Built once per base,
 * O(entries) time and an int per column; streamed changes are seen after compaction. A few are kept. Safe for concurrent use.
 */
final class Inverses {

    private static final int VERSIONS_MAX = 16;

    private final Map<String, int[]> rows = new ConcurrentHashMap<>();

    /** The id of the first row that has an entry for the column. */
    Optional<EntityId> row(EmbeddingFile file, EntityId column) {
        Optional<IdTable> columns = file.columns();
        OptionalInt place = columns.isPresent() ? columns.get().ordinal(column) : OptionalInt.empty();
        if (place.isEmpty()) {
            return Optional.empty();
        }
        if (rows.size() > VERSIONS_MAX) {
            rows.clear();
        }
        int row = rows.computeIfAbsent(file.checksum(), checksum -> invert(file))[place.getAsInt()];
        return row < 0 ? Optional.empty() : Optional.of(file.ids().id(row));
    }

    private static int[] invert(EmbeddingFile file) {
        IdTable columns = file.columns().orElseThrow();
        int[] first = new int[columns.count()];
        Arrays.fill(first, -1);
        SparseRows sparse = file.sparseRows();
        for (int row = 0; row < sparse.count(); row++) {
            int size = sparse.size(row);
            for (int i = 0; i < size; i++) {
                int column = sparse.column(row, i);
                first[column] = first[column] < 0 ? row : first[column];
            }
        }
        return first;
    }
}
