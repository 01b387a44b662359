package repscorer.analysis.statistics;

import org.apache.commons.numbers.gamma.LogGamma;
import org.apache.commons.statistics.inference.ChiSquareTest;

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
     *     B = Γ(A) / Γ(A + n) · Π Γ(A pᵢ + nᵢ) / Γ(A pᵢ) / Π pᵢ^nᵢ,
     *
     * is a martingale that starts at 1 where the weights hold, so 1/B is such a p-value by Ville's inequality: Lindon and Malek, NeurIPS 2022.
     * A = 10,000 looks for shares that are off by about a hundredth: farther ones are found at once anyhow.
     */

    private static final double CONCENTRATION = 10_000;

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
        double factor = LogGamma.value(CONCENTRATION) - LogGamma.value(CONCENTRATION + count);
        for (int i = 0; i < weights.length; i++) {
            double share = weights[i] / all;
            expected[i] = share * count;
            factor += LogGamma.value(CONCENTRATION * share + observed[i])
                    - LogGamma.value(CONCENTRATION * share)
                    - observed[i] * Math.log(share);
        }
        var test = ChiSquareTest.withDefaults().test(expected, observed);
        return new SampleRatio(test.getStatistic(), test.getPValue(), Math.min(1, Math.exp(-factor)));
    }

    /** Whether counts differ by more than chance makes likely, however often one looks. */
    public boolean mismatched() {
        return anytime < SUSPICIOUS;
    }
}
