package repscorer.core;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import repscorer.core.answer.ColumnScore;
import repscorer.core.answer.EngagementFeatures;
import repscorer.core.answer.MissingReason;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.answer.ScoredList;
import repscorer.core.answer.ScoredMatrix;
import repscorer.core.answer.ScoredPairs;
import repscorer.core.answer.WhyNot;
import repscorer.core.blend.Blend;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.experiment.Assigner;
import repscorer.core.experiment.Assignment;
import repscorer.core.experiment.Experiment;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.failure.ScorerException.Overloaded;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.Comparison;
import repscorer.core.plan.ComparisonChecks;
import repscorer.core.plan.DeclaredSpaces;
import repscorer.core.plan.EngagementPlan;
import repscorer.core.plan.ExactTopKOptions;
import repscorer.core.plan.Limits;
import repscorer.core.plan.PlanChecks;
import repscorer.core.plan.PlanOverrides;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.EngagementQuery;
import repscorer.core.query.MatrixQuery;
import repscorer.core.query.PairQuery;
import repscorer.core.query.ScoreQuery;
import repscorer.core.query.Source;
import repscorer.core.rule.Rule;
import repscorer.core.signal.SignalSource;
import repscorer.core.similarity.Similarity;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.Snapshot;
import repscorer.core.store.SpaceVersion;

/**
 * Answers requests for candidates and for scores. Safe for concurrent use; a request reads one snapshot throughout.
 */
public final class Scorer {

    /*
     * A request becomes a plan first: the surface's, changed by the experiments its unit is in, then by its own overrides.
     * From there on nothing asks where a setting came from. The snapshot is pinned once and reached through the Trail only,
     * which notes what was read.
     *
     * Waiting (upstream) comes before the turn to compute, so that a slow upstream holds no turn.
     */

    private static final Duration TURN_WAIT = Duration.ofSeconds(1);

    /** The surface in stages of requests that name a similarity instead. */
    private static final String BY_SIMILARITY = "similarity";

    private final RepresentationStore store;
    private final Map<String, ScoringPlan> plans = new TreeMap<>();
    private final DeclaredSpaces spaces;
    private final PlanChecks checks;
    private final ComparisonChecks comparisons;
    private final Assigner assigner;
    private final EmbeddingSource upstream;
    private final Duration upstreamBudget;
    private final Semaphore turns;
    private final int searchesMax;
    private final StageListener listener;
    private final SharedColumns sharedColumns = new SharedColumns();
    private final BoundsCache boundsCache = new BoundsCache();
    private final PairScoring pairScoring;
    private final DecisionIds decisionIds;
    private final SignalSource signals;
    private final EngagementPlan engagement;
    private final InstantSource time;
    private final Inverses inverses = new Inverses();
    private final Ages.Cache agesCache = new Ages.Cache();

    /**
     * @param plans one per surface
     * @param upstream asked for sources that the release does not hold
     * @param upstreamBudget how long one request waits for it at most
     * @param searchesMax searches that compute at once; a request waits a second for its turn, then is refused
     * @param signals what rules and features read of a user's doings
     * @param engagement the features of recent engagement
     * @param time what ages are counted to
     * @throws IllegalArgumentException when a plan or an experiment names a space, a column or a surface that is not
     *     declared, or spaces of one column differ in model
     */
    public Scorer(
            RepresentationStore store,
            Collection<ScoringPlan> plans,
            Assigner assigner,
            EmbeddingSource upstream,
            Duration upstreamBudget,
            int searchesMax,
            StageListener listener,
            SignalSource signals,
            EngagementPlan engagement,
            InstantSource time) {
        if (searchesMax < 1 || upstreamBudget.isNegative()) {
            throw new IllegalArgumentException(
                    "searches-max must be at least 1 and upstream-budget not negative: %d and %s"
                            .formatted(searchesMax, upstreamBudget));
        }
        this.store = store;
        this.spaces = new DeclaredSpaces(store.spaces());
        this.checks = new PlanChecks(spaces);
        this.comparisons = new ComparisonChecks(spaces);
        this.assigner = assigner;
        this.upstream = upstream;
        this.upstreamBudget = upstreamBudget;
        this.pairScoring = new PairScoring(comparisons, upstream, upstreamBudget, sharedColumns);
        this.turns = new Semaphore(searchesMax, true);
        this.searchesMax = searchesMax;
        this.listener = listener;
        this.signals = signals;
        this.engagement = engagement;
        this.time = time;
        this.decisionIds = new DecisionIds(
                Clock.systemUTC(), () -> ThreadLocalRandom.current().nextLong());
        engagement.signals().forEach(features -> checks.check(features));
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

    /** A scorer that knows of no signals and reads the system's clock. */
    public Scorer(
            RepresentationStore store,
            Collection<ScoringPlan> plans,
            Assigner assigner,
            EmbeddingSource upstream,
            Duration upstreamBudget,
            int searchesMax,
            StageListener listener) {
        this(
                store,
                plans,
                assigner,
                upstream,
                upstreamBudget,
                searchesMax,
                listener,
                SignalSource.NONE,
                EngagementPlan.NONE,
                InstantSource.system());
    }

    /** The surfaces' plans, in the order of their names. */
    public List<ScoringPlan> plans() {
        return List.copyOf(plans.values());
    }

    /**
     * Ranks candidates: retrieves from every column, scores the whole union on every column, blends.
     *
     * @throws repscorer.core.failure.ScorerException.Invalid for a request that breaks a rule
     * @throws repscorer.core.failure.ScorerException.NotFound for an unknown surface or release, or a source without any
     *     embedding
     * @throws repscorer.core.failure.ScorerException.NotReady before the first release, when it lacks the surface's
     *     spaces, or when only an upstream that does not answer could know the source
     * @throws repscorer.core.failure.ScorerException.Overloaded when too many searches wait
     */
    public ScoredCandidates candidates(CandidateQuery query) {
        StageClock clock = new StageClock(query.surface(), listener);
        CandidateRun.Start start = start(query);
        clock.end("source");
        return inTurn(() -> {
            CandidateRun run = new CandidateRun(start, inverses, boundsCache, clock);
            return new ScoredCandidates(
                    run.best(query.explain()),
                    run.k,
                    run.shortfall(),
                    run.ranked,
                    run.plan.blend().scale(),
                    run.statistics(),
                    run.reports(),
                    run.trail.toProvenance(decisionIds.next(), clock.finish()));
        });
    }

    /**
     * Tells which stage of the same request lost a candidate, and what would have kept it. Throws as {@link #candidates}.
     */
    public WhyNot whyNot(CandidateQuery query, EntityId id) {
        StageClock clock = new StageClock(query.surface(), listener);
        CandidateRun.Start start = start(query);
        clock.end("source");
        return inTurn(() -> {
            CandidateRun run = new CandidateRun(start, inverses, boundsCache, clock);
            return new Inquest(run, id).verdict(run.trail.toProvenance(decisionIds.next(), clock.finish()));
        });
    }

    /** All that may wait for others, before the turn to compute. */
    private CandidateRun.Start start(CandidateQuery query) {
        Resolved resolved = resolve(query.surface(), query.unit(), query.overrides());
        ScoringPlan plan = query.dryRun()
                ? resolved.plan.with(resolved.plan.rules().dryRun(), resolved.plan.attributes())
                : resolved.plan;
        Trail trail = resolved.trail;
        int k = k(query, plan);
        List<EntityKind> kinds = kinds(query, plan, trail);
        Exclusions exclusions = exclusions(query, plan, trail);
        Named named = Named.of(plan.rules(), query.source(), trail, signals, upstreamBudget);
        Ages ages = new Ages(plan.attributes(), trail, agesCache);
        long nowMillis = time.millis();
        for (Rule rule : plan.rules().rules()) {
            if (rule.mode() != Rule.Mode.ON) {
                continue;
            }
            if (rule instanceof Rule.Remove remove && remove.attribute().isEmpty()) {
                exclusions.add(Exclusions.RULE + rule.name(), named.ids(rule));
            } else if (rule instanceof Rule.RemoveByAge remove) {
                exclusions.add(new AgeWindow(remove, ages, nowMillis));
            }
        }
        return new CandidateRun.Start(
                plan,
                trail,
                k,
                kinds,
                exclusions,
                named,
                ages,
                nowMillis,
                sources(query.source(), plan, kinds, trail),
                resolved.optimal);
    }

    /** A plan with all overrides applied, and the snapshot it reads. */
    private record Resolved(ScoringPlan plan, Trail trail, ExactTopKOptions optimal) {}

    private Resolved resolve(String surface, Optional<String> unit, Map<String, String> overrides) {
        ScoringPlan plan = plans.get(surface);
        if (plan == null) {
            throw new NotFound(
                    "unknown-surface", "no surface is called '%s'; there are %s".formatted(surface, plans.keySet()));
        }
        List<Provenance.Assigned> assigned = new ArrayList<>();
        List<Provenance.Notice> notices = new ArrayList<>();
        Optional<String> release = Optional.empty();
        ExactTopKOptions optimal = ExactTopKOptions.DEFAULT;
        for (Assignment assignment : unit.map(u -> assigner.assign(surface, u)).orElse(List.of())) {
            String experiment = assignment.experiment().name();
            Map<String, String> changes = assignment.variant().overrides();
            assigned.add(
                    new Provenance.Assigned(experiment, assignment.variant().name()));
            try {
                plan = PlanOverrides.apply(plan, changes, "experiment " + experiment);
                release = changes.containsKey("release") ? PlanOverrides.release(changes) : release;
                optimal = PlanOverrides.optimal(changes, optimal);
            } catch (Invalid e) {
                // Each was tried on the surface's plan at the start; two experiments together may contradict each
                // other.
                String message =
                        "%s does not go with the experiments before it: %s".formatted(experiment, e.getMessage());
                notices.add(new Provenance.Notice("", "EXPERIMENTS_CONTRADICT", message));
            }
        }
        if (!overrides.isEmpty()) {
            plan = overridden(plan, overrides);
            optimal = PlanOverrides.optimal(overrides, optimal);
        }
        if (optimal.wanted()) {
            OptimalSearch.normalizer(plan);
        }
        Snapshot snapshot = PlanOverrides.release(overrides).isPresent()
                ? named(PlanOverrides.release(overrides).get())
                : liveOr(release, notices);
        return new Resolved(plan, new Trail(snapshot, assigned, notices), optimal);
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

    private Snapshot named(String release) {
        return store.snapshot(release)
                .orElseThrow(() ->
                        new NotFound("unknown-release", "release '%s' is neither live nor kept".formatted(release)));
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

    private Snapshot live() {
        Snapshot snapshot = store.current();
        if (snapshot.isEmpty()) {
            throw new NotReady("no-live-release", "no release is live yet: publish one first");
        }
        return snapshot;
    }

    private static int k(CandidateQuery query, ScoringPlan plan) {
        int k = query.k().orElse(plan.kDefault());
        if (k < 1 || k > Limits.K_MAX) {
            throw new Invalid("k-out-of-range", "k", "k must be 1 to %d: %d".formatted(Limits.K_MAX, k));
        }
        return k;
    }

    /** The kinds to answer: those wanted and live. */
    private static List<EntityKind> kinds(CandidateQuery query, ScoringPlan plan, Trail trail) {
        for (int i = 0; i < query.kinds().size(); i++) {
            if (!plan.kinds().contains(query.kinds().get(i))) {
                throw new Invalid(
                        "kind-not-on-surface",
                        "filters.kinds[%d]".formatted(i),
                        "surface %s answers %s, not %s"
                                .formatted(
                                        plan.surface(),
                                        plan.kinds(),
                                        query.kinds().get(i)));
            }
        }
        boolean explicit = !query.kinds().isEmpty();
        List<EntityKind> live = new ArrayList<>();
        List<String> lacks = new ArrayList<>();
        for (EntityKind kind : new LinkedHashSet<>(explicit ? query.kinds() : plan.kinds())) {
            Set<String> spaces = candidateSpaces(plan, kind);
            if (spaces.stream().anyMatch(trail::holds)) {
                live.add(kind);
            } else {
                lacks.add("release %s has no space for candidates of kind %s: needs one of %s"
                        .formatted(trail.release(), kind, spaces));
            }
        }
        if (live.isEmpty() || (explicit && !lacks.isEmpty())) {
            throw new NotReady("space-not-live", String.join("; ", lacks));
        }
        lacks.forEach(lack -> trail.notice("", MissingReason.UNKNOWN_VERSION, lack));
        for (ColumnPlan column : plan.columns()) {
            noteMissingSpaces(column, live, trail);
        }
        return live;
    }

    private static Set<String> candidateSpaces(ScoringPlan plan, EntityKind kind) {
        Set<String> spaces = new TreeSet<>();
        for (ColumnPlan column : plan.columns()) {
            Optional.ofNullable(column.candidates().get(kind)).ifPresent(spaces::add);
        }
        return spaces;
    }

    private static void noteMissingSpaces(ColumnPlan column, Collection<EntityKind> kinds, Trail trail) {
        for (EntityKind kind : kinds) {
            String space = column.candidates().get(kind);
            if (space != null && !trail.holds(space)) {
                trail.notice(
                        column.name(),
                        MissingReason.UNKNOWN_VERSION,
                        "release %s has no %s".formatted(trail.release(), space));
            }
        }
    }

    private Exclusions exclusions(CandidateQuery query, ScoringPlan plan, Trail trail) {
        if (query.excludeIds().size() > Limits.EXCLUDED_MAX) {
            throw new Invalid(
                    "too-many-excluded",
                    "filters.excludeIds",
                    "at most %d ids are left out: %d"
                            .formatted(Limits.EXCLUDED_MAX, query.excludeIds().size()));
        }
        List<String> histories = query.excludeHistories().orElse(plan.exclude());
        for (int i = 0; i < histories.size(); i++) {
            if (!(store.space(histories.get(i)).orElse(null) instanceof SparseSpace)) {
                throw new Invalid(
                        "unknown-history",
                        "filters.excludeHistories[%d]".formatted(i),
                        "no history space is called '%s'".formatted(histories.get(i)));
            }
        }
        Exclusions exclusions = new Exclusions(query.excludeIds());
        if (query.source() instanceof Source.Entities entities) {
            exclusions.addSource(entities, histories, trail);
        }
        return exclusions;
    }

    private List<ColumnSource> sources(Source source, ScoringPlan plan, Collection<EntityKind> kinds, Trail trail) {
        return sources(source, plan.columns(), plan.disabled(), kinds, trail);
    }

    private List<ColumnSource> sources(
            Source source, List<ColumnPlan> columns, Set<String> disabled, Collection<EntityKind> kinds, Trail trail) {
        EmbeddingLookup lookup = new EmbeddingLookup(trail, upstream, upstreamBudget);
        return new SourceResolver(trail, lookup, sharedColumns, kinds).resolve(source, columns, disabled);
    }

    private <T> T inTurn(Supplier<T> computation) {
        try {
            if (!turns.tryAcquire(TURN_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Overloaded(
                        "too-many-searches",
                        "%d searches compute at once, and none ended within %s".formatted(searchesMax, TURN_WAIT));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Overloaded("interrupted", "the request was interrupted while it waited for its turn");
        }
        try {
            return computation.get();
        } finally {
            turns.release();
        }
    }

    /**
     * Scores given candidates: as many entries as candidates, in their order. Throws as {@link #candidates}, and
     * {@link repscorer.core.failure.ScorerException.Conflict} for spaces of two models.
     */
    public ScoredList scores(ScoreQuery query) {
        if (query.candidates().isEmpty() || query.candidates().size() > Limits.CANDIDATES_MAX) {
            throw new Invalid(
                    "candidates-out-of-range",
                    "candidates",
                    "1 to %d candidates are scored: %d"
                            .formatted(Limits.CANDIDATES_MAX, query.candidates().size()));
        }
        return switch (query) {
            case ScoreQuery.BySurface bySurface -> scores(bySurface);
            case ScoreQuery.BySimilarity bySimilarity -> scores(bySimilarity);
        };
    }

    private ScoredList scores(ScoreQuery.BySurface query) {
        StageClock clock = new StageClock(query.surface(), listener);
        Resolved resolved = resolve(query.surface(), query.unit(), query.overrides());
        ScoringPlan plan = resolved.plan;
        Trail trail = resolved.trail;
        Set<EntityKind> kinds = kindsOf(query.candidates());
        plan.columns().forEach(column -> noteMissingSpaces(column, kinds, trail));
        List<ColumnSource> sources = sources(query.source(), plan, kinds, trail);
        clock.end("source");
        return inTurn(() -> {
            List<EntityId> distinct = CandidateRun.ordered(distinct(query), plan);
            ScoreTable table = ScoreTable.of(plan.columns(), sources, distinct, trail);
            clock.end("score");
            Blend blend = table.blend(plan.blend());
            clock.end("blend");
            List<ScoredList.Entry> entries = entries(query, table, blend, false);
            return new ScoredList(
                    entries,
                    true,
                    plan.blend().range(weights(plan)),
                    plan.blend().unit(),
                    trail.toProvenance(decisionIds.next(), clock.finish()));
        });
    }

    private ScoredList scores(ScoreQuery.BySimilarity query) {
        StageClock clock = new StageClock(BY_SIMILARITY, listener);
        Similarity similarity = query.comparison().similarity();
        List<ColumnPlan> column = List.of(comparisons.column(query.comparison()));
        Trail trail = new Trail(live(), List.of(), List.of());
        pairScoring.checkLive(query.comparison(), trail);
        List<ColumnSource> sources = sources(query.source(), column, Set.of(), kindsOf(query.candidates()), trail);
        clock.end("source");
        return inTurn(() -> {
            List<EntityId> distinct = distinct(query);
            ScoreTable table = ScoreTable.of(column, sources, distinct, trail);
            Blend unblended = table.blend(new BlendRecipe.Linear(Normalizer.NONE));
            clock.end("score");
            return new ScoredList(
                    entries(query, table, unblended, true),
                    similarity.higherIsCloser(),
                    similarity.range(),
                    similarity.unit(),
                    trail.toProvenance(decisionIds.next(), clock.finish()));
        });
    }

    /**
     * Scores pairs by one similarity: as many entries as pairs, in their order. Throws as {@link #scores}; a source that has
     * no embedding is an entry without a score.
     */
    public ScoredPairs pairs(PairQuery query) {
        if (query.pairs().isEmpty() || query.pairs().size() > Limits.CANDIDATES_MAX) {
            throw new Invalid(
                    "pairs-out-of-range",
                    "pairs",
                    "1 to %d pairs are scored: %d"
                            .formatted(Limits.CANDIDATES_MAX, query.pairs().size()));
        }
        return bySimilarity(
                trail -> pairScoring.pairs(query, trail),
                (entries, provenance) -> new ScoredPairs(query.comparison(), entries, provenance));
    }

    /** Looks sources up, then computes in turn. */
    private <T, A> A bySimilarity(
            Function<Trail, PairScoring.Prepared<T>> prepare, BiFunction<T, Provenance, A> answer) {
        StageClock clock = new StageClock(BY_SIMILARITY, listener);
        Trail trail = new Trail(live(), List.of(), List.of());
        PairScoring.Prepared<T> prepared = prepare.apply(trail);
        clock.end("source");
        return inTurn(() -> {
            T scores = prepared.compute();
            clock.end("score");
            return answer.apply(scores, trail.toProvenance(decisionIds.next(), clock.finish()));
        });
    }

    /** Scores every source with every candidate by one similarity; otherwise as {@link #pairs}. */
    public ScoredMatrix matrix(MatrixQuery query) {
        long cells = (long) query.sources().size() * query.candidates().size();
        if (cells < 1 || cells > Limits.MATRIX_CELLS_MAX) {
            throw new Invalid(
                    "matrix-out-of-range",
                    "sources",
                    "sources times candidates are 1 to %d: %d times %d"
                            .formatted(
                                    Limits.MATRIX_CELLS_MAX,
                                    query.sources().size(),
                                    query.candidates().size()));
        }
        return bySimilarity(
                trail -> pairScoring.matrix(query, trail),
                (matrix, provenance) -> new ScoredMatrix(
                        query.comparison(), matrix.sources(), matrix.candidates(), matrix.scores(), provenance));
    }

    /**
     * Recent-engagement features of candidates for a user: one read of the user's signals, then one entry per candidate, in
     * their order.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound when no features are declared
     * @throws repscorer.core.failure.ScorerException.NotReady before the first release
     */
    public EngagementFeatures engagement(EngagementQuery query) {
        if (query.candidates().isEmpty() || query.candidates().size() > Limits.CANDIDATES_MAX) {
            throw new Invalid(
                    "candidates-out-of-range",
                    "candidates",
                    "features are made of 1 to %d candidates: %d"
                            .formatted(Limits.CANDIDATES_MAX, query.candidates().size()));
        }
        if (engagement.signals().isEmpty()) {
            throw new NotFound("no-features", "no features of recent engagement are declared");
        }
        StageClock clock = new StageClock("engagement", listener);
        Trail trail = new Trail(live(), List.of(), List.of());
        SignalSource.Answer read = signals.read(query.user(), engagement.types(), upstreamBudget);
        clock.end("source");
        List<String> names = engagement.signals().stream()
                .flatMap(features -> features.names().stream())
                .toList();
        return switch (read) {
            case SignalSource.Answer.Found found ->
                inTurn(() -> {
                    List<EngagementFeatures.Entry> entries = new Engagement(
                                    engagement, pairScoring, trail, time.millis())
                            .entries(query.candidates(), found.signals());
                    clock.end("score");
                    return new EngagementFeatures(
                            names,
                            found.signals().size(),
                            entries,
                            trail.toProvenance(decisionIds.next(), clock.finish()));
                });
            case SignalSource.Answer.Unavailable gone -> {
                MissingReason reason = gone.timedOut() ? MissingReason.TIMEOUT : MissingReason.ERROR;
                trail.notice("", reason, "the signals of %s are not known: %s".formatted(query.user(), gone.cause()));
                yield new EngagementFeatures(
                        names,
                        0,
                        query.candidates().stream()
                                .map(id -> new EngagementFeatures.Entry(id, Map.of(), Optional.of(reason)))
                                .toList(),
                        trail.toProvenance(decisionIds.next(), clock.finish()));
            }
        };
    }

    /**
     * A scorer of lists over primitives, for callers in this process: it reads the release that is live now, takes no turn
     * and asks no upstream. Throws as {@link #pairs}.
     */
    public ListScorer lists(Comparison comparison) {
        return pairScoring.lists(comparison, new Trail(live(), List.of(), List.of()));
    }

    private static Set<EntityKind> kindsOf(Collection<EntityId> ids) {
        Set<EntityKind> kinds = new TreeSet<>();
        ids.forEach(id -> kinds.add(id.kind()));
        return kinds;
    }

    private static List<EntityId> distinct(ScoreQuery query) {
        return List.copyOf(new LinkedHashSet<>(query.candidates()));
    }

    private static double weights(ScoringPlan plan) {
        return plan.columns().stream().mapToDouble(ColumnPlan::weight).sum();
    }

    /** @param raw whether the score is the first column's own value and not the blend's */
    private static List<ScoredList.Entry> entries(ScoreQuery query, ScoreTable table, Blend blend, boolean raw) {
        Map<EntityId, ScoredList.Entry> byId = new HashMap<>();
        Explainer explainer = new Explainer(table, blend, Map.of(), table.trail());
        for (int i = 0; i < table.ids().size(); i++) {
            EntityId id = table.ids().get(i);
            byId.put(
                    id,
                    blend.ranked(i)
                            ? new ScoredList.Entry.Scored(
                                    id,
                                    raw ? table.value(0, i) : blend.score(i),
                                    query.explain() ? explained(explainer, table, i, raw) : List.of(),
                                    query.explain() ? explainer.sharedClusters(i) : List.of())
                            : new ScoredList.Entry.Missing(id, table.reason(i)));
        }
        List<ScoredList.Entry> entries = new ArrayList<>();
        for (EntityId id : query.candidates()) {
            entries.add(Optional.ofNullable(byId.get(id)).orElseThrow());
        }
        return entries;
    }

    private static List<ColumnScore> explained(Explainer explainer, ScoreTable table, int candidate, boolean raw) {
        if (!raw) {
            return explainer.columns(candidate);
        }
        double value = table.value(0, candidate);
        return List.of(
                new ColumnScore.Present(table.columns().getFirst().name(), value, value, 1, value, Optional.empty()));
    }

    /**
     * The embeddings of ids in a space of the live or a named release, in the order asked for; absent ids are absent from
     * the map.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound for an unknown space or release
     * @throws repscorer.core.failure.ScorerException.NotReady when the release lacks the space, or none is live
     */
    public Map<EntityId, Embedding> embeddings(String space, Collection<EntityId> ids, Optional<String> release) {
        Space declared = spaces.named("space", space);
        Snapshot snapshot = release.map(this::named).orElseGet(this::live);
        SpaceVersion version = snapshot.space(declared.name())
                .orElseThrow(() ->
                        new NotReady("space-not-live", "release %s has no %s".formatted(snapshot.release(), space)));
        Map<EntityId, Embedding> embeddings = new LinkedHashMap<>();
        for (EntityId id : ids) {
            EmbeddingLookup.row(version, id).ifPresent(embedding -> embeddings.put(id, embedding));
        }
        return embeddings;
    }
}
