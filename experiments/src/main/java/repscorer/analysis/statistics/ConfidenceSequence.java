package repscorer.analysis.statistics;

/**
 * Intervals that hold at all looks together: an asymptotic confidence sequence by a normal mixture. Immutable.
 *
 * @param tightestAt the time at which the intervals are tightest, set before the experiment
 */
public record ConfidenceSequence(double tightestAt) {

    /*
     * Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas: Time-uniform central limit theory and asymptotic confidence sequences, Annals of
     * Statistics 52 (2024), theorem 2.2: at time t the interval is
     *
     *     mean ± sd √( 2 (t ρ² + 1) / (t² ρ²) · ln( √(t ρ² + 1) / α ) )
     *
     * so in units of the standard error, sd / √t, it is √( 2 (1 + 1/(t ρ²)) ln( √(t ρ² + 1) / α ) ). It is the boundary of Robbins
     * (1970) and of Howard, Ramdas, McAuliffe, Sekhon (Annals of Statistics 49, 2021). ρ² = (−2 ln α + ln(1 − 2 ln α)) / t* makes it about
     * tightest at t*, their appendix B.2.
     *
     * The time is the number of answers. An error that falls more slowly than answers come, as where the same units return, only makes looks
     * more alike, and alike looks err together.
     */

    /** Tightest at 10,000 answers; a hundred times as many cost it a sixth. */
    public static final ConfidenceSequence STANDARD = new ConfidenceSequence(10_000);

    public ConfidenceSequence {
        if (!(tightestAt > 0)) {
            throw new IllegalArgumentException("tightestAt must be above 0: %s".formatted(tightestAt));
        }
    }

    /** How many standard errors the interval reaches to each side; infinite at time 0. */
    public double multiplier(double time, double alpha) {
        double rho2 = (-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / tightestAt;
        double scaled = time * rho2;
        return Math.sqrt((1 + 1 / scaled) * (Math.log1p(scaled) - 2 * Math.log(alpha)));
    }
}
