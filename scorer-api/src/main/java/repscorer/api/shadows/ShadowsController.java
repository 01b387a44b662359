package repscorer.api.shadows;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.engine.LiveConfig;
import repscorer.api.engine.Serving;
import repscorer.api.mapping.Distributions;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.core.entity.EntityId;
import repscorer.core.shadow.Shadow;
import repscorer.core.shadow.ShadowPair;
import repscorer.core.shadow.ShadowReport;
import repscorer.wire.ShadowsResponse;
import repscorer.wire.ShadowsResponse.ShadowBody;
import repscorer.wire.ShadowsResponse.ShadowWorstBody;

/** Tells how the answers of plans that run beside others stand to those that were given. */
@RestController
@Tag(name = "Experiments")
final class ShadowsController {

    private final LiveConfig live;

    ShadowsController(LiveConfig live) {
        this.live = live;
    }

    @Needs(Role.EXPERIMENT)
    @GetMapping(path = "/v1/shadows", produces = "application/json")
    @Operation(
            operationId = "listShadows",
            summary = "What plans would have answered that run beside those that answer",
            description =
                    "Since the configuration in force began to answer. The worst cases name sources and candidates.",
            security = @SecurityRequirement(name = "admin"))
    ShadowsResponse shadows() {
        Serving serving = live.serving();
        return new ShadowsResponse(
                serving.since().toString(),
                serving.shadows().reports().stream()
                        .map(ShadowsController::body)
                        .toList());
    }

    private static ShadowBody body(ShadowReport report) {
        Shadow shadow = report.shadow();
        return new ShadowBody(
                shadow.name(),
                shadow.surface(),
                shadow.share(),
                new TreeMap<>(shadow.overrides()),
                report.compared(),
                report.dropped(),
                report.failed(),
                report.failure().orElse(null),
                report.overlap().map(Distributions::body).orElse(null),
                report.rankBiasedOverlap().map(Distributions::body).orElse(null),
                report.scoreShift().map(Distributions::body).orElse(null),
                report.latencyRatio().map(Distributions::body).orElse(null),
                report.worst().stream().map(ShadowsController::worst).toList());
    }

    private static ShadowWorstBody worst(ShadowPair pair) {
        return new ShadowWorstBody(
                pair.decisionId(),
                pair.source(),
                pair.overlap(),
                pair.rankBiasedOverlap(),
                ids(pair.live()),
                ids(pair.shadow()));
    }

    private static List<String> ids(List<EntityId> ids) {
        return ids.stream().map(EntityId::toString).toList();
    }
}
