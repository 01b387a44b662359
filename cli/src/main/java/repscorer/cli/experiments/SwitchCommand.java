package repscorer.cli.experiments;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.cli.remote.RemoteService;
import repscorer.client.ExperimentsClient;
import repscorer.client.ScorerClient;

/** {@code repscorer switch}: serves parts of a running service to a share of those who ask. */
@Command(
        name = "switch",
        description = "Tells what is served to a share of those who ask; its commands change it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[COMMAND]",
        subcommands = {SwitchCommand.Put.class, SwitchCommand.Clear.class, SwitchCommand.History.class},
        footer = {"", "Example: repscorer switch set surface follow 0 --reason 'wrong answers'"})
public final class SwitchCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RemoteService service;

    @Override
    public Integer call() {
        try (ScorerClient client = service.connect()) {
            new ExperimentsClient(client)
                    .switches()
                    .forEach(each -> System.out.printf(
                            "%s %s: %s of 10000, by %s%n",
                            each.kind(),
                            each.name(),
                            each.share(),
                            each.author() == null
                                    ? "switches.yaml"
                                    : "%s at %s: %s".formatted(each.author(), each.at(), each.reason())));
        }
        return 0;
    }

    /** What its commands name. */
    abstract static class OfOne extends Changing {

        @Parameters(index = "0", paramLabel = "KIND", description = "surface, space, release or caller.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        String kind;

        @Parameters(index = "1", paramLabel = "NAME", description = "Of the part; a caller's is that of its key.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        String name;
    }

    /** {@code repscorer switch set}. */
    @Command(name = "set", description = "Serves a part to a share of those who ask.", mixinStandardHelpOptions = true)
    static final class Put extends OfOne {

        @Parameters(index = "2", paramLabel = "SHARE", description = "0 for nobody to 10000 for all.")
        private int share;

        @Override
        String change(ExperimentsClient client, String why) {
            client.flip(kind, name, share, why);
            return "%s %s is served to %s of 10000".formatted(kind, name, share);
        }
    }

    /** {@code repscorer switch clear}. */
    @Command(
            name = "clear",
            description = "Takes away what was set: switches.yaml says again, or all are served.",
            mixinStandardHelpOptions = true)
    static final class Clear extends OfOne {

        @Override
        String change(ExperimentsClient client, String why) {
            client.clear(kind, name, why);
            return "what was set of %s %s is taken away".formatted(kind, name);
        }
    }

    /** {@code repscorer switch history}. */
    @Command(
            name = "history",
            description = "Tells who switched what when and why, latest first.",
            mixinStandardHelpOptions = true)
    static final class History implements Callable<Integer> {

        @Option(names = "--last", defaultValue = "20", description = "So many (default ${DEFAULT-VALUE}).")
        private int last;

        @Mixin
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private RemoteService service;

        @Override
        public Integer call() {
            service.checkAccess("a history");
            try (ScorerClient client = service.connect()) {
                HistoryCommand.print(
                        new ExperimentsClient(client)
                                .switchHistory().stream().limit(last).toList(),
                        false);
            }
            return 0;
        }
    }
}
