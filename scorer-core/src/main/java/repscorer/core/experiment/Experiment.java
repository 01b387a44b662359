package repscorer.core.experiment;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import repscorer.core.interleave.Interleaving;

/**
 * A comparison of variants on one surface.
 *
 * @param layer experiments of one layer never share a unit; each takes its own range of the layer's buckets
 * @param salt mixed into the hash so that experiments are independent of each other
 * @param bucketFrom first of the layer's {@value #BUCKETS} buckets that belongs to the experiment
 * @param bucketTo first bucket that no longer does
 * @param eligibility which requests it takes
 * @param forced units that are in a variant, by its name, whatever else is said but {@code enabled}
 * @param guardRails what stops a variant by itself
 */
public record Experiment(
        String name,
        String surface,
        String layer,
        String salt,
        Bucketing bucketing,
        int bucketFrom,
        int bucketTo,
        List<Variant> variants,
        boolean enabled,
        Schedule schedule,
        Eligibility eligibility,
        Map<String, String> forced,
        GuardRails guardRails) {

    public static final int BUCKETS = 10_000;

    /** What stands among kinds for a source without an id. */
    public static final String VECTOR = "vector";

    public Experiment {
        variants = List.copyOf(variants);
        forced = Map.copyOf(forced);
        if (bucketFrom < 0 || bucketTo > BUCKETS || bucketFrom > bucketTo) {
            throw new IllegalArgumentException("buckets must be a range within 0 to %s: %s to %s (experiment %s)"
                    .formatted(BUCKETS, bucketFrom, bucketTo, name));
        }
        long weights = variants.stream().mapToLong(Variant::weight).sum();
        if (weights < 1 || weights > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "variants need a positive weight, and at most %s together: %s (experiment %s)"
                            .formatted(Integer.MAX_VALUE, weights, name));
        }
        List<String> names = variants.stream().map(Variant::name).toList();
        if (Set.copyOf(names).size() != names.size()) {
            throw new IllegalArgumentException("variant names must differ: experiment " + name);
        }
        new TreeMap<>(forced).forEach((unit, variant) -> {
            if (!names.contains(variant)) {
                throw new IllegalArgumentException(
                        "forced must name a variant: '%s' for %s; there are %s".formatted(variant, unit, names));
            }
        });
        for (Variant variant : variants) {
            check(variant, variants);
        }
        for (Schedule.Step step : schedule.ramp()) {
            check(step, bucketing, names);
        }
        if (bucketing == Bucketing.OPENFEATURE && !schedule.ramp().isEmpty()) {
            throw new IllegalArgumentException(
                    "ramp is the flag system's with bucketing openfeature: experiment " + name);
        }
        if (guardRails.control().isPresent()
                && !names.contains(guardRails.control().get())) {
            throw new IllegalArgumentException("control must name a variant: '%s'; there are %s"
                    .formatted(guardRails.control().get(), names));
        }
    }

    /** The same without guard-rails. */
    public Experiment(
            String name,
            String surface,
            String layer,
            String salt,
            Bucketing bucketing,
            int bucketFrom,
            int bucketTo,
            List<Variant> variants,
            boolean enabled,
            Schedule schedule,
            Eligibility eligibility,
            Map<String, String> forced) {
        this(
                name,
                surface,
                layer,
                salt,
                bucketing,
                bucketFrom,
                bucketTo,
                variants,
                enabled,
                schedule,
                eligibility,
                forced,
                GuardRails.NONE);
    }

    /** The variant that guard-rails hold the others to. */
    public String control() {
        return guardRails.control().orElse(variants.getFirst().name());
    }

    /** One that has all units of its buckets at all times, dealt as we do. */
    public Experiment(
            String name,
            String surface,
            String layer,
            String salt,
            int bucketFrom,
            int bucketTo,
            List<Variant> variants,
            boolean enabled) {
        this(
                name,
                surface,
                layer,
                salt,
                Bucketing.OURS,
                bucketFrom,
                bucketTo,
                variants,
                enabled,
                Schedule.ALWAYS,
                Eligibility.ANYTHING,
                Map.of());
    }

    /** A variant of the experiment by its name. */
    public Variant variant(String variant) {
        return variants.stream()
                .filter(each -> each.name().equals(variant))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no variant is called '%s' (experiment %s)".formatted(variant, name)));
    }

    private static void check(Variant variant, List<Variant> variants) {
        for (String team : variant.interleaving().map(Interleaving::teams).orElse(List.of())) {
            if (variants.stream()
                    .noneMatch(each ->
                            each.name().equals(team) && each.interleaving().isEmpty())) {
                throw new IllegalArgumentException(
                        "interleave must name variants with plans of their own: '%s' of variant %s"
                                .formatted(team, variant.name()));
            }
        }
    }

    private static void check(Schedule.Step step, Bucketing bucketing, List<String> names) {
        if (bucketing == Bucketing.UNLEASH && step.tenThousandths() % (Schedule.WHOLE / 100) != 0) {
            throw new IllegalArgumentException("ramp of bucketing unleash has whole percents: %s of %s at %s"
                    .formatted(step.tenThousandths(), Schedule.WHOLE, step.at()));
        }
        if (step.weights().isEmpty()) {
            return;
        }
        if (bucketing != Bucketing.OURS) {
            throw new IllegalArgumentException(
                    "ramp has weights with bucketing ours alone: others deal all units alike (at %s)"
                            .formatted(step.at()));
        }
        for (String variant : new TreeMap<>(step.weights()).keySet()) {
            if (!names.contains(variant)) {
                throw new IllegalArgumentException(
                        "ramp must name variants: '%s' at %s; there are %s".formatted(variant, step.at(), names));
            }
        }
    }
}
