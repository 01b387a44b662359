package repscorer.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.cli.console.ReleasePrinter;
import repscorer.cli.console.UserError;
import repscorer.cli.remote.RemoteService;
import repscorer.client.Promotions.Terms;
import repscorer.client.ScorerClient;
import repscorer.yaml.Records;

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

    @Option(
            names = "--canary",
            paramLabel = "N",
            description = "Have it answer N of 10000 units first, and go live after --for.")
    private int canary;

    @Option(names = "--for", paramLabel = "TIME", description = "How long it is tried, such as 30m; needs --canary.")
    private String lasting = "";

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ForceOptions force;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RemoteService service;

    @Override
    public Integer call() throws Exception {
        service.checkToken("promoting");
        if (canary > 0 == lasting.isEmpty()) {
            throw new UserError("--canary and --for go together, such as --canary 500 --for 30m");
        }
        try (ScorerClient client = service.connect()) {
            if (canary > 0) {
                ReleasePrinter.print(
                        client.promotions()
                                .canary(release, canary, Records.duration(lasting), force.forced(), force.reason()),
                        System.out);
                return 0;
            }
            Terms terms = force.terms(partial, carry);
            ReleasePrinter.print(
                    ForceOptions.told(client, release, () -> client.promotions().promote(release, terms)), System.out);
        }
        return 0;
    }
}
