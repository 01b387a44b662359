package repscorer.core.embedding;

import java.util.List;
import java.util.Optional;
import repscorer.ann.HnswParameters;
import repscorer.ann.hnsw.Quantization;
import repscorer.codes.CodesOptions;
import repscorer.core.entity.EntityKind;
import repscorer.vector.Metric;

/**
 * A space of dense vectors.
 *
 * @param dimension values per vector, 1 to 4,096
 * @param engine the index engine: {@code exact}, {@code hnsw} or {@code hnswlib}
 * @param codes what the engine {@code hnsw} searches
 * @param recallMin the least recall@10 against exact search that a new version must reach on sampled rows, 0 to 1
 * @param rowCodes how rows are coded for callers that read many; empty where they are not
 */
public record DenseSpace(
        String name,
        String model,
        EntityKind kind,
        int dimension,
        Metric metric,
        String engine,
        HnswParameters hnsw,
        Quantization codes,
        double recallMin,
        boolean required,
        SpacePolicy policy,
        Optional<CodesOptions> rowCodes)
        implements Space {

    public static final int DIMENSION_MAX = 4096;

    /** What an index may be built by. */
    public static final List<String> ENGINES = List.of("exact", "hnsw", "hnswlib");

    /** Without codes of rows. */
    public DenseSpace(
            String name,
            String model,
            EntityKind kind,
            int dimension,
            Metric metric,
            String engine,
            HnswParameters hnsw,
            Quantization codes,
            double recallMin,
            boolean required,
            SpacePolicy policy) {
        this(name, model, kind, dimension, metric, engine, hnsw, codes, recallMin, required, policy, Optional.empty());
    }

    /** With the default policy: the cosine refuses zero vectors, other metrics keep them. */
    public DenseSpace(
            String name,
            String model,
            EntityKind kind,
            int dimension,
            Metric metric,
            String engine,
            HnswParameters hnsw,
            Quantization codes,
            double recallMin,
            boolean required) {
        this(
                name,
                model,
                kind,
                dimension,
                metric,
                engine,
                hnsw,
                codes,
                recallMin,
                required,
                metric == Metric.COSINE ? SpacePolicy.REFUSING : SpacePolicy.KEEPING);
    }

    /** With the default codes and policy. */
    public DenseSpace(
            String name,
            String model,
            EntityKind kind,
            int dimension,
            Metric metric,
            String engine,
            HnswParameters hnsw,
            double recallMin,
            boolean required) {
        this(name, model, kind, dimension, metric, engine, hnsw, Quantization.INT8, recallMin, required);
    }

    /** The greatest value, either sign, that a row may have; infinity where any finite one will do. */
    public float valueMax() {
        return engine.equals("hnsw") ? codes.valueMax(metric, dimension) : Float.POSITIVE_INFINITY;
    }

    public DenseSpace {
        Space.checkName("space", name);
        Space.checkName("model", model);
        if (dimension < 1 || dimension > DIMENSION_MAX) {
            throw new IllegalArgumentException(
                    "dimension must be 1 to %s: %s (space %s)".formatted(DIMENSION_MAX, dimension, name));
        }
        if (!ENGINES.contains(engine)) {
            throw new IllegalArgumentException(
                    "engine must be exact, hnsw or hnswlib: '%s' (space %s)".formatted(engine, name));
        }
        if (metric == Metric.COSINE && policy.zeroVectors() == ZeroVectors.KEEP) {
            throw new IllegalArgumentException(
                    "zero-vectors must be refuse or drop, for a zero vector has no cosine: keep (space %s)"
                            .formatted(name));
        }
        if (!(recallMin >= 0 && recallMin <= 1)) {
            throw new IllegalArgumentException("recall-min must be 0 to 1: %s (space %s)".formatted(recallMin, name));
        }
        rowCodes.ifPresent(options -> options.check(dimension));
        if (rowCodes.isPresent() && policy.aging().halfLife().isPresent()) {
            throw new IllegalArgumentException(
                    "codes are of rows as they were written, and none decay: half-life and codes (space %s)"
                            .formatted(name));
        }
    }
}
