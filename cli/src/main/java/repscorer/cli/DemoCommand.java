package repscorer.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.cli.console.UserError;
import repscorer.cli.demo.Demo;

/** {@code repscorer demo}: the whole road on one screen. */
@Command(
        name = "demo",
        description =
                "Learns embeddings from a social network, publishes them, serves them and asks: all in one command.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Without --data the network is made up: communities, named topics, tweets with authors and times.",
            "A second start reuses what was trained. Ctrl-C stops it."
        })
final class DemoCommand implements Callable<Integer> {

    @Option(names = "--data", paramLabel = "DIR", description = "Real edges, read by --plan.")
    private @Nullable Path data;

    @Option(names = "--plan", paramLabel = "FILE", description = "The training plan for --data.")
    private @Nullable Path plan;

    @Option(names = "--config", paramLabel = "DIR", description = "Configuration (default: the project's config/).")
    private @Nullable Path config;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Where everything is kept (default: the project's build/demo, or build/demo-PLAN).")
    private @Nullable Path home;

    @Option(names = "--port", paramLabel = "P", defaultValue = "8080", description = "Port (default ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--once", description = "Print the answers and exit.")
    private boolean once;

    @Override
    public Integer call() throws Exception {
        if ((data == null) != (plan == null)) {
            throw new UserError("--data and --plan go together");
        }
        if (data != null) {
            Home.requireDirectory("--data", data);
        }
        if (plan != null) {
            Home.requireFile("--plan", plan);
        }
        Path configuration = Home.orOwn(config, "config");
        Home.requireDirectory("--config", configuration);
        new Demo(
                        configuration,
                        Optional.ofNullable(data),
                        Optional.ofNullable(plan),
                        Optional.ofNullable(home),
                        Home.root(),
                        port,
                        once)
                .run(System.out);
        return 0;
    }
}
