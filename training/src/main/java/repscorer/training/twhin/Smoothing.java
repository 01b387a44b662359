package repscorer.training.twhin;

import java.util.LinkedHashMap;
import java.util.Map;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.Graph;

/** Brings each entity nearer to its neighbours, after training. */
final class Smoothing {

    /*
     * As in the last step of LightGCN [1]: x⁽⁰⁾ is what was learnt, x⁽ˡ⁺¹⁾ = Â x⁽ˡ⁾, and the mean of x⁽⁰⁾ … x⁽ᴸ⁾ takes the place
     * of x⁽⁰⁾. There the layers are trained through; here they only follow.
     *
     * [1] He et al., LightGCN: Simplifying and Powering Graph Convolution Network for Recommendation, SIGIR 2020,
     *     arXiv 2002.02126.
     */

    private Smoothing() {}

    /** O(layers · edges · d); holds two more tables for the time being. */
    static void apply(Graph graph, Map<EntityKind, Table> tables, int layers) {
        Propagation propagation = new Propagation(graph);
        Map<EntityKind, float[]> current = new LinkedHashMap<>();
        tables.forEach((kind, table) -> current.put(kind, table.rows.clone()));
        for (int layer = 0; layer < layers; layer++) {
            current.putAll(propagation.times(current, dimension(tables)));
            tables.forEach((kind, table) -> add(current.getOrDefault(kind, table.rows), table.rows));
        }
        for (Table table : tables.values()) {
            float share = 1f / (layers + 1);
            for (int i = 0; i < table.rows.length; i++) {
                table.rows[i] *= share;
            }
            table.normaliseAll();
        }
    }

    private static int dimension(Map<EntityKind, Table> tables) {
        return tables.values().iterator().next().d;
    }

    private static void add(float[] rows, float[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += rows[i];
        }
    }
}
