package repscorer.training.simclusters;

import java.util.Arrays;
import java.util.SplittableRandom;
import repscorer.training.graph.HoldOut;
import repscorer.training.plan.SimClustersPlan;
import repscorer.training.progress.TrainingProgress;

/**
 * A community per producer, or none.
 *
 * @param count communities are 0 to count - 1, larger ones first, none empty
 * @param of the community by producer, -1 for none
 * @param insideSimilarity by producer, the sum of its similarities inside its community
 */
@SuppressWarnings("ArrayRecordComponent") // the loops read the arrays
record Communities(int count, int[] of, float[] insideSimilarity) {

    /*
     * Neighbourhood-aware Metropolis-Hastings after [1], with one community per producer. Of an assignment it judges edges
     * inside communities and pairs inside communities that have no edge:
     *
     *     gain(p, c) = α Σ_{q ∈ N(p) ∩ c} sim(p, q) - |c \ N(p) \ {p}|
     *
     * A producer moves among the communities of its neighbours only, chosen by softmax of gain / temperature through the
     * Gumbel-max trick; the temperature falls to 0, so the last passes climb. Start: neighbourhoods of producers drawn by
     * chance. One pass is O(edges); a single thread, the result depends on the seed alone.
     *
     * [1] Satuluri et al., SimClusters: Community-Based Representations for Heterogeneous Recommendations at Twitter,
     *     KDD 2020, section 4.2.
     */

    /** The part of the passes that only climbs. */
    private static final double GREEDY_PART = 0.5;

    private static final double TEMPERATURE_START = 1.0;

    static Communities of(SimilarityGraph graph, SimClustersPlan plan, long seed, TrainingProgress progress) {
        SplittableRandom random = new SplittableRandom(seed);
        int producers = graph.producers();
        int[] community = new int[producers];
        Arrays.fill(community, -1);
        int[] sizes = start(graph, plan.communities(), community, random);

        double[] inside = new double[sizes.length];
        int[] edges = new int[sizes.length];
        int[] met = new int[sizes.length];
        for (int epoch = 0; epoch < plan.epochs(); epoch++) {
            progress.report("communities", epoch, plan.epochs(), "");
            progress.checkCancelled();
            double warm = plan.epochs() * (1 - GREEDY_PART);
            double temperature = Math.max(0, TEMPERATURE_START * (1 - epoch / Math.max(warm, 1)));
            int moved = 0;
            for (int p : HoldOut.shuffled(producers, random)) {
                int from = graph.offsets()[p];
                int to = graph.offsets()[p + 1];
                int own = community[p];
                int metCount = 0;
                for (int i = from; i < to; i++) {
                    int c = community[graph.neighbours()[i]];
                    if (c >= 0) {
                        if (edges[c]++ == 0) {
                            met[metCount++] = c;
                        }
                        inside[c] += graph.similarities()[i];
                    }
                }
                int best = own;
                double bestGain = own >= 0 && edges[own] == 0 ? -(sizes[own] - 1) : Double.NEGATIVE_INFINITY;
                for (int i = 0; i < metCount; i++) {
                    int c = met[i];
                    int others = c == own ? sizes[c] - 1 : sizes[c];
                    double gain = plan.edgeWeight() * inside[c] - (others - edges[c]);
                    if (temperature > 0) {
                        gain -= temperature * Math.log(-Math.log(random.nextDouble(Double.MIN_NORMAL, 1)));
                    }
                    if (gain > bestGain || (gain == bestGain && c == own)) {
                        best = c;
                        bestGain = gain;
                    }
                    inside[c] = 0;
                    edges[c] = 0;
                }
                if (best != own) {
                    if (own >= 0) {
                        sizes[own]--;
                    }
                    sizes[best]++;
                    community[p] = best;
                    moved++;
                }
            }
            if (moved == 0 && temperature == 0) {
                break;
            }
        }
        progress.report("communities", plan.epochs(), plan.epochs(), "");
        return finish(graph, community, sizes);
    }

    /** Founds communities around producers drawn by chance, each taking those of its neighbours that are free. */
    private static int[] start(SimilarityGraph graph, int wanted, int[] community, SplittableRandom random) {
        int founded = 0;
        int[] sizes = new int[wanted];
        for (int p : HoldOut.shuffled(graph.producers(), random)) {
            if (founded == wanted) {
                break;
            }
            int from = graph.offsets()[p];
            int to = graph.offsets()[p + 1];
            if (community[p] >= 0 || from == to) {
                continue;
            }
            community[p] = founded;
            sizes[founded]++;
            for (int i = from; i < to; i++) {
                int q = graph.neighbours()[i];
                if (community[q] < 0) {
                    community[q] = founded;
                    sizes[founded]++;
                }
            }
            founded++;
        }
        return sizes;
    }

    /** Numbers communities by size, ties by their smallest producer, and dissolves those of a single producer. */
    private static Communities finish(SimilarityGraph graph, int[] community, int[] sizes) {
        int[] smallest = new int[sizes.length];
        Arrays.fill(smallest, Integer.MAX_VALUE);
        for (int p = 0; p < community.length; p++) {
            if (community[p] >= 0) {
                smallest[community[p]] = Math.min(smallest[community[p]], p);
            }
        }
        Integer[] order = new Integer[sizes.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                (a, b) -> sizes[a] != sizes[b] ? sizes[b] - sizes[a] : Integer.compare(smallest[a], smallest[b]));
        int[] renumbered = new int[sizes.length];
        Arrays.fill(renumbered, -1);
        int count = 0;
        for (int old : order) {
            if (sizes[old] >= 2) {
                renumbered[old] = count++;
            }
        }
        int[] of = new int[community.length];
        for (int p = 0; p < of.length; p++) {
            of[p] = community[p] < 0 ? -1 : renumbered[community[p]];
        }
        float[] insideSimilarity = new float[of.length];
        for (int p = 0; p < of.length; p++) {
            for (int i = graph.offsets()[p]; i < graph.offsets()[p + 1]; i++) {
                if (of[p] >= 0 && of[graph.neighbours()[i]] == of[p]) {
                    insideSimilarity[p] += graph.similarities()[i];
                }
            }
        }
        return new Communities(count, of, insideSimilarity);
    }
}
