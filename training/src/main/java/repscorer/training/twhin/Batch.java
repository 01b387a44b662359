package repscorer.training.twhin;

import java.util.Arrays;
import java.util.SplittableRandom;
import repscorer.training.graph.Relation;
import repscorer.training.plan.TwhinPlan;
import repscorer.vector.VectorOps;

/**
 * Some edges of one relation and the negatives they share: gathers their rows, computes loss and gradients, keeps both until
 * they are applied. Used by one thread at a time.
 */
final class Batch {

    /*
     * With B edges and N negatives per side, rows of d values: H and T are the heads and tails, Q = H + θ_r, and X the rows
     * of drawn entities. Corrupted tails score τ·Q·Xᵀ + b_r, corrupted heads τ·T·(X + θ_r)ᵀ + b_r. With G = τ·(w/N)·σ(scores) the
     * gradients are G·X for the edge's side and Gᵀ·Q for the drawn side, so a batch is six products of B × N × d and the
     * gather and scatter of 2 (B + N) rows. A drawn entity that is an edge's own end does not count against that edge.
     */

    private final MatrixKernels kernels;
    private final TwhinPlan plan;
    private final int d;
    private final int drawn;

    final int[] heads;
    final int[] tails;
    final int[] drawnTails;
    final int[] drawnHeads;
    private final float[] edgeWeights;

    private final float[] q;
    private final float[] t;
    private final float[] x;
    private final float[] xTransposed;
    private final float[] scores;

    final float[] headGradients;
    final float[] tailGradients;
    final float[] drawnTailGradients;
    final float[] drawnHeadGradients;
    final float[] relationGradient;
    final float[] biasGradient = new float[1];

    int relation = -1;
    int edges;
    double loss;
    int lossEdges;

    Batch(TwhinPlan plan, MatrixKernels kernels) {
        this.plan = plan;
        this.kernels = kernels;
        d = plan.dimension();
        drawn = plan.drawn();
        int b = plan.batchSize();
        heads = new int[b];
        tails = new int[b];
        drawnTails = new int[drawn];
        drawnHeads = new int[drawn];
        edgeWeights = new float[b];
        q = new float[b * d];
        t = new float[b * d];
        x = new float[drawn * d];
        xTransposed = new float[drawn * d];
        scores = new float[b * drawn];
        headGradients = new float[b * d];
        tailGradients = new float[b * d];
        drawnTailGradients = new float[drawn * d];
        drawnHeadGradients = new float[drawn * d];
        relationGradient = new float[d];
    }

    /** Takes edges {@code order[from]} up to {@code order[to]} of a relation and draws negatives. */
    void fill(Relation data, int relationOrdinal, int[] order, int from, int to, SplittableRandom random) {
        relation = relationOrdinal;
        edges = to - from;
        float relationWeight = (float) data.plan().weight();
        for (int i = 0; i < edges; i++) {
            int edge = order[from + i];
            heads[i] = data.heads()[edge];
            tails[i] = data.tails()[edge];
            edgeWeights[i] = relationWeight * data.weight(edge);
        }
        draw(drawnTails, data.tails(), data.tailEntities().count(), random);
        draw(drawnHeads, data.heads(), data.headEntities().count(), random);
    }

    private void draw(int[] into, int[] ends, int entities, SplittableRandom random) {
        int uniform = plan.negativesUniform();
        for (int i = 0; i < uniform; i++) {
            into[i] = random.nextInt(entities);
        }
        for (int i = uniform; i < into.length; i++) {
            into[i] = ends[random.nextInt(ends.length)];
        }
    }

    /**
     * Computes all gradients of the loss, and the loss itself over the first edges. O(B · N · d).
     *
     * @param bias b_r, added to every score of the relation
     * @param lossEdgesMax over how many edges the loss is computed, which needs logarithms
     */
    void compute(float[] headTable, float[] tailTable, float[] theta, int thetaFrom, float bias, int lossEdgesMax) {
        int b = edges;
        float tau = (float) plan.scale();
        gather(heads, b, headTable, q);
        gather(tails, b, tailTable, t);
        for (int i = 0; i < b; i++) {
            VectorOps.addScaled(q, i * d, 1, theta, thetaFrom, d);
        }
        Arrays.fill(headGradients, 0, b * d, 0);
        Arrays.fill(tailGradients, 0, b * d, 0);
        Arrays.fill(relationGradient, 0);
        biasGradient[0] = 0;
        loss = 0;
        lossEdges = Math.min(b, lossEdgesMax);

        // The edges themselves: -log σ(f), whose derivative is -σ(-f).
        for (int i = 0; i < b; i++) {
            scores[i] = -bias - tau * VectorOps.dot(q, i * d, t, i * d, d);
        }
        kernels.sigmoid(scores, b);
        for (int i = 0; i < b; i++) {
            if (i < lossEdges) {
                loss -= edgeWeights[i] * log(1 - scores[i]);
            }
            float g = -tau * edgeWeights[i] * scores[i];
            biasGradient[0] += g / tau;
            VectorOps.addScaled(headGradients, i * d, g, t, i * d, d);
            VectorOps.addScaled(tailGradients, i * d, g, q, i * d, d);
        }

        // Corrupted tails: Q against drawn rows.
        gather(drawnTails, drawn, tailTable, x);
        corrupt(q, tails, drawnTails, bias, headGradients, drawnTailGradients);
        addRows(headGradients, b, relationGradient); // head and relation enter Q alike

        // Corrupted heads: drawn rows + θ_r against T.
        gather(drawnHeads, drawn, headTable, x);
        for (int j = 0; j < drawn; j++) {
            VectorOps.addScaled(x, j * d, 1, theta, thetaFrom, d);
        }
        corrupt(t, heads, drawnHeads, bias, tailGradients, drawnHeadGradients);
        addRows(drawnHeadGradients, drawn, relationGradient);
    }

    /** One side's negatives: rows of the edges' fixed side against the drawn rows in {@code x}. */
    private void corrupt(
            float[] fixed, int[] own, int[] drawnOrdinals, float bias, float[] fixedGradients, float[] drawnGradients) {
        int b = edges;
        float tau = (float) plan.scale();
        float share = (float) (plan.negativesWeight() / drawn);
        MatrixKernels.transpose(x, drawn, d, xTransposed);
        VectorOps.scale(xTransposed, tau);
        Arrays.fill(scores, 0, b * drawn, bias);
        kernels.multiplyAdd(b, drawn, d, fixed, d, 1, xTransposed, scores);
        kernels.sigmoid(scores, b * drawn);
        for (int i = 0; i < b; i++) {
            int row = i * drawn;
            float weight = edgeWeights[i] * share;
            if (i < lossEdges) {
                for (int j = 0; j < drawn; j++) {
                    if (drawnOrdinals[j] != own[i]) {
                        loss -= weight * log(1 - scores[row + j]);
                    }
                }
            }
            float factor = tau * weight;
            int ownOrdinal = own[i];
            float sum = 0;
            for (int j = 0; j < drawn; j++) {
                float g = drawnOrdinals[j] == ownOrdinal ? 0 : factor * scores[row + j];
                scores[row + j] = g;
                sum += g;
            }
            biasGradient[0] += sum / tau;
        }
        kernels.multiplyAdd(b, d, drawn, scores, drawn, 1, x, fixedGradients);
        Arrays.fill(drawnGradients, 0);
        kernels.multiplyAdd(drawn, d, b, scores, 1, drawn, fixed, drawnGradients);
    }

    private static double log(float probability) {
        return Math.log(Math.max(probability, 1e-12));
    }

    private void gather(int[] ordinals, int count, float[] table, float[] into) {
        for (int i = 0; i < count; i++) {
            System.arraycopy(table, ordinals[i] * d, into, i * d, d);
        }
    }

    private void addRows(float[] rows, int count, float[] into) {
        for (int i = 0; i < count; i++) {
            VectorOps.addScaled(into, 0, 1, rows, i * d, d);
        }
    }
}
