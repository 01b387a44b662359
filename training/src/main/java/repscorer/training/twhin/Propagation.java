package repscorer.training.twhin;

import java.util.LinkedHashMap;
import java.util.Map;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Graph;
import repscorer.training.graph.Relation;
import repscorer.vector.VectorOps;

/**
 * Products with a graph's normalised adjacency Â = D^-½ A D^-½ over all kinds and relations at once, where A counts the edges
 * between two entities, in either direction and without their weights.
 */
final class Propagation {

    private final Graph graph;
    private final Map<EntityKind, int[]> degrees = new LinkedHashMap<>();

    /** O(edges). */
    Propagation(Graph graph) {
        this.graph = graph;
        graph.entities().forEach((kind, index) -> degrees.put(kind, new int[index.count()]));
        for (Relation relation : graph.relations()) {
            int[] heads = degrees(relation.headEntities());
            int[] tails = degrees(relation.tailEntities());
            for (int edge = 0; edge < relation.edges(); edge++) {
                heads[relation.heads()[edge]]++;
                tails[relation.tails()[edge]]++;
            }
        }
    }

    private int[] degrees(EntityIndex entities) {
        return degrees(entities.kind());
    }

    /** How many edges each entity of a kind has. */
    int[] degrees(EntityKind kind) {
        return of(degrees, kind);
    }

    /**
     * {@code ÂX}, in fresh arrays. O(edges · d).
     *
     * @param rows X: count × d by kind, row-major
     */
    Map<EntityKind, float[]> times(Map<EntityKind, float[]> rows, int d) {
        Map<EntityKind, float[]> sums = new LinkedHashMap<>();
        rows.forEach((kind, values) -> sums.put(kind, new float[values.length]));
        for (Relation relation : graph.relations()) {
            EntityKind head = relation.plan().head();
            EntityKind tail = relation.plan().tail();
            int[] headDegrees = degrees(head);
            int[] tailDegrees = degrees(tail);
            float[] headRows = of(rows, head);
            float[] tailRows = of(rows, tail);
            float[] headSums = of(sums, head);
            float[] tailSums = of(sums, tail);
            for (int edge = 0; edge < relation.edges(); edge++) {
                int h = relation.heads()[edge];
                int t = relation.tails()[edge];
                float share = (float) (1 / Math.sqrt((double) headDegrees[h] * tailDegrees[t]));
                VectorOps.addScaled(headSums, h * d, share, tailRows, t * d, d);
                VectorOps.addScaled(tailSums, t * d, share, headRows, h * d, d);
            }
        }
        return sums;
    }

    private static <T> T of(Map<EntityKind, T> arrays, EntityKind kind) {
        T array = arrays.get(kind);
        if (array == null) {
            throw new IllegalStateException("no rows of kind " + kind);
        }
        return array;
    }
}
