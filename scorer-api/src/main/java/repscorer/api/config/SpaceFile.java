package repscorer.api.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import repscorer.ann.HnswParameters;
import repscorer.ann.hnsw.Quantization;
import repscorer.codes.CodesMethod;
import repscorer.codes.CodesOptions;
import repscorer.core.embedding.Aging;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EngagementRule;
import repscorer.core.embedding.Retention;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SpacePolicy;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextLanguage;
import repscorer.core.embedding.TextSpace;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.entity.EntityKind;
import repscorer.vector.Metric;
import repscorer.yaml.YamlFile;

/**
 * Reads a file of {@code spaces/}: one model and its spaces. What stands beside {@code spaces} holds for all of them; a space
 * may say otherwise for itself.
 */
final class SpaceFile {

    private static final int ENTRIES_MAX_DEFAULT = 1_000;
    private static final int ITEMS_PER_CLUSTER_DEFAULT = 1_000;
    private static final double RECALL_MIN_DEFAULT = 0.9;

    private SpaceFile() {}

    private static final String FILE_KEYS =
            "model form dimension metric engine hnsw codes recall-min entries-max items-per-cluster language completed"
                    + " zero-vectors retention half-life time-to-live spaces";
    private static final String SPACE_KEYS =
            "name kind required engine codes recall-min entries-max items-per-cluster language completed zero-vectors retention"
                    + " half-life time-to-live engagements";

    private static final String DENSE_KEYS = "dimension metric engine hnsw codes recall-min";
    private static final String DENSE_SPACE_KEYS = "engine codes recall-min";
    private static final String SPARSE_KEYS = "entries-max items-per-cluster";
    private static final String SPARSE_SPACE_KEYS = "entries-max items-per-cluster engagements";
    private static final String TEXT_KEYS = "language completed";
    private static final String AGING_KEYS = "half-life time-to-live";

    /** The graph of dense spaces. */
    private record Graph(HnswParameters parameters, Quantization codes) {}

    static List<Space> read(YamlFile yaml) {
        return ConfigNode.read(yaml, SpaceFile::spaces, FILE_KEYS);
    }

    private static List<Space> spaces(ConfigNode file) {
        file.require("model").require("form").require("spaces");
        String form = file.get("form", String.class);
        return switch (form) {
            case "dense" -> dense(file);
            case "sparse" -> sparse(file);
            case "text" -> text(file);
            default -> throw file.error("form", "must be dense, sparse or text: '%s'".formatted(form));
        };
    }

    private static List<Space> dense(ConfigNode file) {
        refuse(file, "sparse", SPARSE_KEYS);
        refuse(file, "text", TEXT_KEYS);
        Metric metric = file.get("metric", Metric.COSINE);
        Graph graph = file.child("hnsw").read(SpaceFile::graph, "m ef-construction seed codes");
        return file.each(
                "spaces",
                space -> {
                    refuse(space, "sparse", SPARSE_SPACE_KEYS);
                    refuse(space, "text", TEXT_KEYS);
                    String engine = at("engine", space, file).get("engine", "exact");
                    if (!DenseSpace.ENGINES.contains(engine)) {
                        throw at("engine", space, file)
                                .error("engine", "must be exact, hnsw or hnswlib: '%s'".formatted(engine));
                    }
                    return new DenseSpace(
                            space.get("name", String.class),
                            file.get("model", String.class),
                            space.get("kind", EntityKind.class),
                            file.get("dimension", Integer.class),
                            metric,
                            engine,
                            graph.parameters,
                            graph.codes,
                            at("recall-min", space, file).get("recall-min", RECALL_MIN_DEFAULT),
                            space.get("required", false),
                            policy(file, space, metric == Metric.COSINE),
                            codes(at("codes", space, file)));
                },
                SPACE_KEYS);
    }

    private static List<Space> sparse(ConfigNode file) {
        refuse(file, "dense", DENSE_KEYS);
        refuse(file, "text", TEXT_KEYS);
        return file.each(
                "spaces",
                space -> {
                    refuse(space, "dense", DENSE_SPACE_KEYS);
                    refuse(space, "text", TEXT_KEYS);
                    return new SparseSpace(
                            space.get("name", String.class),
                            file.get("model", String.class),
                            space.get("kind", EntityKind.class),
                            at("entries-max", space, file).get("entries-max", ENTRIES_MAX_DEFAULT),
                            at("items-per-cluster", space, file).get("items-per-cluster", ITEMS_PER_CLUSTER_DEFAULT),
                            space.get("required", false),
                            made(space, policy(file, space, false)));
                },
                SPACE_KEYS);
    }

    private static List<Space> text(ConfigNode file) {
        refuse(file, "dense", DENSE_KEYS);
        refuse(file, "sparse", SPARSE_KEYS);
        refuse(file, "dense and sparse", AGING_KEYS);
        return file.each(
                "spaces",
                space -> {
                    refuse(space, "dense", DENSE_SPACE_KEYS);
                    refuse(space, "sparse", SPARSE_SPACE_KEYS);
                    refuse(space, "dense and sparse", AGING_KEYS);
                    return new TextSpace(
                            space.get("name", String.class),
                            file.get("model", String.class),
                            space.get("kind", EntityKind.class),
                            at("language", space, file).get("language", TextLanguage.ANY),
                            at("completed", space, file).get("completed", false),
                            space.get("required", false),
                            policy(file, space, false));
                },
                SPACE_KEYS);
    }

    private static SpacePolicy made(ConfigNode space, SpacePolicy policy) {
        return space.has("engagements")
                ? space.checked(
                        "engagements",
                        () -> policy.with(space.child("engagements")
                                .read(SpaceFile::engagements, "of kinds floor entries-max items-max")))
                : policy;
    }

    private static EngagementRule engagements(ConfigNode engagements) {
        Map<String, Float> kinds = new TreeMap<>();
        engagements.require("kinds").child("kinds").forEachKey(Float.class, kinds::put);
        return new EngagementRule(
                engagements.get("of", String.class),
                kinds,
                engagements.get("floor", EngagementRule.FLOOR_DEFAULT),
                engagements.get("entries-max", EngagementRule.ENTRIES_MAX_DEFAULT),
                engagements.get("items-max", EngagementRule.ITEMS_MAX_DEFAULT));
    }

    private static Graph graph(ConfigNode hnsw) {
        HnswParameters base = HnswParameters.DEFAULT;
        return new Graph(
                new HnswParameters(
                        hnsw.get("m", base.m()),
                        hnsw.get("ef-construction", base.efConstruction()),
                        hnsw.get("seed", base.seed())),
                hnsw.get("codes", Quantization.INT8));
    }

    private static Optional<CodesOptions> codes(ConfigNode at) {
        return at.has("codes")
                ? Optional.of(at.child("codes").read(SpaceFile::options, "method m bits rotation seed training-rows"))
                : Optional.empty();
    }

    private static CodesOptions options(ConfigNode codes) {
        CodesOptions base = CodesOptions.of(codes.get("method", CodesMethod.class));
        return new CodesOptions(
                base.method(),
                codes.get("m", base.m()),
                codes.get("bits", base.bits()),
                codes.get("rotation", base.rotation()),
                codes.get("seed", base.seed()),
                codes.get("training-rows", base.trainingRows()));
    }

    private static SpacePolicy policy(ConfigNode file, ConfigNode space, boolean cosine) {
        ConfigNode at = at("zero-vectors", space, file);
        ZeroVectors zeroVectors = at.get("zero-vectors", cosine ? ZeroVectors.REFUSE : ZeroVectors.KEEP);
        if (cosine && zeroVectors == ZeroVectors.KEEP) {
            throw at.error("zero-vectors", "must be refuse or drop, for a zero vector has no cosine: 'keep'");
        }
        Retention retention = at("retention", space, file)
                .child("retention")
                .read(
                        kept -> new Retention(
                                kept.find("releases", Integer.class)
                                        .map(OptionalInt::of)
                                        .orElseGet(OptionalInt::empty),
                                kept.find("age", Duration.class)),
                        "releases age");
        return new SpacePolicy(zeroVectors, retention).with(aging(file, space));
    }

    private static Aging aging(ConfigNode file, ConfigNode space) {
        ConfigNode halfLife = at("half-life", space, file);
        if (halfLife.has("half-life") && at("codes", space, file).has("codes")) {
            throw halfLife.error("half-life", "is not for a space with codes: they are of rows as they were written");
        }
        return new Aging(age("half-life", halfLife), age("time-to-live", at("time-to-live", space, file)));
    }

    private static Optional<Duration> age(String key, ConfigNode at) {
        Optional<Duration> age = at.find(key, Duration.class);
        if (age.isPresent() && !Aging.isAge(age.get())) {
            throw at.error(key, "must be 1s to %sd: %s".formatted(Aging.MOST.toDays(), age.get()));
        }
        return age;
    }

    /** Where a key is said that a space may say for itself. */
    private static ConfigNode at(String key, ConfigNode space, ConfigNode file) {
        return space.has(key) ? space : file;
    }

    /** A key that would have no effect is a mistake. */
    private static void refuse(ConfigNode at, String form, String keys) {
        for (String key : keys.split(" ")) {
            at.refuse(key, "is for %s spaces only".formatted(form));
        }
    }
}
