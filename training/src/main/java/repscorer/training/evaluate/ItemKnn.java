package repscorer.training.evaluate;

import java.util.Arrays;
import repscorer.training.graph.Csr;
import repscorer.training.graph.Relation;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.simclusters.SimilarityGraph;

/**
 * The baseline of neighbours between items (Sarwar et al., WWW 2001), in two ways, because either is the stronger one
 * somewhere: how much more than heads do on average a head has of a tail's neighbours (Ma, King and Lyu, SIGIR 2007), and the
 * sum of the cosines of those it has. Used by one thread.
 */
final class ItemKnn {

    /*
     * By deviations score(h, t) = m_t + Σ_s w_ts (x_hs − m_s), with s over the 100 tails of most similar heads to t's, ties by
     * ascending ordinal; w_ts their cosines |H(s) ∩ H(t)| / √(|H(s)| |H(t)|), divided by their sum; x_hs whether h is joined
     * with s, and m_s = |H(s)| / heads its mean. What does not depend on h is put together in base_t = m_t − Σ_s w_ts m_s, the
     * score of tails of which h has no neighbour. By sums w_ts are the cosines themselves, base is 0, and tails of which h has
     * no neighbour are no answers. O(Σ_h tails(h)²); a head of more than TAILS_MAX tells nothing of what is alike and would cost
     * the most.
     */

    private static final int NEIGHBOURS = 100;
    private static final int TAILS_MAX = 50_000;

    private static final SimilarityGraph.Cut CUT =
            new SimilarityGraph.Cut(1, Integer.MAX_VALUE, TAILS_MAX, NEIGHBOURS, 0);

    /** Row s has the tails that s is a neighbour of; its similarities are w. */
    private final SimilarityGraph shares;

    private final float[] base;

    /** Tails by descending base, as packed by {@link #packed}; none where those without a neighbour are no answers. */
    private final long[] byBase;

    private final Csr joined;
    private final Csr known;
    private final boolean sameKind;
    private final int k;
    private final double[] scores;
    private final int[] met;

    private ItemKnn(SimilarityGraph nearest, Relation training, Csr known, int k, boolean sums) {
        this.known = known;
        this.k = k;
        joined = training.byHead();
        sameKind = training.headEntities() == training.tailEntities();
        int tails = nearest.producers();
        base = new float[tails];
        scores = new double[tails];
        met = new int[tails];
        if (sums) {
            shares = nearest.reversed();
            byBase = new long[0];
            return;
        }
        byBase = new long[tails];
        Csr heads = training.byTail();
        float[] weights = new float[nearest.similarities().length];
        for (int t = 0; t < tails; t++) {
            double sum = 0;
            for (int i = nearest.offsets()[t]; i < nearest.offsets()[t + 1]; i++) {
                sum += nearest.similarities()[i];
            }
            double mean = 0;
            for (int i = nearest.offsets()[t]; i < nearest.offsets()[t + 1]; i++) {
                weights[i] = (float) (nearest.similarities()[i] / sum);
                mean += weights[i] * (double) heads.size(nearest.neighbours()[i]);
            }
            base[t] = (float) ((heads.size(t) - mean) / joined.rows());
            byBase[t] = packed(base[t], t);
        }
        Arrays.sort(byBase);
        shares = new SimilarityGraph(nearest.offsets(), nearest.neighbours(), weights).reversed();
    }

    /** The 100 nearest of each tail. */
    static SimilarityGraph nearest(Relation training, int threads, TrainingProgress progress) {
        return SimilarityGraph.nearest(training.byHead(), training.byTail(), CUT, threads, progress);
    }

    /** @param known tails by head that are no answers, ascending */
    static ItemKnn byDeviations(SimilarityGraph nearest, Relation training, Csr known, int k) {
        return new ItemKnn(nearest, training, known, k, false);
    }

    /** @param known tails by head that are no answers, ascending */
    static ItemKnn bySums(SimilarityGraph nearest, Relation training, Csr known, int k) {
        return new ItemKnn(nearest, training, known, k, true);
    }

    /** Ascending order is descending score, then ascending tail. */
    private static long packed(float score, int tail) {
        int bits = Float.floatToIntBits(score + 0f); // no -0
        int ascending = bits ^ ((bits >> 31) & 0x7FFFFFFF);
        return ((long) ~ascending << 32) | tail;
    }

    /** The best tails that the head is not known to be joined with, ties by ascending ordinal; none where training did not meet the head. */
    int[] answer(int head) {
        if (head >= joined.rows() || joined.size(head) == 0) {
            return new int[0];
        }
        int metCount = 0;
        for (int i = joined.offsets()[head]; i < joined.offsets()[head + 1]; i++) {
            int s = joined.columns()[i];
            for (int j = shares.offsets()[s]; j < shares.offsets()[s + 1]; j++) {
                int t = shares.neighbours()[j];
                if (scores[t] == 0) {
                    met[metCount++] = t;
                }
                scores[t] += shares.similarities()[j];
            }
        }
        long[] best = new long[metCount + k];
        int count = 0;
        for (int i = 0; i < metCount; i++) {
            if (answers(head, met[i])) {
                best[count++] = packed((float) (base[met[i]] + scores[met[i]]), met[i]);
            }
        }
        int others = 0;
        for (int i = 0; i < byBase.length && others < k; i++) {
            int t = (int) byBase[i];
            if (scores[t] == 0 && answers(head, t)) {
                best[count++] = byBase[i];
                others++;
            }
        }
        for (int i = 0; i < metCount; i++) {
            scores[met[i]] = 0;
        }
        Arrays.sort(best, 0, count);
        int[] answer = new int[Math.min(k, count)];
        for (int i = 0; i < answer.length; i++) {
            answer[i] = (int) best[i];
        }
        return answer;
    }

    private boolean answers(int head, int tail) {
        return !known.contains(head, tail) && !(sameKind && tail == head);
    }
}
