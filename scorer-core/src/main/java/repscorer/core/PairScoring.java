package repscorer.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.core.EmbeddingLookup.Found;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.SpaceVersion;

/** Scores pairs and matrices by one similarity between two spaces, and holds comparisons to their rules. */
final class PairScoring {

    private final RepresentationStore store;
    private final EmbeddingSource upstream;
    private final Duration upstreamBudget;
    private final SharedColumns sharedColumns;

    PairScoring(
            RepresentationStore store, EmbeddingSource upstream, Duration upstreamBudget, SharedColumns sharedColumns) {
        this.store = store;
        this.upstream = upstream;
        this.upstreamBudget = upstreamBudget;
        this.sharedColumns = sharedColumns;
    }

    /** A declared space, or a complaint that names the field. */
    Space declared(String field, String space) {
        return store.space(space)
                .orElseThrow(() -> new NotFound(
                        "unknown-space",
                        "no space is called '%s' (%s); declared are %s"
                                .formatted(
                                        space,
                                        field,
                                        store.spaces().stream().map(Space::name).toList())));
    }

    /** The comparison as a column that retrieves nothing and weighs 1. */
    ColumnPlan column(Comparison comparison) {
        Space source = declared("sourceSpace", comparison.sourceSpace());
        Space candidate = declared("candidateSpace", comparison.candidateSpace());
        check(comparison, source, candidate);
        Map<EntityKind, String> sources = Map.of(source.kind(), source.name());
        Map<EntityKind, String> candidates = Map.of(candidate.kind(), candidate.name());
        String name = comparison.similarity().wireName();
        if (source instanceof SparseSpace) {
            return new ColumnPlan.Sparse(
                    name, sources, candidates, comparison.similarity(), 0, 1, 1, 1, 0, Ranking.COSINE, true, 1);
        }
        List<ColumnPlan.Translation> translations = comparison.translation().stream()
                .map(each -> new ColumnPlan.Translation(source.kind(), candidate.kind(), each.space(), each.relation()))
                .toList();
        return new ColumnPlan.Dense(name, sources, candidates, comparison.similarity(), translations, 0, 1, true, 1);
    }

    private void check(Comparison comparison, Space source, Space candidate) {
        for (Space space : List.of(source, candidate)) {
            boolean dense = !(space instanceof SparseSpace);
            if (dense
                    ? !comparison.similarity().dense()
                    : !comparison.similarity().sparse()) {
                throw new Invalid(
                        "similarity-form-differs",
                        "similarity",
                        "%s does not compare %s vectors: space %s"
                                .formatted(
                                        comparison.similarity().wireName(), dense ? "dense" : "sparse", space.name()));
            }
        }
        if (source instanceof SparseSpace != candidate instanceof SparseSpace) {
            throw new Invalid(
                    "space-form-differs",
                    "candidateSpace",
                    "a dense and a sparse space cannot be compared: %s and %s"
                            .formatted(source.name(), candidate.name()));
        }
        checkFits(source, candidate);
        comparison.translation().ifPresent(translation -> {
            Space relations = declared("translation.space", translation.space());
            if (source instanceof SparseSpace || !relations.kind().equals(SourceResolver.RELATION)) {
                throw new Invalid(
                        "translation-misplaced",
                        "translation",
                        "a translation goes with dense spaces and is of kind %s: %s is of kind %s, %s is the source's"
                                .formatted(SourceResolver.RELATION, relations.name(), relations.kind(), source.name()));
            }
            checkFits(source, relations);
        });
    }

    private static void checkFits(Space a, Space b) {
        if (!a.model().equals(b.model())) {
            throw new Conflict(
                    "models-differ",
                    "spaces of two models cannot be compared: %s is of %s, %s of %s"
                            .formatted(a.name(), a.model(), b.name(), b.model()));
        }
        if (a instanceof DenseSpace x && b instanceof DenseSpace y && x.dimension() != y.dimension()) {
            throw new Conflict(
                    "dimensions-differ",
                    "spaces of two dimensions cannot be compared: %s has %d, %s has %d"
                            .formatted(x.name(), x.dimension(), y.name(), y.dimension()));
        }
    }

    /** Throws where the release lacks a space or the relation of a comparison. */
    void checkLive(Comparison comparison, Trail trail) {
        live(comparison.sourceSpace(), trail);
        live(comparison.candidateSpace(), trail);
        comparison.translation().ifPresent(translation -> translation(translation, trail));
    }

    private static SpaceVersion live(String space, Trail trail) {
        return trail.space(space)
                .orElseThrow(
                        () -> new NotReady("space-not-live", "release %s has no %s".formatted(trail.release(), space)));
    }

    private static float[] translation(Comparison.Translation translation, Trail trail) {
        EntityId relation = EntityId.of(SourceResolver.RELATION, translation.relation());
        Optional<Embedding> vector = EmbeddingLookup.row(live(translation.space(), trail), relation);
        if (vector.isPresent() && vector.get() instanceof Embedding.Dense dense) {
            return dense.values();
        }
        throw new NotFound(
                "unknown-relation",
                "release %s has no %s in %s".formatted(trail.release(), relation, translation.space()));
    }

    /**
     * A scorer of lists over the release of the trail.
     *
     * @throws Conflict where the columns of two sparse spaces stand for different things
     */
    ListScorer lists(Comparison comparison, Trail trail) {
        Space source = declared("sourceSpace", comparison.sourceSpace());
        Space candidate = declared("candidateSpace", comparison.candidateSpace());
        check(comparison, source, candidate);
        SpaceVersion sources = live(source.name(), trail);
        SpaceVersion candidates = live(candidate.name(), trail);
        if (source instanceof SparseSpace) {
            if (!sharedColumns.same(sources.file(), candidates.file())) {
                throw new Conflict(
                        "columns-differ",
                        "columns of %s and %s stand for different things in release %s"
                                .formatted(source.name(), candidate.name(), trail.release()));
            }
            return ListScorer.sparse(comparison, sources, candidates);
        }
        float[] zeros = new float[sources.file().dimension()];
        float[] translation =
                comparison.translation().map(each -> translation(each, trail)).orElse(zeros);
        return ListScorer.dense(comparison, sources, candidates, translation);
    }

    /** One side of a comparison: what its ids became. */
    private record Sources(Map<EntityId, Found> found) {

        Optional<MissingReason> missing(EntityId id) {
            return found.get(id) instanceof Found.Nothing nothing ? Optional.of(nothing.reason()) : Optional.empty();
        }
    }

    private Sources sources(Comparison comparison, List<EntityId> ids, Trail trail) {
        EntityKind kind = declared("sourceSpace", comparison.sourceSpace()).kind();
        EmbeddingLookup lookup = new EmbeddingLookup(trail, upstream, upstreamBudget);
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

    private Optional<MissingReason> missing(EntityKind kind, int ordinal, EntityId candidate) {
        if (!candidate.kind().equals(kind)) {
            return Optional.of(MissingReason.KIND_MISMATCH);
        }
        return ordinal < 0 ? Optional.of(MissingReason.NO_EMBEDDING_CANDIDATE) : Optional.empty();
    }

    /** Looks sources up, which may wait for upstream; then computes when asked. */
    interface Prepared<T> {

        T compute();
    }

    Prepared<List<ScoredPairs.Entry>> pairs(PairQuery query, Trail trail) {
        ListScorer lists = lists(query.comparison(), trail);
        Sources sources = sources(
                query.comparison(),
                query.pairs().stream().map(PairQuery.Pair::source).toList(),
                trail);
        return () -> entries(query, lists, sources);
    }

    private List<ScoredPairs.Entry> entries(PairQuery query, ListScorer lists, Sources sources) {
        EntityKind kind =
                declared("candidateSpace", query.comparison().candidateSpace()).kind();
        int[] ordinal = new int[1];
        double[] score = new double[1];
        EntityId current = null;
        List<ScoredPairs.Entry> entries = new ArrayList<>(query.pairs().size());
        for (PairQuery.Pair pair : query.pairs()) {
            ordinal[0] = pair.candidate().kind().equals(kind) ? lists.ordinal(pair.candidate()) : -1;
            Optional<MissingReason> missing =
                    sources.missing(pair.source()).or(() -> missing(kind, ordinal[0], pair.candidate()));
            score[0] = Double.NaN;
            if (missing.isEmpty() && sources.found.get(pair.source()) instanceof Found.Row row) {
                if (!pair.source().equals(current)) {
                    lists.source(row.embedding());
                    current = pair.source();
                }
                lists.score(ordinal, 1, score);
            }
            entries.add(new ScoredPairs.Entry(pair, score[0], missing));
        }
        return entries;
    }

    /** The scores and what is missing, not yet an answer. */
    record Matrix(List<ScoredMatrix.Side> sources, List<ScoredMatrix.Side> candidates, double[][] scores) {}

    Prepared<Matrix> matrix(MatrixQuery query, Trail trail) {
        ListScorer lists = lists(query.comparison(), trail);
        Sources sources = sources(query.comparison(), query.sources(), trail);
        return () -> matrix(query, lists, sources);
    }

    private Matrix matrix(MatrixQuery query, ListScorer lists, Sources sources) {
        EntityKind kind =
                declared("candidateSpace", query.comparison().candidateSpace()).kind();
        int columns = query.candidates().size();
        int[] ordinals = new int[columns];
        List<ScoredMatrix.Side> candidates = new ArrayList<>(columns);
        for (int c = 0; c < columns; c++) {
            EntityId candidate = query.candidates().get(c);
            ordinals[c] = candidate.kind().equals(kind) ? lists.ordinal(candidate) : -1;
            candidates.add(new ScoredMatrix.Side(candidate, missing(kind, ordinals[c], candidate)));
        }
        double[][] scores = new double[query.sources().size()][columns];
        List<ScoredMatrix.Side> rows = new ArrayList<>(scores.length);
        for (int r = 0; r < scores.length; r++) {
            EntityId source = query.sources().get(r);
            rows.add(new ScoredMatrix.Side(source, sources.missing(source)));
            if (sources.found.get(source) instanceof Found.Row row) {
                lists.source(row.embedding());
                lists.score(ordinals, columns, scores[r]);
            } else {
                Arrays.fill(scores[r], Double.NaN);
            }
        }
        return new Matrix(rows, candidates, scores);
    }
}
