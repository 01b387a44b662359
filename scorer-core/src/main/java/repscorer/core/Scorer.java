package repscorer.core;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
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
import java.util.function.Supplier;
import java.util.stream.IntStream;
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
    private final PlanChecks checks;
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

    /**
     * @param plans one per surface
     * @param upstream asked for sources that the release does not hold
     * @param upstreamBudget how long one request waits for it at most
     * @param searchesMax searches that compute at once; a request waits a second for its turn, then is refused
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
            StageListener listener) {
        if (searchesMax < 1 || upstreamBudget.isNegative()) {
            throw new IllegalArgumentException(
                    "searches-max must be at least 1 and upstream-budget not negative: %d and %s"
                            .formatted(searchesMax, upstreamBudget));
        }
        this.store = store;
        this.checks = new PlanChecks(store);
        this.assigner = assigner;
        this.upstream = upstream;
        this.upstreamBudget = upstreamBudget;
        this.pairScoring = new PairScoring(store, upstream, upstreamBudget, sharedColumns);
        this.turns = new Semaphore(searchesMax, true);
        this.searchesMax = searchesMax;
        this.listener = listener;
        this.decisionIds = new DecisionIds(
                Clock.systemUTC(), () -> ThreadLocalRandom.current().nextLong());
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
        Resolved resolved = resolve(query.surface(), query.unit(), query.overrides());
        ScoringPlan plan = resolved.plan;
        Trail trail = resolved.trail;
        int k = k(query, plan);
        List<EntityKind> kinds = kinds(query, plan, trail);
        Exclusions exclusions = exclusions(query, plan, trail);
        List<ColumnSource> sources = sources(query.source(), plan.columns(), kinds, trail);
        clock.end("source");
        return inTurn(() -> {
            CandidateUnion union = new CandidateUnion(trail, exclusions, k);
            for (int c = 0; c < sources.size(); c++) {
                union.retrieve(plan.columns().get(c), sources.get(c), kinds);
            }
            clock.end("retrieve");
            ScoreTable table = ScoreTable.of(plan.columns(), sources, union.ids(), trail);
            clock.end("score");
            Blend blend = table.blend(plan.blend());
            Ranked ranked = Ranked.OF_UNION;
            if (resolved.optimal.wanted()) {
                OptimalSearch.Outcome outcome = new OptimalSearch(plan, sources, kinds, exclusions, trail, boundsCache)
                        .run(table, blend, k, resolved.optimal);
                ranked = outcome.ranked();
                if (!outcome.found().isEmpty()) {
                    List<EntityId> all = new ArrayList<>(union.ids());
                    all.addAll(outcome.found());
                    table = ScoreTable.of(plan.columns(), sources, all, trail);
                    blend = table.blend(plan.blend(), union.ids().size());
                }
                clock.end("optimal");
            }
            List<ScoredCandidate> best = best(table, blend, k, query.explain());
            clock.end("blend");
            return new ScoredCandidates(
                    best,
                    k,
                    shortfall(best.size(), k, union.ids().size(), exclusions.count()),
                    ranked,
                    trail.toProvenance(decisionIds.next(), clock.finish()));
        });
    }

    /** A plan with all overrides applied, and the snapshot it reads. */
    private record Resolved(ScoringPlan plan, Trail trail, OptimalOptions optimal) {}

    private Resolved resolve(String surface, Optional<String> unit, Map<String, String> overrides) {
        ScoringPlan plan = plans.get(surface);
        if (plan == null) {
            throw new NotFound(
                    "unknown-surface", "no surface is called '%s'; there are %s".formatted(surface, plans.keySet()));
        }
        List<Provenance.Assigned> assigned = new ArrayList<>();
        List<Provenance.Notice> notices = new ArrayList<>();
        Optional<String> release = Optional.empty();
        OptimalOptions optimal = OptimalOptions.DEFAULT;
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
            OptimalSearch.check(plan);
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

    private List<ColumnSource> sources(
            Source source, List<ColumnPlan> columns, Collection<EntityKind> kinds, Trail trail) {
        EmbeddingLookup lookup = new EmbeddingLookup(trail, upstream, upstreamBudget);
        return new SourceResolver(trail, lookup, sharedColumns, kinds).resolve(source, columns);
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

    private static List<ScoredCandidate> best(ScoreTable table, Blend blend, int k, boolean explain) {
        List<EntityId> ids = table.ids();
        return IntStream.range(0, ids.size())
                .filter(blend::ranked)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -blend.score(i))
                        .thenComparing(ids::get))
                .limit(k)
                .map(i -> new ScoredCandidate(
                        ids.get(i),
                        blend.score(i),
                        explain ? Explainer.columns(table, blend, i) : List.of(),
                        explain ? Explainer.sharedClusters(table, i) : List.of()))
                .toList();
    }

    private static Optional<String> shortfall(int answered, int k, int found, int excluded) {
        return answered >= k
                ? Optional.empty()
                : Optional.of("exhausted: %d of %d; the searches found %d candidates, %d ids were left out"
                        .formatted(answered, k, found, excluded));
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
        List<ColumnSource> sources = sources(query.source(), plan.columns(), kinds, trail);
        clock.end("source");
        return inTurn(() -> {
            List<EntityId> distinct = List.copyOf(new LinkedHashSet<>(query.candidates()));
            ScoreTable table = ScoreTable.of(plan.columns(), sources, distinct, trail);
            clock.end("score");
            Blend blend = table.blend(plan.blend());
            clock.end("blend");
            List<ScoredList.Entry> entries = entries(query, table, blend, false);
            return new ScoredList(
                    entries, true, range(plan), unit(plan), trail.toProvenance(decisionIds.next(), clock.finish()));
        });
    }

    private ScoredList scores(ScoreQuery.BySimilarity query) {
        StageClock clock = new StageClock(BY_SIMILARITY, listener);
        Similarity similarity = query.comparison().similarity();
        List<ColumnPlan> column = List.of(pairScoring.column(query.comparison()));
        Trail trail = new Trail(live(), List.of(), List.of());
        pairScoring.checkLive(query.comparison(), trail);
        List<ColumnSource> sources = sources(query.source(), column, kindsOf(query.candidates()), trail);
        clock.end("source");
        return inTurn(() -> {
            List<EntityId> distinct = List.copyOf(new LinkedHashSet<>(query.candidates()));
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
        StageClock clock = new StageClock(BY_SIMILARITY, listener);
        Trail trail = new Trail(live(), List.of(), List.of());
        PairScoring.Prepared<List<ScoredPairs.Entry>> prepared = pairScoring.pairs(query, trail);
        clock.end("source");
        return inTurn(() -> {
            List<ScoredPairs.Entry> entries = prepared.compute();
            clock.end("score");
            return new ScoredPairs(query.comparison(), entries, trail.toProvenance(decisionIds.next(), clock.finish()));
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
        StageClock clock = new StageClock(BY_SIMILARITY, listener);
        Trail trail = new Trail(live(), List.of(), List.of());
        PairScoring.Prepared<PairScoring.Matrix> prepared = pairScoring.matrix(query, trail);
        clock.end("source");
        return inTurn(() -> {
            PairScoring.Matrix matrix = prepared.compute();
            clock.end("score");
            return new ScoredMatrix(
                    query.comparison(),
                    matrix.sources(),
                    matrix.candidates(),
                    matrix.scores(),
                    trail.toProvenance(decisionIds.next(), clock.finish()));
        });
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

    /** @param raw whether the score is the first column's own value and not the blend's */
    private static List<ScoredList.Entry> entries(ScoreQuery query, ScoreTable table, Blend blend, boolean raw) {
        Map<EntityId, ScoredList.Entry> byId = new HashMap<>();
        for (int i = 0; i < table.ids().size(); i++) {
            EntityId id = table.ids().get(i);
            byId.put(
                    id,
                    blend.ranked(i)
                            ? new ScoredList.Entry.Scored(
                                    id,
                                    raw ? table.value(0, i) : blend.score(i),
                                    query.explain() ? explained(table, blend, i, raw) : List.of(),
                                    query.explain() ? Explainer.sharedClusters(table, i) : List.of())
                            : new ScoredList.Entry.Missing(id, table.reason(i)));
        }
        List<ScoredList.Entry> entries = new ArrayList<>();
        for (EntityId id : query.candidates()) {
            entries.add(Optional.ofNullable(byId.get(id)).orElseThrow());
        }
        return entries;
    }

    private static List<ColumnScore> explained(ScoreTable table, Blend blend, int candidate, boolean raw) {
        if (!raw) {
            return Explainer.columns(table, blend, candidate);
        }
        double value = table.value(0, candidate);
        return List.of(
                new ColumnScore.Present(table.columns().getFirst().name(), value, value, 1, value, Optional.empty()));
    }

    /** What a plan's blended scores are measured in, for people. */
    private static String unit(ScoringPlan plan) {
        return switch (plan.blend()) {
            case BlendRecipe.Linear linear ->
                switch (linear.normalizer()) {
                    case NONE -> "weighted similarities";
                    case MIN_MAX -> "weighted shares of each column's range";
                    case Z_SCORE -> "weighted standard deviations";
                };
            case BlendRecipe.ReciprocalRank ranked -> "weighted reciprocal ranks";
        };
    }

    /** The interval of a plan's blended scores, for people. */
    private static String range(ScoringPlan plan) {
        double weights = plan.columns().stream().mapToDouble(ColumnPlan::weight).sum();
        return switch (plan.blend()) {
            case BlendRecipe.Linear linear ->
                switch (linear.normalizer()) {
                    case MIN_MAX -> "[0, %s]".formatted(weights);
                    case NONE, Z_SCORE -> "unbounded";
                };
            case BlendRecipe.ReciprocalRank ranked -> "[0, %s]".formatted(weights / (ranked.rankConstant() + 1.0));
        };
    }

    /**
     * The embeddings of ids in a space of the live or a named release, in the order asked for; absent ids are absent from
     * the map.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound for an unknown space or release
     * @throws repscorer.core.failure.ScorerException.NotReady when the release lacks the space, or none is live
     */
    public Map<EntityId, Embedding> embeddings(String space, Collection<EntityId> ids, Optional<String> release) {
        Space declared = pairScoring.declared("space", space);
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
