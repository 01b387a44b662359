package repscorer.training.twhin;

import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.TwhinPlan.Negatives;
import repscorer.vector.VectorOps;

/**
 * The losses over a batch's scores: turns each score into the loss's slope by it, in its place. An entity drawn that is a
 * query's own target has no slope.
 */
final class LossSlopes {

    private static final float OUT = Float.NEGATIVE_INFINITY;

    private final Batch batch;
    private final TwhinPlan plan;
    private final MatrixKernels kernels;
    private final int d;
    private final boolean all;

    private double loss;
    private double lossWeight;

    LossSlopes(Batch batch, TwhinPlan plan, MatrixKernels kernels) {
        this.batch = batch;
        this.plan = plan;
        this.kernels = kernels;
        d = plan.dimension();
        all = plan.negatives() == Negatives.ALL;
    }

    double loss() {
        return loss;
    }

    double weight() {
        return lossWeight;
    }

    /** @param lossQueriesMax over how many queries the loss itself is computed */
    void toSlopes(int lossQueriesMax) {
        loss = 0;
        lossWeight = 0;
        for (int i = 0; i < batch.queries; i++) {
            boolean told = i < lossQueriesMax;
            switch (plan.loss()) {
                case LOGISTIC -> logistic(i, told);
                case SOFTMAX -> softmax(i, told);
                case RANKING -> ranking(i, told);
            }
        }
    }

    private void logistic(int i, boolean told) {
        float[] scores = batch.scores;
        int n = batch.candidates;
        int row = i * n;
        float weight = batch.weight(i);
        // Each direction counts the edge itself by half.
        for (int j = batch.firstTarget[i]; j < batch.firstTarget[i + 1]; j++) {
            double probability = 1 / (1 + Math.exp(-score(i, j)));
            batch.targetSlope[j] = (float) (0.5 * batch.targetWeight[j] * (probability - 1));
            if (told) {
                loss -= 0.5 * batch.targetWeight[j] * log(probability);
                lossWeight += 0.5;
            }
            if (!all) {
                batch.chains.fill(batch.target[j], scores, row, OUT);
            } else {
                scores[row + batch.target[j]] = OUT;
            }
        }
        kernels.sigmoid(scores, row, n);
        float factor = (float) (weight * plan.negativesWeight() / n);
        if (told) {
            for (int j = row; j < row + n; j++) {
                loss -= factor * log(1 - scores[j]);
            }
        }
        for (int j = row; j < row + n; j++) {
            scores[j] *= factor;
        }
        for (int j = batch.firstTarget[i]; j < batch.firstTarget[i + 1]; j++) {
            if (all) {
                scores[row + batch.target[j]] = batch.targetSlope[j];
            } else {
                batch.chains.fill(batch.target[j], scores, row, 0);
            }
        }
    }

    private void softmax(int i, boolean told) {
        float[] scores = batch.scores;
        int n = batch.candidates;
        int row = i * n;
        float weight = batch.weight(i);
        int first = batch.firstTarget[i];
        float own = 0;
        if (!all) {
            own = score(i, first);
            batch.chains.fill(batch.target[first], scores, row, OUT);
        }
        float max = kernels.max(scores, row, n);
        if (!all) {
            max = Math.max(max, own);
        }
        if (told) {
            for (int j = first; j < batch.firstTarget[i + 1]; j++) {
                loss += batch.targetWeight[j] * (max - score(i, j));
            }
        }
        double sum = kernels.exponentials(scores, row, n, max);
        double ownPower = all ? 0 : Math.exp(own - max);
        sum += ownPower;
        if (told) {
            loss += weight * Math.log(sum);
            lossWeight += weight;
        }
        float factor = (float) (weight / sum);
        for (int j = row; j < row + n; j++) {
            scores[j] *= factor;
        }
        if (!all) {
            batch.chains.fill(batch.target[first], scores, row, 0);
            putSlope(i, first, (float) (weight * (ownPower / sum - 1)));
        } else {
            for (int j = first; j < batch.firstTarget[i + 1]; j++) {
                putSlope(i, j, -batch.targetWeight[j]);
            }
        }
    }

    /** Against drawn negatives only. */
    private void ranking(int i, boolean told) {
        float[] scores = batch.scores;
        int n = batch.candidates;
        int row = i * n;
        int first = batch.firstTarget[i];
        float least = score(i, first) - (float) plan.margin();
        batch.chains.fill(batch.target[first], scores, row, OUT);
        float factor = (float) (batch.targetWeight[first] * plan.negativesWeight() / n);
        float sum = 0;
        for (int j = row; j < row + n; j++) {
            float over = scores[j] - least;
            if (told && over > 0) {
                loss += factor * over;
            }
            scores[j] = over > 0 ? factor : 0;
            sum += scores[j];
        }
        lossWeight += told ? batch.targetWeight[first] : 0;
        putSlope(i, first, -sum);
    }

    private static double log(double probability) {
        return Math.log(Math.max(probability, 1e-12));
    }

    private float score(int i, int j) {
        return all
                ? batch.scores[i * batch.candidates + batch.target[j]]
                : batch.constants[i] + VectorOps.dot(batch.q, i * d, batch.t, j * d, d);
    }

    /** Puts the slope by a target's score where it belongs. */
    private void putSlope(int i, int j, float slope) {
        if (all) {
            batch.scores[i * batch.candidates + batch.target[j]] += slope;
        } else {
            batch.targetSlope[j] = slope;
        }
    }
}
