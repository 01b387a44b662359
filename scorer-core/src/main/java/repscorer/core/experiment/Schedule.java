package repscorer.core.experiment;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * When an experiment runs, and how much of its units it has by then.
 *
 * @param start the first moment; empty for ever since
 * @param end the first moment that is no longer; empty for never
 * @param ramp shares that rise from one moment to the next; empty for all units at once
 */
public record Schedule(Optional<Instant> start, Optional<Instant> end, List<Step> ramp) {

    /** At all times, for all units. */
    public static final Schedule ALWAYS = new Schedule(Optional.empty(), Optional.empty(), List.of());

    /** Of a share. */
    public static final int WHOLE = 10_000;

    /**
     * A share and when it begins.
     *
     * @param tenThousandths of the experiment's units
     * @param weights of the variants by name, for the units that come in by this step; empty for the variants' own
     */
    public record Step(Instant at, int tenThousandths, Map<String, Integer> weights) {

        public Step {
            weights = Map.copyOf(weights);
            if (tenThousandths < 0 || tenThousandths > WHOLE) {
                throw new IllegalArgumentException("a share must be 0 to 1: %s of %s".formatted(tenThousandths, WHOLE));
            }
            long sum = weights.values().stream().mapToLong(Integer::longValue).sum();
            boolean negative = weights.values().stream().anyMatch(weight -> weight < 0);
            if (negative || !weights.isEmpty() && (sum < 1 || sum > Integer.MAX_VALUE)) {
                throw new IllegalArgumentException("weights must not be negative, and sum to 1 to %s: %s (ramp at %s)"
                        .formatted(Integer.MAX_VALUE, new TreeMap<>(weights), at));
            }
        }

        /** @throws IllegalArgumentException for a share that is not 0 to 1, or not a whole number of ten-thousandths */
        public static int tenThousandths(double share) {
            double scaled = share * WHOLE;
            if (!(share >= 0 && share <= 1) || Math.abs(scaled - Math.rint(scaled)) > 1e-6) {
                throw new IllegalArgumentException("a share must be 0 to 1, with four decimals at most: " + share);
            }
            return (int) Math.rint(scaled);
        }
    }

    public Schedule {
        ramp = List.copyOf(ramp);
        if (start.isPresent() && end.isPresent() && !start.get().isBefore(end.get())) {
            throw new IllegalArgumentException(
                    "end must be after start: %s is not after %s".formatted(end.get(), start.get()));
        }
        for (int i = 0; i < ramp.size(); i++) {
            Instant at = ramp.get(i).at;
            boolean outside =
                    start.isPresent() && at.isBefore(start.get()) || end.isPresent() && !at.isBefore(end.get());
            if (outside) {
                throw new IllegalArgumentException(
                        "ramp must lie between start and end: step %s at %s".formatted(i + 1, at));
            }
            if (i > 0 && !ramp.get(i - 1).at.isBefore(at)) {
                throw new IllegalArgumentException(
                        "ramp goes on in time: step %s at %s is not after %s".formatted(i + 1, at, ramp.get(i - 1).at));
            }
            if (i > 0 && ramp.get(i - 1).tenThousandths >= ramp.get(i).tenThousandths) {
                throw new IllegalArgumentException(
                        "ramp must rise, for a unit that is in stays in: step %s has share %s after %s"
                                .formatted(i + 1, share(ramp.get(i)), share(ramp.get(i - 1))));
            }
        }
    }

    private static double share(Step step) {
        return step.tenThousandths / (double) WHOLE;
    }

    /** Whether some moment belongs to both. */
    boolean overlaps(Schedule other) {
        return isBeforeEnd(start, other.end) && isBeforeEnd(other.start, end);
    }

    private static boolean isBeforeEnd(Optional<Instant> start, Optional<Instant> end) {
        return start.isEmpty() || end.isEmpty() || start.get().isBefore(end.get());
    }
}
