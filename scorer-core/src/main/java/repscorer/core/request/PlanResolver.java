package repscorer.core.request;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import repscorer.core.answer.Decided;
import repscorer.core.answer.MissingReason;
import repscorer.core.answer.Provenance;
import repscorer.core.experiment.Assigner;
import repscorer.core.experiment.Assignment;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.Switches;
import repscorer.core.explore.Exploration;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.interleave.Interleaving;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.Comparison;
import repscorer.core.plan.ExactTopKOptions;
import repscorer.core.plan.PlanChecks;
import repscorer.core.plan.PlanOverrides;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.Source;
import repscorer.core.query.SurfaceQuery;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.Snapshot;

/**
 * Turns what a request names into a {@link Request}: the surface's plan, changed by the experiments its unit is in, then by its
 * own overrides, and one snapshot. Safe for concurrent use.
 */
public final class PlanResolver {

    /** The reason of a notice where a flag system did not say. */
    private static final String FLAGS = "FLAGS_UNAVAILABLE";

    private final RepresentationStore store;
    private final Map<String, ScoringPlan> plans = new TreeMap<>();

    private final AskedPlans asked = new AskedPlans();

    private final PlanChecks checks;
    private final Assigner assigner;
    private final Duration budget;
    private final InstantSource time;
    private final SwitchedParts switches;

    /**
     * @param plans one per surface
     * @param budget how long one request waits for others at most
     * @param time what ages are counted to
     * @param switches what is served to a share of those who ask
     * @throws IllegalArgumentException when two plans share a surface, or a plan or an experiment names what is not declared
     */
    public PlanResolver(
            RepresentationStore store,
            Collection<ScoringPlan> plans,
            PlanChecks checks,
            Assigner assigner,
            Duration budget,
            InstantSource time,
            Switches switches) {
        this.store = store;
        this.checks = checks;
        this.assigner = assigner;
        this.budget = budget;
        this.time = time;
        this.switches = new SwitchedParts(switches);
        for (ScoringPlan plan : plans) {
            checks.check(plan);
            if (this.plans.put(plan.surface(), plan) != null) {
                throw new IllegalArgumentException("surfaces must differ: '%s' twice".formatted(plan.surface()));
            }
            asked.add(plan);
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
            List<Provenance.Notice> notices) {

        Changed with(ScoringPlan other, ExactTopKOptions wanted) {
            return new Changed(other, wanted, release, assigned, notices);
        }
    }

    /** With the columns that a source and a release can be asked by. */
    private Changed to(Source source, Snapshot snapshot, Changed changed) {
        boolean text = source instanceof Source.Text;
        ExactTopKOptions exactTopK = changed.exactTopK;
        if (exactTopK.wanted() && (text || counts(changed.plan.models().values()))) {
            note(
                    changed.notices,
                    "NOT_OPTIMAL",
                    "%s the union of what the searches find is ranked, and no more"
                            .formatted(text ? "of texts" : "where a model counts"));
            exactTopK = ExactTopKOptions.DEFAULT;
        }
        return changed.with(asked.of(changed.plan, text, snapshot), exactTopK);
    }

    private static boolean counts(Collection<ColumnPlan.Model> models) {
        return models.stream().anyMatch(model -> model.weight() > 0);
    }

    /**
     * @param decisionId what chance goes by, where the overrides name no seed
     * @throws repscorer.core.failure.ScorerException.NotFound for an unknown surface or release
     * @throws repscorer.core.failure.ScorerException.Invalid for overrides that break a rule
     * @throws repscorer.core.failure.ScorerException.NotReady before the first release, and where the surface or the release that
     *     the request names is switched off
     */
    public Resolved resolve(SurfaceQuery query, String decisionId) {
        String surface = query.surface();
        Map<String, String> overrides = query.overrides();
        Budget whole = Budget.of(budget);
        ScoringPlan plan = plans.get(surface);
        if (plan == null) {
            throw new NotFound(
                    "unknown-surface", "no surface is called '%s'; there are %s".formatted(surface, plans.keySet()));
        }
        String asker = switches.isEmpty() ? "" : query.unit().orElseGet(query.source()::text);
        switches.checkSurface(surface, asker);
        long now = time.millis();
        List<Provenance.Notice> notices = new ArrayList<>();
        List<Assignment> assignments = assignments(query, now, notices);
        @Nullable Assignment interleaves = null;
        for (Assignment assignment : assignments) {
            if (interleaves == null && assignment.variant().interleaving().isPresent()) {
                interleaves = assignment;
            }
        }
        Changed changed = changed(plan, assignments, interleaves, 0, overrides, notices);
        Optional<String> named = PlanOverrides.release(overrides);
        named.ifPresent(each -> switches.checkRelease(each, asker));
        Snapshot snapshot = named.isPresent()
                ? named(named.get())
                : liveOr(switches.without(changed.release, asker, changed.notices), changed.notices);
        String seed = PlanOverrides.seed(overrides).orElse(decisionId);
        changed = to(query.source(), snapshot, changed);
        Request request = request(changed, asker, snapshot, whole, now, seed);
        if (interleaves == null) {
            return new Resolved(request, Optional.empty());
        }
        Changed other = to(query.source(), snapshot, changed(plan, assignments, interleaves, 1, overrides, notices));
        Request second = request(other, asker, snapshot, whole, now, seed);
        return new Resolved(
                request,
                Optional.of(new Resolved.Contest(
                        interleaves.experiment().name(),
                        interleaves.variant().name(),
                        interleaves.variant().interleaving().orElseThrow(),
                        second)));
    }

    private Request request(Changed changed, String asker, Snapshot snapshot, Budget budget, long now, String seed) {
        ScoringPlan plan = switches.without(changed.plan, asker, changed.notices);
        RequestTrace trace = new RequestTrace(snapshot, now, changed.assigned, changed.notices);
        return new Request(plan, changed.exactTopK, trace, budget, now, seed);
    }

    /** Those of a unit that are not stopped; a notice tells of those that are. */
    private List<Assignment> assignments(SurfaceQuery query, long now, List<Provenance.Notice> notices) {
        if (query.unit().isEmpty()) {
            return List.of();
        }
        List<Assignment> all = assigner.assign(
                query.surface(), query.unit().get(), query.traits(), now, words -> note(notices, FLAGS, words));
        List<Assignment> running = new ArrayList<>(all.size());
        for (Assignment assignment : all) {
            if (!assignment.stopped()) {
                running.add(assignment);
                continue;
            }
            note(
                    notices,
                    "VARIANT_STOPPED",
                    "variant %s of experiment %s is stopped; the surface's own plan answers"
                            .formatted(
                                    assignment.variant().name(),
                                    assignment.experiment().name()));
        }
        return running;
    }

    /**
     * The plan after experiments and overrides.
     *
     * @param interleaves the one assignment whose answer is made of two teams, if any
     * @param team 0 or 1, whose plan it is
     * @param before notices from before, which are copied
     */
    private Changed changed(
            ScoringPlan surface,
            List<Assignment> assignments,
            @Nullable Assignment interleaves,
            int team,
            Map<String, String> overrides,
            List<Provenance.Notice> before) {
        ScoringPlan plan = surface;
        List<Provenance.Assigned> assigned = new ArrayList<>();
        List<Provenance.Notice> notices = new ArrayList<>(before);
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
        note(
                notices,
                "EXPERIMENTS_CONTRADICT",
                "%s does not go with the experiments before it: %s".formatted(experiment, rule));
    }

    private static void note(List<Provenance.Notice> notices, String reason, String message) {
        notices.add(new Provenance.Notice("", reason, message));
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
                                Interleaving.of(
                                        shared.interleaved().method(),
                                        shared.interleaved().teams()),
                                again(shared.second(), again, snapshot, whole, seed))));
    }

    private Request again(Decided.Way way, Decided.Again again, Snapshot snapshot, Budget whole, String seed) {
        try {
            checks.check(way.plan());
        } catch (IllegalArgumentException e) {
            throw new Conflict("plan-unfit", String.valueOf(e.getMessage()));
        }
        RequestTrace trace = new RequestTrace(snapshot, again.nowMillis(), again.assignments(), again.told());
        return new Request(way.plan(), way.exactTopK(), trace, whole, again.nowMillis(), seed);
    }

    /** The release that a request by a similarity reads. Throws as {@link #resolve}. */
    public Snapshot compared(Comparison comparison, Optional<String> release, Source source) {
        String asker = switches.isEmpty() ? "" : source.text();
        switches.checkSpaces(comparison, asker);
        release.ifPresent(each -> switches.checkRelease(each, asker));
        return release.map(this::named).orElseGet(this::live);
    }

    /** The same where nothing is switched off: for who wants to know what is. */
    public PlanResolver unswitched() {
        return switches.isEmpty()
                ? this
                : new PlanResolver(store, plans.values(), checks, assigner, budget, time, Switches.NONE);
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

    /**
     * What a query asks of a release that nobody else may know yet: by the surface's own plan and the query's overrides, without
     * experiments and switches. Throws as {@link #resolve}.
     */
    public Request on(Snapshot release, SurfaceQuery query, String decisionId) {
        ScoringPlan plan = plans.get(query.surface());
        if (plan == null) {
            throw new NotFound(
                    "unknown-surface",
                    "no surface is called '%s'; there are %s".formatted(query.surface(), plans.keySet()));
        }
        long now = time.millis();
        RequestTrace trace = new RequestTrace(release, now, List.of(), List.of());
        ScoringPlan asked = overridden(plan, query.overrides());
        return new Request(asked, ExactTopKOptions.DEFAULT, trace, Budget.of(budget), now, decisionId);
    }

    /** A release by its name. */
    public Snapshot named(String release) {
        return store.named(release);
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
