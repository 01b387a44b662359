package repscorer.training.simclusters;

import java.util.Arrays;
import java.util.stream.IntStream;
import repscorer.training.graph.Csr;
import repscorer.training.plan.SimClustersPlan;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.rows.Parallel;

/**
 * Which producers resemble each other, and how much: the cosine of their follower sets. Row p lists the producers that p is
 * joined with. Immutable, safe for concurrent use; the arrays are shared and nobody writes to them.
 */
@SuppressWarnings("ArrayRecordComponent") // the loops read the arrays
public record SimilarityGraph(int[] offsets, int[] neighbours, float[] similarities) {

    /*
     * cos(p, q) = |F(p) ∩ F(q)| / √(|F(p)| |F(q)|), F the followers. For each p, the followees of its followers are counted in
     * an array as wide as there are producers: O(Σ_u followees(u)²) at most, less what followersSampledMax and followeesMax
     * cut off. A producer with more followers than that is estimated from an even sample of them.
     *
     * Each producer keeps its most similar neighboursMax, ties by ascending ordinal; an edge stays when either end keeps it.
     */

    /**
     * Which producers and edges there are.
     *
     * @param followersMin how many followers a producer needs
     * @param followersSampledMax how many followers of one producer are looked at
     * @param followeesMax followers who follow more than this many are left out
     * @param neighboursMax how many of the most similar each producer keeps
     * @param similarityMin the least cosine that joins two
     */
    public record Cut(
            int followersMin, int followersSampledMax, int followeesMax, int neighboursMax, double similarityMin) {

        /** As a plan has it. */
        public static Cut of(SimClustersPlan plan) {
            return new Cut(
                    plan.followersMin(),
                    plan.followersSampledMax(),
                    plan.followeesMax(),
                    plan.neighboursMax(),
                    plan.similarityMin());
        }
    }

    public int producers() {
        return offsets.length - 1;
    }

    /** How many producers one is joined with. */
    public int degree(int producer) {
        return offsets[producer + 1] - offsets[producer];
    }

    /**
     * Joins the producers of a follow relation where either keeps the other: undirected, rows ascending.
     *
     * @param followees what each user follows, ascending
     * @param followers the users who follow each producer, ascending
     */
    public static SimilarityGraph of(Csr followees, Csr followers, Cut cut, int threads, TrainingProgress progress) {
        return nearest(followees, followers, cut, threads, progress).symmetric();
    }

    /** As {@link #of}, but row p has the producers that p itself keeps, the most similar first. */
    public static SimilarityGraph nearest(
            Csr followees, Csr followers, Cut cut, int threads, TrainingProgress progress) {
        int producers = followers.rows();
        boolean[] takesPart = new boolean[producers];
        for (int p = 0; p < producers; p++) {
            takesPart[p] = followers.size(p) >= cut.followersMin();
        }
        int[][] kept = new int[producers][];
        float[][] keptSimilarities = new float[producers][];
        Parallel.ranges(producers, threads, "similar producers", progress, (from, to) -> {
            Counter counter = new Counter(followees, followers, takesPart, cut);
            for (int p = from; p < to; p++) {
                counter.mostSimilar(p);
                kept[p] = counter.neighbours;
                keptSimilarities[p] = counter.similarities;
            }
        });
        int[] offsets = new int[producers + 1];
        for (int p = 0; p < producers; p++) {
            offsets[p + 1] = offsets[p] + kept[p].length;
        }
        int[] neighbours = new int[offsets[producers]];
        float[] similarities = new float[neighbours.length];
        for (int p = 0; p < producers; p++) {
            System.arraycopy(kept[p], 0, neighbours, offsets[p], kept[p].length);
            System.arraycopy(keptSimilarities[p], 0, similarities, offsets[p], kept[p].length);
        }
        return new SimilarityGraph(offsets, neighbours, similarities);
    }

    /** Row q has the producers in whose rows q is, ascending. */
    public SimilarityGraph reversed() {
        int producers = producers();
        int[] starts = new int[producers + 1];
        for (int q : neighbours) {
            starts[q + 1]++;
        }
        Arrays.parallelPrefix(starts, Integer::sum);
        int[] next = Arrays.copyOf(starts, producers);
        int[] reversed = new int[neighbours.length];
        float[] weights = new float[neighbours.length];
        for (int p = 0; p < producers; p++) {
            for (int i = offsets[p]; i < offsets[p + 1]; i++) {
                int at = next[neighbours[i]]++;
                reversed[at] = p;
                weights[at] = similarities[i];
            }
        }
        return new SimilarityGraph(starts, reversed, weights);
    }

    /** Joins both ends of every edge. */
    private SimilarityGraph symmetric() {
        int producers = producers();
        int[] sizes = new int[producers + 1];
        for (int p = 0; p < producers; p++) {
            sizes[p + 1] += degree(p);
        }
        for (int q : neighbours) {
            sizes[q + 1]++;
        }
        Arrays.parallelPrefix(sizes, Integer::sum);
        long[] entries = new long[sizes[producers]]; // neighbour in the high half, similarity's bits in the low one
        int[] next = Arrays.copyOf(sizes, producers);
        for (int p = 0; p < producers; p++) {
            for (int i = offsets[p]; i < offsets[p + 1]; i++) {
                long bits = Float.floatToIntBits(similarities[i]) & 0xFFFFFFFFL;
                int q = neighbours[i];
                entries[next[p]++] = ((long) q << 32) | bits;
                entries[next[q]++] = ((long) p << 32) | bits;
            }
        }
        int[] ends = new int[producers + 1];
        int[] joined = new int[entries.length];
        float[] weights = new float[entries.length];
        int count = 0;
        for (int p = 0; p < producers; p++) {
            Arrays.sort(entries, sizes[p], sizes[p + 1]);
            for (int i = sizes[p]; i < sizes[p + 1]; i++) {
                int q = (int) (entries[i] >>> 32);
                if (count > ends[p] && joined[count - 1] == q) {
                    continue; // both ends kept it
                }
                joined[count] = q;
                weights[count] = Float.intBitsToFloat((int) entries[i]);
                count++;
            }
            ends[p + 1] = count;
        }
        return new SimilarityGraph(ends, Arrays.copyOf(joined, count), Arrays.copyOf(weights, count));
    }

    /** Counts shared followers; one per thread. */
    private static final class Counter {
        private final Csr followees;
        private final Csr followers;
        private final boolean[] takesPart;
        private final Cut cut;
        private final int[] shared;
        private final int[] met;
        int[] neighbours = new int[0];
        float[] similarities = new float[0];

        Counter(Csr followees, Csr followers, boolean[] takesPart, Cut cut) {
            this.followees = followees;
            this.followers = followers;
            this.takesPart = takesPart;
            this.cut = cut;
            shared = new int[followers.rows()];
            met = new int[followers.rows()];
        }

        void mostSimilar(int p) {
            neighbours = new int[0];
            similarities = new float[0];
            if (!takesPart[p]) {
                return;
            }
            int size = followers.size(p);
            int sampled = Math.min(size, cut.followersSampledMax());
            int metCount = 0;
            for (int i = 0; i < sampled; i++) {
                int u = followers.columns()[followers.offsets()[p] + (int) ((long) i * size / sampled)];
                if (followees.size(u) > cut.followeesMax()) {
                    continue;
                }
                for (int j = followees.offsets()[u]; j < followees.offsets()[u + 1]; j++) {
                    int q = followees.columns()[j];
                    if (takesPart[q] && q != p) {
                        if (shared[q]++ == 0) {
                            met[metCount++] = q;
                        }
                    }
                }
            }
            double toWhole = (double) size / sampled;
            long[] heap = new long[metCount];
            int candidates = 0;
            for (int i = 0; i < metCount; i++) {
                int q = met[i];
                double cosine = shared[q] * toWhole / Math.sqrt((double) size * followers.size(q));
                shared[q] = 0;
                float similarity = (float) Math.min(1, cosine);
                if (similarity >= cut.similarityMin()) {
                    // Ascending order of the packed value is descending similarity, then ascending producer.
                    heap[candidates++] = ((long) (0x7FFFFFFF - Float.floatToIntBits(similarity)) << 32) | q;
                }
            }
            Arrays.sort(heap, 0, candidates);
            int keep = Math.min(candidates, cut.neighboursMax());
            neighbours = IntStream.range(0, keep).map(i -> (int) heap[i]).toArray();
            similarities = new float[keep];
            for (int i = 0; i < keep; i++) {
                similarities[i] = Float.intBitsToFloat(0x7FFFFFFF - (int) (heap[i] >>> 32));
            }
        }
    }
}
