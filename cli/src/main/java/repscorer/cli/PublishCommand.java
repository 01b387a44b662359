package repscorer.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.cli.console.ProgressLine;
import repscorer.cli.console.ReleasePrinter;
import repscorer.cli.remote.Publisher;
import repscorer.cli.remote.RemoteService;
import repscorer.client.Promotions.Terms;
import repscorer.client.ScorerClient;

/** {@code repscorer publish}: uploads a directory of embedding files and puts them live as one release. */
@Command(
        name = "publish",
        description = "Uploads every embedding file of a directory and puts them live in one step, or with --stage"
                + " has them built and checked and answer only requests that name them.",
        mixinStandardHelpOptions = true)
final class PublishCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DIR", description = "Holds the SPACE.emb files of the release.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path directory;

    @Option(names = "--release", required = true, paramLabel = "NAME", description = "The release's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String release;

    @Option(names = "--partial", description = "It may go live without spaces that the live release has.")
    private boolean partial;

    @Option(
            names = "--carry",
            arity = "0..1",
            split = ",",
            fallbackValue = "*",
            paramLabel = "SPACE,...",
            description = "Carry these spaces over from the live release, with the changes streamed into them;"
                    + " without a value every space that DIR lacks.")
    private List<String> carry = List.of();

    @Option(
            names = "--stage",
            description = "Do not go live: wait for promote, and answer requests that name the release meanwhile.")
    private boolean stage;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ForceOptions force;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RemoteService service;

    @Override
    public Integer call() throws Exception {
        service.checkToken("publishing");
        try (ScorerClient client = service.connect()) {
            Terms terms = force.terms(partial, carry);
            ReleasePrinter.print(
                    ForceOptions.told(
                            client,
                            release,
                            () -> Publisher.publish(client, directory, release, terms, stage, ProgressLine.standard())),
                    System.out);
        }
        return 0;
    }
}
