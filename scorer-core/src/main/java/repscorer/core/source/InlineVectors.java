package repscorer.core.source;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import repscorer.core.align.ReleaseAlignments;
import repscorer.core.answer.MissingReason;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.query.Source;
import repscorer.core.request.RequestTrace;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseVector;
import repscorer.vector.VectorOps;

/** Vectors that a request brings itself, held to the spaces they are compared with. For one request and one thread. */
final class InlineVectors {

    private final RequestTrace trace;
    private final CandidateSpaces spaces;
    private final ReleaseAlignments alignments;

    InlineVectors(RequestTrace trace, CandidateSpaces spaces, ReleaseAlignments alignments) {
        this.trace = trace;
        this.spaces = spaces;
        this.alignments = alignments;
    }

    QueryVector of(Source.Inline source, ColumnPlan column) {
        return switch (column) {
            case ColumnPlan.Dense dense ->
                source.dense()
                        .map(vector -> inlineDense(vector, source.version(), dense))
                        .orElseGet(() -> inlineMissing(dense, "vector"));
            case ColumnPlan.Sparse sparse ->
                source.sparse()
                        .map(vector -> inlineSparse(vector, source.version(), sparse))
                        .orElseGet(() -> inlineMissing(sparse, "clusters"));
            case ColumnPlan.Text text -> new QueryVector.Missing(MissingReason.KIND_MISMATCH);
            case ColumnPlan.Model model -> new QueryVector.Computed();
        };
    }

    private QueryVector inlineMissing(ColumnPlan column, String what) {
        trace.notice(column.name(), MissingReason.NO_EMBEDDING_SOURCE, "the source gives no " + what);
        return new QueryVector.Missing(MissingReason.NO_EMBEDDING_SOURCE);
    }

    private QueryVector inlineDense(float[] raw, Optional<String> of, ColumnPlan.Dense column) {
        checkFinite(raw);
        float[] given = of.isEmpty() ? raw : aligned(raw, of.get(), column);
        for (SpaceVersion version : spaces.of(column)) {
            int dimension = version.file().dimension();
            if (given.length != dimension) {
                String space = new TreeSet<>(column.sources().values())
                        .stream().findFirst().orElse(version.space().name());
                throw new Invalid(
                        "dimension-differs",
                        "source.vector",
                        "dimension differs: space=%s expects %s, got %s".formatted(space, dimension, given.length));
            }
        }
        float norm = VectorOps.norm(given);
        if (!Float.isFinite(norm)) {
            throw new Invalid(
                    "norm-not-finite",
                    "source.vector",
                    "the norm must be finite: %s of %s values".formatted(norm, given.length));
        }
        float[] values = given.clone();
        Map<EntityKind, float[]> byKind = new HashMap<>();
        column.candidates().keySet().forEach(kind -> byKind.put(kind, values));
        return new QueryVector.Dense(byKind);
    }

    private static void checkFinite(float[] given) {
        int place = EmbeddingLookup.firstNotFinite(given);
        if (place >= 0) {
            throw new Invalid(
                    "not-finite",
                    "source.vector",
                    "values must be finite: %s in column %s".formatted(given[place], place));
        }
    }

    /** With the coordinates of the column's spaces, which are of one model. */
    private float[] aligned(float[] given, String of, ColumnPlan.Dense column) {
        List<SpaceVersion> held = spaces.of(column);
        return held.isEmpty()
                ? given
                : alignments.toRelease(trace.snapshot(), held.getFirst().space().model(), of, given);
    }

    private QueryVector inlineSparse(SparseVector given, Optional<String> of, ColumnPlan.Sparse column) {
        for (SpaceVersion version : spaces.of(column)) {
            if (of.isPresent() && !isOf(version, of.get())) {
                throw ReleaseAlignments.notAligned(
                        trace.snapshot(), version.space().model(), of.get());
            }
            int dimension = version.columnsEnd();
            if (EmbeddingLookup.lastColumn(given) >= dimension) {
                throw new Invalid(
                        "cluster-out-of-range",
                        "source.clusters",
                        "clusters of %s are 0 to %s: %s"
                                .formatted(version.space().name(), dimension - 1, EmbeddingLookup.lastColumn(given)));
            }
        }
        return new QueryVector.Sparse(given);
    }

    /** Clusters of two trainings have nothing in common but their numbers, and nothing maps them. */
    private static boolean isOf(SpaceVersion version, String of) {
        return version.file().training().filter(of::equals).isPresent()
                || version.published().equals(of.replaceFirst("[+].*", ""));
    }
}
