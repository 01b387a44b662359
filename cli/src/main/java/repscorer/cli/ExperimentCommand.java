package repscorer.cli;

import picocli.CommandLine.Command;
import repscorer.cli.experiments.DeleteCommand;
import repscorer.cli.experiments.GetCommand;
import repscorer.cli.experiments.HistoryCommand;
import repscorer.cli.experiments.PutCommand;
import repscorer.cli.experiments.ResumeCommand;
import repscorer.cli.experiments.StopCommand;

/** {@code repscorer experiment}: its commands are about one experiment each. */
@Command(
        name = "experiment",
        description = "Puts, prints, stops and takes away experiments of a running service, and tells who did.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PutCommand.class,
            GetCommand.class,
            DeleteCommand.class,
            HistoryCommand.class,
            StopCommand.class,
            ResumeCommand.class
        })
final class ExperimentCommand {}
