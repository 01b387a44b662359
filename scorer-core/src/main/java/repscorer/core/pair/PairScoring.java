package repscorer.core.pair;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.core.answer.MissingReason;
import repscorer.core.answer.ScoredMatrix;
import repscorer.core.answer.ScoredPairs;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.plan.Comparison;
import repscorer.core.plan.ComparisonChecks;
import repscorer.core.query.MatrixQuery;
import repscorer.core.query.PairQuery;
import repscorer.core.request.Budget;
import repscorer.core.request.ComputePermits;
import repscorer.core.request.RequestTrace;
import repscorer.core.source.EmbeddingLookup;
import repscorer.core.source.EmbeddingLookup.Found;
import repscorer.core.store.SpaceVersion;

/** Scores pairs and matrices by one similarity between two spaces. */
public final class PairScoring {

    private final ComparisonChecks checks;
    private final EmbeddingSource upstream;

    /** @param upstream asked for sources that the release does not hold */
    public PairScoring(ComparisonChecks checks, EmbeddingSource upstream) {
        this.checks = checks;
        this.upstream = upstream;
    }

    EntityKind candidateKind(Comparison comparison) {
        return checks.sides(comparison).candidate().kind();
    }

    /** Throws where the release lacks a space or the relation of a comparison. */
    public void checkLive(Comparison comparison, RequestTrace trace) {
        trace.required(comparison.sourceSpace());
        trace.required(comparison.candidateSpace());
        comparison.translation().ifPresent(translation -> translation(translation, trace));
    }

    private static float[] translation(Comparison.Translation translation, RequestTrace trace) {
        EntityId relation = EntityId.of(EntityKind.RELATION, translation.relation());
        Optional<Embedding> vector = trace.required(translation.space()).embedding(relation);
        if (vector.isPresent() && vector.get() instanceof Embedding.Dense dense) {
            return dense.values();
        }
        throw new NotFound(
                "unknown-relation",
                "release %s has no %s in %s".formatted(trace.release(), relation, translation.space()));
    }

    /**
     * A scorer of lists over the release of the trace.
     *
     * @throws Conflict where the columns of two sparse spaces stand for different things
     */
    public ListScorer lists(Comparison comparison, RequestTrace trace) {
        ComparisonChecks.Sides sides = checks.sides(comparison);
        SpaceVersion sources = trace.required(comparison.sourceSpace());
        SpaceVersion candidates = trace.required(comparison.candidateSpace());
        if (sides.sparse()) {
            if (!sources.sameColumns(candidates)) {
                throw new Conflict(
                        "columns-differ",
                        "columns of %s and %s stand for different things in release %s"
                                .formatted(comparison.sourceSpace(), comparison.candidateSpace(), trace.release()));
            }
            return ListScorer.sparse(comparison, sources, candidates);
        }
        float[] zeros = new float[sources.file().dimension()];
        float[] translation =
                comparison.translation().map(each -> translation(each, trace)).orElse(zeros);
        return ListScorer.dense(comparison, sources, candidates, translation);
    }

    /** One side of a comparison: what its ids became. */
    private record Sources(Map<EntityId, Found> found) {

        Optional<MissingReason> missing(EntityId id) {
            return found.get(id) instanceof Found.Nothing nothing ? Optional.of(nothing.reason()) : Optional.empty();
        }
    }

    private Sources sources(Comparison comparison, List<EntityId> ids, RequestTrace trace, Budget budget) {
        EntityKind kind = checks.sides(comparison).source().kind();
        EmbeddingLookup lookup = new EmbeddingLookup(trace, upstream, budget);
        Map<EntityId, Found> found = new HashMap<>();
        for (EntityId id : ids) {
            if (!found.containsKey(id)) {
                found.put(
                        id,
                        id.kind().equals(kind)
                                ? lookup.find(comparison.sourceSpace(), id)
                                : new Found.Nothing(MissingReason.KIND_MISMATCH, ""));
            }
        }
        return new Sources(found);
    }

    private static Optional<MissingReason> missing(EntityKind kind, int ordinal, EntityId candidate, ListScorer lists) {
        if (!candidate.kind().equals(kind)) {
            return Optional.of(MissingReason.KIND_MISMATCH);
        }
        return ordinal < 0 ? Optional.of(MissingReason.ofCandidate(lists.isExpired(candidate))) : Optional.empty();
    }

    /** Looks sources up, which may wait for upstream; then computes when asked. */
    public interface Prepared<T> {

        T compute();
    }

    public Prepared<List<ScoredPairs.Entry>> pairs(PairQuery query, RequestTrace trace, Budget budget) {
        ListScorer lists = lists(query.comparison(), trace);
        Sources sources = sources(
                query.comparison(),
                query.pairs().stream().map(PairQuery.Pair::source).toList(),
                trace,
                budget);
        return () -> entries(query, lists, sources);
    }

    private List<ScoredPairs.Entry> entries(PairQuery query, ListScorer lists, Sources sources) {
        EntityKind kind = candidateKind(query.comparison());
        int[] ordinal = new int[1];
        double[] score = new double[1];
        EntityId current = null;
        boolean comparable = true;
        List<ScoredPairs.Entry> entries = new ArrayList<>(query.pairs().size());
        for (PairQuery.Pair pair : query.pairs()) {
            ordinal[0] = pair.candidate().kind().equals(kind) ? lists.ordinal(pair.candidate()) : -1;
            Optional<MissingReason> missing =
                    sources.missing(pair.source()).or(() -> missing(kind, ordinal[0], pair.candidate(), lists));
            score[0] = Double.NaN;
            if (missing.isEmpty() && sources.found.get(pair.source()) instanceof Found.Row row) {
                if (!pair.source().equals(current)) {
                    ComputePermits.checkTime();
                    comparable = lists.source(row.embedding());
                    current = pair.source();
                }
                if (comparable) {
                    lists.score(ordinal, 1, score);
                } else {
                    missing = Optional.of(MissingReason.NO_EMBEDDING_SOURCE);
                }
            }
            entries.add(new ScoredPairs.Entry(pair, score[0], missing));
        }
        return entries;
    }

    /** The scores and what is missing, not yet an answer. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    public record Matrix(List<ScoredMatrix.Side> sources, List<ScoredMatrix.Side> candidates, double[][] scores) {}

    public Prepared<Matrix> matrix(MatrixQuery query, RequestTrace trace, Budget budget) {
        ListScorer lists = lists(query.comparison(), trace);
        Sources sources = sources(query.comparison(), query.sources(), trace, budget);
        return () -> matrix(query, lists, sources);
    }

    private Matrix matrix(MatrixQuery query, ListScorer lists, Sources sources) {
        EntityKind kind = candidateKind(query.comparison());
        int columns = query.candidates().size();
        int[] ordinals = new int[columns];
        List<ScoredMatrix.Side> candidates = new ArrayList<>(columns);
        for (int c = 0; c < columns; c++) {
            EntityId candidate = query.candidates().get(c);
            ordinals[c] = candidate.kind().equals(kind) ? lists.ordinal(candidate) : -1;
            candidates.add(new ScoredMatrix.Side(candidate, missing(kind, ordinals[c], candidate, lists)));
        }
        double[][] scores = new double[query.sources().size()][columns];
        List<ScoredMatrix.Side> rows = new ArrayList<>(scores.length);
        for (int r = 0; r < scores.length; r++) {
            ComputePermits.checkTime();
            EntityId source = query.sources().get(r);
            Optional<MissingReason> missing = sources.missing(source);
            if (sources.found.get(source) instanceof Found.Row row) {
                if (lists.source(row.embedding())) {
                    lists.score(ordinals, columns, scores[r]);
                } else {
                    missing = Optional.of(MissingReason.NO_EMBEDDING_SOURCE);
                }
            }
            if (missing.isPresent()) {
                Arrays.fill(scores[r], Double.NaN);
            }
            rows.add(new ScoredMatrix.Side(source, missing));
        }
        return new Matrix(rows, candidates, scores);
    }
}
