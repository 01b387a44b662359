package repscorer.ranking;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code repscorer rank}: models of columns. */
@Command(
        name = "rank",
        description = "Learns the models that columns of form model compute probabilities by.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = RankTrainCommand.class)
public final class RankCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "name one of %s".formatted(String.join(", ", spec.subcommands().keySet())));
    }
}
