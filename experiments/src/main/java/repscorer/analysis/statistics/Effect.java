package repscorer.analysis.statistics;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * By how much a treatment's metric exceeds the control's. Immutable.
 *
 * @param difference of the values, treatment minus control
 * @param error the standard error of the difference
 * @param interval holds the true difference with the confidence asked for, where it is looked at once, at a time that was set before
 * @param anytime holds it at all looks together with that confidence, however often and whenever one looks
 * @param pValue of the difference where it is looked at once
 */
public record Effect(
        double control,
        double treatment,
        double difference,
        double error,
        Interval interval,
        Interval anytime,
        double pValue) {

    /*
     * One look: Welch's interval, with Student's distribution and the degrees of freedom of Welch and Satterthwaite.
     * Any look: ConfidenceSequence, on the clock that the caller gives.
     */

    /**
     * The effect of a treatment.
     *
     * @param alpha what the confidence lacks to 1, such as .05
     * @param clock how much was seen, for the sequence: answers of both arms
     */
    public static Effect of(ArmEstimate control, ArmEstimate treatment, double alpha, double clock) {
        double difference = treatment.value() - control.value();
        double variance = control.variance() + treatment.variance();
        if (Double.isInfinite(variance)) {
            Interval all = new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
            return new Effect(control.value(), treatment.value(), difference, Double.POSITIVE_INFINITY, all, all, 1);
        }
        double error = Math.sqrt(variance);
        if (error == 0) {
            // Nothing varies, as where no answer is empty: nothing is known of how it would.
            Interval point = new Interval(difference, difference);
            return new Effect(control.value(), treatment.value(), difference, 0, point, point, difference == 0 ? 1 : 0);
        }
        TDistribution student = TDistribution.of(degrees(control, treatment, variance));
        double quantile = student.inverseSurvivalProbability(alpha / 2);
        return new Effect(
                control.value(),
                treatment.value(),
                difference,
                error,
                Interval.around(difference, quantile * error),
                Interval.around(difference, ConfidenceSequence.STANDARD.multiplier(clock, alpha) * error),
                2 * student.survivalProbability(Math.abs(difference) / error));
    }

    private static double degrees(ArmEstimate control, ArmEstimate treatment, double variance) {
        double below = control.variance() * control.variance() / (control.units() - 1)
                + treatment.variance() * treatment.variance() / (treatment.units() - 1);
        return Math.max(1, variance * variance / below);
    }

    /** {@code difference} or an end of an interval as a share of the control's value; 0 where that is 0. */
    public double relative(double value) {
        return control == 0 ? 0 : value / Math.abs(control);
    }
}
