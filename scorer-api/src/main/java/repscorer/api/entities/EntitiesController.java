package repscorer.api.entities;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.engine.LiveConfig;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.wire.EntitiesResponse;
import repscorer.wire.EntitiesResponse.NamedBody;

/** Completes names while somebody types. */
@RestController
@Tag(name = "Entities")
final class EntitiesController {

    private final LiveConfig live;

    EntitiesController(LiveConfig live) {
        this.live = live;
    }

    @GetMapping(path = "/v1/entities", produces = "application/json")
    @Operation(
            operationId = "completeEntities",
            summary = "Entities with a name whose words begin with what was typed",
            description = """
                    From all spaces of texts that say completed: true. Case, accents and marks do not matter, any word of a name \
                    may be meant, and where a prefix of three characters or more finds too few, names with one typing error in it \
                    follow: a character too many, too few, another one, or two that changed places.""")
    EntitiesResponse entities(
            @Parameter(description = "what was typed; any characters at all", example = "jaz") @RequestParam
                    String prefix,
            @Parameter(description = "of entities; all kinds where absent", example = "topic")
                    @RequestParam(required = false)
                    @Nullable
                    String kind,
            @Parameter(description = "how many at most, 1 to 100") @RequestParam(defaultValue = "10") int k) {
        return new EntitiesResponse(
                live.scorer().complete(prefix, Optional.ofNullable(kind).map(EntitiesController::kind), k).stream()
                        .map(each -> new NamedBody(each.id().toString(), each.name(), each.errors()))
                        .toList());
    }

    private static EntityKind kind(String name) {
        try {
            return new EntityKind(name);
        } catch (IllegalArgumentException e) {
            throw new Invalid("malformed-kind", "kind", String.valueOf(e.getMessage()));
        }
    }
}
