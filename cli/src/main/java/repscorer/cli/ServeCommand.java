package repscorer.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.api.RunningService;
import repscorer.api.ScorerApplication;
import repscorer.api.ServiceOptions;

/** {@code repscorer serve}: the service, until it is told to stop. */
@Command(
        name = "serve",
        description = "Runs the service on a data directory until Ctrl-C.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Settings are in config/scorer.yaml; REPSCORER_PORT, REPSCORER_ADDRESS and so on win over it.",
            "The first start prints the admin token that publishing needs, unless REPSCORER_ADMIN_TOKEN gives one."
        })
final class ServeCommand implements Callable<Integer> {

    @Option(names = "--config", paramLabel = "DIR", description = "Configuration (default: the project's config/).")
    private @Nullable Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where releases are kept (default: the project's data/).")
    private @Nullable Path data;

    @Option(names = "--port", paramLabel = "P", description = "Port to listen on; 0 takes a free one.")
    private @Nullable Integer port;

    @Option(names = "--address", paramLabel = "IP", description = "Interface to listen on; 0.0.0.0 for all.")
    private @Nullable String address;

    @Option(
            names = "--new-admin-token",
            description = "Generates another admin token in place of one that was lost, and prints it.")
    private boolean newAdminToken;

    @Override
    public Integer call() throws Exception {
        ServiceOptions options = ServiceOptions.defaults()
                .withConfigDirectory(Home.orOwn(config, "config"))
                .withDataDirectory(Home.orOwn(data, "data"));
        if (port != null) {
            options = options.withPort(port);
        }
        if (address != null) {
            options = options.withAddress(address);
        }
        if (newAdminToken) {
            options = options.withNewAdminToken();
        }
        try (RunningService service = ScorerApplication.start(options)) {
            System.out.println("probes and metrics on " + service.managementUri() + "/actuator");
            System.out.println("serving on " + service.uri() + " (Ctrl-C stops it)");
            service.awaitClose();
        }
        return 0;
    }
}
