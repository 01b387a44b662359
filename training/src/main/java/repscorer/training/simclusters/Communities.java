package repscorer.training.simclusters;

import java.util.Arrays;
import java.util.SplittableRandom;
import repscorer.training.graph.HoldOut;
import repscorer.training.plan.SimClustersPlan;
import repscorer.training.progress.TrainingProgress;

/**
 * A community per producer, or none. Immutable, safe for concurrent use; the arrays are shared and nobody writes to them.
 *
 * @param numbers the number each community is known by, ascending; those of an earlier run keep theirs
 * @param of the place in {@code numbers} by producer, -1 for none; no community has fewer than two
 * @param insideSimilarity by producer, the sum of its similarities inside its community
 * @param epochs passes over all producers that were made
 */
@SuppressWarnings("ArrayRecordComponent") // the loops read the arrays
public record Communities(int[] numbers, int[] of, float[] insideSimilarity, int epochs) {

    /*
     * Neighbourhood-aware Metropolis-Hastings after [1], with one community per producer. Of an assignment it judges edges
     * inside communities and pairs inside communities that have no edge:
     *
     *     F = Σ_c [ α Σ_{(p,q) ∈ E, p,q ∈ c} sim(p, q) - |{(p,q) ∉ E, p,q ∈ c}| ]
     *     gain(p, c) = α Σ_{q ∈ N(p) ∩ c} sim(p, q) - |c \ N(p) \ {p}|
     *
     * A producer moves among the communities of its neighbours only, chosen by softmax of gain / temperature through the
     * Gumbel-max trick; the temperature falls to 0, so the last passes climb. Between those, two communities become one where
     * that raises F: moves of single producers seldom get there, because the first to go pays for all. Start: neighbourhoods of
     * producers drawn by chance, or the communities of an earlier run, which are then only climbed from. One pass is O(edges),
     * of moves or of mergers; a single thread, the result depends on the seed alone.
     *
     * [1] Satuluri et al., SimClusters: Community-Based Representations for Heterogeneous Recommendations at Twitter,
     *     KDD 2020, section 4.2.
     */

    /** The part of the passes that only climbs. */
    private static final double GREEDY_PART = 0.5;

    private static final double TEMPERATURE_START = 1.0;

    /** How many communities there are. */
    public int count() {
        return numbers.length;
    }

    /** Finds communities from nothing. */
    public static Communities find(SimilarityGraph graph, SimClustersPlan plan, long seed, TrainingProgress progress) {
        return find(graph, plan, KnownFor.NONE, seed, progress);
    }

    /**
     * Goes on from the communities of an earlier run: their numbers stay, producers that are new to them join, and where a
     * neighbourhood has none of them a community is founded under a number not used before.
     *
     * @param earlier by the graph's producers, or {@link KnownFor#NONE}
     */
    public static Communities find(
            SimilarityGraph graph, SimClustersPlan plan, KnownFor earlier, long seed, TrainingProgress progress) {
        return new Search(graph, plan, earlier, seed).run(progress);
    }

    /** The share of a graph's similarity that lies inside communities. */
    public double insideShare(SimilarityGraph graph) {
        double inside = 0;
        for (float similarity : insideSimilarity) {
            inside += similarity;
        }
        double all = 0;
        for (float similarity : graph.similarities()) {
            all += similarity;
        }
        return all > 0 ? inside / all : 0;
    }

    /** The state of one search. */
    private static final class Search {
        private final SimilarityGraph graph;
        private final SimClustersPlan plan;
        private final SplittableRandom random;
        private final boolean incremental;
        private final int[] community; // the slot by producer, -1 for none
        private int[] numberOf; // by slot
        private int[] sizes; // by slot
        private int slots;

        // Scratch of one producer, or of one community in a merger: what it is joined with, by slot.
        private final double[] inside;
        private final int[] edges;
        private final int[] met;
        private int metCount;

        Search(SimilarityGraph graph, SimClustersPlan plan, KnownFor earlier, long seed) {
            this.graph = graph;
            this.plan = plan;
            random = new SplittableRandom(seed);
            community = new int[graph.producers()];
            Arrays.fill(community, -1);
            incremental = !earlier.isEmpty();
            numberOf = earlier.numbers();
            slots = numberOf.length;
            sizes = new int[slots];
            if (incremental) {
                for (int p = 0; p < community.length; p++) {
                    int slot = earlier.of()[p];
                    if (slot >= 0) {
                        community[p] = slot;
                        sizes[slot]++;
                    }
                }
            }
            found(Math.max(plan.communities(), slots));
            inside = new double[slots];
            edges = new int[slots];
            met = new int[slots];
        }

        /** Founds communities around producers drawn by chance, each taking those of its neighbours that are free. */
        private void found(int wanted) {
            int next = slots == 0 ? 0 : numberOf[slots - 1] + 1;
            numberOf = Arrays.copyOf(numberOf, wanted);
            sizes = Arrays.copyOf(sizes, wanted);
            for (int p : HoldOut.shuffled(community.length, random)) {
                if (slots == wanted) {
                    break;
                }
                if (community[p] >= 0 || graph.degree(p) == 0 || (incremental && hasPlacedNeighbour(p))) {
                    continue;
                }
                numberOf[slots] = next++;
                place(p, slots);
                for (int i = graph.offsets()[p]; i < graph.offsets()[p + 1]; i++) {
                    int q = graph.neighbours()[i];
                    if (community[q] < 0) {
                        place(q, slots);
                    }
                }
                slots++;
            }
        }

        private void place(int p, int slot) {
            community[p] = slot;
            sizes[slot]++;
        }

        private boolean hasPlacedNeighbour(int p) {
            for (int i = graph.offsets()[p]; i < graph.offsets()[p + 1]; i++) {
                if (community[graph.neighbours()[i]] >= 0) {
                    return true;
                }
            }
            return false;
        }

        Communities run(TrainingProgress progress) {
            int epochs = 0;
            double warm = incremental ? 0 : plan.epochs() * (1 - GREEDY_PART);
            while (epochs < plan.epochs()) {
                progress.report("communities", epochs, plan.epochs(), "");
                progress.checkCancelled();
                double temperature = warm == 0 ? 0 : Math.max(0, TEMPERATURE_START * (1 - epochs / warm));
                int moved = move(temperature);
                epochs++;
                if (temperature == 0 && moved + merge() == 0) {
                    break;
                }
            }
            progress.report("communities", plan.epochs(), plan.epochs(), "");
            return finish(epochs);
        }

        /** One pass over all producers; returns how many moved. */
        private int move(double temperature) {
            int moved = 0;
            for (int p : HoldOut.shuffled(community.length, random)) {
                int own = community[p];
                meet(p);
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
                }
                forget();
                if (best != own) {
                    if (own >= 0) {
                        sizes[own]--;
                    }
                    place(p, best);
                    moved++;
                }
            }
            return moved;
        }

        /** Adds a producer's edges to the sums of its neighbours' communities. */
        private void meet(int p) {
            for (int i = graph.offsets()[p]; i < graph.offsets()[p + 1]; i++) {
                int c = community[graph.neighbours()[i]];
                if (c >= 0) {
                    if (edges[c]++ == 0) {
                        met[metCount++] = c;
                    }
                    inside[c] += graph.similarities()[i];
                }
            }
        }

        private void forget() {
            for (int i = 0; i < metCount; i++) {
                inside[met[i]] = 0;
                edges[met[i]] = 0;
            }
            metCount = 0;
        }

        /** Joins each community, the small ones first, to the one it gains most with, if any; returns how many went. */
        private int merge() {
            int[][] members = members();
            long[] order = new long[slots];
            for (int c = 0; c < slots; c++) {
                order[c] = (long) sizes[c] << 32 | c;
            }
            Arrays.sort(order);
            int merged = 0;
            for (long entry : order) {
                int c = (int) entry;
                if (sizes[c] == 0) {
                    continue;
                }
                for (int p : members[c]) {
                    meet(p);
                }
                int best = -1;
                double bestGain = 0;
                for (int i = 0; i < metCount; i++) {
                    int d = met[i];
                    double gain = plan.edgeWeight() * inside[d] - ((double) sizes[c] * sizes[d] - edges[d]);
                    if (d != c && (gain > bestGain || (gain == bestGain && best >= 0 && d < best))) {
                        best = d;
                        bestGain = gain;
                    }
                }
                forget();
                if (best >= 0) {
                    for (int p : members[c]) {
                        community[p] = best;
                    }
                    sizes[best] += sizes[c];
                    sizes[c] = 0;
                    members[best] = join(members[best], members[c]);
                    members[c] = new int[0];
                    merged++;
                }
            }
            return merged;
        }

        private int[][] members() {
            int[][] members = new int[slots][];
            for (int c = 0; c < slots; c++) {
                members[c] = new int[sizes[c]];
            }
            int[] filled = new int[slots];
            for (int p = 0; p < community.length; p++) {
                int c = community[p];
                if (c >= 0) {
                    members[c][filled[c]++] = p;
                }
            }
            return members;
        }

        private static int[] join(int[] a, int[] b) {
            int[] both = Arrays.copyOf(a, a.length + b.length);
            System.arraycopy(b, 0, both, a.length, b.length);
            return both;
        }

        /**
         * Dissolves communities of a single producer and orders the rest by number. Found from nothing they are numbered by
         * size, larger ones first, ties by their smallest producer.
         */
        private Communities finish(int epochs) {
            int[] smallest = new int[slots];
            Arrays.fill(smallest, Integer.MAX_VALUE);
            for (int p = community.length - 1; p >= 0; p--) {
                if (community[p] >= 0) {
                    smallest[community[p]] = p;
                }
            }
            Integer[] kept = new Integer[slots];
            Arrays.setAll(kept, slot -> slot);
            kept = Arrays.stream(kept).filter(slot -> sizes[slot] >= 2).toArray(Integer[]::new);
            if (!incremental) {
                Arrays.sort(
                        kept,
                        (a, b) ->
                                sizes[a] != sizes[b] ? sizes[b] - sizes[a] : Integer.compare(smallest[a], smallest[b]));
            }
            int[] places = new int[slots];
            Arrays.fill(places, -1);
            int[] numbers = new int[kept.length];
            for (int place = 0; place < kept.length; place++) {
                places[kept[place]] = place;
                numbers[place] = incremental ? numberOf[kept[place]] : place;
            }
            int[] of = new int[community.length];
            for (int p = 0; p < of.length; p++) {
                of[p] = community[p] < 0 ? -1 : places[community[p]];
            }
            float[] insideSimilarity = new float[of.length];
            for (int p = 0; p < of.length; p++) {
                for (int i = graph.offsets()[p]; i < graph.offsets()[p + 1]; i++) {
                    if (of[p] >= 0 && of[graph.neighbours()[i]] == of[p]) {
                        insideSimilarity[p] += graph.similarities()[i];
                    }
                }
            }
            return new Communities(numbers, of, insideSimilarity, epochs);
        }
    }
}
