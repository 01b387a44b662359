package repscorer.api.config;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Calibration;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextSpace;
import repscorer.core.entity.EntityKind;
import repscorer.core.explore.Exploration;
import repscorer.core.model.RankModel;
import repscorer.core.plan.AttributePlan;
import repscorer.core.plan.BlendSetting;
import repscorer.core.plan.ColumnBuilder;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnPlan.Form;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ExplorationSetting;
import repscorer.core.plan.ReasonPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.plan.SettingType;
import repscorer.core.signal.SignalType;
import repscorer.yaml.YamlFile;

/**
 * Reads a file of {@code surfaces/}, the plan of one surface, and checks every name in it against the declared spaces and signals. What
 * columns and blends may set is {@link ColumnSetting} and {@link BlendSetting}.
 */
final class SurfaceFile {

    private static final String COLUMN_KEYS = Stream.of(ColumnSetting.values())
            .map(ColumnSetting::key)
            .collect(Collectors.joining(
                    " ",
                    "name form sources candidates similarity model enabled optional anchors reason translations ",
                    ""));
    private static final String BLEND_KEYS =
            Stream.of(BlendSetting.values()).map(BlendSetting::key).collect(Collectors.joining(" ", "method ", ""));

    private static final String EXPLORE_KEYS =
            Stream.of(ExplorationSetting.values()).map(ExplorationSetting::key).collect(Collectors.joining(" "));

    private final Map<String, Space> spaces;
    private final List<SignalType> signals;
    private final Map<String, RankModel> models;
    private final Map<String, String> anchors = new LinkedHashMap<>();
    private final Map<String, ReasonPlan> reasons = new LinkedHashMap<>();
    private final Set<String> disabled = new TreeSet<>();
    private final Set<String> optional = new TreeSet<>();

    private SurfaceFile(Map<String, Space> spaces, List<SignalType> signals, Map<String, RankModel> models) {
        this.models = models;
        this.spaces = spaces;
        this.signals = signals;
    }

    static ScoringPlan read(
            YamlFile yaml, Map<String, Space> spaces, List<SignalType> signals, Map<String, RankModel> models) {
        return ConfigNode.read(
                yaml,
                new SurfaceFile(spaces, signals, models)::plan,
                "surface kinds k-default exclude blend columns attributes created rules explore calibration");
    }

    private ScoringPlan plan(ConfigNode file) {
        List<EntityKind> kinds = file.require("kinds").list("kinds", EntityKind.class);
        return ScoringPlan.of(file.name("surface"), kinds.toArray(EntityKind[]::new))
                .columns(file.require("columns").each("columns", this::column, COLUMN_KEYS))
                .disabled(disabled)
                .optional(optional)
                .anchors(anchors)
                .reasons(reasons)
                .blend(file.child("blend").read(SurfaceFile::blend, BLEND_KEYS))
                .exclude(sparse(file, "exclude"))
                .kDefault(file.get("k-default", ScoringPlan.K_DEFAULT))
                .attributes(attributes(file))
                .rules(RuleFile.book(file, signals, kinds))
                .exploration(file.child("explore").read(SurfaceFile::exploration, EXPLORE_KEYS))
                .calibration(file.child("calibration").read(SurfaceFile::calibration, "points"))
                .build();
    }

    private AttributePlan attributes(ConfigNode file) {
        Map<String, AttributePlan.Attribute> byName = file.child("attributes")
                .byKey(
                        (name, at) -> {
                            at.checkName("", name);
                            return new AttributePlan.Attribute(sparse(at, "spaces"), sparse(at, "inverse-of"));
                        },
                        "spaces inverse-of");
        return file.child("created")
                .read(
                        at -> new AttributePlan(
                                byName, Set.copyOf(at.list("snowflake", EntityKind.class)), sparse(at, "spaces")),
                        "snowflake spaces");
    }

    private static BlendRecipe blend(ConfigNode blend) {
        String method = blend.get("method", "linear");
        Map<BlendSetting, Object> settings = new EnumMap<>(BlendSetting.class);
        for (BlendSetting setting : BlendSetting.values()) {
            if (setting.method().equals(method)) {
                blend.find(setting.key(), setting.type()).ifPresent(value -> settings.put(setting, value));
            } else if (BlendSetting.METHODS.contains(method)) {
                blend.refuse(setting.key(), "is for method %s only".formatted(setting.method()));
            }
        }
        if (!BlendSetting.METHODS.contains(method)) {
            throw blend.error(
                    "method", "must be one of %s: '%s'".formatted(String.join(", ", BlendSetting.METHODS), method));
        }
        return BlendSetting.recipe(method, settings);
    }

    private static Optional<Calibration> calibration(ConfigNode at) {
        List<Calibration.Point> points = at.each(
                "points",
                point ->
                        new Calibration.Point(point.get("score", Double.class), point.get("probability", Double.class)),
                "score probability");
        try {
            return points.isEmpty() ? Optional.empty() : Optional.of(new Calibration(points));
        } catch (IllegalArgumentException e) {
            throw at.error("points", String.valueOf(e.getMessage()));
        }
    }

    private static Exploration exploration(ConfigNode explore) {
        Map<ExplorationSetting, Object> settings = new EnumMap<>(ExplorationSetting.class);
        for (ExplorationSetting setting : ExplorationSetting.values()) {
            explore.find(setting.key(), setting.type()).ifPresent(value -> {
                if (!setting.type().allows(value)) {
                    throw explore.error(
                            setting.key(),
                            "must be %s: %s".formatted(setting.type().bounds(), value));
                }
                settings.put(setting, value);
            });
        }
        return ExplorationSetting.exploration(settings);
    }

    private ColumnPlan column(ConfigNode at) {
        String name = at.name("name");
        Form form = switch (at.get("form", String.class)) {
            case "dense" -> Form.DENSE;
            case "sparse" -> Form.SPARSE;
            case "text" -> Form.TEXT;
            case "model" -> Form.MODEL;
            default ->
                throw at.error(
                        "form", "must be dense, sparse, text or model: '%s'".formatted(at.get("form", String.class)));
        };
        ColumnBuilder column = new ColumnBuilder(form, name);
        if (form == Form.MODEL) {
            column.model(model(at));
            for (String key : List.of("sources", "candidates", "similarity")) {
                at.refuse(key, "is not for model columns, which compare nothing");
            }
        } else {
            column.similarity(at.get("similarity", ColumnBuilder.standard(form)));
            lookups(at.require("sources").child("sources"), form).forEach(column::source);
            lookups(at.require("candidates").child("candidates"), form).forEach(column::candidate);
            at.refuse("model", "is for model columns only");
        }
        if (form == Form.DENSE) {
            column.translations(at.each("translations", this::translation, "from to space relation"));
            at.find("anchors", String.class).ifPresent(space -> anchors.put(name, dense(at, "anchors", space)));
        } else {
            at.refuse("translations", "is for dense columns only");
            at.refuse("anchors", "is for dense columns only");
        }
        if (form == Form.SPARSE) {
            at.child("reason").read(this::reason, "says names").ifPresent(reason -> reasons.put(name, reason));
        } else {
            at.refuse("reason", "is for sparse columns only");
        }
        if (!at.get("enabled", true)) {
            disabled.add(name);
        }
        if (at.get("optional", false)) {
            optional.add(name);
        }
        for (ColumnSetting setting : ColumnSetting.values()) {
            if (!setting.forms().contains(form)) {
                at.refuse(setting.key(), "is for %s columns only".formatted(forms(setting)));
            } else {
                if (setting.required()) {
                    at.require(setting.key());
                }
                at.find(setting.key(), setting.type()).ifPresent(value -> set(at, column, setting, value));
            }
        }
        ColumnPlan plan = column.build();
        checkModel(at, plan);
        checkSearched(at.child("candidates"), plan);
        return plan;
    }

    private RankModel model(ConfigNode at) {
        String name = at.get("model", String.class);
        return Optional.ofNullable(models.get(name))
                .orElseThrow(() -> at.error(
                        "model",
                        "no model is called '%s'; %s has %s".formatted(name, ConfigFiles.MODELS, models.keySet())));
    }

    /** Other values than whole numbers are told with the column's name, by the column. */
    private static void set(ConfigNode at, ColumnBuilder column, ColumnSetting setting, Object value) {
        if (setting.type() instanceof SettingType.Whole whole && !whole.allows(value)) {
            throw at.error(setting.key(), "must be %s: %s".formatted(whole.bounds(), value));
        }
        column.set(setting, value);
    }

    private ColumnPlan.Translation translation(ConfigNode at) {
        return new ColumnPlan.Translation(
                at.get("from", EntityKind.class),
                at.get("to", EntityKind.class),
                dense(at, "space", at.get("space", String.class)),
                at.get("relation", String.class));
    }

    private Optional<ReasonPlan> reason(ConfigNode at) {
        Optional<String> names = at.find("names", String.class)
                .map(space -> declared(at, "names", space, "text", TextSpace.class::isInstance)
                        .name());
        if (names.isPresent()) {
            at.require("says");
        }
        return at.find("says", String.class).map(says -> at.checked("says", () -> new ReasonPlan(says, names)));
    }

    private Map<EntityKind, String> lookups(ConfigNode at, Form form) {
        Map<EntityKind, String> lookups = new LinkedHashMap<>();
        at.forEachKey(String.class, (key, name) -> {
            EntityKind kind = at.checked(key, () -> new EntityKind(key));
            Space space = switch (form) {
                case DENSE -> declared(at, key, name, "dense", DenseSpace.class::isInstance);
                case SPARSE -> declared(at, key, name, "sparse", SparseSpace.class::isInstance);
                case TEXT -> declared(at, key, name, "text", TextSpace.class::isInstance);
                case MODEL -> throw new IllegalStateException("looks nothing up: " + key);
            };
            if (!space.kind().equals(kind)) {
                throw at.error(key, "space '%s' holds kind %s, not %s".formatted(name, space.kind(), kind));
            }
            lookups.put(kind, name);
        });
        if (lookups.isEmpty()) {
            throw at.error("", "needs a kind and its space");
        }
        return lookups;
    }

    private static String forms(ColumnSetting setting) {
        return setting.forms().stream()
                .map(form -> form.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" and "));
    }

    private void checkModel(ConfigNode at, ColumnPlan column) {
        if (column.form() == Form.TEXT || column.form() == Form.MODEL) {
            return;
        }
        Optional<Space> first = Optional.empty();
        for (Map<EntityKind, String> side : List.of(column.sources(), column.candidates())) {
            for (String name : side.values()) {
                Space space = at.declared("", name, spaces);
                Space other = first.orElse(space);
                if (!space.model().equals(other.model())) {
                    throw at.error(
                            "",
                            "spaces of one column share a model: '%s' is of %s, others of %s"
                                    .formatted(name, space.model(), other.model()));
                }
                first = Optional.of(other);
            }
        }
    }

    private void checkSearched(ConfigNode candidates, ColumnPlan column) {
        if (column.retrieve() == 0) {
            return;
        }
        column.candidates().forEach((kind, name) -> {
            if (candidates.declared(kind.name(), name, spaces) instanceof SparseSpace space && !space.indexed()) {
                throw candidates.error(
                        kind.name(),
                        "space '%s' is not indexed (items-per-cluster 0); set retrieve to 0 or index it"
                                .formatted(name));
            }
        });
    }

    private List<String> sparse(ConfigNode at, String key) {
        List<String> names = at.list(key, String.class);
        for (int i = 0; i < names.size(); i++) {
            declared(at, "%s[%s]".formatted(key, i), names.get(i), "sparse", SparseSpace.class::isInstance);
        }
        return names;
    }

    private String dense(ConfigNode at, String key, String name) {
        return declared(at, key, name, "dense", DenseSpace.class::isInstance).name();
    }

    private Space declared(ConfigNode at, String key, String name, String form, Predicate<Space> hasForm) {
        Space space = at.declared(key, name, spaces);
        if (!hasForm.test(space)) {
            throw at.error(key, "must be a %s space: '%s'".formatted(form, name));
        }
        return space;
    }
}
