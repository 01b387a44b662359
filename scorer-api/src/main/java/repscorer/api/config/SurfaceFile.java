package repscorer.api.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.AttributePlan;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.Limits;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.rule.RuleBook;
import repscorer.core.similarity.Similarity;
import repscorer.yaml.YamlFile;

/** A file of {@code surfaces/}: the plan of one surface. */
record SurfaceFile(
        @Nullable String surface,
        @Nullable List<String> kinds,
        @Nullable Integer kDefault,
        @Nullable List<String> exclude,
        @Nullable Blend blend,
        @Nullable List<Column> columns,
        @Nullable Map<String, Attribute> attributes,
        @Nullable Created created,
        @Nullable List<RuleFile> rules) {

    static final int K_DEFAULT = 20;
    static final int RETRIEVE_DEFAULT = 200;
    static final int EF_DEFAULT = 200;

    record Blend(
            @Nullable String method,
            @Nullable String normalizer,
            @Nullable Integer rankConstant,
            @Nullable Double shrinkage,
            @Nullable Integer adjustmentsMax) {}

    record Attribute(
            @Nullable List<String> spaces, @Nullable List<String> inverseOf) {}

    record Created(
            @Nullable List<String> snowflake, @Nullable List<String> spaces) {}

    record Column(
            @Nullable String name,
            @Nullable String form,
            @Nullable Map<String, String> sources,
            @Nullable Map<String, String> candidates,
            @Nullable String similarity,
            @Nullable Double weight,
            @Nullable Boolean enabled,
            @Nullable String anchors,
            @Nullable Integer retrieve,
            @Nullable List<Translation> translations,
            @Nullable Integer ef,
            @Nullable Double recallTarget,
            @Nullable Integer budgetMs,
            @Nullable Boolean exact,
            @Nullable Integer clustersScanned,
            @Nullable Integer itemsPerCluster,
            @Nullable Integer candidatesMax,
            @Nullable Double scoreMin,
            @Nullable String ranking,
            @Nullable Boolean rescore) {}

    record Translation(
            @Nullable String from,
            @Nullable String to,
            @Nullable String space,
            @Nullable String relation) {}

    static ScoringPlan read(YamlFile yaml, Map<String, Space> spaces) {
        return new Reader(yaml, new Keys(yaml), spaces).plan(yaml.as(SurfaceFile.class));
    }

    /** Turns the file into a plan and checks every name in it against the declared spaces. */
    private record Reader(YamlFile yaml, Keys keys, Map<String, Space> spaces) {

        ScoringPlan plan(SurfaceFile file) {
            String surface = keys.name("surface", file.surface);
            List<EntityKind> kinds = new ArrayList<>();
            List<String> kindNames = keys.required("kinds", file.kinds);
            for (int i = 0; i < kindNames.size(); i++) {
                kinds.add(keys.kind("kinds[" + i + "]", kindNames.get(i)));
            }
            List<ColumnPlan> columns = new ArrayList<>();
            List<Column> columnFiles = keys.required("columns", file.columns);
            for (int i = 0; i < columnFiles.size(); i++) {
                String place = "columns[" + i + "]";
                columns.add(column(place, keys.required(place, columnFiles.get(i))));
            }
            List<String> exclude = file.exclude == null ? List.of() : file.exclude;
            for (int i = 0; i < exclude.size(); i++) {
                history("exclude[" + i + "]", exclude.get(i));
            }
            BlendRecipe blend = blend(file.blend == null ? new Blend(null, null, null, null, null) : file.blend);
            AttributePlan attributes = attributes(file);
            List<RuleFile> rules = file.rules == null ? List.of() : file.rules;
            RuleBook book = new RuleFile.Reader(yaml, keys).book(rules);
            return keys.checked(
                    "",
                    () -> new ScoringPlan(
                            surface,
                            kinds,
                            columns,
                            disabled(columnFiles),
                            blend,
                            exclude,
                            or(file.kDefault, K_DEFAULT),
                            book,
                            attributes,
                            anchors(columnFiles)));
        }

        private static Set<String> disabled(List<Column> columns) {
            Set<String> disabled = new TreeSet<>();
            for (Column column : columns) {
                if (Boolean.FALSE.equals(column.enabled) && column.name != null) {
                    disabled.add(column.name);
                }
            }
            return disabled;
        }

        private Map<String, String> anchors(List<Column> columns) {
            Map<String, String> anchors = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                String space = columns.get(i).anchors;
                String name = columns.get(i).name;
                if (space != null && name != null) {
                    String at = "columns[" + i + "].anchors";
                    if (!(declared(at, space) instanceof DenseSpace)) {
                        throw yaml.error(at, "must be a dense space: '%s'".formatted(space));
                    }
                    anchors.put(name, space);
                }
            }
            return anchors;
        }

        private AttributePlan attributes(SurfaceFile file) {
            Map<String, AttributePlan.Attribute> attributes = new LinkedHashMap<>();
            if (file.attributes != null) {
                file.attributes.forEach((name, attribute) -> {
                    String at = "attributes." + name;
                    keys.name(at, name);
                    List<String> spaces = sparse(at + ".spaces", keys.required(at, attribute).spaces);
                    List<String> inverseOf = sparse(at + ".inverse-of", attribute.inverseOf);
                    attributes.put(name, keys.checked(at, () -> new AttributePlan.Attribute(spaces, inverseOf)));
                });
            }
            Created created = file.created == null ? new Created(null, null) : file.created;
            Set<EntityKind> snowflakes = new LinkedHashSet<>();
            List<String> kinds = created.snowflake == null ? List.of() : created.snowflake;
            for (int i = 0; i < kinds.size(); i++) {
                snowflakes.add(keys.kind("created.snowflake[" + i + "]", kinds.get(i)));
            }
            return new AttributePlan(attributes, snowflakes, sparse("created.spaces", created.spaces));
        }

        private List<String> sparse(String key, @Nullable List<String> names) {
            List<String> spaces = names == null ? List.of() : names;
            for (int i = 0; i < spaces.size(); i++) {
                history(key + "[" + i + "]", spaces.get(i));
            }
            return spaces;
        }

        private BlendRecipe blend(Blend blend) {
            String method = blend.method == null ? "linear" : blend.method;
            switch (method) {
                case "linear":
                    refuse("blend.rank-constant", blend.rankConstant, "method reciprocal-rank");
                    refuseCounts(blend);
                    return new BlendRecipe.Linear(keys.oneOf("blend.normalizer", blend.normalizer, Normalizer.Z_SCORE));
                case "reciprocal-rank":
                    refuse("blend.normalizer", blend.normalizer, "method linear");
                    refuseCounts(blend);
                    return keys.checked(
                            "blend.rank-constant",
                            () -> new BlendRecipe.ReciprocalRank(
                                    or(blend.rankConstant, BlendRecipe.ReciprocalRank.RANK_CONSTANT_DEFAULT)));
                case "round-robin":
                    refuse("blend.normalizer", blend.normalizer, "method linear");
                    refuse("blend.rank-constant", blend.rankConstant, "method reciprocal-rank");
                    refuseCounts(blend);
                    return new BlendRecipe.RoundRobin();
                case "count-weighted":
                    refuse("blend.normalizer", blend.normalizer, "method linear");
                    refuse("blend.rank-constant", blend.rankConstant, "method reciprocal-rank");
                    return keys.checked(
                            "blend",
                            () -> new BlendRecipe.CountWeighted(
                                    or(blend.shrinkage, 1.0),
                                    or(blend.adjustmentsMax, BlendRecipe.CountWeighted.ADJUSTMENTS_MAX_DEFAULT)));
                default:
                    throw yaml.error(
                            "blend.method",
                            "must be one of linear, reciprocal-rank, round-robin, count-weighted: '%s'"
                                    .formatted(method));
            }
        }

        private void refuseCounts(Blend blend) {
            refuse("blend.shrinkage", blend.shrinkage, "method count-weighted");
            refuse("blend.adjustments-max", blend.adjustmentsMax, "method count-weighted");
        }

        private ColumnPlan column(String place, Column column) {
            String name = keys.name(place + ".name", column.name);
            return switch (keys.required(place + ".form", column.form)) {
                case "dense" -> dense(place, name, column);
                case "sparse" -> sparse(place, name, column);
                default -> throw yaml.error(place + ".form", "must be dense or sparse: '%s'".formatted(column.form));
            };
        }

        private ColumnPlan dense(String place, String name, Column column) {
            refuse(place + ".clusters-scanned", column.clustersScanned, "sparse columns");
            refuse(place + ".items-per-cluster", column.itemsPerCluster, "sparse columns");
            refuse(place + ".candidates-max", column.candidatesMax, "sparse columns");
            refuse(place + ".score-min", column.scoreMin, "sparse columns");
            refuse(place + ".ranking", column.ranking, "sparse columns");
            refuse(place + ".rescore", column.rescore, "sparse columns");
            int retrieve = range(place + ".retrieve", or(column.retrieve, RETRIEVE_DEFAULT), 0, Limits.RETRIEVE_MAX);
            Map<EntityKind, String> sources = lookups(place + ".sources", column.sources, true);
            Map<EntityKind, String> candidates = lookups(place + ".candidates", column.candidates, true);
            oneModel(place, sources, candidates);
            int ef = range(place + ".ef", or(column.ef, EF_DEFAULT), 1, Limits.EF_MAX);
            return keys.checked(
                    place,
                    () -> new ColumnPlan.Dense(
                            name,
                            sources,
                            candidates,
                            similarity(place, column),
                            translations(place, column),
                            retrieve,
                            new ColumnPlan.Effort(
                                    ef,
                                    or(column.recallTarget, 0.0),
                                    or(column.budgetMs, 0),
                                    Boolean.TRUE.equals(column.exact)),
                            keys.required(place + ".weight", column.weight)));
        }

        private ColumnPlan sparse(String place, String name, Column column) {
            refuse(place + ".translations", column.translations, "dense columns");
            refuse(place + ".ef", column.ef, "dense columns");
            refuse(place + ".recall-target", column.recallTarget, "dense columns");
            refuse(place + ".budget-ms", column.budgetMs, "dense columns");
            refuse(place + ".anchors", column.anchors, "dense columns");
            int retrieve = range(place + ".retrieve", or(column.retrieve, RETRIEVE_DEFAULT), 0, Limits.RETRIEVE_MAX);
            Map<EntityKind, String> sources = lookups(place + ".sources", column.sources, false);
            Map<EntityKind, String> candidates = lookups(place + ".candidates", column.candidates, false);
            oneModel(place, sources, candidates);
            if (retrieve > 0) {
                searchable(place, candidates);
            }
            int clustersScanned = range(
                    place + ".clusters-scanned",
                    or(column.clustersScanned, SparseSearchOptions.CLUSTERS_SCANNED_DEFAULT),
                    1,
                    Limits.CLUSTERS_SCANNED_MAX);
            int itemsPerCluster = range(
                    place + ".items-per-cluster",
                    or(column.itemsPerCluster, SparseSearchOptions.ITEMS_PER_CLUSTER_DEFAULT),
                    1,
                    Limits.ITEMS_PER_CLUSTER_MAX);
            int candidatesMax = range(
                    place + ".candidates-max",
                    or(column.candidatesMax, SparseSearchOptions.CANDIDATES_MAX_DEFAULT),
                    1,
                    Limits.CANDIDATES_MAX);
            return keys.checked(
                    place,
                    () -> new ColumnPlan.Sparse(
                            name,
                            sources,
                            candidates,
                            similarity(place, column),
                            retrieve,
                            clustersScanned,
                            itemsPerCluster,
                            candidatesMax,
                            or(column.scoreMin, 0.0),
                            keys.oneOf(place + ".ranking", column.ranking, Ranking.COSINE),
                            ColumnPlan.Sparse.mode(or(column.rescore, true), Boolean.TRUE.equals(column.exact)),
                            keys.required(place + ".weight", column.weight)));
        }

        private Similarity similarity(String place, Column column) {
            return keys.oneOf(place + ".similarity", column.similarity, Similarity.COSINE);
        }

        private List<ColumnPlan.Translation> translations(String place, Column column) {
            List<ColumnPlan.Translation> result = new ArrayList<>();
            List<Translation> translations = column.translations == null ? List.of() : column.translations;
            for (int i = 0; i < translations.size(); i++) {
                String at = place + ".translations[" + i + "]";
                Translation translation = keys.required(at, translations.get(i));
                String space = keys.required(at + ".space", translation.space);
                if (!(declared(at + ".space", space) instanceof DenseSpace)) {
                    throw yaml.error(at + ".space", "must be a dense space: '%s'".formatted(space));
                }
                result.add(new ColumnPlan.Translation(
                        keys.kind(at + ".from", keys.required(at + ".from", translation.from)),
                        keys.kind(at + ".to", keys.required(at + ".to", translation.to)),
                        space,
                        keys.required(at + ".relation", translation.relation)));
            }
            return result;
        }

        private Map<EntityKind, String> lookups(String key, @Nullable Map<String, String> lookups, boolean dense) {
            Map<EntityKind, String> result = new LinkedHashMap<>();
            for (Map.Entry<String, String> lookup : keys.required(key, lookups).entrySet()) {
                String at = key + "." + lookup.getKey();
                EntityKind kind = keys.kind(at, lookup.getKey());
                Space space = declared(at, keys.required(at, lookup.getValue()));
                if (space instanceof DenseSpace != dense) {
                    throw yaml.error(
                            at, "must be a %s space: '%s'".formatted(dense ? "dense" : "sparse", lookup.getValue()));
                }
                if (!space.kind().equals(kind)) {
                    throw yaml.error(
                            at, "space '%s' holds kind %s, not %s".formatted(space.name(), space.kind(), kind));
                }
                result.put(kind, space.name());
            }
            if (result.isEmpty()) {
                throw yaml.error(key, "needs a kind and its space");
            }
            return result;
        }

        private void oneModel(String place, Map<EntityKind, String> sources, Map<EntityKind, String> candidates) {
            String model = model(sources.values().iterator().next());
            for (Map<EntityKind, String> side : List.of(sources, candidates)) {
                for (String space : side.values()) {
                    if (!model(space).equals(model)) {
                        throw yaml.error(
                                place,
                                "spaces of one column share a model: '%s' is of %s, others of %s"
                                        .formatted(space, model(space), model));
                    }
                }
            }
        }

        private String model(String space) {
            return declared("", space).model();
        }

        private void searchable(String place, Map<EntityKind, String> candidates) {
            for (Map.Entry<EntityKind, String> candidate : candidates.entrySet()) {
                if (declared(place, candidate.getValue()) instanceof SparseSpace sparse && !sparse.indexed()) {
                    throw yaml.error(
                            place + ".candidates." + candidate.getKey(),
                            "space '%s' is not indexed (items-per-cluster 0); set retrieve to 0 or index it"
                                    .formatted(sparse.name()));
                }
            }
        }

        private void history(String key, String name) {
            if (!(declared(key, name) instanceof SparseSpace)) {
                throw yaml.error(key, "must be a sparse space: '%s'".formatted(name));
            }
        }

        private Space declared(String key, String name) {
            return Optional.ofNullable(spaces.get(name))
                    .orElseThrow(() -> yaml.error(
                            key,
                            "space '%s' is not declared; declared are %s"
                                    .formatted(name, String.join(", ", spaces.keySet()))));
        }

        private int range(String key, int value, int min, int max) {
            if (value < min || value > max) {
                throw yaml.error(key, "must be %d to %d: %d".formatted(min, max, value));
            }
            return value;
        }

        private void refuse(String key, @Nullable Object value, String owner) {
            if (value != null) {
                throw yaml.error(key, "is for %s only".formatted(owner));
            }
        }

        private static <T> T or(@Nullable T value, T otherwise) {
            return value == null ? otherwise : value;
        }
    }
}
