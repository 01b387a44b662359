package repscorer.core.experiment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import repscorer.core.experiment.HoldOuts.HoldOut;

/** The running experiments of one layer: a unit is in one of them at most. Immutable. */
final class Layer {

    final String name;
    private final boolean namespace;
    private final byte[] bucketPrefix;
    private final byte[] holdOutPrefix;
    private final int heldOut;
    private final Dealt[] experiments;
    private final Map<String, Assignment> forced = new HashMap<>();

    /**
     * @param experiments enabled ones, not empty
     * @param stopped the names of variants that are stopped, by experiment
     * @throws IllegalArgumentException when two share a bucket and a moment, deal buckets differently or force the same unit
     */
    Layer(
            String name,
            List<Experiment> experiments,
            HoldOut holdOut,
            Map<String, Set<String>> stopped,
            FlagSource flags) {
        this.name = name;
        namespace = experiments.getFirst().bucketing().hasNamespaces();
        bucketPrefix = bucketPrefix(name);
        holdOutPrefix = Units.prefix("hold-out:" + name + ":" + holdOut.salt() + ":");
        heldOut = holdOut.tenThousandths();
        for (int i = 0; i < experiments.size(); i++) {
            for (int j = i + 1; j < experiments.size(); j++) {
                check(experiments.get(i), experiments.get(j));
            }
        }
        this.experiments = experiments.stream()
                .map(each -> new Dealt(each, stopped.getOrDefault(each.name(), Set.of()), flags))
                .toArray(Dealt[]::new);
        for (Dealt dealt : this.experiments) {
            dealt.experiment.forced().forEach((unit, variant) -> {
                Assignment before = forced.put(unit, dealt.forced(variant));
                if (before != null) {
                    throw new IllegalArgumentException(
                            "a unit is forced into one experiment of a layer: %s is of %s and %s (layer %s)"
                                    .formatted(unit, before.experiment().name(), dealt.experiment.name(), name));
                }
            });
        }
    }

    static byte[] bucketPrefix(String layer) {
        return Units.prefix("layer:" + layer + ":");
    }

    private void check(Experiment a, Experiment b) {
        if (a.bucketing().hasNamespaces() != b.bucketing().hasNamespaces()) {
            throw new IllegalArgumentException(
                    "experiments of a layer deal its buckets alike, as GrowthBook's namespaces or not: %s and %s (layer %s)"
                            .formatted(a.name(), b.name(), name));
        }
        boolean overlap = a.bucketFrom() < b.bucketTo() && b.bucketFrom() < a.bucketTo();
        if (overlap && a.schedule().overlaps(b.schedule())) {
            throw new IllegalArgumentException(
                    "experiments of a layer must not share buckets: %s has %s to %s, %s has %s to %s (layer %s)"
                            .formatted(
                                    a.name(),
                                    a.bucketFrom(),
                                    a.bucketTo(),
                                    b.name(),
                                    b.bucketFrom(),
                                    b.bucketTo(),
                                    name));
        }
    }

    /**
     * The assignment of a unit in this layer, on whichever surface; null for none.
     *
     * @param traits of the request; null for one that is eligible and tells nothing
     * @param heldOutEverywhere whether only a forced one counts
     */
    @Nullable
    Assignment assign(Units units, String unit, @Nullable Traits traits, long nowMillis, boolean heldOutEverywhere) {
        Assignment byForce = forced.isEmpty() ? null : forced.get(unit);
        if (byForce != null) {
            return byForce;
        }
        if (heldOutEverywhere) {
            return null;
        }
        int bucket =
                namespace ? GrowthBook.namespaceBucket(name, unit) : (int) units.draw(bucketPrefix, Experiment.BUCKETS);
        for (Dealt dealt : experiments) {
            if (dealt.has(bucket, nowMillis)) {
                boolean eligible = traits == null || dealt.takes(traits);
                Map<String, String> context = traits == null ? Map.of() : traits.context();
                return eligible && !holdsOut(units) ? dealt.deal(units, unit, context, nowMillis) : null;
            }
        }
        return null;
    }

    boolean holdsOut(Units units) {
        return heldOut > 0 && units.draw(holdOutPrefix, Schedule.WHOLE) < heldOut;
    }

    boolean isOn(String surface) {
        for (Dealt dealt : experiments) {
            if (dealt.experiment.surface().equals(surface)) {
                return true;
            }
        }
        return false;
    }
}
