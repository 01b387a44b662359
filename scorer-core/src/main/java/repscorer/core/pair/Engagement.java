package repscorer.core.pair;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import repscorer.core.answer.EngagementFeatures;
import repscorer.core.answer.MissingReason;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.Comparison;
import repscorer.core.plan.EngagementPlan;
import repscorer.core.plan.EngagementPlan.Aggregate;
import repscorer.core.plan.EngagementPlan.SignalFeatures;
import repscorer.core.request.ComputePermits;
import repscorer.core.request.RequestTrace;
import repscorer.core.signal.Signal;

/** Computes recent-engagement features from a user's signals. For one request and one thread. */
final class Engagement {

    /*
     * After the reference: of a signal's type the latest lastMax inside a window, each compared with the candidate, those
     * that have a similarity aggregated. Each entity that signals name is compared once with all candidates, whatever windows
     * and features ask for it.
     */

    private final EngagementPlan plan;
    private final PairScoring scoring;
    private final RequestTrace trace;
    private final long nowMillis;

    Engagement(EngagementPlan plan, PairScoring scoring, RequestTrace trace, long nowMillis) {
        this.plan = plan;
        this.scoring = scoring;
        this.trace = trace;
        this.nowMillis = nowMillis;
    }

    /** The similarities of one comparison: by entity, one per candidate, NaN where there is none. */
    private static final class Similarities {

        private final ListScorer lists;
        private final int[] ordinals;
        private final Map<EntityId, Optional<double[]>> byEntity = new HashMap<>();

        Similarities(ListScorer lists, EntityKind kind, List<EntityId> candidates) {
            this.lists = lists;
            this.ordinals = candidates.stream()
                    .mapToInt(id -> id.kind().equals(kind) ? lists.ordinal(id) : -1)
                    .toArray();
        }

        Optional<double[]> of(EntityId entity) {
            return byEntity.computeIfAbsent(entity, id -> {
                ComputePermits.checkTime();
                if (!lists.source(id)) {
                    return Optional.empty();
                }
                double[] scores = new double[ordinals.length];
                lists.score(ordinals, ordinals.length, scores);
                return Optional.of(scores);
            });
        }
    }

    /** @param signals latest first */
    List<EngagementFeatures.Entry> entries(List<EntityId> candidates, List<Signal> signals) {
        List<Map<String, Double>> features = new ArrayList<>();
        candidates.forEach(candidate -> features.add(new TreeMap<>()));
        Map<Comparison, Similarities> similarities = new HashMap<>();
        Set<EntityKind> kinds = new LinkedHashSet<>();
        boolean[] embedded = new boolean[candidates.size()];
        boolean[] expired = new boolean[candidates.size()];
        for (SignalFeatures each : plan.signals()) {
            EntityKind kind = scoring.candidateKind(each.comparison());
            kinds.add(kind);
            Optional<Similarities> known = similarities(each.comparison(), kind, candidates, similarities);
            known.ifPresent(found -> {
                for (int i = 0; i < embedded.length; i++) {
                    embedded[i] |= found.ordinals[i] >= 0;
                    expired[i] |= !embedded[i] && found.lists.isExpired(candidates.get(i));
                }
                if (!(plan.likeReference() && each.emptyInReference())) {
                    fill(each, found, signals, features);
                }
            });
        }
        List<EngagementFeatures.Entry> entries = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            entries.add(new EngagementFeatures.Entry(
                    candidates.get(i), features.get(i), missing(candidates.get(i), embedded[i], expired[i], kinds)));
        }
        return entries;
    }

    private Optional<Similarities> similarities(
            Comparison comparison, EntityKind kind, List<EntityId> candidates, Map<Comparison, Similarities> known) {
        if (!known.containsKey(comparison)) {
            for (String space : List.of(comparison.sourceSpace(), comparison.candidateSpace())) {
                if (!trace.holds(space)) {
                    trace.notice(
                            "",
                            MissingReason.UNKNOWN_VERSION,
                            "features are left out: release %s has no %s".formatted(trace.release(), space));
                    return Optional.empty();
                }
            }
            known.put(comparison, new Similarities(scoring.lists(comparison, trace), kind, candidates));
        }
        return Optional.ofNullable(known.get(comparison));
    }

    private static Optional<MissingReason> missing(
            EntityId candidate, boolean embedded, boolean expired, Set<EntityKind> kinds) {
        if (embedded) {
            return Optional.empty();
        }
        return Optional.of(
                kinds.contains(candidate.kind()) ? MissingReason.ofCandidate(expired) : MissingReason.KIND_MISMATCH);
    }

    private void fill(
            SignalFeatures plan, Similarities similarities, List<Signal> signals, List<Map<String, Double>> features) {
        for (Duration window : plan.windows()) {
            List<Signal> latest = signals.stream()
                    .filter(signal -> signal.type().equals(plan.signal()))
                    .filter(signal -> nowMillis - signal.atMillis() < window.toMillis())
                    .limit(plan.lastMax())
                    .toList();
            double[] ages = latest.stream()
                    .mapToDouble(signal -> Math.max(0, nowMillis - signal.atMillis()))
                    .toArray();
            List<Optional<double[]>> rows = latest.stream()
                    .map(signal -> similarities.of(signal.entity()))
                    .toList();
            for (int candidate = 0; candidate < features.size(); candidate++) {
                double[] scores = new double[rows.size()];
                for (int i = 0; i < scores.length; i++) {
                    scores[i] = rows.get(i).isPresent() ? rows.get(i).get()[candidate] : Double.NaN;
                }
                if (Arrays.stream(scores).allMatch(Double::isNaN)) {
                    continue;
                }
                for (Aggregate aggregate : plan.aggregates()) {
                    features.get(candidate)
                            .put(plan.name(window, aggregate), aggregate(aggregate, scores, ages, plan.halfLife()));
                }
            }
        }
    }

    /** @param scores latest first, NaN where there is none; one is there at least */
    private static double aggregate(Aggregate aggregate, double[] scores, double[] ages, Duration halfLife) {
        double max = 0;
        double sum = 0;
        double weights = 0;
        double first = Double.NaN;
        for (int i = 0; i < scores.length; i++) {
            if (Double.isNaN(scores[i])) {
                continue;
            }
            double weight = aggregate == Aggregate.DECAYED ? Math.pow(2, -ages[i] / halfLife.toMillis()) : 1;
            max = Math.max(max, scores[i]);
            sum += weight * scores[i];
            weights += weight;
            first = Double.isNaN(first) ? scores[i] : first;
        }
        return switch (aggregate) {
            case MAX -> max;
            case MEAN, DECAYED -> sum / weights;
            case LAST -> first;
        };
    }
}
