package repscorer.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;
import repscorer.cli.console.ReleasePrinter;
import repscorer.cli.console.UserError;
import repscorer.client.Promotions.Terms;
import repscorer.client.ScorerClient;
import repscorer.client.ScorerClientException;
import repscorer.wire.ReleaseBody;

/** The options of what puts a release live that may fail its gates. */
final class ForceOptions {

    private static final String FAILED = "gates-failed";

    @Option(names = "--force", description = "Go live though gates fail; needs --reason.")
    private boolean force;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why it is forced; kept with the release.")
    private String reason = "";

    /** @throws UserError where it is forced without a reason */
    boolean forced() {
        if (force && reason.isBlank()) {
            throw new UserError("--force needs --reason, which is kept with the release");
        }
        return force;
    }

    String reason() {
        return reason;
    }

    Terms terms(boolean partial, List<String> carry) {
        return new Terms(partial, carry, forced(), reason);
    }

    /** Runs what puts a release live; where gates fail, what was measured is printed before that is told. */
    static ReleaseBody told(ScorerClient client, String release, Callable<ReleaseBody> change) throws Exception {
        try {
            return change.call();
        } catch (ScorerClientException.Refused e) {
            if (e.code().filter(FAILED::equals).isPresent()) {
                ReleasePrinter.print(client.promotions().read(release), System.out);
            }
            throw e;
        }
    }
}
