package repscorer.cli.experiments;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.client.ExperimentsClient;

/** {@code repscorer experiment delete}: takes away what was put. */
@Command(
        name = "delete",
        description = "Takes away what was put of an experiment; a file's is in force again where there is one.",
        mixinStandardHelpOptions = true)
final class DeleteCommand extends Changing {

    @Parameters(index = "0", paramLabel = "NAME", description = "The experiment's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Option(names = "--version", paramLabel = "VERSION", description = "That is taken away; another one is left.")
    private @Nullable String version;

    @Override
    String change(ExperimentsClient client, String why) {
        client.delete(name, Optional.ofNullable(version), why);
        return "what was put of %s is taken away".formatted(name);
    }
}
