package repscorer.training.twhin;

import java.util.SplittableRandom;
import repscorer.training.plan.TwhinPlan.Comparator;
import repscorer.vector.VectorOps;

/**
 * Rows that are learnt, with Adagrad's sum of squared gradients per row. Different threads may update different rows at the
 * same time.
 */
final class Table {

    private static final double EPSILON = 1e-10;

    private final int d;
    private final boolean unit;
    final float[] rows;
    private final float[] squares;

    Table(int count, int d, Comparator comparator) {
        if ((long) count * d > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "a table has at most 2^31 values: %d rows of dimension %d".formatted(count, d));
        }
        this.d = d;
        this.unit = comparator == Comparator.COSINE;
        rows = new float[count * d];
        squares = new float[count];
    }

    /** Normal values of standard deviation {@code 1 / √d}, so that rows have a norm near 1. */
    void initialise(SplittableRandom random) {
        double deviation = 1 / Math.sqrt(d);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (deviation * random.nextGaussian());
        }
        if (unit) {
            for (int row = 0; row < squares.length; row++) {
                normalise(row * d);
            }
        }
    }

    /**
     * One step of Adagrad with one accumulator per row: {@code G += |g|²/d; θ -= η·g/√G}. On the unit sphere only the part of
     * the gradient along the sphere counts, and the row is brought back to norm 1. O(d).
     *
     * @param gradients changed: the row's part is scratch afterwards
     */
    void update(int row, float[] gradients, int from, float learningRate, float regularisation) {
        int at = row * d;
        if (regularisation > 0) {
            VectorOps.addScaled(gradients, from, regularisation, rows, at, d);
        }
        if (unit) {
            float along = VectorOps.dot(gradients, from, rows, at, d);
            VectorOps.addScaled(gradients, from, -along, rows, at, d);
        }
        float square = VectorOps.dot(gradients, from, gradients, from, d);
        if (square == 0) {
            return;
        }
        squares[row] += square / d;
        float step = (float) (-learningRate / Math.sqrt(squares[row] + EPSILON));
        VectorOps.addScaled(rows, at, step, gradients, from, d);
        if (unit) {
            normalise(at);
        }
    }

    private void normalise(int at) {
        float norm = (float) Math.sqrt(VectorOps.dot(rows, at, rows, at, d));
        if (norm > 0) {
            float factor = 1 / norm;
            for (int i = at; i < at + d; i++) {
                rows[i] *= factor;
            }
        }
    }
}
