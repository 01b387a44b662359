package repscorer.analysis.offpolicy;

import java.util.Locale;
import java.util.Optional;

/**
 * How much of what a policy does the log has seen. Immutable.
 *
 * @param lists in the log
 * @param effective how many answers of the policy itself would tell as much: (Σw)² / Σw², at the rank where it is least
 * @param meanWeight at the rank where it is farthest from 1, which is what it is on average where the log's policy goes wherever the other does
 * @param meanWeightError its standard error
 * @param explored whether any propensity is below 1
 */
public record Overlap(long lists, double effective, double meanWeight, double meanWeightError, boolean explored) {

    /** Below this nothing is estimated. */
    public static final double EFFECTIVE_LEAST = 100;

    /** A mean weight that is less, beyond doubt, means that the policy goes where the log never does. */
    public static final double MEAN_WEIGHT_LEAST = .8;

    private static final double ERRORS = 3;

    /** Why nothing should be estimated, in words; empty where it may. */
    public Optional<String> refusal() {
        if (!explored) {
            return Optional.of("overlap is too thin: the log explored nothing, for every propensity in it is 1,"
                    + " so it cannot tell what another order earns");
        }
        if (effective < EFFECTIVE_LEAST) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "overlap is too thin: the %d answers of the log tell as much as %.0f of the plan's own, and %.0f are"
                            + " needed; explore more, log more, or ask for a plan nearer to the one that ran",
                    lists,
                    effective,
                    EFFECTIVE_LEAST));
        }
        if (meanWeight + ERRORS * meanWeightError < MEAN_WEIGHT_LEAST) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "overlap is too thin: the log never goes where the plan puts %.0f %% of its choices",
                    100 * (1 - meanWeight)));
        }
        return Optional.empty();
    }

    /** What makes propensities doubtful, in words; empty where nothing does. */
    public Optional<String> doubt() {
        return Math.abs(meanWeight - 1) > ERRORS * meanWeightError
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "weights average %.3f where 1 is due: the log does not go everywhere the plan does, or its propensities"
                                + " are not those it was served by",
                        meanWeight))
                : Optional.empty();
    }
}
