package repscorer.training.twhin;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Graph;
import repscorer.training.graph.Relation;

/**
 * Puts earlier vectors into fresh tables: entities that are known keep theirs and go on with steps of the size that Adagrad had
 * come to, new ones begin at the mean of their known neighbours.
 */
final class WarmStarts {

    private WarmStarts() {}

    static void apply(WarmStart start, Graph graph, Map<EntityKind, Table> tables, RelationTables relations) {
        Map<EntityKind, BitSet> known = new LinkedHashMap<>();
        tables.forEach((kind, table) -> known.put(kind, entities(start, graph.entities(kind), table)));
        Map<EntityKind, float[]> sums = new LinkedHashMap<>();
        Map<EntityKind, int[]> counts = new LinkedHashMap<>();
        tables.forEach((kind, table) -> {
            sums.put(kind, new float[table.rows.length]);
            counts.put(kind, new int[table.count]);
        });
        for (Relation relation : graph.relations()) {
            EntityKind head = relation.plan().head();
            EntityKind tail = relation.plan().tail();
            add(relation.heads(), head, relation.tails(), tail, tables, known, sums, counts);
            add(relation.tails(), tail, relation.heads(), head, tables, known, sums, counts);
        }
        tables.forEach((kind, table) -> {
            int[] count = counts.getOrDefault(kind, new int[0]);
            float[] sum = sums.getOrDefault(kind, new float[0]);
            for (int row = 0; row < table.count; row++) {
                for (int j = 0; count[row] > 0 && j < table.d; j++) {
                    table.rows[row * table.d + j] = sum[row * table.d + j] / count[row];
                }
            }
            table.normaliseAll();
        });
        for (int r = 0; r < graph.relations().size(); r++) {
            String name = graph.relations().get(r).name();
            put(relations.values(), r, start.relations().apply(name));
            float[] steps = start.relationSteps().apply(name);
            if (steps != null) {
                relations.values().rowSum(r, steps[0]);
                relations.biases().rows[r] = steps[1];
                relations.biases().rowSum(r, steps[2]);
            }
            if (relations.inverses().count > 0) {
                put(relations.inverses(), r, start.relations().apply(name + "^-1"));
                float[] inverse = start.relationSteps().apply(name + "^-1");
                if (inverse != null) {
                    relations.inverses().rowSum(r, inverse[0]);
                }
            }
        }
    }

    private static BitSet entities(WarmStart start, EntityIndex index, Table table) {
        BitSet known = new BitSet(table.count);
        Function<String, float @Nullable []> earlier = start.entities().get(index.kind());
        Function<String, float @Nullable []> steps = start.steps().get(index.kind());
        for (int row = 0; earlier != null && row < table.count; row++) {
            if (put(table, row, earlier.apply(index.value(row)))) {
                known.set(row);
                float[] sum = steps == null ? null : steps.apply(index.value(row));
                if (sum != null) {
                    table.rowSum(row, sum[0]);
                }
            }
        }
        return known;
    }

    private static boolean put(Table table, int row, float @Nullable [] values) {
        if (values == null) {
            return false;
        }
        if (values.length != table.d) {
            throw new IllegalArgumentException(
                    "a warm start needs vectors of the plan's dimension: %s, got %s".formatted(table.d, values.length));
        }
        System.arraycopy(values, 0, table.rows, row * table.d, table.d);
        return true;
    }

    /** Adds the rows of known neighbours to the sums of new entities. */
    private static void add(
            int[] entities,
            EntityKind kind,
            int[] neighbours,
            EntityKind neighbourKind,
            Map<EntityKind, Table> tables,
            Map<EntityKind, BitSet> known,
            Map<EntityKind, float[]> sums,
            Map<EntityKind, int[]> counts) {
        BitSet old = known.getOrDefault(kind, new BitSet());
        BitSet oldNeighbours = known.getOrDefault(neighbourKind, new BitSet());
        Table from = tables.get(neighbourKind);
        float[] sum = sums.getOrDefault(kind, new float[0]);
        int[] count = counts.getOrDefault(kind, new int[0]);
        for (int edge = 0; from != null && edge < entities.length; edge++) {
            int row = entities[edge];
            if (!old.get(row) && oldNeighbours.get(neighbours[edge])) {
                count[row]++;
                for (int j = 0; j < from.d; j++) {
                    sum[row * from.d + j] += from.rows[neighbours[edge] * from.d + j];
                }
            }
        }
    }
}
