package repscorer.api.reload;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.engine.LiveConfig;
import repscorer.api.engine.Serving;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.wire.ConfigBody;
import repscorer.wire.ConfigBody.RefusalBody;

/** Tells which configuration is in force, and takes over what the files hold now. */
@RestController
@Tag(name = "Configuration")
final class ConfigController {

    private final LiveConfig live;

    ConfigController(LiveConfig live) {
        this.live = live;
    }

    @GetMapping(path = "/v1/config", produces = "application/json")
    @Operation(
            operationId = "readConfig",
            summary = "The configuration in force",
            description =
                    "The files it was made of, since when it answers, and whether what the files hold now was refused.")
    ConfigBody config() {
        Serving serving = live.serving();
        LiveConfig.Standing standing = live.standing();
        return new ConfigBody(
                serving.since().toString(),
                serving.files(),
                standing.refused(),
                standing.refusal()
                        .map(refusal -> new RefusalBody(refusal.at().toString(), refusal.reason()))
                        .orElse(null),
                standing.needsRestart());
    }

    @Needs(Role.EXPERIMENT)
    @PostMapping(path = "/v1/config/reload", produces = "application/json")
    @Operation(
            operationId = "reloadConfig",
            summary = "Puts into force what the files hold now",
            description =
                    "Surfaces, signals, layers and experiments, checked whole and exchanged in one step. Nothing is"
                            + " changed where a file is refused.",
            security = @SecurityRequirement(name = "admin"))
    ConfigBody reload() {
        live.reload();
        return config();
    }
}
