package repscorer.core.source;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import repscorer.core.answer.MissingReason;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnPlan.Translation;
import repscorer.core.request.RequestTrace;
import repscorer.vector.SparseVector;
import repscorer.vector.VectorOps;

/**
 * The weighted mean of a source's entities in one column. For one request and one thread.
 */
final class MeanVector {

    /*
     * Dense vectors are scaled to norm 1 first, so that the weights say what an entity counts and not its length; sparse
     * ones are taken as they are. An entity's translation θ is added to its own vector before the mean, as entities of
     * different kinds have different relations to the candidates. A single entity keeps its vector.
     */

    private final RequestTrace trace;
    private final Collection<EntityKind> kinds;

    /** @param kinds of candidates the request wants */
    MeanVector(RequestTrace trace, Collection<EntityKind> kinds) {
        this.trace = trace;
        this.kinds = kinds;
    }

    /** An entity that has an embedding in the column's space. */
    record Part(EntityId id, double weight, Embedding embedding) {}

    QueryVector dense(List<Part> parts, boolean single, ColumnPlan.Dense column) {
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
        return new QueryVector.Dense(byKind);
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
            case Embedding.Text text -> throw new IllegalStateException("a dense column met a text: " + part.id());
        };
    }

    /** The θ_r from one kind to another, where the column has one and the release holds it. */
    private Optional<float[]> translation(ColumnPlan.Dense column, EntityKind from, EntityKind to) {
        for (Translation translation : column.translations()) {
            if (translation.from().equals(from) && translation.to().equals(to)) {
                EntityId relation = EntityId.of(EntityKind.RELATION, translation.relation());
                Optional<Embedding> vector =
                        trace.space(translation.space()).flatMap(version -> version.embedding(relation));
                if (vector.isPresent() && vector.get() instanceof Embedding.Dense dense) {
                    return Optional.of(dense.values());
                }
                trace.notice(
                        column.name(),
                        trace.holds(translation.space())
                                ? MissingReason.NO_EMBEDDING_SOURCE
                                : MissingReason.UNKNOWN_VERSION,
                        "compared without a translation: release %s has no %s in %s"
                                .formatted(trace.release(), relation, translation.space()));
            }
        }
        return Optional.empty();
    }

    QueryVector sparse(List<Part> parts, boolean single) {
        if (single) {
            return new QueryVector.Sparse(sparseValues(parts.getFirst()));
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
        return new QueryVector.Sparse(new SparseVector(columns, values));
    }

    private static SparseVector sparseValues(Part part) {
        return switch (part.embedding()) {
            case Embedding.Sparse sparse -> sparse.vector();
            case Embedding.Dense dense -> throw new IllegalStateException("a sparse column met " + part.id());
            case Embedding.Text text -> throw new IllegalStateException("a sparse column met a text: " + part.id());
        };
    }
}
