package repscorer.api.surfaces;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.engine.LiveConfig;
import repscorer.api.tenants.ForTenants;
import repscorer.api.tenants.World;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.entity.EntityKind;
import repscorer.core.explore.Exploration;
import repscorer.core.model.ModelFeature;
import repscorer.core.plan.AttributePlan;
import repscorer.core.plan.BlendSetting;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ExplorationSetting;
import repscorer.core.plan.ReasonPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.plan.SettingType;
import repscorer.wire.SurfaceBody;
import repscorer.wire.SurfaceBody.CalibrationPointBody;

/** Tells each surface's plan, under the keys of its configuration file. */
@RestController
@Tag(name = "Surfaces")
final class SurfacesController {

    /** Told only where they are set, as is a least score that is none; and by these names, which clients know. */
    private static final Map<ColumnSetting, String> SPARING =
            Map.of(ColumnSetting.RECALL_TARGET, "recallTarget", ColumnSetting.BUDGET_MS, "budgetMs");

    private final LiveConfig live;

    SurfacesController(LiveConfig live) {
        this.live = live;
    }

    @ForTenants
    @GetMapping(path = "/v1/surfaces", produces = "application/json")
    @Operation(operationId = "listSurfaces", summary = "The surfaces and how their requests are answered")
    List<SurfaceBody> surfaces() {
        World world = World.current();
        return live.scorer().plans().stream()
                .filter(plan -> world.seesSurface(plan.surface()))
                .map(SurfacesController::body)
                .map(body -> SeenSurface.of(world, body))
                .toList();
    }

    static SurfaceBody body(ScoringPlan plan) {
        return new SurfaceBody(
                plan.surface(),
                plan.kinds().stream().map(EntityKind::name).toList(),
                plan.kDefault(),
                blend(plan.blend()),
                plan.exclude(),
                plan.columns().stream().map(column -> column(plan, column)).toList(),
                attributes(plan.attributes()),
                created(plan.attributes()),
                plan.rules().isEmpty()
                        ? null
                        : plan.rules().rules().stream().map(RuleBodies::of).toList(),
                plan.exploration().equals(Exploration.NONE) ? null : explore(plan.exploration()),
                plan.calibration()
                        .map(calibration -> calibration.points().stream()
                                .map(point -> new CalibrationPointBody(point.score(), point.probability()))
                                .toList())
                        .orElse(null));
    }

    private static Map<String, Object> blend(BlendRecipe recipe) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("method", recipe.method());
        BlendSetting.in(recipe).forEach((setting, value) -> body.put(setting.key(), told(value)));
        return body;
    }

    private static Map<String, Object> explore(Exploration exploration) {
        Map<String, Object> body = new LinkedHashMap<>();
        ExplorationSetting.in(exploration).forEach((setting, value) -> body.put(setting.key(), told(value)));
        return body;
    }

    private static Map<String, Object> column(ScoringPlan plan, ColumnPlan column) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", column.name());
        body.put("form", SettingType.Word.of(column.form()));
        if (column instanceof ColumnPlan.Model computed) {
            body.put("model", computed.model().name());
            body.put("digest", computed.model().digest());
            body.put(
                    "features",
                    computed.model().features().stream().map(ModelFeature::text).toList());
        } else {
            body.put("sources", byKind(column.sources()));
            body.put("candidates", byKind(column.candidates()));
            body.put("similarity", column.similarity().wireName());
        }
        body.put(ColumnSetting.WEIGHT.key(), column.weight());
        if (plan.disabled().contains(column.name())) {
            body.put("enabled", false);
        }
        if (plan.optional().contains(column.name())) {
            body.put("optional", true);
        }
        if (plan.anchors().containsKey(column.name())) {
            body.put("anchors", plan.anchors().get(column.name()));
        }
        if (plan.reasons().containsKey(column.name())) {
            body.put("reason", reason(plan.reasons().get(column.name())));
        }
        if (column instanceof ColumnPlan.Dense dense) {
            body.put(
                    "translations",
                    dense.translations().stream()
                            .map(SurfacesController::translation)
                            .toList());
        }
        for (ColumnSetting setting : ColumnSetting.of(column.form())) {
            Object value = setting.get(column);
            boolean sparing = SPARING.containsKey(setting) || value.equals(Double.NEGATIVE_INFINITY);
            if (!sparing || !value.equals(setting.standard(column.form()))) {
                body.put(SPARING.getOrDefault(setting, setting.key()), told(value));
            }
        }
        return body;
    }

    private static Map<String, Object> reason(ReasonPlan reason) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("says", reason.says());
        reason.names().ifPresent(names -> body.put("names", names));
        return body;
    }

    private static @Nullable Map<String, Object> attributes(AttributePlan plan) {
        Map<String, Object> body = new TreeMap<>();
        plan.attributes()
                .forEach((name, attribute) ->
                        body.put(name, lists("spaces", attribute.spaces(), "inverse-of", attribute.inverseOf())));
        return body.isEmpty() ? null : body;
    }

    private static @Nullable Map<String, Object> created(AttributePlan plan) {
        List<String> kinds =
                plan.snowflakes().stream().map(EntityKind::name).sorted().toList();
        Map<String, Object> body = lists("snowflake", kinds, "spaces", plan.createdSpaces());
        return body.isEmpty() ? null : body;
    }

    /** Those of two lists that hold something. */
    private static Map<String, Object> lists(String a, List<String> first, String b, List<String> second) {
        Map<String, Object> body = new LinkedHashMap<>();
        if (!first.isEmpty()) {
            body.put(a, first);
        }
        if (!second.isEmpty()) {
            body.put(b, second);
        }
        return body;
    }

    private static Object told(Object value) {
        return value instanceof Enum<?> constant ? SettingType.Word.of(constant) : value;
    }

    private static Map<String, String> translation(ColumnPlan.Translation translation) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("from", translation.from().name());
        body.put("to", translation.to().name());
        body.put("space", translation.space());
        body.put("relation", translation.relation());
        return body;
    }

    private static Map<String, String> byKind(Map<EntityKind, String> spaces) {
        Map<String, String> body = new TreeMap<>();
        spaces.forEach((kind, space) -> body.put(kind.name(), space));
        return body;
    }
}
