package repscorer.testing;

/** The value of a policy on the log of another, single choices, written down from the formulas: plain sums in the order of the log. */
public final class PolicyOracle {

    private final double[] weights;
    private final double[] rewards;

    /** @param targets the probabilities by the other policy of what the log's policy chose */
    public PolicyOracle(double[] propensities, double[] targets, double[] rewards) {
        this.rewards = rewards;
        weights = new double[rewards.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = targets[i] / propensities[i];
        }
    }

    /** Σ w r / n. */
    public double weighted() {
        return products() / rewards.length;
    }

    /** √( Σ (w r − mean)² / (n − 1) / n ). */
    public double weightedError() {
        double squares = 0;
        for (int i = 0; i < weights.length; i++) {
            squares += Math.pow(weights[i] * rewards[i] - weighted(), 2);
        }
        return Math.sqrt(squares / (rewards.length - 1) / rewards.length);
    }

    /** Σ w r / Σ w. */
    public double selfNormalised() {
        return products() / sum();
    }

    /** (Σ w)² / Σ w². */
    public double effective() {
        double squares = 0;
        for (double weight : weights) {
            squares += weight * weight;
        }
        return sum() * sum() / squares;
    }

    private double products() {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * rewards[i];
        }
        return sum;
    }

    private double sum() {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        return sum;
    }
}
