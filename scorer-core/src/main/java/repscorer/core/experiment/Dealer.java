package repscorer.core.experiment;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import repscorer.core.experiment.Schedule.Step;

/** Deals the units of an experiment's buckets to its variants. Immutable. */
abstract sealed class Dealer {

    /** What a unit gets that is not in. */
    static final int NONE = -1;

    /** An only step where there is no ramp, so that none has to be thought of. */
    private static final int[] WHOLE = {Schedule.WHOLE};

    /** By step, in ten-thousandths; rising. */
    final int[] shares;

    private Dealer(List<Step> ramp) {
        shares = ramp.isEmpty()
                ? WHOLE
                : ramp.stream().mapToInt(Step::tenThousandths).toArray();
    }

    static Dealer of(Experiment experiment, FlagSource flags) {
        return switch (experiment.bucketing()) {
            case OURS -> new Ours(experiment);
            case GROWTHBOOK_1 -> new ByGrowthBook(experiment, 1);
            case GROWTHBOOK_2 -> new ByGrowthBook(experiment, 2);
            case UNLEASH -> new ByUnleash(experiment);
            case OPENFEATURE -> new ByFlag(experiment, flags);
        };
    }

    /**
     * The variant of a unit.
     *
     * @param unit the same text as of the units
     * @param context of the request, which flag systems may look at
     * @param step of the ramp that holds now
     * @return its index, or {@link #NONE}
     */
    abstract int deal(Units units, String unit, Map<String, String> context, int step);

    private static int[] weights(Experiment experiment, Map<String, Integer> others) {
        return experiment.variants().stream()
                .mapToInt(variant -> others.isEmpty() ? variant.weight() : others.getOrDefault(variant.name(), 0))
                .toArray();
    }

    private static int sum(int[] weights) {
        int sum = 0;
        for (int weight : weights) {
            sum = Math.addExact(sum, weight);
        }
        return sum;
    }

    /** The first of the weights that, with those before it, exceeds a place below their sum. */
    private static int at(long place, int[] weights) {
        long left = place;
        for (int i = 0; i < weights.length; i++) {
            left -= weights[i];
            if (left < 0) {
                return i;
            }
        }
        throw new IllegalStateException("a draw is below the sum of weights: " + place);
    }

    /** By one SHA-256: its first eight bytes draw the variant, the next eight how soon a ramp has the unit. */
    private static final class Ours extends Dealer {

        private final byte[] prefix;
        private final int[][] weights;
        private final int[] sums;

        Ours(Experiment experiment) {
            super(experiment.schedule().ramp());
            prefix = Units.prefix("variant:" + experiment.salt() + ":" + experiment.name() + ":");
            weights = new int[shares.length][];
            sums = new int[shares.length];
            List<Step> ramp = experiment.schedule().ramp();
            for (int i = 0; i < shares.length; i++) {
                weights[i] = Dealer.weights(
                        experiment, ramp.isEmpty() ? Map.of() : ramp.get(i).weights());
                sums[i] = sum(weights[i]);
            }
        }

        @Override
        int deal(Units units, String unit, Map<String, String> context, int step) {
            units.digest(prefix);
            long place = units.draw(Long.BYTES, Schedule.WHOLE);
            if (place >= shares[step]) {
                return NONE;
            }
            // The step that it came in by, whatever the later ones say: so it stays where it is.
            int entry = 0;
            while (shares[entry] <= place) {
                entry++;
            }
            return at(units.draw(0, sums[entry]), weights[entry]);
        }
    }

    /** A step's share is the coverage, the salt the seed. */
    private static final class ByGrowthBook extends Dealer {

        private final String seed;
        private final int version;
        private final GrowthBook.Range[][] ranges;

        ByGrowthBook(Experiment experiment, int version) {
            super(experiment.schedule().ramp());
            this.seed = experiment.salt();
            this.version = version;
            int[] whole = Dealer.weights(experiment, Map.of());
            double[] weights = new double[whole.length];
            for (int i = 0; i < whole.length; i++) {
                weights[i] = whole[i] / (double) sum(whole);
            }
            ranges = new GrowthBook.Range[shares.length][];
            for (int i = 0; i < shares.length; i++) {
                ranges[i] = GrowthBook.ranges(weights.length, shares[i] / (double) Schedule.WHOLE, weights);
            }
        }

        @Override
        int deal(Units units, String unit, Map<String, String> context, int step) {
            OptionalDouble place = GrowthBook.hash(seed, unit, version);
            return GrowthBook.choose(place.orElseThrow(), ranges[step]);
        }
    }

    /** A step's share is the roll-out's percentage, the salt the group and the feature. */
    private static final class ByUnleash extends Dealer {

        private static final int ROLL_OUT_SEED = 0;
        private static final int VARIANT_SEED = 86_028_157;
        private static final int PERCENT = Schedule.WHOLE / 100;

        private final byte[] prefix;
        private final int[] weights;
        private final int sum;

        ByUnleash(Experiment experiment) {
            super(experiment.schedule().ramp());
            prefix = Units.prefix(experiment.salt() + ":");
            weights = Dealer.weights(experiment, Map.of());
            sum = sum(weights);
        }

        @Override
        int deal(Units units, String unit, Map<String, String> context, int step) {
            int percent = units.murmur(prefix, ROLL_OUT_SEED, 100) + 1;
            return percent * PERCENT > shares[step] ? NONE : at(units.murmur(prefix, VARIANT_SEED, sum), weights);
        }
    }

    /** By what a flag system says; the salt is the flag's key. */
    private static final class ByFlag extends Dealer {

        private final String experiment;
        private final String flag;
        private final List<String> variants;
        private final FlagSource flags;

        ByFlag(Experiment experiment, FlagSource flags) {
            super(List.of());
            this.experiment = experiment.name();
            this.flag = experiment.salt();
            this.variants = experiment.variants().stream().map(Variant::name).toList();
            this.flags = flags;
        }

        @Override
        int deal(Units units, String unit, Map<String, String> context, int step) {
            return switch (flags.ask(flag, unit, context)) {
                case FlagSource.Answer.Variant said -> {
                    int variant = variants.indexOf(said.name());
                    if (variant < 0) {
                        units.failed("flag %s says '%s', which experiment %s has not among %s"
                                .formatted(flag, said.name(), experiment, variants));
                    }
                    yield variant < 0 ? NONE : variant;
                }
                case FlagSource.Answer.Nobody nobody -> NONE;
                case FlagSource.Answer.Unavailable gone -> {
                    units.failed("nobody is in experiment %s: %s".formatted(experiment, gone.cause()));
                    yield NONE;
                }
            };
        }
    }
}
