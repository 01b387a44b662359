package repscorer.cli.experiments;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.cli.remote.RemoteService;
import repscorer.client.ExperimentsClient;
import repscorer.client.ScorerClient;
import repscorer.wire.HistoryEntryBody;

/** {@code repscorer experiment history}: who changed what, and why. */
@Command(
        name = "history",
        description = "Tells who changed an experiment when and why, latest first, guard-rails and refusals included.",
        mixinStandardHelpOptions = true)
final class HistoryCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "NAME", description = "The experiment's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Option(names = "--documents", description = "The document after each change too.")
    private boolean documents;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RemoteService service;

    @Override
    public Integer call() {
        service.checkAccess("a history");
        try (ScorerClient client = service.connect()) {
            print(new ExperimentsClient(client).history(name), documents);
        }
        return 0;
    }

    static void print(List<HistoryEntryBody> entries, boolean documents) {
        for (HistoryEntryBody entry : entries) {
            System.out.printf("%s  %s  %s: %s%n", entry.at(), entry.author(), what(entry), entry.reason());
            if (entry.refusal() != null) {
                System.out.println("    " + entry.refusal());
            }
            if (documents && entry.subject().equals("experiment") && entry.after() != null) {
                entry.after().lines().forEach(line -> System.out.println("    " + line));
            }
        }
    }

    private static String what(HistoryEntryBody entry) {
        boolean away = entry.after() == null;
        String done = switch (entry.subject()) {
            case "experiment" -> away ? "delete" : "put";
            case "variant" -> (away ? "resume " : "stop ") + entry.part();
            default -> "%s %s %s".formatted(entry.part(), entry.name(), shown(entry.after()));
        };
        return entry.refusal() == null ? done : done + ", refused";
    }

    private static String shown(@Nullable String share) {
        return share == null ? "as files say" : share + " of 10000";
    }
}
