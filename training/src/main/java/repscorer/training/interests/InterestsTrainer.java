package repscorer.training.interests;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.Csr;
import repscorer.training.graph.DataException;
import repscorer.training.graph.Graph;
import repscorer.training.graph.Relation;
import repscorer.training.plan.InterestsPlan;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.rows.Parallel;
import repscorer.training.rows.RowSum;
import repscorer.vector.SparseVector;

/** Describes heads of relations, mostly users, by mixtures of interests instead of by one vector. */
public final class InterestsTrainer {

    /*
     * After [1], section 4.4, and [2]. The tails of a relation are grouped by their dense vectors, see SphericalKMeans; a group
     * c is an interest. A head u has
     *
     *     P(c|u) = Σ_{t ∈ N(u) ∩ c} w_ut / Σ_{t ∈ N(u)} w_ut                        what it acted on
     *     P~(c|u) = (1 - λ) P(c|u) + λ / |K| Σ_{v ∈ K} P(c|v)                       smoothed, K the nearest heads by dense vector
     *
     * and one without edges has its neighbours' mean alone. A tail t of interest c has P(t|c) = Σ_u w_ut / Σ_{t' ∈ c} Σ_u w_ut'.
     * So the inner product of two rows is the mixture's estimate P(t|u) = Σ_c P~(c|u) P(t|c), which an index of clusters
     * answers like any other; [1] and [2] ask a dense index once per interest instead, in proportion to P~(c|u).
     *
     * Cost: k-means, then a graph of nearest neighbours over the heads, then O(heads · neighbours · interests per head).
     *
     * [1] El-Kishky et al., TwHIN, KDD 2022, arXiv 2202.05387.
     * [2] El-Kishky et al., kNN-Embed: Locally Smoothed Embedding Mixtures For Multi-interest Candidate Retrieval,
     *     arXiv 2205.06205.
     */

    private final Graph graph;
    private final InterestsPlan plan;
    private final int dimension;
    private final Map<EntityKind, float[]> vectors;
    private final long seed;
    private final int threads;
    private final TrainingProgress progress;
    private final Map<EntityKind, int[][]> neighbours = new TreeMap<>();

    private InterestsTrainer(
            Graph graph,
            InterestsPlan plan,
            int dimension,
            Map<EntityKind, float[]> vectors,
            long seed,
            int threads,
            TrainingProgress progress) {
        this.graph = graph;
        this.plan = plan;
        this.dimension = dimension;
        this.vectors = vectors;
        this.seed = seed;
        this.threads = threads;
        this.progress = progress;
    }

    /**
     * Makes a mixture for each relation of the plan, in the order of the graph's relations.
     *
     * @param vectors count × dimension, row-major, by kind; rows are ordinals of the graph
     * @throws java.util.concurrent.CancellationException when {@code progress} asks for an end
     */
    public static List<Mixture> train(
            Graph graph,
            InterestsPlan plan,
            int dimension,
            Map<EntityKind, float[]> vectors,
            long seed,
            int threads,
            TrainingProgress progress) {
        return new InterestsTrainer(graph, plan, dimension, vectors, seed, threads, progress).train();
    }

    private List<Mixture> train() {
        List<Mixture> mixtures = new ArrayList<>();
        for (Relation relation : graph.relations()) {
            Integer wanted = plan.clusters().get(relation.name());
            if (wanted != null) {
                mixtures.add(mixture(relation, wanted));
            }
        }
        return mixtures;
    }

    private Mixture mixture(Relation relation, int wanted) {
        Csr byTail = relation.byTail();
        int[] members = IntStream.range(0, byTail.rows())
                .filter(t -> byTail.size(t) > 0)
                .toArray();
        SphericalKMeans groups = SphericalKMeans.of(
                vectors(relation.plan().tail()),
                dimension,
                members,
                wanted,
                plan.iterations(),
                new SplittableRandom(
                        seed ^ (0x9E3779B97F4A7C15L * relation.name().hashCode())),
                threads,
                progress);
        SparseVector[] own = own(relation, groups);
        SparseVector[] heads = plan.neighbours() == 0 || plan.smoothing() == 0
                ? own
                : smoothed(own, neighbours(relation.plan().head()), groups.count());
        return new Mixture(
                relation.name(), groups.count(), dimension, groups.centroids(), heads, tails(relation, groups));
    }

    private float[] vectors(EntityKind kind) {
        float[] rows = vectors.get(kind);
        if (rows == null) {
            throw new DataException("interests need dense vectors of kind '%s'".formatted(kind));
        }
        return rows;
    }

    private int[][] neighbours(EntityKind kind) {
        return neighbours.computeIfAbsent(
                kind, k -> NearestRows.of(vectors(k), dimension, plan.neighbours(), seed, threads, progress));
    }

    /** P(c|u). */
    private SparseVector[] own(Relation relation, SphericalKMeans groups) {
        Csr byHead = relation.byHead();
        SparseVector[] own = new SparseVector[byHead.rows()];
        Parallel.ranges(own.length, threads, "interests", progress, (from, to) -> {
            RowSum sum = new RowSum(groups.count());
            for (int u = from; u < to; u++) {
                double total = 0;
                for (int i = byHead.offsets()[u]; i < byHead.offsets()[u + 1]; i++) {
                    float weight = relation.weight(byHead.edges()[i]);
                    sum.add(groups.of()[byHead.columns()[i]], weight);
                    total += weight;
                }
                sum.scale(total > 0 ? 1 / total : 0);
                own[u] = sum.take(1, Integer.MAX_VALUE, false);
            }
        });
        return own;
    }

    /** P~(c|u). */
    private SparseVector[] smoothed(SparseVector[] own, int[][] neighbours, int interests) {
        SparseVector[] smoothed = new SparseVector[own.length];
        Parallel.ranges(own.length, threads, "interests", progress, (from, to) -> {
            RowSum sum = new RowSum(interests);
            for (int u = from; u < to; u++) {
                int known = 0;
                for (int v : neighbours[u]) {
                    known += own[v].isEmpty() ? 0 : 1;
                }
                double share = own[u].isEmpty() ? 1 : known > 0 ? plan.smoothing() : 0;
                sum.add(own[u], 1 - share);
                for (int v : neighbours[u]) {
                    sum.add(own[v], share / Math.max(known, 1));
                }
                smoothed[u] = sum.take(1, plan.interestsMax(), false);
            }
        });
        return smoothed;
    }

    /** P(t|c). */
    private static SparseVector[] tails(Relation relation, SphericalKMeans groups) {
        Csr byTail = relation.byTail();
        double[] actions = new double[byTail.rows()];
        double[] all = new double[groups.count()];
        for (int t = 0; t < actions.length; t++) {
            for (int i = byTail.offsets()[t]; i < byTail.offsets()[t + 1]; i++) {
                actions[t] += relation.weight(byTail.edges()[i]);
            }
            if (groups.of()[t] >= 0) {
                all[groups.of()[t]] += actions[t];
            }
        }
        SparseVector[] tails = new SparseVector[actions.length];
        Arrays.fill(tails, SparseVector.EMPTY);
        for (int t = 0; t < tails.length; t++) {
            int c = groups.of()[t];
            if (c >= 0) {
                float share = Math.max((float) (actions[t] / all[c]), Float.MIN_NORMAL);
                tails[t] = new SparseVector(new int[] {c}, new float[] {share});
            }
        }
        return tails;
    }
}
