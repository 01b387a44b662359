package repscorer.cli.experiments;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import repscorer.cli.remote.RemoteService;
import repscorer.client.ExperimentsClient;
import repscorer.client.ScorerClient;
import repscorer.wire.ExperimentBody.VariantBody;
import repscorer.wire.ExperimentSourceBody;

/** {@code repscorer experiment get}: prints a document that is in force. */
@Command(
        name = "get",
        description = "Prints the document of an experiment; on standard error its version, and what is stopped.",
        mixinStandardHelpOptions = true)
final class GetCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "NAME", description = "The experiment's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RemoteService service;

    @Override
    public Integer call() {
        try (ScorerClient client = service.connect()) {
            ExperimentSourceBody body = new ExperimentsClient(client).read(name);
            System.out.print(body.document().endsWith("\n") ? body.document() : body.document() + "\n");
            System.err.println("version " + body.version() + " of " + body.place());
            for (VariantBody variant : body.experiment().variants()) {
                if (Boolean.TRUE.equals(variant.stopped())) {
                    System.err.println(variant.variant() + " is stopped by " + variant.stoppedBy());
                }
            }
        }
        return 0;
    }
}
