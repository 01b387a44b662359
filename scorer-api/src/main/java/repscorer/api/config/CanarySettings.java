package repscorer.api.config;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import repscorer.core.experiment.GuardRails;
import repscorer.core.experiment.GuardRails.Rail;

/**
 * What stops a canary, and what it needs to go live: by how much the tried release's share may exceed the live one's.
 *
 * @param exposuresMin units that it has answered before it goes live by itself
 * @param falseAlarms how often at most one is stopped that is no worse than is allowed
 * @param emptyRate of answers without a candidate
 * @param missingRate of scores that are missing
 * @param errorRate of requests that failed
 * @param slowerRate of answers that take more than twice the live release's median
 * @param scoreShift of answers whose best score lies outside the middle nine tenths of the live release's
 * @param recallDrop by how much its live recall may be lower
 */
public record CanarySettings(
        long exposuresMin,
        double falseAlarms,
        double emptyRate,
        double missingRate,
        double errorRate,
        double slowerRate,
        double scoreShift,
        double recallDrop) {

    public static final CanarySettings DEFAULT = new CanarySettings(500, .05, .02, .05, .01, .2, .2, .005);

    public CanarySettings {
        ServiceSettings.range("exposures-min", exposuresMin, 0, 1_000_000_000);
        guardRails(falseAlarms, emptyRate, missingRate, errorRate, slowerRate, scoreShift);
        ServiceSettings.check(recallDrop >= 0 && recallDrop <= 1, "recall-drop must be 0 to 1: " + recallDrop);
    }

    public GuardRails guardRails() {
        return guardRails(falseAlarms, emptyRate, missingRate, errorRate, slowerRate, scoreShift);
    }

    private static GuardRails guardRails(
            double falseAlarms,
            double emptyRate,
            double missingRate,
            double errorRate,
            double slowerRate,
            double scoreShift) {
        Map<Rail, Double> excess = new EnumMap<>(Rail.class);
        excess.put(Rail.EMPTY_RATE, emptyRate);
        excess.put(Rail.MISSING_RATE, missingRate);
        excess.put(Rail.ERROR_RATE, errorRate);
        excess.put(Rail.SLOWER_RATE, slowerRate);
        excess.put(Rail.SCORE_SHIFT, scoreShift);
        return new GuardRails(excess, GuardRails.NONE.slow(), Optional.empty(), falseAlarms);
    }
}
