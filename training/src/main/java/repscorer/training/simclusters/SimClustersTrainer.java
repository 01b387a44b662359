package repscorer.training.simclusters;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import repscorer.core.entity.EntityKind;
import repscorer.training.graph.Csr;
import repscorer.training.graph.DataException;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Graph;
import repscorer.training.graph.Relation;
import repscorer.training.plan.RelationPlan;
import repscorer.training.plan.SimClustersPlan;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.rows.Parallel;
import repscorer.training.rows.RowSum;
import repscorer.vector.SparseVector;

/**
 * Finds communities of producers and describes users, producers and items by them.
 */
public final class SimClustersTrainer {

    /*
     * The stages of [1], with A the follow matrix (users × producers):
     *
     *     V  known for       one community per producer, see Communities; score = inside similarity over the largest there
     *     U  interested in   U = truncate(A · V · diag(idf)): what a user's followees are known for; a_up = the edge's weight ·
     *                        2^(-age/interest half-life); idf_c = 1/√(Σ_p v_pc), so that a large community says less
     *     P  producers       p_c = Σ_u a_up U_uc / (|A_·p| · |U_·c|): the cosine of p's followers and column c
     *     I  items           i_c = Σ_u w_ui U_uc / |U_·c|, w_ui = the relation's weight · the edge's weight · 2^(-age/half-life)
     *
     * every row cut to its heaviest clusters. Rows of U are scaled to norm 1; rows of I keep their norm, which grows with the
     * number of engagements, so that a surface may choose between cosine and similarities that let popularity count. The
     * paper's item vectors are means without |U_·c|; the division is ours, for the reason that P has it. Age counts from the
     * latest engagement in the data.
     *
     * Cost: the similarity graph, see there, then O(edges · clusters per user). Every stage is split by rows, so the result
     * does not depend on the number of threads.
     *
     * [1] Satuluri et al., SimClusters: Community-Based Representations for Heterogeneous Recommendations at Twitter, KDD 2020.
     */

    private static final int LABEL_WORDS = 2;

    private final Graph graph;
    private final SimClustersPlan plan;
    private final KnownFor earlier;
    private final long seed;
    private final int threads;
    private final TrainingProgress progress;

    private SimClustersTrainer(
            Graph graph, SimClustersPlan plan, KnownFor earlier, long seed, int threads, TrainingProgress progress) {
        this.graph = graph;
        this.plan = plan;
        this.earlier = earlier;
        this.seed = seed;
        this.threads = threads;
        this.progress = progress;
    }

    /**
     * Trains from nothing.
     *
     * @throws DataException when no two producers resemble each other
     * @throws java.util.concurrent.CancellationException when {@code progress} asks for an end
     */
    public static SimClustersModel train(
            Graph graph, SimClustersPlan plan, long seed, int threads, TrainingProgress progress) {
        return train(graph, plan, KnownFor.NONE, seed, threads, progress);
    }

    /**
     * Trains on from an earlier run's communities, so that {@code cluster:17} stays the community it was.
     *
     * @param earlier by the ordinals of the graph's producers
     * @throws DataException when no two producers resemble each other
     * @throws java.util.concurrent.CancellationException when {@code progress} asks for an end
     */
    public static SimClustersModel train(
            Graph graph, SimClustersPlan plan, KnownFor earlier, long seed, int threads, TrainingProgress progress) {
        return new SimClustersTrainer(graph, plan, earlier, seed, threads, progress).train();
    }

    private SimClustersModel train() {
        Relation follow = relation(plan.follow());
        Csr followees = follow.byHead();
        Csr followers = follow.byTail();
        SimilarityGraph similar =
                SimilarityGraph.of(followees, followers, SimilarityGraph.Cut.of(plan), threads, progress);
        Communities communities = Communities.find(similar, plan, earlier, seed, progress);
        if (communities.count() == 0) {
            throw new DataException(
                    "no communities: no two producers have followers-min = %s followers and a similarity of "
                                    .formatted(plan.followersMin())
                            + plan.similarityMin());
        }
        float[] scores = knownForScores(communities);
        double[] weights = weights(follow);
        SparseVector[] interests = interests(followees, weights, communities, scores);
        double[] columnFactors = columnFactors(interests, communities.count());
        SparseVector[] producers = producers(followers, weights, interests, columnFactors);
        return new SimClustersModel(
                communities.numbers(),
                labels(communities),
                communities.of(),
                scores,
                interests,
                producers,
                communities.insideShare(similar),
                communities.epochs(),
                items(interests, columnFactors));
    }

    /** What each follow counts: its weight, halved by every half-life between it and the latest. */
    private double[] weights(Relation follow) {
        double[] weights = new double[follow.edges()];
        long latest = latest(follow, Long.MIN_VALUE);
        double decayPerSecond = decayPerSecond(plan.interestHalfLife());
        for (int edge = 0; edge < weights.length; edge++) {
            weights[edge] = follow.weight(edge)
                    * (follow.timed() ? Math.exp(decayPerSecond * (latest - follow.time(edge))) : 1);
        }
        return weights;
    }

    private static long latest(Relation relation, long least) {
        long latest = least;
        for (int edge = 0; relation.timed() && edge < relation.edges(); edge++) {
            latest = Math.max(latest, relation.time(edge));
        }
        return latest;
    }

    private static double decayPerSecond(Duration halfLife) {
        return -Math.log(2) / Math.max(halfLife.toSeconds(), 1);
    }

    private Relation relation(String name) {
        return graph.relation(name)
                .orElseThrow(() -> new DataException("the graph has no relation '%s'".formatted(name)));
    }

    private static float[] knownForScores(Communities communities) {
        float[] largest = new float[communities.count()];
        int[] of = communities.of();
        for (int p = 0; p < of.length; p++) {
            if (of[p] >= 0) {
                largest[of[p]] = Math.max(largest[of[p]], communities.insideSimilarity()[p]);
            }
        }
        float[] scores = new float[of.length];
        for (int p = 0; p < of.length; p++) {
            if (of[p] >= 0) {
                // One who landed in a community without an edge into it is still a little known for it.
                float share = largest[of[p]] > 0 ? communities.insideSimilarity()[p] / largest[of[p]] : 1;
                scores[p] = Math.max(share, 0.01f);
            }
        }
        return scores;
    }

    private SparseVector[] interests(Csr followees, double[] weights, Communities communities, float[] scores) {
        double[] idf = new double[communities.count()];
        for (int p = 0; p < scores.length; p++) {
            if (communities.of()[p] >= 0) {
                idf[communities.of()[p]] += scores[p];
            }
        }
        for (int c = 0; c < idf.length; c++) {
            idf[c] = 1 / Math.sqrt(idf[c]);
        }
        SparseVector[] interests = new SparseVector[followees.rows()];
        Parallel.ranges(followees.rows(), threads, "interests", progress, (from, to) -> {
            RowSum sum = new RowSum(communities.count());
            for (int u = from; u < to; u++) {
                for (int i = followees.offsets()[u]; i < followees.offsets()[u + 1]; i++) {
                    int p = followees.columns()[i];
                    int c = communities.of()[p];
                    if (c >= 0) {
                        sum.add(c, weights[followees.edges()[i]] * scores[p]);
                    }
                }
                sum.scaleColumns(idf);
                interests[u] = sum.take(plan.socialProofMin(), plan.interestClustersMax(), true);
            }
        });
        return interests;
    }

    /** 1 / |U_·c|, or 0 where nobody is interested. */
    private static double[] columnFactors(SparseVector[] interests, int clusters) {
        double[] squares = new double[clusters];
        for (SparseVector row : interests) {
            for (int i = 0; i < row.size(); i++) {
                squares[row.columns()[i]] += (double) row.weights()[i] * row.weights()[i];
            }
        }
        return Arrays.stream(squares).map(s -> s > 0 ? 1 / Math.sqrt(s) : 0).toArray();
    }

    private SparseVector[] producers(
            Csr followers, double[] weights, SparseVector[] interests, double[] columnFactors) {
        SparseVector[] producers = new SparseVector[followers.rows()];
        Parallel.ranges(followers.rows(), threads, "producers", progress, (from, to) -> {
            RowSum sum = new RowSum(columnFactors.length);
            for (int p = from; p < to; p++) {
                double squares = 0;
                if (followers.size(p) >= plan.producerFollowersMin()) {
                    for (int i = followers.offsets()[p]; i < followers.offsets()[p + 1]; i++) {
                        double weight = weights[followers.edges()[i]];
                        sum.add(interests[followers.columns()[i]], weight);
                        squares += weight * weight;
                    }
                }
                sum.scaleColumns(columnFactors);
                sum.scale(squares > 0 ? 1 / Math.sqrt(squares) : 0);
                producers[p] = sum.take(1, plan.producerCosineMin(), plan.producerClustersMax(), false);
            }
        });
        return producers;
    }

    /** Engagements of one relation, grouped by item. */
    private record Engagements(Relation relation, Csr byItem, double weight) {}

    private Map<EntityKind, SparseVector[]> items(SparseVector[] interests, double[] columnFactors) {
        Map<EntityKind, List<Engagements>> byKind = new LinkedHashMap<>();
        long latest = Long.MIN_VALUE;
        for (Relation relation : graph.relations()) {
            Double weight = plan.items().get(relation.name());
            if (weight != null) {
                byKind.computeIfAbsent(relation.plan().tail(), k -> new ArrayList<>())
                        .add(new Engagements(relation, relation.byTail(), weight));
                latest = latest(relation, latest);
            }
        }
        long now = latest;
        Map<EntityKind, SparseVector[]> items = new LinkedHashMap<>();
        byKind.forEach((kind, engagements) ->
                items.put(kind, itemsOf(graph.entities(kind), engagements, now, interests, columnFactors)));
        return items;
    }

    private SparseVector[] itemsOf(
            EntityIndex entities,
            List<Engagements> engagements,
            long now,
            SparseVector[] interests,
            double[] columnFactors) {
        SparseVector[] rows = new SparseVector[entities.count()];
        double decayPerSecond = decayPerSecond(plan.halfLife());
        Parallel.ranges(rows.length, threads, "items " + entities.kind(), progress, (from, to) -> {
            RowSum sum = new RowSum(columnFactors.length);
            for (int item = from; item < to; item++) {
                int engaged = 0;
                for (Engagements e : engagements) {
                    engaged += e.byItem.size(item);
                    for (int i = e.byItem.offsets()[item]; i < e.byItem.offsets()[item + 1]; i++) {
                        int edge = e.byItem.edges()[i];
                        double decay =
                                e.relation.timed() ? Math.exp(decayPerSecond * (now - e.relation.time(edge))) : 1;
                        sum.add(interests[e.byItem.columns()[i]], e.weight * e.relation.weight(edge) * decay);
                    }
                }
                sum.scaleColumns(columnFactors);
                SparseVector row = sum.take(1, plan.itemClustersMax(), false);
                rows[item] = engaged >= plan.itemEngagementsMin() ? row : SparseVector.EMPTY;
            }
        });
        return rows;
    }

    // ---- labels ----

    /**
     * The topics that a cluster's members use more than others do: those with the largest {@code n · ln(share inside / share
     * overall)}, where n counts the members that use the topic.
     */
    private Map<Integer, String> labels(Communities communities) {
        Map<Integer, String> labels = new TreeMap<>();
        RelationPlan follow = relation(plan.follow()).plan();
        if (!follow.head().equals(follow.tail())) {
            return labels; // producers that act on nothing use no topics
        }
        for (Relation relation : graph.relations()) {
            if (plan.items().containsKey(relation.name())
                    && relation.plan().tail().equals(EntityKind.TOPIC)) {
                label(relation, communities, labels);
            }
        }
        return labels;
    }

    private static void label(Relation interest, Communities communities, Map<Integer, String> labels) {
        EntityIndex topics = interest.tailEntities();
        Csr byUser = interest.byHead();
        int[] usersByTopic = new int[topics.count()];
        for (int topic : interest.tails()) {
            usersByTopic[topic]++;
        }
        List<List<Integer>> members = new ArrayList<>();
        for (int c = 0; c < communities.count(); c++) {
            members.add(new ArrayList<>());
        }
        for (int p = 0; p < communities.of().length; p++) {
            if (communities.of()[p] >= 0) {
                members.get(communities.of()[p]).add(p);
            }
        }
        int[] inside = new int[topics.count()];
        double everyone = interest.edges();
        for (int c = 0; c < members.size(); c++) {
            List<Integer> met = new ArrayList<>();
            int uses = 0;
            for (int p : members.get(c)) {
                for (int i = byUser.offsets()[p]; i < byUser.offsets()[p + 1]; i++) {
                    int topic = byUser.columns()[i];
                    if (inside[topic]++ == 0) {
                        met.add(topic);
                    }
                    uses++;
                }
            }
            double total = uses;
            List<String> words = met.stream()
                    .filter(t -> inside[t] >= 2)
                    .map(t -> new Word(t, inside[t] * Math.log((inside[t] / total) / (usersByTopic[t] / everyone))))
                    .filter(w -> w.score > 0)
                    .sorted((a, b) ->
                            a.score != b.score ? Double.compare(b.score, a.score) : Integer.compare(a.topic, b.topic))
                    .limit(LABEL_WORDS)
                    .map(w -> topics.value(w.topic))
                    .toList();
            if (!words.isEmpty()) {
                labels.putIfAbsent(c, String.join(" · ", words));
            }
            met.forEach(t -> inside[t] = 0);
        }
    }

    private record Word(int topic, double score) {}
}
