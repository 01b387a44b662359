package repscorer.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.cli.console.ReleasePrinter;
import repscorer.cli.remote.RemoteService;
import repscorer.client.ScorerClient;

/** {@code repscorer promote}: puts a release live that was published with {@code --stage}. */
@Command(
        name = "promote",
        description = "Puts a release live that was published with --stage, by the same checks as a publication.",
        mixinStandardHelpOptions = true)
final class PromoteCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "RELEASE", description = "The release's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String release;

    @Option(
            names = "--partial",
            description = "It may go live without spaces that the live release has; as publish was told, where neither"
                    + " this nor --carry is given.")
    private boolean partial;

    @Option(
            names = "--carry",
            arity = "0..1",
            split = ",",
            fallbackValue = "*",
            paramLabel = "SPACE,...",
            description = "Carry these spaces over from the live release, with the changes streamed into them;"
                    + " without a value every space that RELEASE lacks.")
    private List<String> carry = List.of();

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RemoteService service;

    @Override
    public Integer call() {
        service.checkToken("promoting");
        try (ScorerClient client = service.connect()) {
            ReleasePrinter.print(client.promote(release, partial, carry), System.out);
        }
        return 0;
    }
}
