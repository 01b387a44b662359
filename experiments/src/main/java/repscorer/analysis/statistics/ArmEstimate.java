package repscorer.analysis.statistics;

import java.util.List;

/**
 * What one variant's units have of a metric. Immutable.
 *
 * @param variance of {@code value}, not of a unit; infinite where fewer than two units tell nothing of it
 * @param units that were exposed
 */
public record ArmEstimate(double value, double variance, long units) {

    /** The mean of y over units. */
    public static ArmEstimate mean(PairMoments units) {
        return new ArmEstimate(units.meanY(), perUnit(units.varianceY(), units), units.count());
    }

    /**
     * Σy / Σx where units are what was randomised, so that answers of one unit are not taken for independent: the delta method, after
     * Deng, Knoblich and Lu, KDD 2018. The value is 0 where Σx is.
     */
    public static ArmEstimate ratio(PairMoments units) {
        double denominator = units.meanX();
        if (denominator == 0) {
            return new ArmEstimate(0, Double.POSITIVE_INFINITY, units.count());
        }
        double ratio = units.meanY() / denominator;
        double residual = units.varianceY() - 2 * ratio * units.covariance() + ratio * ratio * units.varianceX();
        return new ArmEstimate(
                ratio, perUnit(Math.max(0, residual) / (denominator * denominator), units), units.count());
    }

    /**
     * The mean of y over units of each arm, with what x, of before the experiment, tells of y taken out: CUPED, Deng, Xu, Kohavi and Walker,
     * WSDM 2013. One slope for all arms, of their pooled moments, so no arm is drawn towards another.
     *
     * @param arms x is of before, y of during
     */
    public static List<ArmEstimate> adjusted(List<PairMoments> arms) {
        double covariance = 0;
        double variance = 0;
        double before = 0;
        long count = 0;
        for (PairMoments arm : arms) {
            covariance += arm.covariance() * Math.max(0, arm.count() - 1);
            variance += arm.varianceX() * Math.max(0, arm.count() - 1);
            before += arm.meanX() * arm.count();
            count += arm.count();
        }
        double slope = variance == 0 ? 0 : covariance / variance;
        double mean = count == 0 ? 0 : before / count;
        return arms.stream()
                .map(arm -> new ArmEstimate(
                        arm.meanY() - slope * (arm.meanX() - mean),
                        perUnit(
                                Math.max(
                                        0,
                                        arm.varianceY()
                                                - 2 * slope * arm.covariance()
                                                + slope * slope * arm.varianceX()),
                                arm),
                        arm.count()))
                .toList();
    }

    private static double perUnit(double variance, PairMoments units) {
        return units.count() < 2 ? Double.POSITIVE_INFINITY : variance / units.count();
    }
}
