package repscorer.guard;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.GuardRails;
import repscorer.core.experiment.GuardRails.Rail;
import repscorer.core.experiment.Variant;

/**
 * What was seen of an experiment's variants, held against its guard-rails. A unit counts by its first answer in an epoch, for its
 * answers are alike and no evidence of their own. Safe for concurrent use.
 */
public final class VariantCounts {

    /*
     * An epoch lasts a day, or half a million units. A release or an index that breaks on the hundredth day is not hidden by the
     * ninety-nine before it. Of the level of false alarms, epoch k has the part 1 / (k (k + 1)), which is 1 in sum; each rail and each
     * variant has an equal part of that.
     */

    static final Duration EPOCH = Duration.ofDays(1);

    /** The test is looked at after so many units of a variant: no less true, and a fraction of the cost. */
    private static final int LOOKS_UNITS_APART = 8;

    private static final int RAILS = Rail.values().length;

    private final Experiment experiment;
    private final List<String> variants;
    private final int control;
    private final UnitSet units = new UnitSet();
    private final long[] counts;
    private final double[][] sums;
    private final long[] seen;
    private int epoch = 1;
    private long begunMillis;

    /** A variant that is worse than is allowed, and by what. */
    public record Alarm(String variant, Rail rail, String words) {}

    public VariantCounts(Experiment experiment, long nowMillis) {
        this.experiment = experiment;
        this.variants = experiment.variants().stream().map(Variant::name).toList();
        this.control = variants.indexOf(experiment.control());
        this.counts = new long[variants.size()];
        this.seen = new long[variants.size()];
        this.sums = new double[variants.size()][RAILS];
        this.begunMillis = nowMillis;
    }

    public Experiment experiment() {
        return experiment;
    }

    /**
     * Takes note of an answer.
     *
     * @param shares by rail, 0 to 1
     * @return an alarm where the variant is worse than its control by more than is allowed
     */
    public synchronized Optional<Alarm> saw(String variant, String unit, Map<Rail, Double> shares, long nowMillis) {
        int of = variants.indexOf(variant);
        if (of < 0 || experiment.forced().containsKey(unit)) {
            return Optional.empty(); // who is forced was not dealt
        }
        if (nowMillis - begunMillis >= EPOCH.toMillis() || units.isFull()) {
            restart(nowMillis);
        }
        if (!units.add(unit)) {
            return Optional.empty();
        }
        counts[of]++;
        seen[of]++;
        shares.forEach((rail, share) -> sums[of][rail.ordinal()] += share);
        return of == control || counts[of] % LOOKS_UNITS_APART != 0 ? Optional.empty() : look(of);
    }

    /** How many units of a variant were seen in all epochs. */
    public synchronized long units(String variant) {
        int of = variants.indexOf(variant);
        return of < 0 ? 0 : seen[of];
    }

    /** Forgets what was seen, and goes on with the next epoch. */
    public synchronized void restart(long nowMillis) {
        units.clear();
        Arrays.fill(counts, 0);
        for (double[] each : sums) {
            Arrays.fill(each, 0);
        }
        epoch++;
        begunMillis = nowMillis;
    }

    private Optional<Alarm> look(int of) {
        GuardRails rails = experiment.guardRails();
        double level = rails.falseAlarms()
                / ((double) epoch * (epoch + 1))
                / rails.excess().size()
                / Math.max(1, variants.size() - 1);
        // In the order of their names, so that of several the same is told.
        for (Map.Entry<Rail, Double> rail : new TreeMap<>(rails.excess()).entrySet()) {
            int r = rail.getKey().ordinal();
            if (ExcessTest.exceeds(
                    sums[control][r], counts[control], sums[of][r], counts[of], rail.getValue(), level)) {
                return Optional.of(
                        new Alarm(variants.get(of), rail.getKey(), words(of, rail.getKey(), rail.getValue())));
            }
        }
        return Optional.empty();
    }

    private String words(int of, Rail rail, double excess) {
        return String.format(
                Locale.ROOT,
                "%s is %.4f of %d units and %.4f of %d of %s: more than %s above it",
                rail,
                sums[of][rail.ordinal()] / counts[of],
                counts[of],
                sums[control][rail.ordinal()] / counts[control],
                counts[control],
                variants.get(control),
                excess);
    }
}
