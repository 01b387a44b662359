package repscorer.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code repscorer outcomes}: what came of answers. */
@Command(
        name = "outcomes",
        description = "What came of answers; its command takes logs of other tools in.",
        mixinStandardHelpOptions = true,
        subcommands = OutcomesImportCommand.class)
final class OutcomesCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing required subcommand");
    }
}
