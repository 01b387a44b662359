package repscorer.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.api.config.ServiceConfig;
import repscorer.cli.console.UserError;
import repscorer.core.experiment.Assigner;
import repscorer.core.experiment.Assignment;

/** {@code repscorer assign}: checks a configuration as a start does, and tells which variants units are in. */
@Command(
        name = "assign",
        description =
                "Tells which variants units are in by a configuration, now or at another time; no service is asked.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Of requests that are eligible: source-kinds is not looked at, and context where --context tells it."
        })
final class AssignCommand implements Callable<Integer> {

    @Option(names = "--config", paramLabel = "DIR", description = "Configuration (default: the project's config/).")
    private @Nullable Path config;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "A time such as 2026-12-01T00:00:00Z, for schedules (default: now).")
    private @Nullable String at;

    @Option(
            names = "--context",
            paramLabel = "NAME=VALUE",
            description = "What requests tell of the units; without, every experiment's is met.")
    private @Nullable Map<String, String> context;

    @Parameters(paramLabel = "UNIT", arity = "1..*", description = "As requests name it, such as user:12.")
    private List<String> units = List.of();

    @Override
    public Integer call() {
        ServiceConfig service = ServiceConfig.load(Home.orOwn(config, "config"), System.getenv(), Map.of());
        Assigner assigner = new Assigner(service.experiments(), service.holdOuts());
        long now = millis();
        for (String unit : units) {
            Assigner.HeldOut heldOut = assigner.heldOut(unit);
            List<Assignment> assignments =
                    context == null ? assigner.assign(unit, now) : assigner.assign(unit, context, now);
            for (Assignment assignment : assignments) {
                System.out.printf(
                        "%s: %s of %s on %s%n",
                        unit,
                        assignment.variant().name(),
                        assignment.experiment().name(),
                        assignment.experiment().surface());
            }
            if (heldOut.everywhere()) {
                System.out.printf("%s: held out everywhere%n", unit);
            }
            heldOut.layers().forEach(layer -> System.out.printf("%s: held out of layer %s%n", unit, layer));
            if (assignments.isEmpty()
                    && !heldOut.everywhere()
                    && heldOut.layers().isEmpty()) {
                System.out.printf("%s: in no experiment%n", unit);
            }
        }
        return 0;
    }

    private long millis() {
        try {
            return at == null ? System.currentTimeMillis() : Instant.parse(at).toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new UserError("--at is a time such as 2026-12-01T00:00:00Z: '%s'".formatted(at));
        }
    }
}
