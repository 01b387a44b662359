package repscorer.core;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import repscorer.core.CandidateRuns.Reader;
import repscorer.core.align.Alignment;
import repscorer.core.align.AlignmentOptions;
import repscorer.core.align.ReleaseAlignments;
import repscorer.core.answer.Decided;
import repscorer.core.answer.EngagementFeatures;
import repscorer.core.answer.MissingReason;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.answer.ScoredList;
import repscorer.core.answer.ScoredMatrix;
import repscorer.core.answer.ScoredPairs;
import repscorer.core.answer.WhyNot;
import repscorer.core.candidates.CandidatePipeline;
import repscorer.core.complete.Completed;
import repscorer.core.complete.Completer;
import repscorer.core.drift.DriftOptions;
import repscorer.core.drift.DriftReport;
import repscorer.core.drift.ReleaseDrift;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.experiment.Assigner;
import repscorer.core.experiment.Switches;
import repscorer.core.explain.AnswerAssembler;
import repscorer.core.explain.DecidedAssembler;
import repscorer.core.explain.ListPipeline;
import repscorer.core.explain.Remedy;
import repscorer.core.explain.WhyNotAnalysis;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.pair.EngagementScoring;
import repscorer.core.pair.ListScorer;
import repscorer.core.pair.PairScoring;
import repscorer.core.plan.Comparison;
import repscorer.core.plan.ComparisonChecks;
import repscorer.core.plan.DeclaredSpaces;
import repscorer.core.plan.EngagementPlan;
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
import repscorer.core.recall.SearchListener;
import repscorer.core.request.Budget;
import repscorer.core.request.ComputePermits;
import repscorer.core.request.DecisionIds;
import repscorer.core.request.PlanResolver;
import repscorer.core.request.Request;
import repscorer.core.request.RequestTrace;
import repscorer.core.request.Resolved;
import repscorer.core.request.StageClock;
import repscorer.core.request.StageListener;
import repscorer.core.signal.SignalSource;
import repscorer.core.source.EmbeddingLookup;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.Snapshot;

/**
 * Answers requests for candidates and for scores. Safe for concurrent use; a request reads one snapshot throughout, and all its
 * waits together end with one budget.
 */
public final class Scorer {

    private final SimilarityScores similarities;
    private final PlanResolver resolver;
    private final CandidatePipeline pipeline;
    private final CandidatePipeline aside;
    private final CandidateRuns runs;
    private final PairScoring pairScoring;
    private final EngagementScoring engagement;
    private final ListPipeline lists;
    private final ReleaseAlignments alignments;
    private final EmbeddingSource upstream;
    private final Duration budget;
    private final ComputePermits permits;
    private final StageListener listener;
    private final InstantSource time;
    private final DecisionIds decisionIds =
            new DecisionIds(Clock.systemUTC(), () -> ThreadLocalRandom.current().nextLong());

    /**
     * @param plans one per surface
     * @param upstream asked for sources that the release does not hold
     * @param budget how long one request waits for others at most: for embeddings and signals together
     * @param permits to compute; whoever holds one when it asks needs no other
     * @param signals what rules and features read of a user's doings
     * @param engagement the features of recent engagement
     * @param time what ages are counted to
     * @param switches what is served to a share of those who ask
     * @param searches told of each search of a request that somebody waits for
     * @throws IllegalArgumentException when a plan or an experiment names a space, a column or a surface that is not
     *     declared, or spaces of one column differ in model
     */
    public Scorer(
            RepresentationStore store,
            Collection<ScoringPlan> plans,
            Assigner assigner,
            EmbeddingSource upstream,
            Duration budget,
            ComputePermits permits,
            StageListener listener,
            SignalSource signals,
            EngagementPlan engagement,
            InstantSource time,
            Switches switches,
            SearchListener searches) {
        if (budget.isNegative()) {
            throw new IllegalArgumentException("upstream-budget must not be negative: " + budget);
        }
        DeclaredSpaces spaces = new DeclaredSpaces(store.spaces());
        ComparisonChecks comparisons = new ComparisonChecks(spaces);
        PlanChecks checks = new PlanChecks(spaces, engagement);
        engagement.signals().forEach(checks::check);
        this.resolver = new PlanResolver(store, plans, checks, assigner, budget, time, switches);
        this.permits = permits;
        this.alignments = new ReleaseAlignments(store);
        this.pairScoring = new PairScoring(comparisons, upstream);
        this.engagement = new EngagementScoring(engagement, pairScoring, signals, permits);
        this.pipeline =
                new CandidatePipeline(spaces, upstream, signals, permits, alignments, this.engagement, searches);
        this.aside = pipeline.aside(new ComputePermits(1));
        this.runs = new CandidateRuns(permits, decisionIds);
        this.lists = new ListPipeline(upstream, permits, alignments, this.engagement);
        this.similarities = new SimilarityScores(
                resolver, comparisons, pairScoring, lists, budget, permits, listener, decisionIds, time);
        this.upstream = upstream;
        this.budget = budget;
        this.listener = listener;
        this.time = time;
    }

    /** A scorer that knows of no signals and reads the system's clock. */
    public Scorer(
            RepresentationStore store,
            Collection<ScoringPlan> plans,
            Assigner assigner,
            EmbeddingSource upstream,
            Duration budget,
            int searchesMax,
            StageListener listener) {
        this(
                store,
                plans,
                assigner,
                upstream,
                budget,
                new ComputePermits(searchesMax),
                listener,
                SignalSource.NONE,
                EngagementPlan.NONE,
                InstantSource.system(),
                Switches.NONE,
                SearchListener.NONE);
    }

    /** The surfaces' plans, in the order of their names. */
    public List<ScoringPlan> plans() {
        return resolver.plans();
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
        return candidates(pipeline, query, listener);
    }

    /**
     * The same where nobody waits for it: it takes no turn, and no stage is told. For one thread at a time; others wait.
     */
    public ScoredCandidates aside(CandidateQuery query) {
        return candidates(aside, query, StageListener.NONE);
    }

    private ScoredCandidates candidates(CandidatePipeline by, CandidateQuery query, StageListener heard) {
        return runs.run(
                resolver,
                by,
                query,
                false,
                heard,
                new Reader<>(
                        (result, provenance) -> AnswerAssembler.answer(result, query.explain(), provenance),
                        (both, provenance) -> AnswerAssembler.answer(both, query.explain(), provenance)));
    }

    /** The same as {@link #candidates}, with what the answer was made by. Costs a copy of k scores a column more. */
    public Decided decided(CandidateQuery query) {
        String decisionId = decisionIds.next();
        return decided(query, decisionId, runs.resolved(resolver, query, false, decisionId));
    }

    /**
     * Takes a decision again, by the plans, the release, the time and the id that it had. Nothing is sought with less effort.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound where its release is not kept
     * @throws repscorer.core.failure.ScorerException.Conflict for a plan that does not go with the spaces that are declared now
     */
    public Decided again(CandidateQuery query, Decided.Again again) {
        return decided(query, again.decisionId(), resolver.again(query.overrides(), again));
    }

    private Decided decided(CandidateQuery query, String decisionId, Resolved resolved) {
        List<Provenance.Notice> told = resolved.request().trace().notices();
        return runs.run(
                pipeline,
                query,
                decisionId,
                resolved,
                false,
                new StageClock(query.surface(), listener),
                new Reader<>(
                        (result, provenance) -> DecidedAssembler.decided(
                                result, told, AnswerAssembler.answer(result, query.explain(), provenance)),
                        (both, provenance) -> DecidedAssembler.decided(
                                both, told, AnswerAssembler.answer(both, query.explain(), provenance))));
    }

    /**
     * Tells which stage of the same request lost a candidate, and which settings would have kept it, each tried: runs the request
     * again up to some dozen times, each with the same draws where chance takes part; the override {@code seed} with the id of a
     * decision asks of that decision. Throws as {@link #candidates}.
     *
     * @param kMax how many candidates a request may ask for
     */
    public WhyNot whyNot(CandidateQuery query, EntityId id, int kMax) {
        CandidateQuery seeded = PlanOverrides.seed(query.overrides()).isPresent()
                ? query
                : query.withOverride(PlanOverrides.SEED, decisionIds.next());
        return permits.heavily(() -> Remedy.of(
                seeded, verdict(seeded, id, listener), again -> verdict(again, id, StageListener.NONE), kMax));
    }

    /** The same where a request may ask for as many as any. */
    public WhyNot whyNot(CandidateQuery query, EntityId id) {
        return whyNot(query, id, Limits.K_MAX);
    }

    private WhyNot verdict(CandidateQuery query, EntityId id, StageListener heard) {
        return runs.run(
                resolver,
                pipeline,
                query,
                true,
                heard,
                new Reader<>(
                        (result, provenance) -> new WhyNotAnalysis(result, id).verdict(provenance.get()),
                        (both, provenance) -> WhyNotAnalysis.verdict(both, id, provenance.get())));
    }

    private Provenance provenance(RequestTrace trace, StageClock clock) {
        return trace.toProvenance(decisionIds.next(), clock.finish());
    }

    /**
     * Scores given candidates: as many entries as candidates, in their order. Throws as {@link #candidates}, and
     * {@link repscorer.core.failure.ScorerException.Conflict} for spaces of two models.
     */
    public ScoredList scores(ScoreQuery query) {
        Limits.checkCount(
                "candidates", "candidates are scored", query.candidates().size());
        return switch (query) {
            case ScoreQuery.BySurface bySurface -> scores(bySurface);
            case ScoreQuery.BySimilarity bySimilarity -> similarities.scores(bySimilarity);
        };
    }

    private ScoredList scores(ScoreQuery.BySurface query) {
        StageClock clock = new StageClock(query.surface(), listener);
        String decisionId = decisionIds.next();
        Request request = resolver.resolve(query, decisionId).request();
        return lists.run(query, request, clock, () -> provenance(request.trace(), clock));
    }

    /**
     * Scores pairs by one similarity: as many entries as pairs, in their order. Throws as {@link #scores}; a source that has
     * no embedding is an entry without a score.
     */
    public ScoredPairs pairs(PairQuery query) {
        return similarities.pairs(query);
    }

    /** Scores every source with every candidate by one similarity; otherwise as {@link #pairs}. */
    public ScoredMatrix matrix(MatrixQuery query) {
        return similarities.matrix(query);
    }

    /**
     * Recent-engagement features of candidates for a user: one read of the user's signals, then one entry per candidate, in
     * their order.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound when no features are declared
     * @throws repscorer.core.failure.ScorerException.NotReady before the first release
     */
    public EngagementFeatures engagement(EngagementQuery query) {
        engagement.check(query);
        StageClock clock = new StageClock("engagement", listener);
        RequestTrace trace = RequestTrace.of(snapshot(query.release()), time.millis());
        EngagementScoring.Features features =
                engagement.features(query, trace, Budget.of(budget), clock, time.millis());
        return new EngagementFeatures(
                engagement.names(), features.signals(), features.entries(), provenance(trace, clock));
    }

    /**
     * A scorer of lists over primitives, for callers in this process: it reads the release that is live now, takes no turn
     * and asks no upstream. Throws as {@link #pairs}.
     */
    public ListScorer lists(Comparison comparison) {
        return pairScoring.lists(comparison, RequestTrace.of(resolver.live(), time.millis()));
    }

    /**
     * One embedding of a release; where the release lacks it, the upstream is asked for as long as the budget lasts. Empty
     * where neither has it.
     *
     * @param snapshot that holds the space
     * @throws repscorer.core.failure.ScorerException.NotReady when the upstream cannot say
     */
    public Optional<Embedding> embedding(Snapshot snapshot, String space, EntityId id) {
        EmbeddingLookup lookup =
                new EmbeddingLookup(RequestTrace.of(snapshot, time.millis()), upstream, Budget.of(budget));
        return switch (lookup.find(space, id)) {
            case EmbeddingLookup.Found.Row row -> Optional.of(row.embedding());
            case EmbeddingLookup.Found.Nothing nothing -> {
                if (nothing.reason() != MissingReason.NO_EMBEDDING_SOURCE
                        && nothing.reason() != MissingReason.EXPIRED) {
                    throw new NotReady("upstream-unavailable", nothing.message());
                }
                yield Optional.empty();
            }
        };
    }

    /**
     * The entities of the live release with a name whose words begin with a prefix, nearest first.
     *
     * @param kind empty for all kinds
     * @throws repscorer.core.failure.ScorerException.Invalid for a k or a prefix out of bounds
     * @throws repscorer.core.failure.ScorerException.NotReady where no names are live
     */
    public List<Completed> complete(String prefix, Optional<EntityKind> kind, int k) {
        Snapshot live = resolver.live();
        return permits.computing(false, () -> Completer.complete(live, prefix, kind, k));
    }

    /**
     * How one release differs from another, space by space and in what the surfaces answer; each may be live, kept or staged.
     * Computes long, heavily, and until the request's time is over.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound for an unknown release
     * @throws repscorer.core.failure.ScorerException.Overloaded when it would wait too long for its turn, or takes too long
     */
    public DriftReport compare(String release, String other, DriftOptions options) {
        Snapshot a = resolver.named(release);
        Snapshot b = resolver.named(other);
        return permits.heavily(() -> ReleaseDrift.of(a, b, plans(), this::best, options));
    }

    /** The maps between a release's coordinates and others', and what rows of other versions become by them. */
    public ReleaseAlignments alignments() {
        return alignments;
    }

    /**
     * Fits maps from the coordinates of one release onto another's and back, for each model, and keeps them with the second. Computes
     * long, heavily, and until the request's time is over.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound for an unknown release
     * @throws repscorer.core.failure.ScorerException.Conflict when there is nothing to align, or what was fitted finds too little
     * @throws repscorer.core.failure.ScorerException.Overloaded when it would wait too long for its turn, or takes too long
     */
    public List<Alignment> align(String from, String to, AlignmentOptions options) {
        Snapshot a = resolver.named(from);
        Snapshot b = resolver.named(to);
        return permits.heavily(() -> alignments.align(a, b, options));
    }

    /** With all the effort that the plan says, whatever else waits, and without chance, or releases would differ that do not. */
    private List<EntityId> best(String release, String surface, EntityId source, int k) {
        CandidateQuery query = CandidateQuery.of(surface, Source.Entities.of(source))
                .withK(k)
                .withOverride("release", release)
                .withOverride("explore.method", "none");
        return runs.run(
                resolver.unswitched(),
                pipeline,
                query,
                true,
                StageListener.NONE,
                new Reader<>(
                        (result, provenance) -> result.answered(),
                        (both, provenance) -> both.first().answered()));
    }

    /**
     * The best candidates of a surface out of a release that may not be known yet: by the surface's own plan, without chance. It takes
     * no turn; for one thread at a time, others wait. None where the release has no answer.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound for an unknown surface
     */
    public List<EntityId> best(Snapshot release, String surface, EntityId source, int k) {
        CandidateQuery query =
                CandidateQuery.of(surface, Source.Entities.of(source)).withK(k).withOverride("explore.method", "none");
        String decisionId = decisionIds.next();
        Request request = resolver.on(release, query, decisionId);
        try {
            return runs.run(
                    aside,
                    query,
                    decisionId,
                    new Resolved(request, Optional.empty()),
                    true,
                    new StageClock(surface, StageListener.NONE),
                    new Reader<>(
                            (result, provenance) -> result.answered(),
                            (both, provenance) -> both.first().answered()));
        } catch (NotFound | NotReady e) {
            return List.of();
        }
    }

    private Snapshot snapshot(Optional<String> release) {
        return release.map(resolver::named).orElseGet(resolver::live);
    }
}
