package repscorer.analysis;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import repscorer.analysis.ExperimentReport.DayEffect;
import repscorer.analysis.ExperimentReport.Interleaved;
import repscorer.analysis.ExperimentReport.MetricEffect;
import repscorer.analysis.ExperimentReport.VariantSummary;
import repscorer.analysis.statistics.ArmEstimate;
import repscorer.analysis.statistics.Effect;
import repscorer.analysis.statistics.PairMoments;
import repscorer.analysis.statistics.SampleRatio;
import repscorer.decisions.Decision;
import repscorer.decisions.JoinedDecision;
import repscorer.decisions.Outcome;

/**
 * Takes decisions in the order of their time and tells what came of one experiment. What units did before its first answer takes noise
 * out of what they did after. O(units) memory. Not safe for concurrent use.
 */
public final class ExperimentAnalysis {

    /*
     * Measures of a unit: "answers", "empty", "degraded", "millis", "candidates", "cells", and one for each kind of outcome, the sum of values. A column that no candidate of a variant has is none of its plan: else a variant that leaves one out on purpose
     * would be missing half of everything.
     */

    static final String ANSWERS = "answers";
    private static final String EMPTY = "empty answers";
    private static final String DEGRADED = "degraded answers";
    private static final String MILLIS = "milliseconds";
    private static final String CANDIDATES = "candidates";
    private static final String CELLS = "cells";
    private static final String MISSING = "missing columns";

    /** How much of a rise is let pass, as a share of answers or of columns. */
    private static final Map<String, Double> MARGINS = Map.of(EMPTY, .01, DEGRADED, .02, MISSING, .02);

    /** How much slower a variant may be. */
    private static final double SLOWER_MAX = .1;

    private final AnalysisOptions options;
    private final UnitTable units = new UnitTable();
    private final InterleavingTable interleaving = new InterleavingTable();
    private final List<String> variants = new ArrayList<>();
    private final List<Seen> seen = new ArrayList<>();
    private final Set<String> shared = new HashSet<>();
    private final Map<String, Long> kinds = new TreeMap<>();
    private final List<DayEffects> days = new ArrayList<>();
    private @Nullable Instant from;
    private @Nullable Instant to;
    private @Nullable LocalDate day;
    private long withoutUnit;

    public ExperimentAnalysis(AnalysisOptions options) {
        this.options = options;
        options.weights().keySet().stream().sorted().forEach(this::variant);
    }

    /** What was seen of a variant, beside its units. */
    private static final class Seen {
        private long answers;
        private final LatencyCounts latency = new LatencyCounts();
        private final Set<String> columns = new HashSet<>();
    }

    /** Estimates of every kind at the end of a day, by kind and then variant. */
    private record DayEffects(LocalDate day, long answers, Map<String, List<ArmEstimate>> estimates) {}

    /** Takes one decision; those before the first of the experiment count as before. */
    public void add(JoinedDecision joined) {
        Decision decision = joined.decision();
        Optional<Decision.Arm> arm = decision.arms().stream()
                .filter(each -> each.experiment().equals(options.experiment()))
                .findFirst();
        String unit = decision.unit().orElse(null);
        if (arm.isEmpty()) {
            if (from == null && unit != null) {
                joined.outcomes().forEach(outcome -> units.before(unit, measure(outcome.kind()), outcome.value()));
            }
            return;
        }
        if (unit == null) {
            withoutUnit++;
            return;
        }
        from = from == null ? decision.time() : from;
        to = decision.time();
        if (decision.candidates().stream().anyMatch(shown -> shown.team().isPresent())) {
            shared.add(arm.orElseThrow().variant());
            interleaving.add(unit, decision, joined.outcomes());
            joined.outcomes().forEach(outcome -> kinds.merge(outcome.kind(), 1L, Long::sum));
            return;
        }
        LocalDate today = LocalDate.ofInstant(decision.time(), ZoneOffset.UTC);
        if (day != null && today.isAfter(day)) {
            endDay(day);
        }
        day = day == null || today.isAfter(day) ? today : day;
        count(unit, variant(arm.orElseThrow().variant()), decision, joined.outcomes());
    }

    private void count(String unit, int variant, Decision decision, List<Outcome> outcomes) {
        Seen of = seen.get(variant);
        of.answers++;
        of.latency.add(decision.micros());
        units.expose(unit, variant);
        units.during(unit, ANSWERS, 1);
        units.during(unit, MILLIS, decision.micros() / 1_000.0);
        units.during(unit, EMPTY, decision.candidates().isEmpty() ? 1 : 0);
        units.during(unit, DEGRADED, decision.degraded().isEmpty() ? 0 : 1);
        for (Decision.Shown shown : decision.candidates()) {
            units.during(unit, CANDIDATES, 1);
            units.during(unit, CELLS, shown.columns().size());
            of.columns.addAll(shown.columns().keySet());
        }
        for (Outcome outcome : outcomes) {
            units.during(unit, measure(outcome.kind()), outcome.value());
            kinds.merge(outcome.kind(), 1L, Long::sum);
        }
    }

    /** The report of all that was added. */
    public ExperimentReport report() {
        if (day != null) {
            endDay(day);
            day = null;
        }
        Optional<String> goal = options.goal()
                .or(() -> kinds.entrySet().stream()
                        .filter(kind -> !kind.getKey().equals(Outcome.IMPRESSION))
                        .max(Map.Entry.<String, Long>comparingByValue()
                                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                        .map(Map.Entry::getKey));
        String control = control();
        List<MetricEffect> metrics = new ArrayList<>();
        List<Effect> deciding = new ArrayList<>();
        List<String> treatments = treatments(control);
        for (String treatment : treatments) {
            goal.ifPresent(
                    kind -> deciding.add(perUnit(kind, control, treatment, options.alpha() / treatments.size())));
            metrics.addAll(metrics(goal, control, treatment));
        }
        Optional<SampleRatio> ratio = ratio();
        List<Interleaved> interleaved = goal.map(kind -> interleaving.shares(control, kind, options.alpha()))
                .orElse(List.of());
        return new ExperimentReport(
                options.experiment(),
                control,
                goal,
                options.alpha(),
                answers(),
                Optional.ofNullable(from),
                Optional.ofNullable(to),
                units.crossed(),
                summaries(),
                ratio,
                metrics,
                goal.map(kind -> days(kind, control)).orElse(List.of()),
                interleaved,
                new VerdictWriter(control, goal, summaries(), ratio, metrics, interleaved)
                        .verdict(treatments, deciding),
                notes(control));
    }

    private String control() {
        String wanted = options.control().orElse("control");
        if (options.control().isPresent()
                && !variants.contains(wanted)
                && !interleaving.teams().contains(wanted)) {
            throw new IllegalArgumentException("no answer was given under variant '%s' of %s; there are %s"
                    .formatted(wanted, options.experiment(), new TreeSet<>(variants)));
        }
        Set<String> all = new TreeSet<>(variants);
        all.addAll(interleaving.teams());
        return all.isEmpty() || all.contains(wanted) ? wanted : all.iterator().next();
    }

    private List<String> treatments(String control) {
        return variants.contains(control)
                ? compared().stream()
                        .filter(variant -> !variant.equals(control))
                        .toList()
                : List.of();
    }

    /** Variants that answer alone, by name; one that interleaves others is none of them. */
    private List<String> compared() {
        return variants.stream()
                .filter(variant -> !shared.contains(variant) || seen.get(variants.indexOf(variant)).answers > 0)
                .sorted()
                .toList();
    }

    private List<MetricEffect> metrics(Optional<String> goal, String control, String treatment) {
        List<MetricEffect> metrics = new ArrayList<>();
        List<String> ordered = new ArrayList<>();
        goal.ifPresent(ordered::add);
        kinds.keySet().stream()
                .filter(kind ->
                        !kind.equals(Outcome.IMPRESSION) && !Optional.of(kind).equals(goal))
                .forEach(ordered::add);
        for (String kind : ordered) {
            boolean adjusted = units.hasBefore(measure(kind));
            metrics.add(new MetricEffect(
                    kind + " per unit",
                    treatment,
                    perUnit(kind, control, treatment, options.alpha()),
                    adjusted,
                    Optional.empty()));
            metrics.add(ratio(kind + " per answer", ANSWERS, measure(kind), control, treatment));
            if (kinds.containsKey(Outcome.IMPRESSION)) {
                metrics.add(ratio(
                        kind + " per impression", measure(Outcome.IMPRESSION), measure(kind), control, treatment));
            }
        }
        for (String guard : List.of(EMPTY, DEGRADED)) {
            metrics.add(guard(ratio(guard, ANSWERS, guard, control, treatment), MARGINS.getOrDefault(guard, 0.0)));
        }
        metrics.add(guard(missing(control, treatment), MARGINS.getOrDefault(MISSING, 0.0)));
        MetricEffect latency = ratio("milliseconds per answer", ANSWERS, MILLIS, control, treatment);
        metrics.add(guard(latency, SLOWER_MAX * latency.effect().control()));
        return metrics;
    }

    private static MetricEffect guard(MetricEffect metric, double margin) {
        return new MetricEffect(metric.metric(), metric.treatment(), metric.effect(), false, Optional.of(margin));
    }

    private MetricEffect ratio(String name, String below, String above, String control, String treatment) {
        List<PairMoments> pairs = units.pairs(variants.size(), below, above);
        return new MetricEffect(
                name,
                treatment,
                effect(
                        ArmEstimate.ratio(pairs.get(variants.indexOf(control))),
                        ArmEstimate.ratio(pairs.get(variants.indexOf(treatment))),
                        options.alpha()),
                false,
                Optional.empty());
    }

    /** Cells are columns that candidates have; each of a variant's candidates could have all of its columns. */
    private MetricEffect missing(String control, String treatment) {
        List<PairMoments> pairs = units.pairs(variants.size(), CANDIDATES, CELLS);
        List<ArmEstimate> arms = new ArrayList<>();
        for (String variant : List.of(control, treatment)) {
            int of = variants.indexOf(variant);
            double columns = Math.max(1, seen.get(of).columns.size());
            ArmEstimate present = ArmEstimate.ratio(pairs.get(of));
            arms.add(new ArmEstimate(
                    present.units() == 0 ? 0 : 1 - present.value() / columns,
                    present.variance() / (columns * columns),
                    present.units()));
        }
        return new MetricEffect(
                MISSING, treatment, effect(arms.getFirst(), arms.getLast(), options.alpha()), false, Optional.empty());
    }

    private Effect perUnit(String kind, String control, String treatment, double alpha) {
        List<ArmEstimate> arms = perUnit(kind);
        return effect(arms.get(variants.indexOf(control)), arms.get(variants.indexOf(treatment)), alpha);
    }

    private List<ArmEstimate> perUnit(String kind) {
        String measure = measure(kind);
        return units.hasBefore(measure)
                ? ArmEstimate.adjusted(units.withBefore(variants.size(), measure))
                : units.pairs(variants.size(), ANSWERS, measure).stream()
                        .map(ArmEstimate::mean)
                        .toList();
    }

    private Effect effect(ArmEstimate control, ArmEstimate treatment, double alpha) {
        return Effect.of(control, treatment, alpha, answers());
    }

    private Optional<SampleRatio> ratio() {
        List<VariantSummary> all = summaries();
        return all.size() < 2
                ? Optional.empty()
                : Optional.of(SampleRatio.of(
                        all.stream().mapToLong(VariantSummary::units).toArray(),
                        all.stream().mapToDouble(VariantSummary::dueShare).toArray()));
    }

    private List<VariantSummary> summaries() {
        List<PairMoments> pairs = units.pairs(variants.size(), ANSWERS, ANSWERS);
        double all = compared().stream().mapToDouble(this::weight).sum();
        return compared().stream()
                .map(variant -> {
                    int index = variants.indexOf(variant);
                    Seen of = seen.get(index);
                    return new VariantSummary(
                            variant,
                            pairs.get(index).count(),
                            of.answers,
                            weight(variant) / all,
                            of.latency.millis(.5),
                            of.latency.millis(.99));
                })
                .toList();
    }

    private double weight(String variant) {
        if (options.weights().isEmpty()) {
            return 1;
        }
        Double weight = options.weights().get(variant);
        if (weight == null) {
            throw new IllegalArgumentException(
                    "variant '%s' of %s has answers, and no weight".formatted(variant, options.experiment()));
        }
        return weight;
    }

    private void endDay(LocalDate ended) {
        Map<String, List<ArmEstimate>> estimates = new HashMap<>();
        kinds.keySet().forEach(kind -> estimates.put(kind, perUnit(kind)));
        days.add(new DayEffects(ended, answers(), estimates));
    }

    private List<DayEffect> days(String kind, String control) {
        List<DayEffect> effects = new ArrayList<>();
        for (DayEffects each : days) {
            List<ArmEstimate> arms = each.estimates().getOrDefault(kind, List.of());
            for (String treatment : treatments(control)) {
                int first = variants.indexOf(control);
                int second = variants.indexOf(treatment);
                if (Math.max(first, second) < arms.size()) {
                    effects.add(new DayEffect(
                            each.day(),
                            treatment,
                            Effect.of(arms.get(first), arms.get(second), options.alpha(), each.answers())));
                }
            }
        }
        return effects;
    }

    private List<String> notes(String control) {
        List<String> notes = new ArrayList<>();
        if (options.weights().isEmpty() && variants.size() > 1) {
            notes.add("no weights were given: variants are taken to be dealt alike");
        }
        if (units.crossed() > 0) {
            notes.add("%s units were in several variants and count for none".formatted(units.crossed()));
        }
        if (withoutUnit > 0) {
            notes.add("%s answers name no unit and count for none".formatted(withoutUnit));
        }
        int first = variants.indexOf(control);
        for (String treatment : treatments(control)) {
            Set<String> absent = new TreeSet<>(seen.get(first).columns);
            absent.removeAll(seen.get(variants.indexOf(treatment)).columns);
            if (!absent.isEmpty()) {
                notes.add("no candidate of %s has %s, which candidates of %s have"
                        .formatted(treatment, String.join(", ", absent), control));
            }
        }
        return notes;
    }

    private long answers() {
        return seen.stream().mapToLong(of -> of.answers).sum();
    }

    private int variant(String name) {
        if (!variants.contains(name)) {
            variants.add(name);
            seen.add(new Seen());
        }
        return variants.indexOf(name);
    }

    /** Kinds are free, and one may be called as a measure of ours is. */
    private static String measure(String kind) {
        return "outcome " + kind;
    }
}
