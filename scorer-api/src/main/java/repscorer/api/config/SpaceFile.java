package repscorer.api.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import repscorer.ann.HnswParameters;
import repscorer.ann.hnsw.Quantization;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Retention;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SpacePolicy;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.entity.EntityKind;
import repscorer.training.yaml.YamlFile;
import repscorer.vector.Metric;

/**
 * A file of {@code spaces/}: one model and its spaces. What stands beside {@code spaces} holds for all of them; a space
 * may say otherwise for itself.
 *
 * @param form dense or sparse
 */
record SpaceFile(
        @Nullable String model,
        @Nullable String form,
        @Nullable Integer dimension,
        @Nullable String metric,
        @Nullable String engine,
        @Nullable Hnsw hnsw,
        @Nullable Double recallMin,
        @Nullable Integer entriesMax,
        @Nullable Integer itemsPerCluster,
        @Nullable String zeroVectors,
        @Nullable Kept retention,
        @Nullable List<Entry> spaces) {

    static final int ENTRIES_MAX_DEFAULT = 1_000;
    static final int ITEMS_PER_CLUSTER_DEFAULT = 1_000;
    static final double RECALL_MIN_DEFAULT = 0.9;

    record Hnsw(
            @Nullable Integer m,
            @Nullable Integer efConstruction,
            @Nullable Long seed,
            @Nullable String codes) {}

    /** How long versions are kept beside the live one. */
    record Kept(@Nullable Integer releases, @Nullable Duration age) {}

    record Entry(
            @Nullable String name,
            @Nullable String kind,
            @Nullable Boolean required,
            @Nullable String engine,
            @Nullable Double recallMin,
            @Nullable Integer entriesMax,
            @Nullable Integer itemsPerCluster,
            @Nullable String zeroVectors,
            @Nullable Kept retention) {}

    static List<Space> read(YamlFile yaml) {
        SpaceFile file = yaml.as(SpaceFile.class);
        Keys keys = new Keys(yaml);
        String model = keys.required("model", file.model);
        boolean dense = switch (keys.required("form", file.form)) {
            case "dense" -> true;
            case "sparse" -> false;
            default -> throw yaml.error("form", "must be dense or sparse: '%s'".formatted(file.form));
        };
        refuseForeign(yaml, file, dense);
        List<Entry> entries = keys.required("spaces", file.spaces);
        List<Space> spaces = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            String place = "spaces[" + i + "]";
            Entry entry = keys.required(place, entries.get(i));
            String name = keys.required(place + ".name", entry.name);
            EntityKind kind = keys.kind(place + ".kind", keys.required(place + ".kind", entry.kind));
            boolean required = Boolean.TRUE.equals(entry.required);
            spaces.add(keys.checked(
                    place,
                    () -> dense
                            ? dense(keys, file, place, entry, new Names(name, model, kind, required))
                            : sparse(keys, file, place, entry, new Names(name, model, kind, required))));
        }
        return spaces;
    }

    /** What spaces of both forms say. */
    private record Names(String name, String model, EntityKind kind, boolean required) {}

    private static DenseSpace dense(Keys keys, SpaceFile file, String place, Entry entry, Names names) {
        Metric metric = keys.oneOf("metric", file.metric, Metric.COSINE);
        String engineKey = entry.engine == null ? "engine" : place + ".engine";
        String engine = or(entry.engine, or(file.engine, "exact"));
        if (!DenseSpace.ENGINES.contains(engine)) {
            throw keys.yaml().error(engineKey, "must be exact, hnsw or hnswlib: '%s'".formatted(engine));
        }
        return new DenseSpace(
                names.name,
                names.model,
                names.kind,
                keys.required("dimension", file.dimension),
                metric,
                engine,
                hnsw(keys, file.hnsw),
                file.hnsw == null ? Quantization.INT8 : keys.oneOf("hnsw.codes", file.hnsw.codes, Quantization.INT8),
                or(entry.recallMin, or(file.recallMin, RECALL_MIN_DEFAULT)),
                names.required,
                policy(keys, file, place, entry, metric == Metric.COSINE));
    }

    private static SparseSpace sparse(Keys keys, SpaceFile file, String place, Entry entry, Names names) {
        return new SparseSpace(
                names.name,
                names.model,
                names.kind,
                or(entry.entriesMax, or(file.entriesMax, ENTRIES_MAX_DEFAULT)),
                or(entry.itemsPerCluster, or(file.itemsPerCluster, ITEMS_PER_CLUSTER_DEFAULT)),
                names.required,
                policy(keys, file, place, entry, false));
    }

    private static SpacePolicy policy(Keys keys, SpaceFile file, String place, Entry entry, boolean cosine) {
        String key = entry.zeroVectors == null ? "zero-vectors" : place + ".zero-vectors";
        ZeroVectors zeroVectors = keys.oneOf(
                key,
                entry.zeroVectors == null ? file.zeroVectors : entry.zeroVectors,
                cosine ? ZeroVectors.REFUSE : ZeroVectors.KEEP);
        if (cosine && zeroVectors == ZeroVectors.KEEP) {
            throw keys.yaml().error(key, "must be refuse or drop, for a zero vector has no cosine: 'keep'");
        }
        String keptKey = entry.retention == null ? "retention" : place + ".retention";
        @Nullable Kept kept = entry.retention == null ? file.retention : entry.retention;
        Retention retention = kept == null
                ? Retention.STORES
                : keys.checked(
                        keptKey,
                        () -> new Retention(
                                kept.releases == null ? OptionalInt.empty() : OptionalInt.of(kept.releases),
                                Optional.ofNullable(kept.age)));
        return new SpacePolicy(zeroVectors, retention);
    }

    private static HnswParameters hnsw(Keys keys, @Nullable Hnsw hnsw) {
        HnswParameters base = HnswParameters.DEFAULT;
        if (hnsw == null) {
            return base;
        }
        return keys.checked(
                "hnsw",
                () -> new HnswParameters(
                        or(hnsw.m, base.m()),
                        or(hnsw.efConstruction, base.efConstruction()),
                        or(hnsw.seed, base.seed())));
    }

    /* A key that would have no effect is a mistake. */
    private static void refuseForeign(YamlFile yaml, SpaceFile file, boolean dense) {
        if (dense) {
            refuse(yaml, "entries-max", file.entriesMax, "sparse");
            refuse(yaml, "items-per-cluster", file.itemsPerCluster, "sparse");
        } else {
            refuse(yaml, "dimension", file.dimension, "dense");
            refuse(yaml, "metric", file.metric, "dense");
            refuse(yaml, "engine", file.engine, "dense");
            refuse(yaml, "hnsw", file.hnsw, "dense");
            refuse(yaml, "recall-min", file.recallMin, "dense");
        }
        List<Entry> entries = file.spaces == null ? List.of() : file.spaces;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            String place = "spaces[" + i + "].";
            if (dense) {
                refuse(yaml, place + "entries-max", entry.entriesMax, "sparse");
                refuse(yaml, place + "items-per-cluster", entry.itemsPerCluster, "sparse");
            } else {
                refuse(yaml, place + "engine", entry.engine, "dense");
                refuse(yaml, place + "recall-min", entry.recallMin, "dense");
            }
        }
    }

    private static void refuse(YamlFile yaml, String key, @Nullable Object value, String form) {
        if (value != null) {
            throw yaml.error(key, "is for %s spaces only".formatted(form).toLowerCase(Locale.ROOT));
        }
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
