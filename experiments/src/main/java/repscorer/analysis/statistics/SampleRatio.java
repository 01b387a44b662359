package repscorer.analysis.statistics;

import org.apache.commons.numbers.gamma.LogGamma;
import org.apache.commons.statistics.inference.ChiSquareTest;
import org.apache.commons.statistics.inference.SignificanceResult;

/**
 * Whether variants have as many units as their weights say; where not, assignment or logging loses some, and no effect can be trusted.
 * Immutable.
 *
 * @param pValue of Pearson's chi-square, for one look
 * @param anytime a p-value that may be looked at whenever: it is at most α at any look with probability at most α
 */
public record SampleRatio(double chiSquare, double pValue, double anytime) {

    /*
     * At any time: the Bayes factor of a Dirichlet mixture against the weights,
     *
     *     B(A) = Γ(A) / Γ(A + n) · Π Γ(A pᵢ + nᵢ) / Γ(A pᵢ) / Π pᵢ^nᵢ,
     *
     * is a martingale that starts at 1 where the weights hold, and so is the mean of several; one over it is such a p-value by Ville's inequality:
     * Lindon and Malek, NeurIPS 2022. A small A looks for shares that are far off, a great one for shares that are off by a hundredth.
     */

    private static final double[] CONCENTRATIONS = {10, 100, 1_000, 10_000};

    /** Below this a mismatch is told. */
    public static final double SUSPICIOUS = .001;

    /**
     * Tests counts.
     *
     * @param observed units of each variant, two or more variants
     * @param weights of each variant, above 0; their sum does not matter
     * @throws IllegalArgumentException for one variant, other sizes, or a weight that is not above 0
     */
    public static SampleRatio of(long[] observed, double[] weights) {
        if (observed.length < 2 || observed.length != weights.length) {
            throw new IllegalArgumentException("a ratio needs two variants and a weight for each: %s and %s"
                    .formatted(observed.length, weights.length));
        }
        double all = 0;
        long count = 0;
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] > 0)) {
                throw new IllegalArgumentException("a weight must be above 0: %s".formatted(weights[i]));
            }
            all += weights[i];
            count += observed[i];
        }
        if (count == 0) {
            return new SampleRatio(0, 1, 1);
        }
        double[] expected = new double[weights.length];
        double[] factors = new double[CONCENTRATIONS.length];
        for (int i = 0; i < weights.length; i++) {
            double share = weights[i] / all;
            expected[i] = share * count;
            for (int c = 0; c < factors.length; c++) {
                double prior = CONCENTRATIONS[c] * share;
                factors[c] +=
                        LogGamma.value(prior + observed[i]) - LogGamma.value(prior) - observed[i] * Math.log(share);
            }
        }
        double mean = 0;
        for (int c = 0; c < factors.length; c++) {
            mean += Math.exp(factors[c] + LogGamma.value(CONCENTRATIONS[c]) - LogGamma.value(CONCENTRATIONS[c] + count))
                    / factors.length;
        }
        SignificanceResult test = ChiSquareTest.withDefaults().test(expected, observed);
        return new SampleRatio(test.getStatistic(), test.getPValue(), Math.min(1, 1 / mean));
    }

    /** Whether counts differ by more than chance makes likely, however often one looks. */
    public boolean mismatched() {
        return anytime < SUSPICIOUS;
    }
}
