package repscorer.analysis.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Which share of the credit of interleaved answers the second variant has; .5 where both are as good. Immutable.
 *
 * @param share of all credit
 * @param error its standard error, by units
 * @param interval for one look
 * @param anytime for all looks together
 * @param units that answers went to
 * @param least the least distance from .5 that so many units find in four of five cases, at one look: the sensitivity
 */
public record CreditShare(double share, double error, Interval interval, Interval anytime, long units, double least) {

    /*
     * Σb / Σ(a + b) over units, its error by the delta method: what differs between units, how readily they click, is above and below the line and
     * falls out. That is why so few answers are enough: Chapelle, Joachims, Radlinski, Yue, ACM TOIS 30 (2012).
     */

    private static final double POWER = .8;

    /**
     * Of credits by unit.
     *
     * @param credits x is a unit's whole credit, y the second variant's part of it
     * @param clock answers so far
     */
    public static CreditShare of(PairMoments credits, double alpha, double clock) {
        ArmEstimate ratio = ArmEstimate.ratio(credits);
        double error = Math.sqrt(ratio.variance());
        NormalDistribution normal = NormalDistribution.of(0, 1);
        double quantile = normal.inverseSurvivalProbability(alpha / 2);
        return new CreditShare(
                ratio.value(),
                error,
                Interval.around(ratio.value(), quantile * error),
                Interval.around(ratio.value(), ConfidenceSequence.STANDARD.multiplier(clock, alpha) * error),
                credits.count(),
                (quantile + normal.inverseCumulativeProbability(POWER)) * error);
    }
}
