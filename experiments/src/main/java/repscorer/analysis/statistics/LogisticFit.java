package repscorer.analysis.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * A logistic regression by maximum likelihood, with errors that hold where rows of one unit are alike. Immutable.
 *
 * @param names of the coefficients, the first for the intercept
 * @param coefficients log-odds for one more of each
 * @param errors standard errors, robust to what rows of one unit share
 */
public record LogisticFit(List<String> names, double[] coefficients, double[] errors) {

    /*
     * Newton's method on the log-likelihood, halved where a step makes it worse. Errors are the sandwich of Liang and Zeger, Biometrika 73
     * (1986): H⁻¹ (Σ over units of s sᵀ) H⁻¹ · G / (G − 1), with s a unit's sum of scores, H the information and G the number of units.
     */

    private static final int STEPS_MAX = 50;
    private static final double CONVERGED = 1e-10;

    /** Beyond this a coefficient of a standardised column means that the column tells outcomes without fail. */
    private static final double SEPARATED = 30;

    /** The name of the first coefficient. */
    public static final String INTERCEPT = "intercept";

    public LogisticFit {
        names = List.copyOf(names);
        coefficients = coefficients.clone();
        errors = errors.clone();
    }

    @Override
    public double[] coefficients() {
        return coefficients.clone();
    }

    @Override
    public double[] errors() {
        return errors.clone();
    }

    /**
     * Fits.
     *
     * @param names of the features
     * @param rows each with its features, about as large as 1; an intercept is added
     * @param outcomes one a row
     * @param units whose row it is
     * @throws IllegalArgumentException where there are no outcomes of both kinds, or features determine each other or the outcome
     */
    public static LogisticFit of(List<String> names, List<double[]> rows, boolean[] outcomes, String[] units) {
        int yes = 0;
        for (boolean outcome : outcomes) {
            yes += outcome ? 1 : 0;
        }
        if (yes == 0 || yes == outcomes.length) {
            throw new IllegalArgumentException(
                    "a fit needs rows with the outcome and without: %s of %s have it".formatted(yes, outcomes.length));
        }
        List<String> all = new ArrayList<>(names);
        all.addFirst(INTERCEPT);
        int n = all.size();
        double[] beta = new double[n];
        beta[0] = Math.log(yes / (double) (outcomes.length - yes));
        double likelihood = likelihood(beta, rows, outcomes);
        for (int step = 0; ; step++) {
            double[] gradient = new double[n];
            PositiveDefinite information = new PositiveDefinite(information(beta, rows, outcomes, gradient), all);
            double[] move = information.solve(gradient);
            double size = Arrays.stream(move).map(Math::abs).max().orElse(0);
            if (size < CONVERGED) {
                return new LogisticFit(all, beta, errors(beta, rows, outcomes, units, information));
            }
            double scale = 1;
            double[] next = moved(beta, move, scale);
            double better = likelihood(next, rows, outcomes);
            while (better < likelihood - 1e-9 * Math.abs(likelihood) && scale > 1e-6) {
                scale /= 2;
                next = moved(beta, move, scale);
                better = likelihood(next, rows, outcomes);
            }
            beta = next;
            likelihood = better;
            for (int i = 1; i < n; i++) {
                if (Math.abs(beta[i]) > SEPARATED) {
                    throw new IllegalArgumentException(
                            "'%s' tells outcomes without fail: there is no best weight for it".formatted(all.get(i)));
                }
            }
            if (step == STEPS_MAX) {
                throw new IllegalArgumentException("no fit after %s steps".formatted(STEPS_MAX));
            }
        }
    }

    /** The interval of a coefficient. */
    public Interval interval(int index, double alpha) {
        double quantile = NormalDistribution.of(0, 1).inverseSurvivalProbability(alpha / 2);
        return Interval.around(coefficients[index], quantile * errors[index]);
    }

    private static double[] moved(double[] beta, double[] move, double scale) {
        double[] next = beta.clone();
        for (int i = 0; i < next.length; i++) {
            next[i] += scale * move[i];
        }
        return next;
    }

    private static double linear(double[] beta, double[] row) {
        double sum = beta[0];
        for (int i = 0; i < row.length; i++) {
            sum += beta[i + 1] * row[i];
        }
        return sum;
    }

    private static double likelihood(double[] beta, List<double[]> rows, boolean[] outcomes) {
        double sum = 0;
        for (int r = 0; r < outcomes.length; r++) {
            double score = linear(beta, rows.get(r));
            double signed = outcomes[r] ? score : -score;
            sum -= signed > 0 ? Math.log1p(Math.exp(-signed)) : Math.log1p(Math.exp(signed)) - signed;
        }
        return sum;
    }

    private static double[][] information(double[] beta, List<double[]> rows, boolean[] outcomes, double[] gradient) {
        int n = beta.length;
        double[][] information = new double[n][n];
        double[] x = new double[n];
        x[0] = 1;
        for (int r = 0; r < outcomes.length; r++) {
            System.arraycopy(rows.get(r), 0, x, 1, n - 1);
            double probability = probability(linear(beta, rows.get(r)));
            double residual = (outcomes[r] ? 1 : 0) - probability;
            double weight = probability * (1 - probability);
            for (int i = 0; i < n; i++) {
                gradient[i] += residual * x[i];
                for (int j = 0; j <= i; j++) {
                    information[i][j] += weight * x[i] * x[j];
                }
            }
        }
        return information;
    }

    private static double[] errors(
            double[] beta, List<double[]> rows, boolean[] outcomes, String[] units, PositiveDefinite information) {
        int n = beta.length;
        Map<String, double[]> scores = new HashMap<>();
        for (int r = 0; r < outcomes.length; r++) {
            double[] score = scores.computeIfAbsent(units[r], unit -> new double[n]);
            double residual = (outcomes[r] ? 1 : 0) - probability(linear(beta, rows.get(r)));
            score[0] += residual;
            for (int i = 1; i < n; i++) {
                score[i] += residual * rows.get(r)[i - 1];
            }
        }
        double[] variances = new double[n];
        for (double[] score : scores.values()) {
            double[] influence = information.solve(score);
            for (int i = 0; i < n; i++) {
                variances[i] += influence[i] * influence[i];
            }
        }
        double corrected = scores.size() < 2 ? Double.POSITIVE_INFINITY : scores.size() / (scores.size() - 1.0);
        return Arrays.stream(variances)
                .map(variance -> Math.sqrt(variance * corrected))
                .toArray();
    }

    /** Of a log-odds. */
    static double probability(double logOdds) {
        return 1 / (1 + Math.exp(-logOdds));
    }
}
