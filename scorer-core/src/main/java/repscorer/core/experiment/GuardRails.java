package repscorer.core.experiment;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How much worse than its control a variant's answers may be before it is stopped.
 *
 * @param excess by what is watched: by how much the variant's share may exceed the control's, 0 to below 1; what is not there
 *     is not watched
 * @param slow from how long on an answer counts as slow
 * @param control the name of the variant that others are held to; empty for the first
 * @param falseAlarms how often at most a variant is stopped that is no worse than that, over the experiment's whole life
 */
public record GuardRails(Map<Rail, Double> excess, Duration slow, Optional<String> control, double falseAlarms) {

    /** Nothing is watched. */
    public static final GuardRails NONE = new GuardRails(Map.of(), Duration.ofMillis(100), Optional.empty(), 0.05);

    /** What is watched: a share of answers, or a mean of a share in each answer. */
    public enum Rail {
        /** Answers without a candidate. */
        EMPTY_RATE,
        /** What lacks to k, as a share of k. */
        SHORTFALL_RATE,
        /** Scores of candidates that are missing, as a share of candidates times columns. */
        MISSING_RATE,
        /** Answers with a notice that less was sought, or that something did not come in time. */
        DEGRADED_RATE,
        /** Requests that failed otherwise than by a mistake of their caller. */
        ERROR_RATE,
        /** Answers that took longer than {@code slow}. */
        SLOW_RATE,
        /** What searches missed of the truly best, as a share of as many as they sought: of those that are answered again exactly. */
        MISSED_RATE,
        /** Answers that took longer than twice the median of the control's last ones. */
        SLOWER_RATE,
        /**
         * Answers whose best score, or the mean of a column over whose candidates, lies outside the middle nine tenths of the control's last
         * ones, a little widened.
         */
        SCORE_SHIFT;

        /** As files write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** @throws IllegalArgumentException for a bound or a share of false alarms that is none */
    public GuardRails {
        Map<Rail, Double> ordered = new EnumMap<>(Rail.class);
        ordered.putAll(excess);
        ordered.forEach((rail, bound) -> {
            if (!(bound >= 0 && bound < 1)) {
                throw new IllegalArgumentException("%s must be 0 to below 1: %s".formatted(rail, bound));
            }
        });
        if (!slow.isPositive()) {
            throw new IllegalArgumentException("slow must be above 0ms: %sms".formatted(slow.toMillis()));
        }
        if (!(falseAlarms > 0 && falseAlarms <= 0.5)) {
            throw new IllegalArgumentException("false-alarms must be above 0 to 0.5: " + falseAlarms);
        }
        excess = Map.copyOf(ordered);
    }

    /** Whether anything is held to what the control's last answers were like. */
    public boolean isRelative() {
        return excess.containsKey(Rail.SLOWER_RATE) || excess.containsKey(Rail.SCORE_SHIFT);
    }

    public boolean isEmpty() {
        return excess.isEmpty();
    }
}
