package repscorer.cli;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.cli.console.AnswerPrinter;
import repscorer.cli.console.Names;
import repscorer.cli.remote.RemoteService;
import repscorer.client.DecisionClient;
import repscorer.client.ScorerClient;
import repscorer.json.WireJson;
import repscorer.wire.ReplayResponse;

/** {@code repscorer replay}: a decision that is kept, taken again. */
@Command(
        name = "replay",
        description =
                "Takes a decision again, as its log and its release have it, and tells whether the answer is the same.",
        mixinStandardHelpOptions = true,
        footer = {"", "The service keeps decisions where decisions.log of scorer.yaml names a directory."})
final class ReplayCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DECISION", description = "The answer's provenance.decisionId.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String decision;

    @Option(names = "--json", description = "Print the answer alone, in the bytes that the service gave then.")
    private boolean json;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RemoteService service;

    @Override
    public Integer call() {
        try (ScorerClient client = service.connect()) {
            ReplayResponse replay = new DecisionClient(client).replay(decision);
            if (json) {
                System.out.println(new String(WireJson.write(replay.answer()), StandardCharsets.UTF_8));
                return 0;
            }
            boolean explained = replay.answer().statistics() != null;
            new AnswerPrinter(System.out, new Names(client, Map.of())).print(replay.answer(), explained);
            System.out.printf("  taken first at %s: %s%n", replay.decided(), words(replay.same()));
            replay.mayDiffer()
                    .forEach(each -> System.out.printf("  may differ (%s): %s%n", each.code(), each.message()));
        }
        return 0;
    }

    private static String words(@Nullable Boolean same) {
        return same == null
                ? "the log keeps no candidates to compare"
                : same ? "the same candidates and scores" : "other candidates or scores";
    }
}
