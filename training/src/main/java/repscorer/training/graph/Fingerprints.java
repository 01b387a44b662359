package repscorer.training.graph;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What pairs a graph's relations join, each in a few characters, whatever the order in which they were read. */
public final class Fingerprints {

    private Fingerprints() {}

    /**
     * By relation of the plan the number of its edges and a sum of their hashes. Weights and times do not count. O(edges).
     */
    public static Map<String, String> of(Graph graph) {
        IdentityHashMap<EntityIndex, long[]> hashes = new IdentityHashMap<>();
        Map<String, Long> sums = new TreeMap<>();
        Map<String, Integer> counts = new TreeMap<>();
        for (Relation relation : graph.relations()) {
            long[] heads = hashes.computeIfAbsent(relation.headEntities(), Fingerprints::values);
            long[] tails = hashes.computeIfAbsent(relation.tailEntities(), Fingerprints::values);
            long name = of(relation.name());
            long sum = 0;
            for (int edge = 0; edge < relation.edges(); edge++) {
                long head = heads[relation.heads()[edge]];
                long tail = tails[relation.tails()[edge]];
                sum += mix(mix(head ^ name) + 0x9E3779B97F4A7C15L * tail);
            }
            sums.merge(relation.group(), sum, Long::sum);
            counts.merge(relation.group(), relation.edges(), Integer::sum);
        }
        Map<String, String> fingerprints = new TreeMap<>();
        sums.forEach((group, sum) ->
                fingerprints.put(group, counts.getOrDefault(group, 0) + "-" + Long.toHexString(mix(sum))));
        return fingerprints;
    }

    /** Of entities and edges in their order, whose ordinals a checkpoint's rows and batches go by. O(edges). */
    public static String ofOrder(Graph graph) {
        long sum = 0;
        for (EntityIndex entities : graph.entities().values()) {
            for (long value : values(entities)) {
                sum = 31 * sum + value;
            }
        }
        for (Relation relation : graph.relations()) {
            sum = 31 * sum + of(relation.name());
            for (int edge = 0; edge < relation.edges(); edge++) {
                sum = 31 * sum + relation.heads()[edge];
                sum = 31 * sum + relation.tails()[edge];
                sum = 31 * sum + Float.floatToIntBits(relation.weight(edge));
            }
        }
        return Long.toHexString(mix(sum));
    }

    private static long[] values(EntityIndex entities) {
        long[] values = new long[entities.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = of(entities.value(i));
        }
        return values;
    }

    /** Of a text, in 64 bits. */
    public static long of(String text) {
        long h = 0xCBF29CE484222325L;
        for (int i = 0; i < text.length(); i++) {
            h = (h ^ text.charAt(i)) * 0x100000001B3L;
        }
        return mix(h);
    }

    private static long mix(long h) {
        h = (h ^ (h >>> 30)) * 0xBF58476D1CE4E5B9L;
        h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
        return h ^ (h >>> 31);
    }
}
