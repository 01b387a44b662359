package repscorer.training.evaluate;

import java.util.SplittableRandom;
import repscorer.training.graph.HoldOut;

/**
 * A linear model of a yes or no over sparse features, and nothing more: what it tells was in the features. Used by one thread.
 */
final class LogisticRegression {

    /*
     * Σ -log σ(±(wᵀx + b)) + λ/2 |w|² by stochastic gradient descent with Adagrad's step per feature. The L2 pull is applied to
     * the features of a sample only.
     */

    private static final int EPOCHS = 30;
    private static final double RATE = 0.3;
    private static final double LAMBDA = 1e-3;
    private static final double EPSILON = 1e-8;

    private final double[] weights;
    private double bias;

    private LogisticRegression(int features) {
        weights = new double[features];
    }

    /**
     * Fits. O(epochs · non-zero features).
     *
     * @param features how many there are; rows name them from 0 on
     */
    static LogisticRegression fit(Features[] rows, boolean[] yes, int features, SplittableRandom random) {
        LogisticRegression model = new LogisticRegression(features);
        double[] squares = new double[features];
        double biasSquares = 0;
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            for (int row : HoldOut.shuffled(rows.length, random)) {
                Features x = rows[row];
                double error = 1 / (1 + Math.exp(-model.score(x))) - (yes[row] ? 1 : 0);
                for (int i = 0; i < x.columns().length; i++) {
                    int c = x.columns()[i];
                    double gradient = error * x.values()[i] + LAMBDA * model.weights[c];
                    squares[c] += gradient * gradient;
                    model.weights[c] -= RATE * gradient / (Math.sqrt(squares[c]) + EPSILON);
                }
                biasSquares += error * error;
                model.bias -= RATE * error / (Math.sqrt(biasSquares) + EPSILON);
            }
        }
        return model;
    }

    /** The log-odds of yes. */
    double score(Features x) {
        double sum = bias;
        for (int i = 0; i < x.columns().length; i++) {
            sum += weights[x.columns()[i]] * x.values()[i];
        }
        return sum;
    }
}
