package repscorer.cli.remote;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import repscorer.cli.console.UserError;
import repscorer.client.ScorerClient;

/** The options of every command that talks to a running service. */
public final class RemoteService {

    @Option(
            names = "--url",
            defaultValue = "${REPSCORER_URL:-http://127.0.0.1:8080}",
            description = "The service (default ${DEFAULT-VALUE}, or REPSCORER_URL).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private URI url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:REPSCORER_ADMIN_TOKEN}",
            description = "The admin token; better in REPSCORER_ADMIN_TOKEN, where no process list shows it.")
    private @Nullable String token;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "${env:REPSCORER_KEY}",
            description = "A key, where the service asks for one; better in REPSCORER_KEY.")
    private @Nullable String key;

    public URI url() {
        return url;
    }

    /**
     * Throws where there is no admin token.
     *
     * @param what needs it, as the beginning of a sentence
     */
    public void checkToken(String what) {
        if (token == null || token.isBlank()) {
            throw new UserError(what + " needs the admin token the service printed at its first start:"
                    + " set REPSCORER_ADMIN_TOKEN or give --token");
        }
    }

    /**
     * Throws where there is neither the admin token nor a key.
     *
     * @param what needs one, as the beginning of a sentence
     */
    public void checkAccess(String what) {
        if ((token == null || token.isBlank()) && (key == null || key.isBlank())) {
            throw new UserError(what + " needs the admin token or a key: set REPSCORER_ADMIN_TOKEN or REPSCORER_KEY,"
                    + " or give --token or --key");
        }
    }

    public ScorerClient connect() {
        ScorerClient.Builder builder = ScorerClient.builder(url)
                .userAgent("repscorer-cli")
                .readTimeout(Duration.ofSeconds(30))
                .uploadTimeout(Duration.ofHours(1));
        if (token != null && !token.isBlank()) {
            builder.adminToken(token);
        }
        if (key != null && !key.isBlank()) {
            builder.key(key);
        }
        return builder.build();
    }
}
