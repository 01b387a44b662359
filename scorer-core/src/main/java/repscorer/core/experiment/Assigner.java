package repscorer.core.experiment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Assigns units to variants by a salted hash: the same unit is in the same variant on every machine. Immutable. */
public final class Assigner {

    /*
     * Draws of our own way, each eight bytes of a SHA-256 as an unsigned big-endian number, modulo the size of the draw:
     *
     *   bucket    of "layer:" + layer + ":" + unit                     bytes 0 to 7,  modulo 10,000
     *   variant   of "variant:" + salt + ":" + experiment + ":" + unit bytes 0 to 7,  modulo the sum of the variants' weights
     *   ramp      of the same text                                     bytes 8 to 15, modulo 10,000
     *   hold-out  of "hold-out:" + salt + ":" + unit                   bytes 0 to 7,  modulo 10,000
     *             of "hold-out:" + layer + ":" + salt + ":" + unit     where it is one layer's
     *
     * A layer's experiments share the first draw, so ranges that do not overlap never share a unit; the second draw differs
     * by experiment, so experiments of different layers are independent. The texts are a contract with whoever analyses an
     * experiment: AssignerTest holds vectors that must never change. Other ways of dealing are those of Bucketing.
     */

    private static final Consumer<String> UNHEARD = words -> {};

    private final List<Experiment> experiments;
    private final Layer[] layers;
    private final Map<String, Layer[]> bySurface = new HashMap<>();
    private final byte[] holdOutPrefix;
    private final int heldOut;

    /** Where experiments leave a unit alone: everywhere, and in which layers. */
    public record HeldOut(boolean everywhere, List<String> layers) {}

    /** Without hold-outs. */
    public Assigner(Collection<Experiment> experiments) {
        this(experiments, HoldOuts.NONE);
    }

    /** With nothing stopped and no flag system. */
    public Assigner(Collection<Experiment> experiments, HoldOuts holdOuts) {
        this(experiments, holdOuts, Map.of(), FlagSource.NONE);
    }

    /**
     * @param stopped the names of variants that are stopped, by experiment; what is not there is not looked at
     * @param flags asked by experiments of {@link Bucketing#OPENFEATURE}
     * @throws IllegalArgumentException when names repeat, or two enabled experiments of a layer share a bucket at some moment, deal
     *     its buckets differently or force the same unit
     */
    public Assigner(
            Collection<Experiment> experiments, HoldOuts holdOuts, Map<String, Set<String>> stopped, FlagSource flags) {
        this.experiments = experiments.stream()
                .sorted(Comparator.comparing(Experiment::name))
                .toList();
        Map<String, List<Experiment>> byLayer = new TreeMap<>();
        for (int i = 0; i < this.experiments.size(); i++) {
            Experiment experiment = this.experiments.get(i);
            if (i > 0 && experiment.name().equals(this.experiments.get(i - 1).name())) {
                throw new IllegalArgumentException(
                        "experiment names must differ: '%s' twice".formatted(experiment.name()));
            }
            if (experiment.enabled()) {
                byLayer.computeIfAbsent(experiment.layer(), layer -> new ArrayList<>())
                        .add(experiment);
            }
        }
        List<Layer> running = new ArrayList<>();
        byLayer.forEach((name, of) -> running.add(
                new Layer(name, of, holdOuts.layers().getOrDefault(name, HoldOuts.HoldOut.NOBODY), stopped, flags)));
        layers = running.toArray(Layer[]::new);
        for (Experiment experiment : this.experiments) {
            bySurface.computeIfAbsent(
                    experiment.surface(),
                    surface -> running.stream()
                            .filter(layer -> layer.isOn(surface))
                            .toArray(Layer[]::new));
        }
        holdOutPrefix = Units.prefix("hold-out:" + holdOuts.everywhere().salt() + ":");
        heldOut = holdOuts.everywhere().tenThousandths();
    }

    /** In the order of their names. */
    public List<Experiment> experiments() {
        return experiments;
    }

    /**
     * The assignments of a unit on one surface, in the order of the experiments' names. A unit in ASCII costs two or three hashes
     * per layer of the surface, and no allocation but the result's.
     */
    public List<Assignment> assign(String surface, String unit, Traits traits, long nowMillis) {
        return assign(surface, unit, traits, nowMillis, UNHEARD);
    }

    /**
     * The same.
     *
     * @param failures told, in words, what kept the unit out of an experiment that it may have been in
     */
    public List<Assignment> assign(
            String surface, String unit, Traits traits, long nowMillis, Consumer<String> failures) {
        Layer[] asked = bySurface.get(surface);
        return asked == null || asked.length == 0
                ? List.of()
                : assign(asked, surface, unit, traits, nowMillis, failures);
    }

    /** The assignments of a unit on all surfaces, of requests that are eligible. */
    public List<Assignment> assign(String unit, long nowMillis) {
        return assign(layers, null, unit, null, nowMillis, UNHEARD);
    }

    /** The same, of requests that have a context, and sources that are eligible. */
    public List<Assignment> assign(String unit, Map<String, String> context, long nowMillis) {
        return assign(layers, null, unit, new Traits(Set.of(), context), nowMillis, UNHEARD);
    }

    /** Where a unit is held out of experiments. */
    public HeldOut heldOut(String unit) {
        Units units = Units.borrow(unit);
        try {
            List<String> names = new ArrayList<>();
            for (Layer layer : layers) {
                if (layer.holdsOut(units)) {
                    names.add(layer.name);
                }
            }
            return new HeldOut(isHeldOut(units), List.copyOf(names));
        } finally {
            units.giveBack();
        }
    }

    /** The bucket of a unit in a layer as we deal it, 0 to {@value Experiment#BUCKETS} - 1. */
    public static int bucket(String layer, String unit) {
        Units units = Units.borrow(unit);
        try {
            return (int) units.draw(Layer.bucketPrefix(layer), Experiment.BUCKETS);
        } finally {
            units.giveBack();
        }
    }

    /**
     * The bucket that a unit has in the layer of a running experiment, 0 to {@value Experiment#BUCKETS} - 1; empty where the experiment
     * does not run, or a variant names the unit.
     */
    public OptionalInt bucket(Experiment experiment, String unit) {
        if (!experiment.enabled() || experiment.forced().containsKey(unit)) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(
                experiment.bucketing().hasNamespaces()
                        ? GrowthBook.namespaceBucket(experiment.layer(), unit)
                        : bucket(experiment.layer(), unit));
    }

    private boolean isHeldOut(Units units) {
        return heldOut > 0 && units.draw(holdOutPrefix, Schedule.WHOLE) < heldOut;
    }

    private List<Assignment> assign(
            Layer[] asked,
            @Nullable String surface,
            String unit,
            @Nullable Traits traits,
            long nowMillis,
            Consumer<String> failures) {
        Units units = Units.borrow(unit);
        try {
            boolean isHeldOut = isHeldOut(units);
            Assignment only = null;
            List<Assignment> several = List.of();
            for (Layer layer : asked) {
                Assignment assignment = layer.assign(units, unit, traits, nowMillis, isHeldOut);
                if (assignment == null
                        || surface != null && !assignment.experiment().surface().equals(surface)) {
                    continue;
                }
                if (only == null) {
                    only = assignment;
                    continue;
                }
                if (several.isEmpty()) {
                    several = new ArrayList<>(asked.length);
                    several.add(only);
                }
                several.add(assignment);
            }
            if (!units.failures().isEmpty()) {
                units.failures().forEach(failures);
            }
            if (several.isEmpty()) {
                return only == null ? List.of() : List.of(only);
            }
            several.sort(
                    Comparator.comparing(assignment -> assignment.experiment().name()));
            return Collections.unmodifiableList(several);
        } finally {
            units.giveBack();
        }
    }
}
