package repscorer.training.twhin;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.Graph;
import repscorer.training.graph.Relation;

/** Brings each entity nearer to its neighbours, after training. */
final class Smoothing {

    /*
     * As in the last step of LightGCN [1]: x⁽⁰⁾ is what was learnt, x⁽ˡ⁺¹⁾_u = Σ_v x⁽ˡ⁾_v / √(deg u · deg v) over all edges, and
     * the mean of x⁽⁰⁾ … x⁽ᴸ⁾ takes the place of x⁽⁰⁾. There the layers are trained through; here they only follow.
     *
     * [1] He et al., LightGCN: Simplifying and Powering Graph Convolution Network for Recommendation, SIGIR 2020,
     *     arXiv 2002.02126.
     */

    private Smoothing() {}

    /** O(layers · edges · d); holds three more tables for the time being. */
    static void apply(Graph graph, Map<EntityKind, Table> tables, int layers) {
        Map<EntityKind, float[]> degrees = new LinkedHashMap<>();
        Map<EntityKind, float[]> current = new LinkedHashMap<>();
        tables.forEach((kind, table) -> {
            degrees.put(kind, new float[table.count]);
            current.put(kind, table.rows.clone());
        });
        for (Relation relation : graph.relations()) {
            float[] heads = of(degrees, relation.plan().head());
            float[] tails = of(degrees, relation.plan().tail());
            for (int edge = 0; edge < relation.edges(); edge++) {
                heads[relation.heads()[edge]]++;
                tails[relation.tails()[edge]]++;
            }
        }
        for (int layer = 0; layer < layers; layer++) {
            Map<EntityKind, float[]> next = new LinkedHashMap<>();
            current.forEach((kind, rows) -> next.put(kind, new float[rows.length]));
            for (Relation relation : graph.relations()) {
                spread(relation, degrees, current, next);
            }
            next.forEach((kind, rows) -> {
                System.arraycopy(rows, 0, of(current, kind), 0, rows.length);
                float[] sums = tables.get(kind) == null ? rows : tables.get(kind).rows;
                for (int i = 0; i < rows.length; i++) {
                    sums[i] += rows[i];
                }
            });
        }
        for (Table table : tables.values()) {
            float share = 1f / (layers + 1);
            for (int i = 0; i < table.rows.length; i++) {
                table.rows[i] *= share;
            }
            table.normaliseAll();
        }
    }

    private static void spread(
            Relation relation,
            Map<EntityKind, float[]> degrees,
            Map<EntityKind, float[]> current,
            Map<EntityKind, float[]> next) {
        EntityKind head = relation.plan().head();
        EntityKind tail = relation.plan().tail();
        float[] headDegrees = of(degrees, head);
        float[] tailDegrees = of(degrees, tail);
        float[] headRows = of(current, head);
        float[] tailRows = of(current, tail);
        float[] headSums = of(next, head);
        float[] tailSums = of(next, tail);
        int d = headDegrees.length == 0 ? 0 : headRows.length / headDegrees.length;
        for (int edge = 0; edge < relation.edges(); edge++) {
            int h = relation.heads()[edge];
            int t = relation.tails()[edge];
            float share = (float) (1 / Math.sqrt(headDegrees[h] * tailDegrees[t]));
            for (int j = 0; j < d; j++) {
                headSums[h * d + j] += share * tailRows[t * d + j];
                tailSums[t * d + j] += share * headRows[h * d + j];
            }
        }
    }

    private static float[] of(Map<EntityKind, float[]> arrays, EntityKind kind) {
        return arrays.getOrDefault(kind, EMPTY);
    }

    private static final float[] EMPTY = Arrays.copyOf(new float[0], 0);
}
