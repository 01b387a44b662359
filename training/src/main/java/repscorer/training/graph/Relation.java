package repscorer.training.graph;

import java.util.Arrays;
import repscorer.training.plan.RelationPlan;

/**
 * The edges of one relation, ordered by head, then tail, each pair once. The arrays are shared; nobody writes to them.
 * Immutable, safe for concurrent use.
 */
public final class Relation {

    private final String group;
    private final RelationPlan plan;
    private final EntityIndex headEntities;
    private final EntityIndex tailEntities;
    private final int[] heads;
    private final int[] tails;
    private final float[] weights;
    private final long[] times;

    private Relation(
            String group,
            RelationPlan plan,
            EntityIndex headEntities,
            EntityIndex tailEntities,
            int[] heads,
            int[] tails,
            float[] weights,
            long[] times) {
        this.group = group;
        this.plan = plan;
        this.headEntities = headEntities;
        this.tailEntities = tailEntities;
        this.heads = heads;
        this.tails = tails;
        this.weights = weights;
        this.times = times;
    }

    /**
     * Orders edges and merges those that join the same pair: weights are added, the latest time stays. O(edges).
     *
     * @param group the name in the training plan, which one relation of several shares with others
     * @param weights one per edge, or none for 1 each
     * @param times one per edge, or none
     */
    static Relation of(
            String group,
            RelationPlan plan,
            EntityIndex headEntities,
            EntityIndex tailEntities,
            int[] heads,
            int[] tails,
            float[] weights,
            long[] times) {
        // Two stable passes of counting sort: by tail, then by head.
        Csr byTail = Csr.of(tails, heads, tailEntities.count());
        int[] headsByTail = byTail.columns();
        Csr byHead = Csr.of(headsByTail, byTail.edges(), headEntities.count());
        int count = heads.length;
        int[] sortedHeads = new int[count];
        int[] sortedTails = new int[count];
        float[] sortedWeights = new float[weights.length];
        long[] sortedTimes = new long[times.length];
        int kept = 0;
        for (int head = 0; head < byHead.rows(); head++) {
            for (int i = byHead.offsets()[head]; i < byHead.offsets()[head + 1]; i++) {
                int edge = byHead.columns()[i];
                boolean repeated = kept > 0 && sortedHeads[kept - 1] == head && sortedTails[kept - 1] == tails[edge];
                int at = repeated ? kept - 1 : kept++;
                sortedHeads[at] = head;
                sortedTails[at] = tails[edge];
                if (weights.length > 0) {
                    sortedWeights[at] = weights[edge] + (repeated ? sortedWeights[at] : 0);
                }
                if (times.length > 0) {
                    sortedTimes[at] = repeated ? Math.max(sortedTimes[at], times[edge]) : times[edge];
                }
            }
        }
        return new Relation(
                group,
                plan,
                headEntities,
                tailEntities,
                Arrays.copyOf(sortedHeads, kept),
                Arrays.copyOf(sortedTails, kept),
                weights.length > 0 ? Arrays.copyOf(sortedWeights, kept) : sortedWeights,
                times.length > 0 ? Arrays.copyOf(sortedTimes, kept) : sortedTimes);
    }

    /** The edges whose ordinals are given, in ascending order. */
    Relation only(int[] edges) {
        int[] someHeads = new int[edges.length];
        int[] someTails = new int[edges.length];
        float[] someWeights = new float[weights.length > 0 ? edges.length : 0];
        long[] someTimes = new long[times.length > 0 ? edges.length : 0];
        for (int i = 0; i < edges.length; i++) {
            someHeads[i] = heads[edges[i]];
            someTails[i] = tails[edges[i]];
            if (someWeights.length > 0) {
                someWeights[i] = weights[edges[i]];
            }
            if (someTimes.length > 0) {
                someTimes[i] = times[edges[i]];
            }
        }
        return new Relation(group, plan, headEntities, tailEntities, someHeads, someTails, someWeights, someTimes);
    }

    /** The same edges, their ends numbered otherwise. */
    Relation under(EntityIndex otherHeads, int[] newHeads, EntityIndex otherTails, int[] newTails) {
        return of(group, plan, otherHeads, otherTails, newHeads, newTails, weights, times);
    }

    /** The edges of a relation within one kind the other way round, without weights and times. */
    Relation reversed() {
        return of(group, plan, tailEntities, headEntities, tails, heads, new float[0], new long[0]);
    }

    /** These edges and those of another part of the same relation. */
    Relation and(Relation other) {
        return of(
                group,
                plan,
                headEntities,
                tailEntities,
                joined(heads, other.heads),
                joined(tails, other.tails),
                weights.length > 0 && other.weights.length > 0 ? joined(weights, other.weights) : new float[0],
                times.length > 0 && other.times.length > 0 ? joined(times, other.times) : new long[0]);
    }

    private static int[] joined(int[] a, int[] b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static float[] joined(float[] a, float[] b) {
        float[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static long[] joined(long[] a, long[] b) {
        long[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /** The name in the training plan: its own, or that of the plan which stands for several relations. */
    public String group() {
        return group;
    }

    public String name() {
        return plan.name();
    }

    public RelationPlan plan() {
        return plan;
    }

    public EntityIndex headEntities() {
        return headEntities;
    }

    public EntityIndex tailEntities() {
        return tailEntities;
    }

    /** How many edges there are. */
    public int edges() {
        return heads.length;
    }

    public int[] heads() {
        return heads;
    }

    public int[] tails() {
        return tails;
    }

    public float weight(int edge) {
        return weights.length > 0 ? weights[edge] : 1;
    }

    public boolean timed() {
        return times.length > 0;
    }

    /** Seconds since 1970. */
    public long time(int edge) {
        return times[edge];
    }

    /** Tails by head, ascending. O(edges), made anew by each call. */
    public Csr byHead() {
        return Csr.of(heads, tails, headEntities.count());
    }

    /** Heads by tail, ascending. O(edges), made anew by each call. */
    public Csr byTail() {
        return Csr.of(tails, heads, tailEntities.count());
    }
}
