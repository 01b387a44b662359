package repscorer.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.cli.console.ReleasePrinter;
import repscorer.cli.remote.RemoteService;
import repscorer.client.ScorerClient;

/** {@code repscorer releases}: lists the releases of a running service; its commands pin and delete them. */
@Command(
        name = "releases",
        description = "Lists live, kept, staged and rejected releases, newest first.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[COMMAND]",
        subcommands = {
            ReleasesCommand.Pin.class,
            ReleasesCommand.Unpin.class,
            ReleasesCommand.Delete.class,
            ReleasesCommand.Canary.class
        })
final class ReleasesCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RemoteService service;

    @Override
    public Integer call() {
        try (ScorerClient client = service.connect()) {
            ReleasePrinter.list(client.releases(), System.out);
        }
        return 0;
    }

    /** What each of its commands is given. */
    abstract static class OfOne implements Callable<Integer> {

        @Parameters(index = "0", paramLabel = "RELEASE", description = "The release's name.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private String release;

        @Mixin
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private RemoteService service;

        private final String what;

        OfOne(String what) {
            this.what = what;
        }

        @Override
        public Integer call() {
            service.checkToken(what);
            try (ScorerClient client = service.connect()) {
                System.out.println(change(client, release));
            }
            return 0;
        }

        /** Answers what was done, in words. */
        abstract String change(ScorerClient client, String name);
    }

    /** {@code repscorer releases pin}. */
    @Command(
            name = "pin",
            description = "Keeps the live or a kept release until it is unpinned.",
            mixinStandardHelpOptions = true)
    static final class Pin extends OfOne {

        Pin() {
            super("pinning");
        }

        @Override
        String change(ScorerClient client, String name) {
            return client.pin(name, true).release() + " is pinned";
        }
    }

    /** {@code repscorer releases unpin}. */
    @Command(
            name = "unpin",
            description = "Keeps a release no longer than the others.",
            mixinStandardHelpOptions = true)
    static final class Unpin extends OfOne {

        Unpin() {
            super("unpinning");
        }

        @Override
        String change(ScorerClient client, String name) {
            return client.pin(name, false).release() + " is pinned no longer";
        }
    }

    /** {@code repscorer releases delete}. */
    @Command(
            name = "delete",
            description = "Deletes a kept or staged release, or the record of a rejected one.",
            mixinStandardHelpOptions = true)
    static final class Delete extends OfOne {

        Delete() {
            super("deleting");
        }

        @Override
        String change(ScorerClient client, String name) {
            client.delete(name);
            return name + " is deleted";
        }
    }

    /** {@code repscorer releases canary}. */
    @Command(
            name = "canary",
            description = "Tells which release is tried on a share of units, or with --stop ends that.",
            mixinStandardHelpOptions = true)
    static final class Canary implements Callable<Integer> {

        @Option(names = "--stop", description = "Answer all units by the live release; needs --reason.")
        private boolean stop;

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the history.")
        private String reason = "";

        @Mixin
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private RemoteService service;

        @Override
        public Integer call() {
            service.checkAccess("looking at canaries");
            try (ScorerClient client = service.connect()) {
                if (stop) {
                    client.promotions().stopCanary(reason);
                }
                ReleasePrinter.print(client.promotions().canary(), System.out);
            }
            return 0;
        }
    }
}
