package repscorer.cli.experiments;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code repscorer experiment}: experiments of a running service, and what logs of decisions tell of them. */
@Command(
        name = "experiment",
        description =
                "Puts, prints, stops and takes away experiments of a running service; tells which variant won, what another"
                        + " plan would have earned, and which weights a log speaks for.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PutCommand.class,
            GetCommand.class,
            DeleteCommand.class,
            HistoryCommand.class,
            StopCommand.class,
            ResumeCommand.class,
            ReportCommand.class,
            EstimateCommand.class,
            FitCommand.class,
            CalibrateCommand.class,
            SimulateCommand.class
        })
public final class ExperimentCommand implements Runnable {

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
