package repscorer.api.surfaces;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import repscorer.core.Scorer;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.wire.SurfaceBody;

/** Tells each surface's plan, under the keys of its configuration file. */
@RestController
@Tag(name = "Surfaces")
final class SurfacesController {

    private final Scorer scorer;

    SurfacesController(Scorer scorer) {
        this.scorer = scorer;
    }

    @GetMapping(path = "/v1/surfaces", produces = "application/json")
    @Operation(operationId = "surfaces", summary = "The surfaces and how their requests are answered")
    List<SurfaceBody> surfaces() {
        return scorer.plans().stream().map(SurfacesController::body).toList();
    }

    private static SurfaceBody body(ScoringPlan plan) {
        return new SurfaceBody(
                plan.surface(),
                plan.kinds().stream().map(EntityKind::name).toList(),
                plan.kDefault(),
                blend(plan.blend()),
                plan.exclude(),
                plan.columns().stream().map(column -> column(plan, column)).toList(),
                plan.rules().isEmpty()
                        ? null
                        : plan.rules().rules().stream().map(RuleBodies::of).toList());
    }

    private static Map<String, Object> blend(BlendRecipe recipe) {
        return switch (recipe) {
            case BlendRecipe.Linear linear -> Map.of("method", "linear", "normalizer", wireName(linear.normalizer()));
            case BlendRecipe.ReciprocalRank rank ->
                Map.of("method", "reciprocal-rank", "rank-constant", rank.rankConstant());
            case BlendRecipe.RoundRobin interleaved -> Map.of("method", "round-robin");
            case BlendRecipe.CountWeighted weighted ->
                Map.of(
                        "method",
                        "count-weighted",
                        "shrinkage",
                        weighted.shrinkage(),
                        "adjustments-max",
                        weighted.adjustmentsMax());
        };
    }

    private static Map<String, Object> column(ScoringPlan plan, ColumnPlan column) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", column.name());
        body.put("form", column instanceof ColumnPlan.Dense ? "dense" : "sparse");
        body.put("sources", byKind(column.sources()));
        body.put("candidates", byKind(column.candidates()));
        body.put("similarity", column.similarity().wireName());
        body.put("weight", column.weight());
        if (plan.disabled().contains(column.name())) {
            body.put("enabled", false);
        }
        if (plan.anchors().containsKey(column.name())) {
            body.put("anchors", plan.anchors().get(column.name()));
        }
        switch (column) {
            case ColumnPlan.Dense dense -> {
                body.put(
                        "translations",
                        dense.translations().stream()
                                .map(SurfacesController::translation)
                                .toList());
                body.put("retrieve", dense.retrieve());
                body.put("ef", dense.effort().ef());
                if (dense.effort().recallTarget() > 0) {
                    body.put("recallTarget", dense.effort().recallTarget());
                }
                if (dense.effort().budgetMillis() > 0) {
                    body.put("budgetMs", dense.effort().budgetMillis());
                }
                body.put("exact", dense.effort().exact());
            }
            case ColumnPlan.Sparse sparse -> {
                body.put("retrieve", sparse.retrieve());
                body.put("clusters-scanned", sparse.clustersScanned());
                body.put("items-per-cluster", sparse.itemsPerCluster());
                body.put("candidates-max", sparse.candidatesMax());
                body.put("score-min", sparse.scoreMin());
                body.put("ranking", wireName(sparse.ranking()));
                body.put("rescore", sparse.rescore());
                body.put("exact", sparse.exact());
            }
        }
        return body;
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

    private static String wireName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
