package repscorer.guard;

import org.apache.commons.numbers.gamma.LogBeta;

/**
 * A sequential test of whether a variant's mean exceeds the control's by more than is allowed. It may be looked at after every
 * observation: whenever that is, false alarms stay below its level over the whole stream. Observations are 0 to 1.
 */
final class ExcessTest {

    /*
     * After n observations of sum s, whose mean is p, the mixture of likelihood ratios
     *
     *   M(s, n; p) = B(1/2 + s, 1/2 + n - s) / B(1/2, 1/2) / (p^s (1 - p)^(n - s))
     *
     * is a martingale that begins with 1 [1], where observations are 0 or 1; where they lie between, a supermartingale, for
     * x -> (q/p)^x ((1-q)/(1-p))^(1-x) is convex. So is the product of the control's and the variant's, and it exceeds 1/level at any
     * time with a probability of level at most (Ville's inequality [2]). The alarm is raised where it exceeds that for every pair of
     * means with p_variant <= p_control + excess: the least is on the border, and the product is log-convex there.
     *
     * [1] H. Robbins, Statistical methods related to the law of the iterated logarithm, 1970.
     * [2] J. Ville, Étude critique de la notion de collectif, 1939; for a review S. Howard, A. Ramdas, J. McAuliffe and J. Sekhon,
     *     Time-uniform, nonparametric, nonasymptotic confidence sequences, 2021.
     */

    private static final double PRIOR = 0.5;
    private static final double LOG_PRIOR = LogBeta.value(PRIOR, PRIOR);
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final int STEPS = 60;

    private ExcessTest() {}

    /**
     * Whether the variant's mean is above the control's by more than is allowed, at a level.
     *
     * @param excess that is allowed, 0 to below 1
     * @param level of false alarms, above 0
     */
    static boolean exceeds(
            double controlSum, long control, double variantSum, long variant, double excess, double level) {
        if (control == 0 || variant == 0 || variantSum / variant <= controlSum / control + excess) {
            return false;
        }
        double mixtures = mixture(controlSum, control) + mixture(variantSum, variant);
        double low = 0;
        double high = 1 - excess;
        double left = high - GOLDEN * (high - low);
        double right = low + GOLDEN * (high - low);
        double atLeft = surprise(left, controlSum, control, variantSum, variant, excess);
        double atRight = surprise(right, controlSum, control, variantSum, variant, excess);
        for (int i = 0; i < STEPS; i++) {
            if (atLeft <= atRight) {
                high = right;
                right = left;
                atRight = atLeft;
                left = high - GOLDEN * (high - low);
                atLeft = surprise(left, controlSum, control, variantSum, variant, excess);
            } else {
                low = left;
                left = right;
                atLeft = atRight;
                right = low + GOLDEN * (high - low);
                atRight = surprise(right, controlSum, control, variantSum, variant, excess);
            }
        }
        return mixtures + Math.min(atLeft, atRight) >= -Math.log(level);
    }

    private static double mixture(double sum, long count) {
        return LogBeta.value(PRIOR + sum, PRIOR + count - sum) - LOG_PRIOR;
    }

    /** The negative log-likelihood where the control's mean is p and the variant's as far above as is allowed. */
    private static double surprise(
            double p, double controlSum, long control, double variantSum, long variant, double excess) {
        return surprise(p, controlSum, control - controlSum) + surprise(p + excess, variantSum, variant - variantSum);
    }

    private static double surprise(double p, double ones, double zeros) {
        return (ones > 0 ? -ones * Math.log(p) : 0) + (zeros > 0 ? -zeros * Math.log1p(-p) : 0);
    }
}
