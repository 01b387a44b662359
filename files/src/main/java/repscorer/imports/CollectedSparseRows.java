package repscorer.imports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.vector.SparseVector;

/** Sparse rows. Columns get their numbers at the end, in the order of their names. */
final class CollectedSparseRows extends CollectedRows {

    /** A column that is a whole number is one of these. */
    private static final EntityKind CLUSTER = new EntityKind("cluster");

    private final Map<EntityId, Row> rows = new LinkedHashMap<>();
    private final Map<EntityId, Integer> seen = new HashMap<>(); // columns, numbered as they came
    private final List<EntityId> columns = new ArrayList<>();

    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    private record Row(int[] columns, float[] weights) {}

    CollectedSparseRows(ImportTarget target, BadRows bad, LongConsumer progress, ImportMemory.Share memory) {
        super(target, bad, progress, memory);
    }

    @Override
    boolean contains(EntityId id) {
        return rows.containsKey(id);
    }

    @Override
    public void dense(long row, String id, float[] values) {
        throw new IllegalStateException("a sparse file was read as a dense one");
    }

    @Override
    public void sparse(long row, String text, String[] names, float[] weights, boolean ordered) {
        try {
            EntityId id = id(text);
            EntityId[] parsed = check(id, names, weights, ordered);
            if (parsed.length > 0 || keepsZero(id)) {
                int[] places = new int[parsed.length];
                for (int i = 0; i < places.length; i++) {
                    places[i] = place(row, parsed[i]);
                }
                keep(row, id, places.length, 0);
                rows.put(id, new Row(places, weights));
            }
        } catch (IllegalArgumentException e) {
            bad(row, String.valueOf(e.getMessage()));
        }
    }

    private EntityId[] check(EntityId id, String[] names, float[] weights, boolean ordered) {
        if (names.length != weights.length) {
            throw new IllegalArgumentException(
                    "columns and weights differ in number: %s and %s (%s)".formatted(names.length, weights.length, id));
        }
        if (names.length > target.entriesMax()) {
            throw new IllegalArgumentException("a row has at most %s entries: space=%s, got %s (%s)"
                    .formatted(target.entriesMax(), target.space(), names.length, id));
        }
        EntityId[] parsed = new EntityId[names.length];
        for (int i = 0; i < names.length; i++) {
            parsed[i] = isNumber(names[i]) ? EntityId.of(CLUSTER, names[i]) : EntityId.parse(names[i]);
            if (!(weights[i] > 0 && weights[i] < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "weights must be positive and finite: %s for %s (%s)".formatted(weights[i], names[i], id));
            }
            if (ordered && i > 0 && parsed[i].compareTo(parsed[i - 1]) < 0) {
                throw new IllegalArgumentException(
                        "columns must ascend: %s after %s (%s)".formatted(names[i], names[i - 1], id));
            }
        }
        EntityId[] sorted = parsed.clone();
        Arrays.sort(sorted);
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i].equals(sorted[i - 1])) {
                throw new IllegalArgumentException(
                        "columns must differ: %s is there twice (%s)".formatted(sorted[i], id));
            }
        }
        return parsed;
    }

    private int place(long row, EntityId column) {
        Integer known = seen.putIfAbsent(column, columns.size());
        if (known == null) {
            keep(row, column);
            columns.add(column);
            return columns.size() - 1;
        }
        return known;
    }

    @Override
    EmbeddingFileWriter writer() {
        if (rows.isEmpty()) {
            throw noRow();
        }
        Integer[] byName = new Integer[columns.size()];
        Arrays.setAll(byName, i -> i);
        Arrays.sort(byName, Comparator.comparing(columns::get));
        int[] numbers = new int[byName.length];
        List<EntityId> sorted = new ArrayList<>(byName.length);
        for (int number = 0; number < byName.length; number++) {
            numbers[byName[number]] = number;
            sorted.add(columns.get(byName[number]));
        }
        EmbeddingFileWriter writer =
                EmbeddingFileWriter.sparse(target.space(), target.model(), target.kind(), sorted, Map.of());
        rows.forEach((id, row) -> writer.add(id, vector(row, numbers)));
        return writer;
    }

    private static SparseVector vector(Row row, int[] numbers) {
        int size = row.columns.length;
        long[] order = new long[size];
        for (int i = 0; i < size; i++) {
            order[i] = (long) numbers[row.columns[i]] << 32 | i;
        }
        Arrays.sort(order);
        int[] places = new int[size];
        float[] weights = new float[size];
        for (int i = 0; i < size; i++) {
            places[i] = (int) (order[i] >>> 32);
            weights[i] = row.weights[(int) order[i]];
        }
        return new SparseVector(places, weights);
    }
}
