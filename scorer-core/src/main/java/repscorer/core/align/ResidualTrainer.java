package repscorer.core.align;

import java.util.Arrays;
import java.util.SplittableRandom;
import repscorer.core.request.ComputePermits;
import repscorer.vector.VectorOps;

/**
 * Learns the network that corrects an affine map: one hidden layer, by Adam, on squared errors. The same pairs and seed give the same
 * network under the same kernels. For one run and one thread; O(epochs · pairs · hidden · out).
 */
final class ResidualTrainer {

    /*
     * The last layer begins at zero, so that training begins at the affine map; every tenth pair judges after each epoch, and the best
     * epoch is kept, which may be the beginning. Gradients are means over a batch; a penalty on the weights keeps a network of few
     * pairs small.
     */

    private static final int BATCH = 256;
    private static final int EPOCHS_MAX = 60;
    private static final int PATIENCE = 5;
    private static final int JUDGING_ONE_IN = 10;
    private static final double RATE = 2e-3;
    private static final double RATE_FALLS = 0.93;
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.999;
    private static final double EPSILON = 1e-8;
    private static final float DECAY = 1e-5f;

    private final Adapter base;
    private final Pairs training;
    private final Pairs judging;
    private final int out;
    private final int hidden;
    private final SplittableRandom random;
    private final Weights weights; // out × hidden
    private final Weights shift;
    private final Weights output; // hidden × out
    private int steps;

    /** Values that Adam moves. */
    private static final class Weights {
        final float[] values;
        final float[] gradients;
        final double[] first;
        final double[] second;

        Weights(int size) {
            values = new float[size];
            gradients = new float[size];
            first = new double[size];
            second = new double[size];
        }

        void step(double rate, int number, float decay) {
            double bias1 = 1 - Math.pow(BETA_1, number);
            double bias2 = 1 - Math.pow(BETA_2, number);
            for (int i = 0; i < values.length; i++) {
                double gradient = gradients[i] + decay * values[i];
                first[i] = BETA_1 * first[i] + (1 - BETA_1) * gradient;
                second[i] = BETA_2 * second[i] + (1 - BETA_2) * gradient * gradient;
                values[i] -= (float) (rate * (first[i] / bias1) / (Math.sqrt(second[i] / bias2) + EPSILON));
            }
            Arrays.fill(gradients, 0);
        }
    }

    private ResidualTrainer(Adapter base, Pairs pairs, int hidden, long seed) {
        this.base = base;
        this.training = pairs.every(JUDGING_ONE_IN, false);
        this.judging = pairs.every(JUDGING_ONE_IN, true);
        this.out = base.out();
        this.hidden = hidden;
        this.random = new SplittableRandom(seed);
        this.weights = new Weights(out * hidden);
        this.shift = new Weights(hidden);
        this.output = new Weights(hidden * out);
        double width = Math.sqrt(2.0 / out);
        for (int i = 0; i < weights.values.length; i++) {
            weights.values[i] = (float) (random.nextGaussian() * width);
        }
    }

    /** @param base affine; its parts go into the outcome as they are */
    static Adapter train(Adapter base, Pairs pairs, int hidden, long seed) {
        return new ResidualTrainer(base, pairs, hidden, seed).train();
    }

    private Adapter train() {
        float[] begun = based();
        Adapter best = adapter();
        double least = judging.squaredError(best);
        double rate = RATE;
        int[] order = new int[training.count()];
        Arrays.setAll(order, i -> i);
        for (int epoch = 0, worse = 0; epoch < EPOCHS_MAX && worse < PATIENCE; epoch++) {
            shuffle(order);
            for (int from = 0; from < order.length; from += BATCH) {
                ComputePermits.checkTime();
                step(begun, order, from, Math.min(BATCH, order.length - from), rate);
            }
            rate *= RATE_FALLS;
            Adapter now = adapter();
            double error = judging.squaredError(now);
            worse = error < least ? 0 : worse + 1;
            if (error < least) {
                least = error;
                best = now;
            }
        }
        return best;
    }

    /** The affine map's outcome of every training row, as the network meets it: before lengths are put back. */
    private float[] based() {
        Adapter plain = new Adapter(AlignmentMethod.AFFINE, false, base.in(), out, base.parts());
        Adapter.Mapping mapping = new Adapter.Mapping(plain, 1);
        float[] x = new float[base.in()];
        float[] y = new float[out];
        float[] all = new float[training.count() * out];
        for (int row = 0; row < training.count(); row++) {
            System.arraycopy(training.from(), row * base.in(), x, 0, base.in());
            mapping.apply(x, 1, y);
            System.arraycopy(y, 0, all, row * out, out);
        }
        return all;
    }

    private Adapter adapter() {
        return new Adapter(
                AlignmentMethod.RESIDUAL,
                base.directions(),
                base.in(),
                out,
                base.parts().with(weights.values.clone(), shift.values.clone(), output.values.clone()));
    }

    private void step(float[] begun, int[] order, int from, int count, double rate) {
        float[] y = new float[count * out];
        float[] error = new float[count * out];
        for (int i = 0; i < count; i++) {
            System.arraycopy(begun, order[from + i] * out, y, i * out, out);
        }
        float[] z = new float[count * hidden];
        for (int i = 0; i < count; i++) {
            System.arraycopy(shift.values, 0, z, i * hidden, hidden);
        }
        VectorOps.addProducts(y, count, out, weights.values, hidden, z);
        for (int i = 0; i < z.length; i++) {
            z[i] = Math.max(0, z[i]);
        }
        System.arraycopy(y, 0, error, 0, error.length);
        VectorOps.addProducts(z, count, hidden, output.values, out, error);
        for (int i = 0; i < count; i++) {
            int target = order[from + i] * out;
            for (int j = 0; j < out; j++) {
                error[i * out + j] = (error[i * out + j] - training.to()[target + j]) * 2 / count;
            }
        }
        VectorOps.addProducts(transposed(z, count, hidden), hidden, count, error, out, output.gradients);
        float[] back = new float[count * hidden];
        VectorOps.addProducts(error, count, out, transposed(output.values, hidden, out), hidden, back);
        for (int i = 0; i < back.length; i++) {
            back[i] = z[i] > 0 ? back[i] : 0;
            shift.gradients[i % hidden] += back[i];
        }
        VectorOps.addProducts(transposed(y, count, out), out, count, back, hidden, weights.gradients);
        steps++;
        weights.step(rate, steps, DECAY);
        shift.step(rate, steps, 0);
        output.step(rate, steps, DECAY);
    }

    private static float[] transposed(float[] matrix, int rows, int columns) {
        float[] other = new float[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                other[j * rows + i] = matrix[i * columns + j];
            }
        }
        return other;
    }

    private void shuffle(int[] order) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
    }
}
