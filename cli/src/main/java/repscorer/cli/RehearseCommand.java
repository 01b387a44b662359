package repscorer.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.cli.demo.Rehearsal;

/** {@code repscorer rehearse}: has Java keep, for later starts, what it loads and learns of a service that runs. */
@Command(
        name = "rehearse",
        description = "Makes later starts quicker: keeps what Java loads and learns while a small service runs.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[COMMAND]",
        subcommands = StrategiesCommand.class,
        footer = {"", "Once after a build, which takes half a minute; what is kept is for this build and this JDK."})
final class RehearseCommand implements Callable<Integer> {

    @Option(names = "--config", paramLabel = "DIR", description = "Configuration (default: the project's config/).")
    private @Nullable Path config;

    @Override
    public Integer call() throws Exception {
        Path configuration = Home.orOwn(config, "config");
        Home.requireDirectory("--config", configuration);
        new Rehearsal(configuration).run();
        return 0;
    }
}
