package repscorer.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import repscorer.core.EmbeddingLookup.Found;
import repscorer.core.answer.MissingReason;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnPlan.Translation;
import repscorer.core.query.Source;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseVector;
import repscorer.vector.VectorOps;

/** Turns a request's source into what each column compares candidates with. For one request and one thread. */
final class SourceResolver {

    /*
     * Several entities become their weighted mean: dense vectors are scaled to norm 1 first, so that the weights say what
     * an entity counts and not its length; sparse ones are taken as they are. An entity's translation θ is added to its own
     * vector before the mean, as entities of different kinds have different relations to the candidates. A single entity
     * keeps its vector.
     */

    private static final int IDS_IN_MESSAGE = 5;

    private final Trail trail;
    private final EmbeddingLookup lookup;
    private final SharedColumns sharedColumns;
    private final Collection<EntityKind> kinds;

    /** @param kinds of candidates the request wants */
    SourceResolver(Trail trail, EmbeddingLookup lookup, SharedColumns sharedColumns, Collection<EntityKind> kinds) {
        this.trail = trail;
        this.lookup = lookup;
        this.sharedColumns = sharedColumns;
        this.kinds = kinds;
    }

    /** An entity that has an embedding in the column's space. */
    private record Part(EntityId id, double weight, Embedding embedding) {}

    /**
     * One source per column; a column without one is missing and noted.
     *
     * @param disabled names of columns that have none because they are switched off
     * @throws ScorerException.Invalid for vectors of another shape and entities of a kind that no column knows
     * @throws ScorerException.NotFound when no column has a source
     * @throws ScorerException.NotReady when no column has one because the release lacks the spaces or upstream is away
     */
    List<ColumnSource> resolve(Source source, List<ColumnPlan> columns, Set<String> disabled) {
        if (source instanceof Source.Entities entities) {
            checkKinds(entities, columns);
        }
        List<ColumnSource> resolved = new ArrayList<>();
        for (ColumnPlan column : columns) {
            if (disabled.contains(column.name())) {
                resolved.add(new ColumnSource.Missing(MissingReason.DISABLED));
                continue;
            }
            resolved.add(
                    switch (source) {
                        case Source.Entities entities -> ofEntities(entities, column);
                        case Source.Inline inline -> ofVectors(inline, column);
                    });
        }
        if (resolved.stream().allMatch(each -> each instanceof ColumnSource.Missing)) {
            throw nothing(source, columns, resolved);
        }
        return resolved;
    }

    private static void checkKinds(Source.Entities source, List<ColumnPlan> columns) {
        Set<EntityKind> known = new TreeSet<>();
        columns.forEach(column -> known.addAll(column.sources().keySet()));
        for (int i = 0; i < source.entities().size(); i++) {
            EntityId id = source.entities().get(i).id();
            if (!known.contains(id.kind())) {
                String field = source.entities().size() == 1 ? "source.id" : "source.ids[%d].id".formatted(i);
                throw new Invalid("kind-mismatch", field, "a source is of kind %s here, got %s".formatted(known, id));
            }
        }
    }

    private ColumnSource ofEntities(Source.Entities source, ColumnPlan column) {
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
                    trail.notice(column.name(), nothing.reason(), nothing.message());
                    reason = graver(reason, nothing.reason());
                }
            }
        }
        if (parts.isEmpty()) {
            return new ColumnSource.Missing(reason);
        }
        boolean single = source.entities().size() == 1;
        return switch (column) {
            case ColumnPlan.Dense dense -> dense(parts, single, dense);
            case ColumnPlan.Sparse sparse -> sparse(parts, single, sparse);
        };
    }

    /** Of two reasons the one that waiting or an operator can do something about. */
    private static MissingReason graver(MissingReason a, MissingReason b) {
        List<MissingReason> order = List.of(
                MissingReason.DISABLED,
                MissingReason.KIND_MISMATCH,
                MissingReason.NO_EMBEDDING_CANDIDATE,
                MissingReason.NO_EMBEDDING_SOURCE,
                MissingReason.UNKNOWN_VERSION,
                MissingReason.ERROR,
                MissingReason.TIMEOUT);
        return order.indexOf(a) >= order.indexOf(b) ? a : b;
    }

    private ColumnSource dense(List<Part> parts, boolean single, ColumnPlan.Dense column) {
        Map<EntityKind, float[]> byKind = new HashMap<>();
        float @Nullable [] plain = null;
        for (EntityKind kind : kinds) {
            if (!column.candidates().containsKey(kind)) {
                continue;
            }
            if (column.translations().stream()
                    .noneMatch(translation -> translation.to().equals(kind))) {
                plain = plain == null ? mean(parts, single, column, kind) : plain;
                byKind.put(kind, plain);
            } else {
                byKind.put(kind, mean(parts, single, column, kind));
            }
        }
        return new ColumnSource.Dense(byKind);
    }

    private float[] mean(List<Part> parts, boolean single, ColumnPlan.Dense column, EntityKind kind) {
        double weights = 0;
        double @Nullable [] sum = null;
        for (Part part : parts) {
            float[] values = denseValues(part);
            float norm = VectorOps.norm(values);
            double scale = single || norm == 0 ? 1 : 1.0 / norm;
            Optional<float[]> translation = translation(column, part.id().kind(), kind);
            sum = sum == null ? new double[values.length] : sum;
            for (int i = 0; i < values.length; i++) {
                double translated = values[i] * scale
                        + (translation.isPresent() ? translation.get()[i] : 0);
                sum[i] += part.weight() * translated;
            }
            weights += part.weight();
        }
        if (sum == null) {
            throw new IllegalStateException("a mean is taken of one vector at least: column " + column.name());
        }
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum[i] / weights);
        }
        return mean;
    }

    private static float[] denseValues(Part part) {
        return switch (part.embedding()) {
            case Embedding.Dense dense -> dense.values();
            case Embedding.Sparse sparse -> throw new IllegalStateException("a dense column met " + part.id());
        };
    }

    /** The θ_r from one kind to another, where the column has one and the release holds it. */
    private Optional<float[]> translation(ColumnPlan.Dense column, EntityKind from, EntityKind to) {
        for (Translation translation : column.translations()) {
            if (translation.from().equals(from) && translation.to().equals(to)) {
                EntityId relation = EntityId.of(EntityKind.RELATION, translation.relation());
                Optional<Embedding> vector =
                        trail.space(translation.space()).flatMap(version -> EmbeddingLookup.row(version, relation));
                if (vector.isPresent() && vector.get() instanceof Embedding.Dense dense) {
                    return Optional.of(dense.values());
                }
                trail.notice(
                        column.name(),
                        trail.holds(translation.space())
                                ? MissingReason.NO_EMBEDDING_SOURCE
                                : MissingReason.UNKNOWN_VERSION,
                        "compared without a translation: release %s has no %s in %s"
                                .formatted(trail.release(), relation, translation.space()));
            }
        }
        return Optional.empty();
    }

    private ColumnSource sparse(List<Part> parts, boolean single, ColumnPlan.Sparse column) {
        Set<String> spaces = new LinkedHashSet<>();
        for (Part part : parts) {
            String space = column.sources().get(part.id().kind());
            if (space != null) {
                spaces.add(space);
            }
        }
        if (!comparable(spaces, column)) {
            return new ColumnSource.Missing(MissingReason.UNKNOWN_VERSION);
        }
        if (single) {
            return new ColumnSource.Sparse(sparseValues(parts.getFirst()));
        }
        double weights = 0;
        TreeMap<Integer, Double> sums = new TreeMap<>();
        for (Part part : parts) {
            SparseVector vector = sparseValues(part);
            for (int i = 0; i < vector.size(); i++) {
                sums.merge(vector.columns()[i], part.weight() * vector.weights()[i], Double::sum);
            }
            weights += part.weight();
        }
        double total = weights;
        sums.values().removeIf(sum -> (float) (sum / total) <= 0); // too small for a float
        int[] columns = new int[sums.size()];
        float[] values = new float[sums.size()];
        int i = 0;
        for (Map.Entry<Integer, Double> sum : sums.entrySet()) {
            columns[i] = sum.getKey();
            values[i++] = (float) (sum.getValue() / total);
        }
        return new ColumnSource.Sparse(new SparseVector(columns, values));
    }

    private static SparseVector sparseValues(Part part) {
        return switch (part.embedding()) {
            case Embedding.Sparse sparse -> sparse.vector();
            case Embedding.Dense dense -> throw new IllegalStateException("a sparse column met " + part.id());
        };
    }

    private boolean comparable(Set<String> sourceSpaces, ColumnPlan.Sparse column) {
        for (String sourceSpace : sourceSpaces) {
            for (SpaceVersion candidates : candidateSpaces(column)) {
                SpaceVersion source = trail.space(sourceSpace).orElseThrow();
                if (!sharedColumns.same(source.file(), candidates.file())) {
                    trail.notice(
                            column.name(),
                            MissingReason.UNKNOWN_VERSION,
                            "columns of %s and %s stand for different things in release %s"
                                    .formatted(sourceSpace, candidates.space().name(), trail.release()));
                    return false;
                }
            }
        }
        return true;
    }

    private List<SpaceVersion> candidateSpaces(ColumnPlan column) {
        return kinds.stream()
                .flatMap(kind -> Optional.ofNullable(column.candidates().get(kind)).stream())
                .distinct()
                .flatMap(space -> trail.space(space).stream())
                .toList();
    }

    private ColumnSource ofVectors(Source.Inline source, ColumnPlan column) {
        return switch (column) {
            case ColumnPlan.Dense dense ->
                source.dense()
                        .map(vector -> inlineDense(vector, dense))
                        .orElseGet(() -> inlineMissing(dense, "vector"));
            case ColumnPlan.Sparse sparse ->
                source.sparse()
                        .map(vector -> inlineSparse(vector, sparse))
                        .orElseGet(() -> inlineMissing(sparse, "clusters"));
        };
    }

    private ColumnSource inlineMissing(ColumnPlan column, String what) {
        trail.notice(column.name(), MissingReason.NO_EMBEDDING_SOURCE, "the source gives no " + what);
        return new ColumnSource.Missing(MissingReason.NO_EMBEDDING_SOURCE);
    }

    private ColumnSource inlineDense(float[] given, ColumnPlan.Dense column) {
        for (SpaceVersion version : candidateSpaces(column)) {
            int dimension = version.file().dimension();
            if (given.length != dimension) {
                String space = new TreeSet<>(column.sources().values())
                        .stream().findFirst().orElse(version.space().name());
                throw new Invalid(
                        "dimension-differs",
                        "source.vector",
                        "dimension differs: space=%s expects %d, got %d".formatted(space, dimension, given.length));
            }
        }
        int place = EmbeddingLookup.firstNotFinite(given);
        if (place >= 0) {
            throw new Invalid(
                    "not-finite",
                    "source.vector",
                    "values must be finite: %s in column %d".formatted(given[place], place));
        }
        float[] values = given.clone();
        Map<EntityKind, float[]> byKind = new HashMap<>();
        column.candidates().keySet().forEach(kind -> byKind.put(kind, values));
        return new ColumnSource.Dense(byKind);
    }

    private ColumnSource inlineSparse(SparseVector given, ColumnPlan.Sparse column) {
        for (SpaceVersion version : candidateSpaces(column)) {
            int dimension = version.file().dimension();
            if (EmbeddingLookup.lastColumn(given) >= dimension) {
                throw new Invalid(
                        "cluster-out-of-range",
                        "source.clusters",
                        "clusters of %s are 0 to %d: %d"
                                .formatted(version.space().name(), dimension - 1, EmbeddingLookup.lastColumn(given)));
            }
        }
        return new ColumnSource.Sparse(given);
    }

    private ScorerException nothing(Source source, List<ColumnPlan> columns, List<ColumnSource> resolved) {
        MissingReason reason = MissingReason.KIND_MISMATCH;
        for (ColumnSource each : resolved) {
            if (each instanceof ColumnSource.Missing missing) {
                reason = graver(reason, missing.reason());
            }
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
        String who = more > 0 ? "%s and %d more".formatted(ids, more) : ids;
        String place = "%s (release %s)".formatted(String.join(", ", spaces), trail.release());
        return switch (reason) {
            case TIMEOUT, ERROR ->
                new NotReady(
                        "upstream-unavailable",
                        "no embedding of %s in %s, and upstream cannot say".formatted(who, place));
            case UNKNOWN_VERSION ->
                new NotReady("space-not-live", "no embedding of %s: the release lacks %s".formatted(who, place));
            case NO_EMBEDDING_SOURCE, NO_EMBEDDING_CANDIDATE, KIND_MISMATCH, DISABLED ->
                new NotFound("no-embedding-source", "no embedding of %s in %s".formatted(who, place));
        };
    }
}
