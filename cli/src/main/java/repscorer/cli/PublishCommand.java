package repscorer.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.cli.console.ProgressLine;
import repscorer.cli.console.UserError;
import repscorer.cli.remote.Publisher;
import repscorer.cli.remote.RemoteService;
import repscorer.client.ScorerClient;
import repscorer.wire.ReleaseBody;

/** {@code repscorer publish}: uploads a directory of embedding files and puts them live as one release. */
@Command(
        name = "publish",
        description = "Uploads every embedding file of a directory and puts them live in one step.",
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

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RemoteService service;

    @Override
    public Integer call() throws Exception {
        if (!service.hasToken()) {
            throw new UserError("publishing needs the admin token the service printed at its first start:"
                    + " set REPSCORER_ADMIN_TOKEN or give --token");
        }
        try (ScorerClient client = service.connect()) {
            ReleaseBody body = Publisher.publish(client, directory, release, partial, carry, ProgressLine.standard());
            System.out.printf(
                    "%s is %s: %s spaces%n",
                    body.release(), body.state(), body.versions().size());
            if (body.carried() != null) {
                body.carried()
                        .forEach((space, from) -> System.out.printf("  %s is carried over from %s%n", space, from));
            }
            body.checks().forEach((check, value) -> System.out.printf("  %s = %.4f%n", check, value));
        }
        return 0;
    }
}
