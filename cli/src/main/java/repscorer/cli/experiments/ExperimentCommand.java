package repscorer.cli.experiments;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code repscorer experiment}: the commands over logs of decisions. */
@Command(
        name = "experiment",
        description =
                "Tells which variant won, what another plan would have earned, and which weights a log speaks for.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
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
