package repscorer.core.experiment;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Assigns units to variants by a salted hash: the same unit is in the same variant on every machine. Immutable. */
public final class Assigner {

    /*
     * Two draws, each the first eight bytes of a SHA-256 as an unsigned big-endian number, modulo the size of the draw:
     *
     *   bucket    of "layer:" + layer + ":" + unit                     modulo 10,000
     *   variant   of "variant:" + salt + ":" + experiment + ":" + unit modulo the sum of the variants' weights
     *
     * A layer's experiments share the first draw, so ranges that do not overlap never share a unit; the second draw differs
     * by experiment, so experiments of different layers are independent. The texts are a contract with whoever analyses an
     * experiment: AssignerTest holds vectors that must never change.
     */

    private final List<Experiment> experiments;

    /**
     * @throws IllegalArgumentException when names repeat or two enabled experiments share a bucket of the same layer
     */
    public Assigner(Collection<Experiment> experiments) {
        this.experiments = experiments.stream()
                .sorted(Comparator.comparing(Experiment::name))
                .toList();
        for (int i = 0; i < this.experiments.size(); i++) {
            for (int j = i + 1; j < this.experiments.size(); j++) {
                check(this.experiments.get(i), this.experiments.get(j));
            }
        }
    }

    private static void check(Experiment a, Experiment b) {
        if (a.name().equals(b.name())) {
            throw new IllegalArgumentException("experiment names must differ: '%s' twice".formatted(a.name()));
        }
        boolean overlap = a.bucketFrom() < b.bucketTo() && b.bucketFrom() < a.bucketTo();
        if (a.enabled() && b.enabled() && a.layer().equals(b.layer()) && overlap) {
            throw new IllegalArgumentException(
                    "experiments of a layer must not share buckets: %s has %s to %s, %s has %s to %s (layer %s)"
                            .formatted(
                                    a.name(),
                                    a.bucketFrom(),
                                    a.bucketTo(),
                                    b.name(),
                                    b.bucketFrom(),
                                    b.bucketTo(),
                                    a.layer()));
        }
    }

    /** In the order of their names. */
    public List<Experiment> experiments() {
        return experiments;
    }

    /** The assignments of a unit on one surface, in the order of the experiments' names. */
    public List<Assignment> assign(String surface, String unit) {
        return assign(unit, experiment -> experiment.surface().equals(surface));
    }

    /** The assignments of a unit on all surfaces. */
    public List<Assignment> assign(String unit) {
        return assign(unit, experiment -> true);
    }

    /** The bucket of a unit in a layer, 0 to {@value Experiment#BUCKETS} - 1. */
    public static int bucket(String layer, String unit) {
        return (int) draw("layer:" + layer + ":" + unit, Experiment.BUCKETS);
    }

    private List<Assignment> assign(String unit, Predicate<Experiment> wanted) {
        List<Assignment> assignments = new ArrayList<>();
        for (Experiment experiment : experiments) {
            if (experiment.enabled() && wanted.test(experiment)) {
                variant(experiment, unit).ifPresent(variant -> assignments.add(new Assignment(experiment, variant)));
            }
        }
        return List.copyOf(assignments);
    }

    private static Optional<Variant> variant(Experiment experiment, String unit) {
        int bucket = bucket(experiment.layer(), unit);
        if (bucket < experiment.bucketFrom() || bucket >= experiment.bucketTo()) {
            return Optional.empty();
        }
        long weights = experiment.variants().stream().mapToLong(Variant::weight).sum();
        long place = draw("variant:" + experiment.salt() + ":" + experiment.name() + ":" + unit, weights);
        for (Variant variant : experiment.variants()) {
            place -= variant.weight();
            if (place < 0) {
                return Optional.of(variant);
            }
        }
        throw new IllegalStateException("a draw is below the sum of weights: experiment " + experiment.name());
    }

    private static long draw(String text, long size) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Long.remainderUnsigned(ByteBuffer.wrap(digest).getLong(), size);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
