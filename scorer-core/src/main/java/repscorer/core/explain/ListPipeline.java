package repscorer.core.explain;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import repscorer.core.align.ReleaseAlignments;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.ScoredList;
import repscorer.core.blend.Blend;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.candidates.AnswerScope;
import repscorer.core.candidates.FactNumbers;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.pair.CandidateNumbers;
import repscorer.core.pair.EngagementScoring;
import repscorer.core.pair.ScoreTable;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.ScoreQuery;
import repscorer.core.request.Budget;
import repscorer.core.request.ComputePermits;
import repscorer.core.request.EntitySet;
import repscorer.core.request.Request;
import repscorer.core.request.RequestTrace;
import repscorer.core.request.StageClock;
import repscorer.core.similarity.Similarity;
import repscorer.core.source.EmbeddingLookup;
import repscorer.core.source.QueryVector;
import repscorer.core.source.SourceResolver;

/** The way of a request to score given candidates: its source, every column's score, one blend. Safe for concurrent use. */
public final class ListPipeline {

    private final EmbeddingSource upstream;
    private final ComputePermits permits;
    private final ReleaseAlignments alignments;
    private final EngagementScoring engagement;

    /**
     * @param upstream asked for sources that the release does not hold
     * @param alignments that vectors of other versions go through
     * @param engagement makes what models read of a user's doings
     */
    public ListPipeline(
            EmbeddingSource upstream,
            ComputePermits permits,
            ReleaseAlignments alignments,
            EngagementScoring engagement) {
        this.engagement = engagement;
        this.upstream = upstream;
        this.permits = permits;
        this.alignments = alignments;
    }

    /** By a surface's plan; normalisers see the given candidates. */
    public ScoredList run(
            ScoreQuery.BySurface query, Request request, StageClock clock, Supplier<Provenance> provenance) {
        ScoringPlan plan = request.plan();
        RequestTrace trace = request.trace();
        AnswerScope.noteMissingSpaces(plan, kinds(query), trace);
        List<QueryVector> sources = sources(query, plan.columns(), plan.disabled(), trace, request.budget());
        CandidateNumbers numbers = FactNumbers.of(query.source(), request, engagement);
        clock.end("source");
        long pairs = (long) query.candidates().size() * plan.columns().size();
        return permits.computing(pairs > Request.HEAVY_PAIRS, () -> {
            int[] asked = trace.entities().numbers(query.candidates());
            EntitySet distinct = EntitySet.of(asked, trace.entities());
            EntitySet candidates = plan.blend().interleaves() ? distinct.sorted() : distinct;
            ScoreTable table = ScoreTable.of(plan.columns(), sources, candidates, trace, numbers);
            clock.end("score");
            Blend blend = table.blend(plan.blend());
            clock.end("blend");
            double weights =
                    plan.columns().stream().mapToDouble(ColumnPlan::weight).sum();
            return new ScoredList(
                    new ListAssembler(query, table, blend, trace, false).entries(asked),
                    true,
                    plan.blend().range(weights),
                    plan.blend().unit(),
                    provenance.get());
        });
    }

    /**
     * By one similarity.
     *
     * @param column the comparison as a column
     */
    public ScoredList run(
            ScoreQuery.BySimilarity query,
            ColumnPlan column,
            RequestTrace trace,
            Budget budget,
            StageClock clock,
            Supplier<Provenance> provenance) {
        List<ColumnPlan> columns = List.of(column);
        List<QueryVector> sources = sources(query, columns, Set.of(), trace, budget);
        clock.end("source");
        return permits.holding(() -> {
            int[] asked = trace.entities().numbers(query.candidates());
            EntitySet candidates = EntitySet.of(asked, trace.entities());
            ScoreTable table = ScoreTable.of(columns, sources, candidates, trace, CandidateNumbers.NONE);
            Blend unblended = table.blend(new BlendRecipe.Linear(Normalizer.NONE));
            clock.end("score");
            Similarity similarity = column.similarity();
            return new ScoredList(
                    new ListAssembler(query, table, unblended, trace, true).entries(asked),
                    similarity.higherIsCloser(),
                    similarity.range(),
                    similarity.unit(),
                    provenance.get());
        });
    }

    private List<QueryVector> sources(
            ScoreQuery query, List<ColumnPlan> columns, Set<String> disabled, RequestTrace trace, Budget budget) {
        return new SourceResolver(trace, new EmbeddingLookup(trace, upstream, budget), kinds(query), alignments)
                .resolve(query.source(), columns, disabled);
    }

    private static Set<EntityKind> kinds(ScoreQuery query) {
        Set<EntityKind> kinds = new TreeSet<>();
        EntityKind last = null;
        for (EntityId id : query.candidates()) {
            if (!id.kind().equals(last)) {
                last = id.kind();
                kinds.add(last);
            }
        }
        return kinds;
    }
}
