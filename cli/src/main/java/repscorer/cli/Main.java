package repscorer.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import repscorer.cli.experiments.ExperimentCommand;
import repscorer.cli.experiments.SwitchCommand;
import repscorer.os.StandardError;

/** The entry of {@code bin/repscorer}: picks the command, and turns whatever it throws into one line and an exit code. */
@Command(
        name = "repscorer",
        description =
                "Learns embeddings from a social graph, publishes them, and serves scores and candidates over REST.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            TrainCommand.class,
            EvaluateCommand.class,
            ImportCommand.class,
            PublishCommand.class,
            PromoteCommand.class,
            CompareCommand.class,
            AlignCommand.class,
            ReleasesCommand.class,
            VerifyCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            RehearseCommand.class,
            PlanCommand.class,
            KeyCommand.class,
            AuditCommand.class,
            EraseCommand.class,
            QueryCommand.class,
            AssignCommand.class,
            ReplayCommand.class,
            OutcomesCommand.class,
            ExperimentCommand.class,
            SwitchCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 our mistake or the machine's, 2 yours.",
            "REPSCORER_DEBUG=1 prints the whole stack trace of an error."
        })
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        start(List.of(), args);
    }

    /** Runs the command that the arguments name, and ends this process with its exit code. See {@link #run}. */
    public static void start(List<?> more, String... args) {
        StandardError.unfiltered();
        quietLibraries();
        System.exit(run(more, args));
    }

    /**
     * Runs the command that the arguments name.
     *
     * @param more commands of other modules, annotated with {@link Command}, told of after those of this one
     * @return the exit code
     */
    public static int run(List<?> more, String... args) {
        CommandLine line = new CommandLine(new Main());
        more.forEach(line::addSubcommand);
        line.addSubcommand(new CommandLine.HelpCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Main::misused)
                .setExecutionExceptionHandler((failure, command, parsed) -> Failures.report(failure, command));
        if (args.length == 0) {
            line.usage(System.out);
            return 2;
        }
        return line.execute(args);
    }

    /** Before the service takes over logging, only warnings interest a person at a shell. */
    private static void quietLibraries() {
        if (System.getenv("REPSCORER_DEBUG") == null) {
            java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
        }
    }

    private static int misused(CommandLine.ParameterException failure, String[] args) {
        PrintWriter err = failure.getCommandLine().getErr();
        String message =
                String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        err.println("repscorer: " + message + " (see "
                + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help)");
        return 2;
    }

    /** Tells the build's version and the Java and kernels it runs on. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {
                "repscorer %s · Java %s · vector kernels %s"
                        .formatted(
                                version == null ? "(unpackaged)" : version,
                                Runtime.version(),
                                repscorer.vector.VectorOps.implementation())
            };
        }
    }
}
