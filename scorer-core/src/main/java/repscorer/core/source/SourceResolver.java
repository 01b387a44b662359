package repscorer.core.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import repscorer.core.align.ReleaseAlignments;
import repscorer.core.answer.MissingReason;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.query.Source;
import repscorer.core.request.RequestTrace;
import repscorer.core.similarity.Similarity;
import repscorer.core.source.EmbeddingLookup.Found;
import repscorer.core.source.MeanVector.Part;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.VectorOps;

/** Turns a request's source into what each column compares candidates with. For one request and one thread. */
public final class SourceResolver {

    private static final int IDS_IN_MESSAGE = 5;
    private static final String NO_COSINE = "the source is a vector of zeros, which has no cosine";

    private final RequestTrace trace;
    private final EmbeddingLookup lookup;
    private final CandidateSpaces spaces;
    private final MeanVector mean;
    private final InlineVectors inline;

    /**
     * @param kinds of candidates the request wants
     * @param alignments that vectors of other versions go through
     */
    public SourceResolver(
            RequestTrace trace, EmbeddingLookup lookup, Collection<EntityKind> kinds, ReleaseAlignments alignments) {
        this.trace = trace;
        this.lookup = lookup;
        this.spaces = new CandidateSpaces(trace, kinds);
        this.mean = new MeanVector(trace, kinds);
        this.inline = new InlineVectors(trace, spaces, alignments);
    }

    /**
     * One source per column; a column without one is missing and noted.
     *
     * @param disabled names of columns that have none because they are switched off
     * @throws ScorerException.Invalid for vectors of another shape and entities of a kind that no column knows
     * @throws ScorerException.NotFound when no column has a source
     * @throws ScorerException.NotReady when no column has one because the release lacks the spaces or upstream is away
     */
    public List<QueryVector> resolve(Source source, List<ColumnPlan> columns, Set<String> disabled) {
        if (source instanceof Source.Entities entities) {
            checkKinds(entities, columns);
        }
        if (source instanceof Source.Text && columns.stream().noneMatch(column -> column instanceof ColumnPlan.Text)) {
            throw new Invalid(
                    "no-text-column", "source.text", "a text is asked where a column has form text, and none has here");
        }
        TextMatches texts = new TextMatches(trace, columns, disabled);
        List<QueryVector> resolved = new ArrayList<>();
        List<String> zeros = new ArrayList<>();
        for (ColumnPlan column : columns) {
            if (disabled.contains(column.name())) {
                resolved.add(new QueryVector.Missing(MissingReason.DISABLED));
                continue;
            }
            if (column instanceof ColumnPlan.Model) {
                resolved.add(new QueryVector.Computed());
                continue;
            }
            QueryVector vector = switch (source) {
                case Source.Entities entities -> ofEntities(entities, column);
                case Source.Inline vectors -> inline.of(vectors, column);
                case Source.Text text -> texts.of(text, column, (matched, vectors) -> ofEntities(matched, vectors));
            };
            if (vector instanceof QueryVector.Dense dense && isZeroOf(dense, column)) {
                zeros.add(column.name());
                trace.notice(column.name(), MissingReason.NO_EMBEDDING_SOURCE, NO_COSINE);
                vector = new QueryVector.Missing(MissingReason.NO_EMBEDDING_SOURCE);
            }
            resolved.add(vector);
        }
        boolean nothing = resolved.stream()
                .allMatch(each -> each instanceof QueryVector.Missing || each instanceof QueryVector.Computed);
        if (!zeros.isEmpty() && nothing) {
            throw new Invalid(
                    "zero-vector",
                    source instanceof Source.Inline ? "source.vector" : "source",
                    "%s: columns %s".formatted(NO_COSINE, zeros));
        }
        if (nothing) {
            throw nothing(source, columns, resolved);
        }
        return resolved;
    }

    /** Whether a column's cosine is asked of a source of zeros. */
    private static boolean isZeroOf(QueryVector.Dense vectors, ColumnPlan column) {
        boolean zero = false;
        for (float[] vector : vectors.byKind().values()) {
            float norm = VectorOps.norm(vector);
            if (!Float.isFinite(norm)) {
                throw new Invalid(
                        "norm-not-finite",
                        "source",
                        "the norm of the source's mean must be finite: %s (column %s)".formatted(norm, column.name()));
            }
            zero |= norm == 0;
        }
        return zero && column.similarity() == Similarity.COSINE;
    }

    private static void checkKinds(Source.Entities source, List<ColumnPlan> columns) {
        Set<EntityKind> known = new TreeSet<>();
        columns.forEach(column -> known.addAll(column.sources().keySet()));
        for (int i = 0; i < source.entities().size(); i++) {
            EntityId id = source.entities().get(i).id();
            if (!known.contains(id.kind())) {
                String field = source.entities().size() == 1 ? "source.id" : "source.ids[%s].id".formatted(i);
                throw new Invalid("kind-mismatch", field, "a source is of kind %s here, got %s".formatted(known, id));
            }
        }
    }

    private QueryVector ofEntities(Source.Entities source, ColumnPlan column) {
        List<Part> parts = new ArrayList<>();
        MissingReason reason = MissingReason.KIND_MISMATCH;
        for (Source.Weighted entity : source.entities()) {
            String space = column.sources().get(entity.id().kind());
            if (space == null) {
                continue;
            }
            switch (lookup.find(space, entity.id())) {
                case Found.Row row -> parts.add(new Part(entity.id(), entity.weight(), row.embedding()));
                case Found.Nothing nothing -> {
                    trace.notice(column.name(), nothing.reason(), nothing.message());
                    reason = graver(reason, nothing.reason());
                }
            }
        }
        if (parts.isEmpty()) {
            return new QueryVector.Missing(reason);
        }
        boolean single = source.entities().size() == 1;
        return switch (column) {
            case ColumnPlan.Text text -> new QueryVector.Missing(MissingReason.KIND_MISMATCH);
            case ColumnPlan.Model model -> new QueryVector.Computed();
            case ColumnPlan.Dense dense -> mean.dense(parts, single, dense);
            case ColumnPlan.Sparse sparse ->
                comparable(parts, sparse)
                        ? mean.sparse(parts, single)
                        : new QueryVector.Missing(MissingReason.UNKNOWN_VERSION);
        };
    }

    /** Of two reasons the one that waiting or an operator can do something about. */
    private static MissingReason graver(MissingReason a, MissingReason b) {
        List<MissingReason> order = List.of(
                MissingReason.DISABLED,
                MissingReason.KIND_MISMATCH,
                MissingReason.NO_EMBEDDING_CANDIDATE,
                MissingReason.NO_EMBEDDING_SOURCE,
                MissingReason.EXPIRED,
                MissingReason.UNKNOWN_VERSION,
                MissingReason.ERROR,
                MissingReason.TIMEOUT);
        return order.indexOf(a) >= order.indexOf(b) ? a : b;
    }

    /** Whether the columns of the parts' spaces stand for the same things as the candidates'; a notice tells where not. */
    private boolean comparable(List<Part> parts, ColumnPlan.Sparse column) {
        Set<String> sourceSpaces = new LinkedHashSet<>();
        parts.forEach(part ->
                Optional.ofNullable(column.sources().get(part.id().kind())).ifPresent(sourceSpaces::add));
        for (String sourceSpace : sourceSpaces) {
            for (SpaceVersion candidates : spaces.of(column)) {
                SpaceVersion source = trace.space(sourceSpace).orElseThrow();
                if (!source.sameColumns(candidates)) {
                    trace.notice(
                            column.name(),
                            MissingReason.UNKNOWN_VERSION,
                            "columns of %s and %s stand for different things in release %s"
                                    .formatted(sourceSpace, candidates.space().name(), trace.release()));
                    return false;
                }
            }
        }
        return true;
    }

    private ScorerException nothing(Source source, List<ColumnPlan> columns, List<QueryVector> resolved) {
        MissingReason reason = MissingReason.KIND_MISMATCH;
        for (QueryVector each : resolved) {
            if (each instanceof QueryVector.Missing missing) {
                reason = graver(reason, missing.reason());
            }
        }
        if (source instanceof Source.Text) {
            return new NotFound(
                    "no-text-match",
                    "no text of release %s has a word of it that lends a column its vectors"
                            .formatted(trace.release()));
        }
        if (!(source instanceof Source.Entities entities)) {
            return new Invalid(
                    "kind-mismatch", "source", "the source gives neither what a dense nor what a sparse column needs");
        }
        Set<String> spaces = new TreeSet<>();
        for (ColumnPlan column : columns) {
            entities.entities()
                    .forEach(each -> Optional.ofNullable(
                                    column.sources().get(each.id().kind()))
                            .ifPresent(spaces::add));
        }
        String ids = String.join(
                ", ",
                entities.entities().stream()
                        .limit(IDS_IN_MESSAGE)
                        .map(each -> each.id().toString())
                        .toList());
        int more = entities.entities().size() - IDS_IN_MESSAGE;
        String who = more > 0 ? "%s and %s more".formatted(ids, more) : ids;
        String place = "%s (release %s)".formatted(String.join(", ", spaces), trace.release());
        return switch (reason) {
            case TIMEOUT, ERROR ->
                new NotReady(
                        "upstream-unavailable",
                        "no embedding of %s in %s, and upstream cannot say".formatted(who, place));
            case UNKNOWN_VERSION ->
                new NotReady("space-not-live", "no embedding of %s: the release lacks %s".formatted(who, place));
            case EXPIRED -> new NotFound("expired", "the embedding of %s in %s is expired".formatted(who, place));
            case NO_EMBEDDING_SOURCE, NO_EMBEDDING_CANDIDATE, KIND_MISMATCH, DISABLED ->
                new NotFound("no-embedding-source", "no embedding of %s in %s".formatted(who, place));
        };
    }
}
