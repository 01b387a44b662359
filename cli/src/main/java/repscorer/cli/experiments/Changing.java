package repscorer.cli.experiments;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import repscorer.cli.remote.RemoteService;
import repscorer.client.ExperimentsClient;
import repscorer.client.ScorerClient;

/** What every command is given that changes something: the service, and why. */
abstract class Changing implements Callable<Integer> {

    @Option(names = "--reason", required = true, paramLabel = "WORDS", description = "Why, for the history.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String reason;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RemoteService service;

    @Override
    public Integer call() throws Exception {
        service.checkAccess("a change");
        try (ScorerClient client = service.connect()) {
            System.out.println(change(new ExperimentsClient(client), reason));
        }
        return 0;
    }

    /** Answers what was done, in words. */
    abstract String change(ExperimentsClient client, String why) throws Exception;
}
