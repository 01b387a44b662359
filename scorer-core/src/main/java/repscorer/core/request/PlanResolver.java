package repscorer.core.request;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import repscorer.core.answer.Decided;
import repscorer.core.answer.MissingReason;
import repscorer.core.answer.Provenance;
import repscorer.core.experiment.Assigner;
import repscorer.core.experiment.Assignment;
import repscorer.core.experiment.Experiment;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.explore.Exploration;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.interleave.Interleaving;
import repscorer.core.plan.ExactTopKOptions;
import repscorer.core.plan.PlanChecks;
import repscorer.core.plan.PlanOverrides;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.Source;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.Snapshot;

/**
 * Turns what a request names into a {@link Request}: the surface's plan, changed by the experiments its unit is in, then by its
 * own overrides, and one snapshot. Safe for concurrent use.
 */
public final class PlanResolver {

    private final RepresentationStore store;
    private final Map<String, ScoringPlan> plans = new TreeMap<>();
    private final PlanChecks checks;
    private final Assigner assigner;
    private final Duration budget;
    private final InstantSource time;

    /**
     * @param plans one per surface
     * @param budget how long one request waits for others at most
     * @param time what ages are counted to
     * @throws IllegalArgumentException when two plans share a surface, or a plan or an experiment names what is not declared
     */
    public PlanResolver(
            RepresentationStore store,
            Collection<ScoringPlan> plans,
            PlanChecks checks,
            Assigner assigner,
            Duration budget,
            InstantSource time) {
        this.store = store;
        this.checks = checks;
        this.assigner = assigner;
        this.budget = budget;
        this.time = time;
        for (ScoringPlan plan : plans) {
            checks.check(plan);
            if (this.plans.put(plan.surface(), plan) != null) {
                throw new IllegalArgumentException("surfaces must differ: '%s' twice".formatted(plan.surface()));
            }
        }
        for (Experiment experiment : assigner.experiments()) {
            checks.check(experiment, this.plans);
        }
    }

    /** The surfaces' plans, in the order of their names. */
    public List<ScoringPlan> plans() {
        return List.copyOf(plans.values());
    }

    /** A plan on its way, and what was found on it. */
    private record Changed(
            ScoringPlan plan,
            ExactTopKOptions exactTopK,
            Optional<String> release,
            List<Provenance.Assigned> assigned,
            List<Provenance.Notice> notices) {}

    /**
     * @param source what it seeks for, which an experiment may look at
     * @param unit what experiments are assigned by
     * @param decisionId what chance goes by, where the overrides name no seed
     * @throws repscorer.core.failure.ScorerException.NotFound for an unknown surface or release
     * @throws repscorer.core.failure.ScorerException.Invalid for overrides that break a rule
     * @throws repscorer.core.failure.ScorerException.NotReady before the first release
     */
    public Resolved resolve(
            String surface, Source source, Optional<String> unit, Map<String, String> overrides, String decisionId) {
        ScoringPlan plan = plans.get(surface);
        if (plan == null) {
            throw new NotFound(
                    "unknown-surface", "no surface is called '%s'; there are %s".formatted(surface, plans.keySet()));
        }
        long now = time.millis();
        List<Assignment> assignments =
                unit.map(u -> assigner.assign(surface, u, kinds(source), now)).orElse(List.of());
        @Nullable Assignment interleaves = null;
        for (Assignment assignment : assignments) {
            if (interleaves == null && assignment.variant().interleaving().isPresent()) {
                interleaves = assignment;
            }
        }
        Changed changed = changed(plan, assignments, interleaves, 0, overrides);
        Optional<String> named = PlanOverrides.release(overrides);
        Snapshot snapshot = named.isPresent() ? named(named.get()) : liveOr(changed.release, changed.notices);
        Budget whole = Budget.of(budget);
        String seed = PlanOverrides.seed(overrides).orElse(decisionId);
        Request request = request(changed, snapshot, whole, now, seed);
        if (interleaves == null) {
            return new Resolved(request, Optional.empty());
        }
        Request second = request(changed(plan, assignments, interleaves, 1, overrides), snapshot, whole, now, seed);
        return new Resolved(
                request,
                Optional.of(new Resolved.Contest(
                        interleaves.experiment().name(),
                        interleaves.variant().name(),
                        interleaves.variant().interleaving().orElseThrow(),
                        second)));
    }

    private static Request request(Changed changed, Snapshot snapshot, Budget budget, long now, String seed) {
        RequestTrace trace = new RequestTrace(snapshot, changed.assigned, changed.notices);
        return new Request(changed.plan, changed.exactTopK, trace, budget, now, seed);
    }

    /**
     * The plan after experiments and overrides.
     *
     * @param interleaves the one assignment whose answer is made of two teams, if any
     * @param team 0 or 1, whose plan it is
     */
    private Changed changed(
            ScoringPlan surface,
            List<Assignment> assignments,
            @Nullable Assignment interleaves,
            int team,
            Map<String, String> overrides) {
        ScoringPlan plan = surface;
        List<Provenance.Assigned> assigned = new ArrayList<>();
        List<Provenance.Notice> notices = new ArrayList<>();
        Optional<String> release = Optional.empty();
        ExactTopKOptions exactTopK = ExactTopKOptions.DEFAULT;
        for (Assignment assignment : assignments) {
            String experiment = assignment.experiment().name();
            assigned.add(
                    new Provenance.Assigned(experiment, assignment.variant().name()));
            Optional<Interleaving> two = assignment.variant().interleaving();
            Map<String, String> changes = two.isEmpty()
                    ? assignment.variant().overrides()
                    : assignment
                            .experiment()
                            .variant(two.get().teams().get(assignment == interleaves ? team : 0))
                            .overrides();
            if (two.isPresent() && assignment != interleaves) {
                contradict(notices, experiment, "an answer interleaves two plans and no more");
            }
            try {
                plan = PlanOverrides.apply(plan, changes, "experiment " + experiment);
                Optional<String> named = PlanOverrides.release(changes);
                release = named.isPresent() ? named : release;
                exactTopK = PlanOverrides.exactTopK(changes, exactTopK);
            } catch (Invalid e) {
                // Each was tried on the surface's plan at the start; two experiments together may contradict each
                // other.
                contradict(notices, experiment, String.valueOf(e.getMessage()));
            }
        }
        if (!overrides.isEmpty()) {
            plan = overridden(plan, overrides);
            exactTopK = PlanOverrides.exactTopK(overrides, exactTopK);
        }
        if (exactTopK.wanted()) {
            ExactTopKOptions.normalizer(plan);
        }
        ScoringPlan last = interleaves == null ? plan : plan.with(Exploration.NONE);
        return new Changed(last, exactTopK, release, assigned, notices);
    }

    private static void contradict(List<Provenance.Notice> notices, String experiment, String rule) {
        String message = "%s does not go with the experiments before it: %s".formatted(experiment, rule);
        notices.add(new Provenance.Notice("", "EXPERIMENTS_CONTRADICT", message));
    }

    /**
     * The request of a decision that is taken again: nothing is asked of experiments or the clock.
     *
     * @param overrides of the request, for the seed that chance went by
     * @throws repscorer.core.failure.ScorerException.NotFound for an unknown release
     * @throws repscorer.core.failure.ScorerException.Conflict for a plan that does not go with the spaces that are declared now
     */
    public Resolved again(Map<String, String> overrides, Decided.Again again) {
        Snapshot snapshot = named(again.release());
        Budget whole = Budget.of(budget);
        String seed = PlanOverrides.seed(overrides).orElse(again.decisionId());
        return new Resolved(
                again(again.way(), again, snapshot, whole, seed),
                again.shared()
                        .map(shared -> new Resolved.Contest(
                                shared.interleaved().experiment(),
                                shared.interleaved().variant(),
                                Interleaving.of(shared.interleaved().method(), shared.interleaved().teams()),
                                again(shared.second(), again, snapshot, whole, seed))));
    }

    private Request again(Decided.Way way, Decided.Again again, Snapshot snapshot, Budget whole, String seed) {
        try {
            checks.check(way.plan());
        } catch (IllegalArgumentException e) {
            throw new Conflict("plan-unfit", String.valueOf(e.getMessage()));
        }
        RequestTrace trace = new RequestTrace(snapshot, again.assignments(), again.told());
        return new Request(way.plan(), way.exactTopK(), trace, whole, again.nowMillis(), seed);
    }

    private static Set<String> kinds(Source source) {
        return switch (source) {
            case Source.Entities several ->
                several.entities().size() == 1
                        ? Set.of(several.entities().getFirst().id().kind().name())
                        : several.entities().stream()
                                .map(weighted -> weighted.id().kind().name())
                                .collect(Collectors.toUnmodifiableSet());
            case Source.Inline inline -> Set.of(Experiment.VECTOR);
        };
    }

    private ScoringPlan overridden(ScoringPlan plan, Map<String, String> overrides) {
        ScoringPlan changed = PlanOverrides.apply(plan, overrides, "overrides");
        try {
            checks.check(changed);
            return changed;
        } catch (IllegalArgumentException e) {
            throw new Invalid("override-out-of-bounds", "overrides", String.valueOf(e.getMessage()));
        }
    }

    /** A release by its name. */
    public Snapshot named(String release) {
        return store.snapshot(release)
                .orElseThrow(() -> new NotFound(
                        "unknown-release", "release '%s' is neither live, kept nor staged".formatted(release)));
    }

    /** The release an experiment reads; the live one where it names none, or one that is kept no longer. */
    private Snapshot liveOr(Optional<String> release, List<Provenance.Notice> notices) {
        Optional<Snapshot> kept = release.flatMap(store::snapshot);
        if (release.isPresent() && kept.isEmpty()) {
            notices.add(new Provenance.Notice(
                    "",
                    MissingReason.UNKNOWN_VERSION.name(),
                    "release '%s' of an experiment is not kept; the live one answers".formatted(release.get())));
        }
        return kept.orElseGet(this::live);
    }

    /** The release that is live. */
    public Snapshot live() {
        Snapshot snapshot = store.current();
        if (snapshot.isEmpty()) {
            throw new NotReady("no-live-release", "no release is live yet: publish one first");
        }
        return snapshot;
    }
}
