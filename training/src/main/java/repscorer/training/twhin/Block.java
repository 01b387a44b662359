package repscorer.training.twhin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import repscorer.training.graph.Graph;
import repscorer.training.graph.Relation;

/**
 * The edges that batches are cut from: one relation's, or those of all relations that one plan stands for, which join the
 * same kinds. Immutable, its arrays shared.
 */
final class Block {

    /** The ordinals of its relations in the graph. */
    final int[] relations;

    final Relation first;
    final int[] heads;
    final int[] tails;

    /** By edge the relation's ordinal in the graph; empty where there is one relation. */
    private final int[] relationOf;

    /** By edge, or empty where all weigh the same. */
    private final float[] weights;

    private Block(Graph graph, List<Integer> ordinals) {
        relations = new int[ordinals.size()];
        Arrays.setAll(relations, ordinals::get);
        first = graph.relations().get(relations[0]);
        if (relations.length == 1) {
            heads = first.heads();
            tails = first.tails();
            relationOf = new int[0];
        } else {
            int edges = 0;
            for (int relation : relations) {
                edges += graph.relations().get(relation).edges();
            }
            heads = new int[edges];
            tails = new int[edges];
            relationOf = new int[edges];
            int at = 0;
            for (int relation : relations) {
                Relation data = graph.relations().get(relation);
                System.arraycopy(data.heads(), 0, heads, at, data.edges());
                System.arraycopy(data.tails(), 0, tails, at, data.edges());
                Arrays.fill(relationOf, at, at + data.edges(), relation);
                at += data.edges();
            }
        }
        weights = weights(graph);
    }

    private Block(Block whole, int[] edges, int from, int to, int partitions) {
        relations = whole.relations;
        first = whole.first;
        int count = to - from;
        heads = new int[count];
        tails = new int[count];
        relationOf = new int[whole.relationOf.length == 0 ? 0 : count];
        weights = whole.weights.length == 1 ? whole.weights : new float[count];
        for (int i = 0; i < count; i++) {
            int edge = edges[from + i];
            heads[i] = whole.heads[edge] / partitions;
            tails[i] = whole.tails[edge] / partitions;
            if (relationOf.length > 0) {
                relationOf[i] = whole.relationOf[edge];
            }
            if (whole.weights.length > 1) {
                weights[i] = whole.weights[edge];
            }
        }
    }

    /** Some of its edges, whose ends are counted within their partitions: entity o is row o / {@code partitions}. */
    Block part(int[] edges, int from, int to, int partitions) {
        return new Block(this, edges, from, to, partitions);
    }

    private float[] weights(Graph graph) {
        float[] all = new float[heads.length];
        boolean same = true;
        int at = 0;
        for (int relation : relations) {
            Relation data = graph.relations().get(relation);
            for (int edge = 0; edge < data.edges(); edge++) {
                all[at] = (float) data.plan().weight() * data.weight(edge);
                same &= all[at] == all[0];
                at++;
            }
        }
        return same ? new float[] {all.length == 0 ? 1 : all[0]} : all;
    }

    /** The blocks of a graph, in the order of its relations. */
    static List<Block> of(Graph graph) {
        List<Block> blocks = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        for (Relation relation : graph.relations()) {
            if (!groups.contains(relation.group())) {
                groups.add(relation.group());
            }
        }
        for (String group : groups) {
            List<Integer> ordinals = new ArrayList<>();
            for (int r = 0; r < graph.relations().size(); r++) {
                Relation relation = graph.relations().get(r);
                if (relation.group().equals(group) && relation.edges() > 0) {
                    ordinals.add(r);
                }
            }
            if (!ordinals.isEmpty()) {
                blocks.add(new Block(graph, ordinals));
            }
        }
        return blocks;
    }

    int edges() {
        return heads.length;
    }

    int relation(int edge) {
        return relationOf.length == 0 ? relations[0] : relationOf[edge];
    }

    float weight(int edge) {
        return weights.length == 1 ? weights[0] : weights[edge];
    }

    /**
     * Edges ordered so that those which share relation and one end lie together.
     *
     * @param order edges
     * @param offsets the first of each query in {@code order}, and the end
     */
    @SuppressWarnings("ArrayRecordComponent") // loops read the arrays
    record Queries(int[] order, int[] offsets) {

        int count() {
            return offsets.length - 1;
        }
    }

    /**
     * The queries of one direction, each with at most {@code targetsMax} edges. O(edges log edges).
     *
     * @param forward whether the edges of a query share their head, else their tail
     */
    Queries queries(boolean forward, int targetsMax) {
        int[] ends = forward ? heads : tails;
        long[] keys = new long[edges()];
        int[] order = new int[edges()];
        // Relations come one after another and each is ordered by head, so the key of an edge with its number sorts
        // stably.
        int at = 0;
        int relation = -1;
        int from = 0;
        int queries = 0;
        int[] offsets = new int[edges() + 1];
        for (int edge = 0; edge <= edges(); edge++) {
            int of = edge < edges() ? relation(edge) : -2;
            if (of != relation) {
                Arrays.sort(keys, from, edge);
                int inQuery = 0;
                for (int i = from; i < edge; i++) {
                    boolean another = i == from || (keys[i] >>> 32) != (keys[i - 1] >>> 32) || inQuery == targetsMax;
                    if (another) {
                        offsets[queries++] = i;
                        inQuery = 0;
                    }
                    inQuery++;
                    order[at++] = (int) keys[i];
                }
                relation = of;
                from = edge;
            }
            if (edge < edges()) {
                keys[edge] = ((long) ends[edge] << 32) | edge;
            }
        }
        offsets[queries] = edges();
        return new Queries(order, Arrays.copyOf(offsets, queries + 1));
    }
}
