package repscorer.training.strategies;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import repscorer.ann.SearchStats;
import repscorer.ann.TopK;
import repscorer.training.graph.Csr;
import repscorer.training.graph.HoldOut;
import repscorer.training.graph.Relation;
import repscorer.vector.VectorOps;

/** How many held-out edges of a relation the nearest tails of a query find, over sampled heads. O(heads · tails · dimension). */
public final class LinkRecall {

    private final Relation held;
    private final Csr known;
    private final List<Integer> heads = new ArrayList<>();

    /** @param headsMax how many heads with held-out edges are asked for */
    public LinkRecall(HoldOut.Split split, String relation, int headsMax, long seed) {
        Relation judged = split.held().get(relation);
        if (judged == null) {
            throw new IllegalArgumentException("nothing is held out of '%s'".formatted(relation));
        }
        held = judged;
        known = split.training().relation(relation).orElseThrow().byHead();
        for (int head : HoldOut.shuffled(held.byHead().rows(), new SplittableRandom(seed))) {
            if (held.byHead().size(head) > 0 && heads.size() < headsMax) {
                heads.add(head);
            }
        }
    }

    public Relation relation() {
        return held;
    }

    /**
     * The share of held-out edges among the nearest k tails that training did not join with the head.
     *
     * @param query of a head
     * @param tails rows in the order of the relation's tails, compared by the cosine
     */
    public double recall(int k, IntFunction<float[]> query, float[] tails) {
        boolean same = held.headEntities() == held.tailEntities();
        int count = held.tailEntities().count();
        int d = count == 0 ? 0 : tails.length / count;
        float[] norms = new float[count];
        for (int tail = 0; tail < count; tail++) {
            norms[tail] = (float) Math.sqrt(VectorOps.dot(tails, tail * d, tails, tail * d, d));
        }
        long found = 0;
        long all = 0;
        for (int head : heads) {
            float[] asked = query.apply(head);
            TopK best = new TopK(k);
            for (int tail = 0; tail < count; tail++) {
                if (norms[tail] > 0 && !(same && tail == head) && !known.contains(head, tail)) {
                    best.offer(tail, VectorOps.dot(asked, 0, tails, tail * d, d) / norms[tail]);
                }
            }
            for (int tail : best.drain(new SearchStats(SearchStats.Plan.EXACT, count, 0))
                    .ordinals()) {
                found += held.byHead().contains(head, tail) ? 1 : 0;
            }
            all += held.byHead().size(head);
        }
        return all == 0 ? 0 : (double) found / all;
    }
}
