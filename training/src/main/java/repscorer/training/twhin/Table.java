package repscorer.training.twhin;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import repscorer.training.plan.TwhinPlan.Optimiser;
import repscorer.vector.VectorOps;

/**
 * Rows that are learnt, with Adagrad's sums of squared gradients. Different threads may update different rows at the same
 * time.
 */
final class Table {

    private static final double EPSILON = 1e-10;

    /** For loops that need no scratch, which any number of threads may run. */
    private static final MatrixKernels KERNELS = MatrixKernels.best();

    final int count;
    final int d;
    private final boolean unit;
    private final boolean perRow;
    final float[] rows;
    final float[] squares;

    /** What rows are pulled towards, and how strongly. */
    private float @Nullable [] anchor;

    private float pull;

    /** @param unit whether rows are kept at norm 1 */
    Table(int count, int d, boolean unit, Optimiser optimiser) {
        if ((long) count * d > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "a table has at most 2^31 values: %s rows of dimension %s".formatted(count, d));
        }
        this.count = count;
        this.d = d;
        this.unit = unit;
        perRow = optimiser == Optimiser.ROW_ADAGRAD;
        rows = new float[count * d];
        squares = new float[perRow ? count : count * d];
    }

    /** Normal values of standard deviation {@code scale / √d}, so that rows have a norm near {@code scale}. */
    void initialise(SplittableRandom random, double scale) {
        double deviation = scale / Math.sqrt(d);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (deviation * random.nextGaussian());
        }
        normaliseAll();
    }

    /** Adagrad's sum of each row; the mean of its values' sums where each has its own. */
    float[] rowSums() {
        if (perRow) {
            return squares.clone();
        }
        float[] sums = new float[count];
        for (int row = 0; row < count; row++) {
            for (int i = row * d; i < row * d + d; i++) {
                sums[row] += squares[i] / d;
            }
        }
        return sums;
    }

    /** Goes on with a row as one that had come as far. */
    void rowSum(int row, float sum) {
        int width = perRow ? 1 : d;
        Arrays.fill(squares, row * width, (row + 1) * width, sum);
    }

    /** Pulls every row that is updated towards where it is now. */
    void holdBy(float strength) {
        anchor = strength > 0 ? rows.clone() : null;
        pull = strength;
    }

    /**
     * One step of Adagrad: {@code G += g²; θ -= η·g/√G}, with one G per row (the mean over its values) or one per value. On
     * the unit sphere only the part of the gradient along the sphere counts, and the row is brought back to norm 1. O(d).
     *
     * @param gradients changed: the row's part is scratch afterwards
     */
    void update(int row, float[] gradients, int from, float learningRate) {
        int at = row * d;
        if (anchor != null) {
            for (int j = 0; j < d; j++) {
                gradients[from + j] += pull * (rows[at + j] - anchor[at + j]);
            }
        }
        if (perRow) {
            updateRow(row, gradients, from, learningRate);
            return;
        }
        if (unit) {
            float along = VectorOps.dot(gradients, from, rows, at, d);
            VectorOps.addScaled(gradients, from, -along, rows, at, d);
        }
        KERNELS.adagrad(rows, squares, at, gradients, from, d, learningRate);
        if (unit) {
            normalise(at);
        }
    }

    private void updateRow(int row, float[] gradients, int from, float learningRate) {
        int at = row * d;
        float square = VectorOps.dot(gradients, from, gradients, from, d);
        if (!unit) {
            if (square > 0) {
                squares[row] += square / d;
                VectorOps.addScaled(rows, at, step(row, learningRate), gradients, from, d);
            }
            return;
        }
        // With g = s·x + g⊥ the step goes along g⊥ alone, and since x ⊥ g⊥ the new norm is known before the step is
        // made:
        // one pass over the row does both.
        float norm = VectorOps.dot(rows, at, rows, at, d);
        float along = VectorOps.dot(gradients, from, rows, at, d) / norm;
        float across = square - along * along * norm;
        if (!(across > 0)) {
            return;
        }
        squares[row] += across / d;
        float step = step(row, learningRate);
        float length = (float) Math.sqrt(norm + step * step * across);
        KERNELS.combine(rows, at, (1 - step * along) / length, gradients, from, step / length, d);
    }

    private float step(int row, float learningRate) {
        return (float) (-learningRate / Math.sqrt(squares[row] + EPSILON));
    }

    /** Brings every row to norm 1 where the table asks for it. */
    void normaliseAll() {
        if (unit) {
            for (int row = 0; row < count; row++) {
                normalise(row * d);
            }
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
