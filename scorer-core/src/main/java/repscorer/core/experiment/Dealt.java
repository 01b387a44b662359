package repscorer.core.experiment;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An experiment made ready to be asked: the moments as numbers, and an assignment for each variant. Immutable. */
final class Dealt {

    final Experiment experiment;
    private final Dealer dealer;
    private final Assignment[] assignments;
    private final long start;
    private final long end;
    private final long[] steps;
    private final String[] contextNames;
    private final List<Set<String>> contextValues;

    /** @param stopped the names of variants that are stopped */
    Dealt(Experiment experiment, Set<String> stopped, FlagSource flags) {
        this.experiment = experiment;
        dealer = Dealer.of(experiment, flags);
        assignments = experiment.variants().stream()
                .map(variant -> new Assignment(experiment, variant, isStopped(variant, stopped)))
                .toArray(Assignment[]::new);
        Map<String, Set<String>> context = experiment.eligibility().context();
        contextNames = context.keySet().toArray(String[]::new);
        contextValues = Arrays.stream(contextNames)
                .map(name -> Objects.requireNonNull(context.get(name)))
                .toList();
        Schedule schedule = experiment.schedule();
        start = schedule.start().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE);
        end = schedule.end().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
        List<Schedule.Step> ramp = schedule.ramp();
        steps = ramp.isEmpty()
                ? new long[] {Long.MIN_VALUE}
                : ramp.stream().mapToLong(step -> step.at().toEpochMilli()).toArray();
    }

    /** Two that share an answer stop with either. */
    private static boolean isStopped(Variant variant, Set<String> stopped) {
        return stopped.contains(variant.name())
                || variant.interleaving().stream()
                        .flatMap(shared -> shared.teams().stream())
                        .anyMatch(stopped::contains);
    }

    boolean has(int bucket, long nowMillis) {
        return bucket >= experiment.bucketFrom()
                && bucket < experiment.bucketTo()
                && nowMillis >= start
                && nowMillis < end;
    }

    /** Whether a request is eligible; allocates nothing. */
    boolean takes(Traits traits) {
        Set<String> kinds = experiment.eligibility().sourceKinds();
        for (int i = 0; i < traits.sourceKinds().size() && !kinds.isEmpty(); i++) {
            if (!kinds.contains(traits.sourceKinds().get(i))) {
                return false;
            }
        }
        for (int i = 0; i < contextNames.length; i++) {
            String told = traits.context().get(contextNames[i]);
            if (told == null || !contextValues.get(i).contains(told)) {
                return false;
            }
        }
        return true;
    }

    /** The assignment of a unit of its buckets; null where the ramp has not come to it. */
    @Nullable
    Assignment deal(Units units, String unit, Map<String, String> context, long nowMillis) {
        int step = steps.length - 1;
        while (step >= 0 && steps[step] > nowMillis) {
            step--;
        }
        int variant = step < 0 ? Dealer.NONE : dealer.deal(units, unit, context, step);
        return variant < 0 ? null : assignments[variant];
    }

    /** The assignment to a variant by its name. */
    Assignment forced(String variant) {
        for (Assignment assignment : assignments) {
            if (assignment.variant().name().equals(variant)) {
                return assignment;
            }
        }
        throw new IllegalStateException("a forced variant is one of the experiment's: " + variant);
    }
}
