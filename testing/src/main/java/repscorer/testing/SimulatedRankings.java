package repscorer.testing;

import java.util.random.RandomGenerator;

/**
 * Ranked answers with values of known expectation, such as minutes that are watched, ordered by chance: each rank is drawn from what is left by softmax over scores that are
 * weighted sums of two columns. Deterministic by its generator.
 */
public final class SimulatedRankings {

    /*
     * Candidates have two columns, standard normal, independent. One at rank k, from 0, is worth (1 + .3 x₀ + .6 x₁ + e) / (1 + k / 2)
     * with e normal, σ .4, whatever stands around it.
     */

    public static final int COLUMNS = 2;

    private static final double NOISE = .4;

    private SimulatedRankings() {}

    /**
     * One answer.
     *
     * @param columns by rank
     * @param propensities of each rank, given those before it
     */
    public record Answer(double[][] columns, double[] propensities, double[] values) {}

    /** An answer by a policy. */
    public static Answer draw(RandomGenerator random, int candidates, double[] weights, double temperature) {
        double[][] left = new double[candidates][COLUMNS];
        for (double[] columns : left) {
            for (int c = 0; c < COLUMNS; c++) {
                columns[c] = random.nextGaussian();
            }
        }
        double[][] ranked = new double[candidates][];
        double[] propensities = new double[candidates];
        double[] values = new double[candidates];
        for (int rank = 0; rank < candidates; rank++) {
            double[] probabilities = probabilities(left, rank, weights, temperature);
            double point = random.nextDouble();
            int chosen = rank;
            while (chosen < candidates - 1 && (point -= probabilities[chosen]) >= 0) {
                chosen++;
            }
            ranked[rank] = left[chosen];
            propensities[rank] = probabilities[chosen];
            left[chosen] = left[rank];
            left[rank] = ranked[rank];
            values[rank] = expected(ranked[rank], rank) + NOISE * random.nextGaussian() / (1 + rank / 2.0);
        }
        return new Answer(ranked, propensities, values);
    }

    /** Of each of what is left from {@code rank} on; 0 before. */
    public static double[] probabilities(double[][] columns, int rank, double[] weights, double temperature) {
        double[] probabilities = new double[columns.length];
        double sum = 0;
        for (int i = rank; i < columns.length; i++) {
            double score = 0;
            for (int c = 0; c < weights.length; c++) {
                score += weights[c] * columns[i][c];
            }
            probabilities[i] = Math.exp(score / temperature);
            sum += probabilities[i];
        }
        for (int i = rank; i < columns.length; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }

    /** What a candidate is worth at a rank, without noise. */
    public static double expected(double[] columns, int rank) {
        return (1 + .3 * columns[0] + .6 * columns[1]) / (1 + rank / 2.0);
    }

    /** What a policy earns by an answer, by many answers of its own: expected values, not drawn ones. */
    public static double truth(
            RandomGenerator random, int candidates, double[] weights, double temperature, int answers) {
        double sum = 0;
        for (int i = 0; i < answers; i++) {
            Answer answer = draw(random, candidates, weights, temperature);
            for (int rank = 0; rank < candidates; rank++) {
                sum += expected(answer.columns()[rank], rank);
            }
        }
        return sum / answers;
    }
}
