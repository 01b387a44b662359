package repscorer.training.strategies;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import repscorer.ann.SearchStats;
import repscorer.ann.TopK;
import repscorer.training.graph.Csr;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Graph;
import repscorer.training.graph.HoldOut;
import repscorer.training.graph.Relation;
import repscorer.vector.VectorOps;

/** How many held-out edges of a relation the nearest tails of a query find, over sampled heads. O(heads · tails · dimension). */
public final class LinkRecall {

    private final Relation held;
    private final List<Known> known = new ArrayList<>();
    private final List<Integer> heads = new ArrayList<>();

    /**
     * The edges of a version.
     *
     * @param heads its ordinals of the held relation's heads, -1 for those it does not know
     * @param tails of the tails
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Known(int[] heads, int[] tails, Csr byHead) {

        static Known of(Relation relation, Relation held) {
            return new Known(
                    ordinals(relation.headEntities(), held.headEntities()),
                    ordinals(relation.tailEntities(), held.tailEntities()),
                    relation.byHead());
        }

        private static int[] ordinals(EntityIndex own, EntityIndex asked) {
            int[] ordinals = new int[asked.count()];
            Arrays.setAll(ordinals, ordinal -> own == asked ? ordinal : own.ordinal(asked.value(ordinal)));
            return ordinals;
        }

        boolean knows(int head) {
            return heads[head] >= 0;
        }

        boolean joins(int head, int tail) {
            return heads[head] >= 0 && tails[tail] >= 0 && byHead.contains(heads[head], tails[tail]);
        }
    }

    /** @param headsMax how many heads with held-out edges are asked for */
    public LinkRecall(HoldOut.Split split, String relation, int headsMax, long seed) {
        this(split, List.of(split.training()), relation, headsMax, seed);
    }

    /**
     * For versions that learnt from different edges.
     *
     * @param versions what each learnt from: heads that one does not know are not asked for, and what one knows is no answer
     * @param headsMax how many heads with held-out edges are asked for
     */
    public LinkRecall(HoldOut.Split split, List<Graph> versions, String relation, int headsMax, long seed) {
        Relation judged = split.held().get(relation);
        if (judged == null) {
            throw new IllegalArgumentException("nothing is held out of '%s'".formatted(relation));
        }
        held = judged;
        versions.forEach(each -> known.add(Known.of(each.relation(relation).orElseThrow(), judged)));
        for (int head : HoldOut.shuffled(held.byHead().rows(), new SplittableRandom(seed))) {
            if (held.byHead().size(head) > 0
                    && heads.size() < headsMax
                    && known.stream().allMatch(each -> each.knows(head))) {
                heads.add(head);
            }
        }
    }

    public Relation relation() {
        return held;
    }

    /** How many held-out edges the heads that are asked for have. */
    public long edges() {
        return heads.stream().mapToLong(head -> held.byHead().size(head)).sum();
    }

    private boolean known(int head, int tail) {
        for (Known each : known) {
            if (each.joins(head, tail)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The share of held-out edges among the nearest k tails that no training joined with the head.
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
                if (norms[tail] > 0 && !(same && tail == head) && !known(head, tail)) {
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
