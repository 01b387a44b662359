package repscorer.training.evaluate;

import java.util.Arrays;
import repscorer.training.graph.Csr;
import repscorer.training.graph.Relation;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.simclusters.SimilarityGraph;

/**
 * The baseline of neighbours between items: a tail scores the sum of its cosines with the tails that a head is joined with,
 * cosines of the sets of heads, each tail keeping its nearest. Used by one thread.
 */
final class ItemKnn {

    private static final SimilarityGraph.Cut CUT = new SimilarityGraph.Cut(1, 2000, 2000, 100, 0);

    private final SimilarityGraph similar;
    private final Csr known;
    private final boolean sameKind;
    private final int k;
    private final double[] scores;
    private final int[] met;

    private ItemKnn(SimilarityGraph similar, Csr known, boolean sameKind, int k) {
        this.similar = similar;
        this.known = known;
        this.sameKind = sameKind;
        this.k = k;
        scores = new double[similar.producers()];
        met = new int[similar.producers()];
    }

    static ItemKnn of(Relation training, int k, int threads, TrainingProgress progress) {
        Csr known = training.byHead();
        SimilarityGraph similar = SimilarityGraph.of(known, training.byTail(), CUT, threads, progress);
        return new ItemKnn(similar, known, training.headEntities() == training.tailEntities(), k);
    }

    /** The best tails that the head is not joined with, ties by ascending ordinal. */
    int[] answer(int head) {
        int metCount = 0;
        for (int i = known.offsets()[head]; i < known.offsets()[head + 1]; i++) {
            int s = known.columns()[i];
            for (int j = similar.offsets()[s]; j < similar.offsets()[s + 1]; j++) {
                int t = similar.neighbours()[j];
                if (scores[t] == 0) {
                    met[metCount++] = t;
                }
                scores[t] += similar.similarities()[j];
            }
        }
        long[] best = new long[metCount];
        int count = 0;
        for (int i = 0; i < metCount; i++) {
            int t = met[i];
            if (!known.contains(head, t) && !(sameKind && t == head)) {
                // Ascending order of the packed value is descending score, then ascending tail.
                best[count++] = ((long) (0x7FFFFFFF - Float.floatToIntBits((float) scores[t])) << 32) | t;
            }
            scores[t] = 0;
        }
        Arrays.sort(best, 0, count);
        int[] answer = new int[Math.min(k, count)];
        for (int i = 0; i < answer.length; i++) {
            answer[i] = (int) best[i];
        }
        return answer;
    }
}
