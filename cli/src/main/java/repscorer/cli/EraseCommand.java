package repscorer.cli;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.cli.console.UserError;
import repscorer.cli.remote.RemoteService;
import repscorer.client.ErasuresClient;
import repscorer.client.ScorerClient;
import repscorer.wire.ErasureBody;
import repscorer.wire.ErasureBody.CheckedBody;
import repscorer.wire.ErasureBody.PlaceBody;

/** {@code repscorer erase}: takes a subject out of all that a running service keeps. */
@Command(
        name = "erase",
        description = "Erases a subject from all that a running service keeps, and prints the receipt.",
        mixinStandardHelpOptions = true,
        subcommands = EraseCommand.Verify.class,
        footer = {"", "Example: repscorer erase user:12 --reason 'letter 114'"})
final class EraseCommand implements Callable<Integer> {

    private static final long LOOK_MILLIS = 500;

    @Parameters(arity = "0..100", paramLabel = "ID", description = "The subject's ids.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private @Nullable List<String> ids;

    @Option(
            names = "--unit",
            paramLabel = "UNIT",
            description = "What experiments are assigned by, where that is no id.")
    private List<String> units = List.of();

    @Option(names = "--reason", paramLabel = "WORDS", description = "Why, for the receipt; names no id.")
    private @Nullable String reason;

    @Option(names = "--no-wait", description = "Does not wait until the last file is written anew.")
    private boolean noWait;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RemoteService service;

    @Override
    public Integer call() throws InterruptedException {
        if (ids == null || ids.isEmpty() || reason == null) {
            throw new UserError("erase needs an id and a --reason, or is: erase verify RECEIPT");
        }
        service.checkAccess("an erasure");
        try (ScorerClient client = service.connect()) {
            ErasuresClient erasures = new ErasuresClient(client);
            ErasureBody receipt = erasures.erase(ids, units, reason);
            System.out.printf("receipt %s: out of sight since %s%n", receipt.receipt(), receipt.at());
            Set<PlaceBody> told = new HashSet<>();
            while (!noWait && !receipt.status().equals("done")) {
                tell(receipt, told);
                Thread.sleep(LOOK_MILLIS);
                receipt = erasures.read(receipt.receipt());
            }
            if (!noWait) {
                tell(receipt, told);
                System.out.printf("done %s%n", receipt.done());
            }
        }
        return 0;
    }

    private static void tell(ErasureBody receipt, Set<PlaceBody> told) {
        for (PlaceBody each : receipt.places()) {
            if (told.add(each)) {
                System.out.printf("  %s: %s%n", each.place(), each.outcome());
            }
        }
        if (receipt.waiting() != null && told.add(new PlaceBody("", receipt.waiting()))) {
            System.out.printf("  waits: %s%n", receipt.waiting());
        }
    }

    /** {@code repscorer erase verify}. */
    @Command(
            name = "verify",
            description = "Looks for an erased subject everywhere again; exits 1 where it is found, or not yet gone.",
            mixinStandardHelpOptions = true)
    static final class Verify implements Callable<Integer> {

        @Parameters(paramLabel = "RECEIPT", description = "As erase printed it.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private String receipt;

        @Mixin
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private RemoteService service;

        @Override
        public Integer call() {
            service.checkAccess("a look at an erasure");
            try (ScorerClient client = service.connect()) {
                ErasureBody checked = new ErasuresClient(client).check(receipt);
                List<CheckedBody> places = checked.checked() == null ? List.of() : checked.checked();
                long found = checked.found() == null ? 0 : checked.found();
                for (CheckedBody each : places) {
                    System.out.printf("%-48s %6s files  found %s%n", each.place(), each.files(), each.found());
                }
                System.out.printf(
                        "%s of %s by %s, %s: %s places looked through, found %s%n",
                        checked.receipt(), checked.at(), checked.by(), checked.status(), places.size(), found);
                return found == 0 && checked.status().equals("done") ? 0 : 1;
            }
        }
    }
}
