package repscorer.training.twhin;

import java.util.Arrays;
import java.util.SplittableRandom;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.TwhinPlan.Loss;
import repscorer.training.plan.TwhinPlan.Negatives;
import repscorer.training.plan.TwhinPlan.Operator;
import repscorer.vector.VectorOps;

/**
 * Some queries of one block and direction, the targets that complete them to edges, and the negatives they share: gathers
 * their rows, computes loss and gradients, keeps both until they are applied. Used by one thread at a time.
 */
final class Batch {

    /*
     * A query is an edge's one end and its relation; forward the head, backward the tail. Its row q = τ·op(x, θ) (backward the
     * operator's adjoint, or the operator with values of its own where relations are reciprocal) is set against rows C of
     * entities of the other end's kind: S = Q·Cᵀ. From the loss's slopes G by S follow those of the queries, τ·G·C, and of the
     * entities, Gᵀ·Q: three products of B × N × d. With drawn negatives each query is one edge, and C are the drawn rows and,
     * where the plan says so, all targets of the batch. Against all entities the edges that share a query are one row of S
     * (the loss sums over its targets, so nothing but time changes), and C is the table itself.
     *
     * An entity drawn that is the query's own target does not count against it.
     */

    private final MatrixKernels kernels;
    private final TwhinPlan plan;
    private final Operator operator;
    private final LossSlopes losses;
    final CandidateChains chains;
    private final int d;
    private final float tau;
    private final boolean all;

    // What to do.
    int block = -1;
    boolean forward;
    int queries;
    int targets;
    int candidates;
    int[] queryEntity;
    int[] queryRelation;
    int[] firstTarget;
    int[] target;
    float[] targetWeight;
    int[] candidate;

    /** The relations of the batch, each once. */
    int[] relations = new int[0];

    int relationCount;
    private int[] slotOfRelation = new int[0];

    // Scratch.
    private float[] e;
    float[] q;
    private float[] mask;
    private float[] c;
    float[] t;
    float[] scores;
    float[] targetSlope;
    float[] constants;
    private final float[] ones;

    // What came out.
    float[] queryGradients;
    float[] targetGradients;
    float[] candidateGradients;
    float[] relationGradients;
    float[] biasGradients;
    private float[] byQ;

    /**
     * @param relationsMax how many relations the graph has
     * @param entitiesMax how many entities a kind has at most
     */
    Batch(TwhinPlan plan, MatrixKernels kernels, int relationsMax, int entitiesMax) {
        this.plan = plan;
        this.kernels = kernels;
        operator = plan.operator();
        d = plan.dimension();
        tau = (float) plan.scale();
        all = plan.negatives() == Negatives.ALL;
        int b = plan.batchSize();
        int n = all ? entitiesMax : plan.drawn() + (plan.negativesInBatch() ? b : 0);
        queryEntity = new int[b];
        queryRelation = new int[b];
        firstTarget = new int[b + 1];
        target = new int[b];
        targetWeight = new float[b];
        candidate = new int[all ? 0 : n];
        chains = new CandidateChains(candidate);
        e = new float[b * d];
        q = new float[b * d];
        byQ = new float[b * d];
        mask = new float[plan.dropout() > 0 ? b * d : 0];
        c = new float[all ? 0 : n * d];
        t = new float[all ? 0 : b * d];
        scores = new float[Math.multiplyExact(b, n)];
        targetSlope = new float[b];
        constants = new float[b];
        ones = new float[plan.loss() == Loss.LOGISTIC ? n : 0];
        Arrays.fill(ones, 1);
        queryGradients = new float[b * d];
        targetGradients = new float[all ? 0 : b * d];
        candidateGradients = new float[n * d];
        slotOfRelation = new int[relationsMax];
        Arrays.fill(slotOfRelation, -1);
        relations = new int[Math.min(b, relationsMax)];
        relationGradients = new float[relations.length * d];
        biasGradients = new float[relations.length];
        losses = new LossSlopes(this, plan, kernels);
    }

    /** The loss over the queries that {@link #compute} was asked to tell it of. */
    double loss() {
        return losses.loss();
    }

    /** What the edges of that loss weigh together. */
    double lossWeight() {
        return losses.weight();
    }

    // ---- what to do ----

    private void begin(int blockOrdinal, boolean direction) {
        block = blockOrdinal;
        forward = direction;
        queries = 0;
        targets = 0;
        for (int slot = 0; slot < relationCount; slot++) {
            slotOfRelation[relations[slot]] = -1;
        }
        relationCount = 0;
    }

    private void addQuery(int entity, int relation) {
        queryEntity[queries] = entity;
        queryRelation[queries] = relation;
        firstTarget[queries++] = targets;
        if (slotOfRelation[relation] < 0) {
            slotOfRelation[relation] = relationCount;
            relations[relationCount++] = relation;
        }
    }

    private void addTarget(int entity, float weight) {
        if (targets == target.length) {
            target = Arrays.copyOf(target, 2 * targets);
            targetWeight = Arrays.copyOf(targetWeight, 2 * targets);
            targetSlope = Arrays.copyOf(targetSlope, 2 * targets);
        }
        target[targets] = entity;
        targetWeight[targets++] = weight;
    }

    /** Takes edges {@code order[from]} up to {@code order[to]} of a block, each a query, and draws negatives. */
    void fillEdges(
            Block data,
            int ordinal,
            boolean direction,
            int[] order,
            int from,
            int to,
            int entities,
            SplittableRandom random) {
        begin(ordinal, direction);
        int[] ends = direction ? data.tails : data.heads;
        int[] starts = direction ? data.heads : data.tails;
        for (int i = from; i < to; i++) {
            int edge = order[i];
            addQuery(starts[edge], data.relation(edge));
            addTarget(ends[edge], data.weight(edge));
        }
        firstTarget[queries] = targets;
        int uniform = plan.negativesUniform();
        int drawn = plan.drawn();
        for (int j = 0; j < uniform; j++) {
            candidate[j] = random.nextInt(entities);
        }
        for (int j = uniform; j < drawn; j++) {
            candidate[j] = ends[random.nextInt(ends.length)];
        }
        candidates = drawn;
        if (plan.negativesInBatch()) {
            System.arraycopy(target, 0, candidate, drawn, targets);
            candidates += targets;
        }
        chains.link(candidates);
        drop(random);
    }

    /** Takes queries {@code order[from]} up to {@code order[to]}, to be set against all entities. */
    void fillQueries(
            Block data,
            int ordinal,
            boolean direction,
            Block.Queries grouped,
            int[] order,
            int from,
            int to,
            int entities,
            SplittableRandom random) {
        begin(ordinal, direction);
        int[] ends = direction ? data.tails : data.heads;
        int[] starts = direction ? data.heads : data.tails;
        for (int i = from; i < to; i++) {
            int at = grouped.offsets()[order[i]];
            int end = grouped.offsets()[order[i] + 1];
            int edge = grouped.order()[at];
            addQuery(starts[edge], data.relation(edge));
            for (; at < end; at++) {
                edge = grouped.order()[at];
                addTarget(ends[edge], data.weight(edge));
            }
        }
        firstTarget[queries] = targets;
        candidates = entities;
        drop(random);
    }

    private void drop(SplittableRandom random) {
        if (plan.dropout() > 0) {
            Operators.drop(plan.dropout(), mask, queries * d, random);
        }
    }

    // ---- loss and gradients ----

    /**
     * Computes all gradients of the loss, and the loss itself over the first queries. O(B · N · d).
     *
     * @param fromRows the table of the queries' ends
     * @param toRows the table of the targets and candidates
     * @param theta the relations' rows for this direction
     * @param adjoint whether the direction goes against that of {@code theta}
     * @param biases b_r by relation, added to every score under the logistic loss
     * @param lossQueriesMax over how many queries the loss is computed, which needs logarithms
     */
    void compute(float[] fromRows, float[] toRows, float[] theta, boolean adjoint, float[] biases, int lossQueriesMax) {
        int b = queries;
        for (int i = 0; i < b; i++) {
            System.arraycopy(fromRows, queryEntity[i] * d, e, i * d, d);
            Operators.apply(operator, adjoint, e, i * d, theta, queryRelation[i] * d, q, i * d, d);
        }
        int values = b * d;
        if (plan.dropout() > 0) {
            for (int j = 0; j < values; j++) {
                q[j] *= tau * mask[j];
            }
        } else {
            for (int j = 0; j < values; j++) {
                q[j] *= tau;
            }
        }
        constants(theta, adjoint, biases);
        float[] rows = toRows;
        if (!all) {
            gather(candidate, candidates, toRows, c);
            gather(target, targets, toRows, t);
            rows = c;
            Arrays.fill(targetGradients, 0, targets * d, 0);
        }
        int n = candidates;
        for (int i = 0; i < b; i++) {
            Arrays.fill(scores, i * n, i * n + n, constants[i]);
        }
        kernels.multiplyAdd(b, n, d, q, 0, d, 1, rows, 0, 1, d, scores, n);

        losses.toSlopes(lossQueriesMax);
        Arrays.fill(biasGradients, 0, relationCount, 0);

        Arrays.fill(byQ, 0, values, 0);
        kernels.multiplyAdd(b, d, n, scores, 0, n, 1, rows, 0, d, 1, byQ, d);
        Arrays.fill(candidateGradients, 0, n * d, 0);
        kernels.multiplyAdd(n, d, b, scores, 0, 1, n, q, 0, d, 1, candidateGradients, d);
        if (!all) {
            for (int i = 0; i < b; i++) {
                VectorOps.addScaled(byQ, i * d, targetSlope[i], t, i * d, d);
                VectorOps.addScaled(targetGradients, i * d, targetSlope[i], q, i * d, d);
            }
        }
        if (plan.dropout() > 0) {
            for (int j = 0; j < values; j++) {
                byQ[j] *= tau * mask[j];
            }
        } else {
            for (int j = 0; j < values; j++) {
                byQ[j] *= tau;
            }
        }
        Arrays.fill(queryGradients, 0, values, 0);
        Arrays.fill(relationGradients, 0, relationCount * d, 0);
        for (int i = 0; i < b; i++) {
            Operators.addSlopes(
                    operator,
                    adjoint,
                    byQ,
                    i * d,
                    e,
                    i * d,
                    theta,
                    queryRelation[i] * d,
                    queryGradients,
                    i * d,
                    relationGradients,
                    slotOfRelation[queryRelation[i]] * d,
                    d);
        }
        constantSlopes(theta, adjoint);
        regularise(toRows, theta);
        if (!all && plan.negativesInBatch()) { // the targets are candidates too: one update for both
            int from = plan.drawn() * d;
            for (int j = 0; j < targets * d; j++) {
                candidateGradients[from + j] += targetGradients[j];
            }
        }
    }

    /** What each query's scores share: b_r, and of a translation seen from the tail τ·θᵀt. */
    private void constants(float[] theta, boolean adjoint, float[] biases) {
        Arrays.fill(constants, 0, queries, 0);
        if (plan.loss() != Loss.LOGISTIC) {
            return; // only differences of scores count
        }
        for (int i = 0; i < queries; i++) {
            constants[i] = biases[queryRelation[i]];
            if (adjoint && operator == Operator.TRANSLATION) {
                constants[i] += tau * VectorOps.dot(theta, queryRelation[i] * d, e, i * d, d);
            }
        }
    }

    private void constantSlopes(float[] theta, boolean adjoint) {
        if (plan.loss() != Loss.LOGISTIC) {
            return;
        }
        int n = candidates;
        for (int i = 0; i < queries; i++) {
            float sum = (all ? 0 : targetSlope[i]) + VectorOps.dot(scores, i * n, ones, 0, n);
            int slot = slotOfRelation[queryRelation[i]];
            biasGradients[slot] += sum;
            if (adjoint && operator == Operator.TRANSLATION) {
                VectorOps.addScaled(queryGradients, i * d, tau * sum, theta, queryRelation[i] * d, d);
                VectorOps.addScaled(relationGradients, slot * d, tau * sum, e, i * d, d);
            }
        }
    }

    /** What the edges of a query weigh together. */
    float weight(int i) {
        float weight = 0;
        for (int j = firstTarget[i]; j < firstTarget[i + 1]; j++) {
            weight += targetWeight[j];
        }
        return weight;
    }

    /** The penalties λ/2 |x|² and λ Σ |x|³ on the rows of each edge. */
    private void regularise(float[] toRows, float[] theta) {
        float cubes = (float) (3 * plan.regularisationN3());
        float squares = (float) plan.regularisation();
        if (cubes == 0 && squares == 0) {
            return;
        }
        for (int i = 0; i < queries; i++) {
            float weight = weight(i);
            int slot = slotOfRelation[queryRelation[i]] * d;
            if (squares > 0) {
                VectorOps.addScaled(queryGradients, i * d, weight * squares, e, i * d, d);
            }
            if (cubes > 0) {
                Operators.addCubeSlopes(operator, weight * cubes, e, i * d, queryGradients, i * d, d);
                if (operator != Operator.IDENTITY) {
                    Operators.addCubeSlopes(
                            operator, weight * cubes, theta, queryRelation[i] * d, relationGradients, slot, d);
                }
            }
        }
        for (int j = 0; j < targets; j++) {
            float[] into = all ? candidateGradients : targetGradients;
            int at = (all ? target[j] : j) * d;
            if (squares > 0) {
                VectorOps.addScaled(into, at, targetWeight[j] * squares, toRows, target[j] * d, d);
            }
            if (cubes > 0) {
                Operators.addCubeSlopes(operator, targetWeight[j] * cubes, toRows, target[j] * d, into, at, d);
            }
        }
    }

    private void gather(int[] ordinals, int count, float[] table, float[] into) {
        for (int i = 0; i < count; i++) {
            System.arraycopy(table, ordinals[i] * d, into, i * d, d);
        }
    }
}
