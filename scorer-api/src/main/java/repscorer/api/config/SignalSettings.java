package repscorer.api.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import repscorer.core.plan.EngagementPlan;
import repscorer.core.signal.SignalType;
import repscorer.resilience.UrlPath;
import repscorer.upstream.UpstreamSignals;

/**
 * What {@code signals.yaml} holds.
 *
 * @param usersMax how many users have signals at most
 * @param upstream the service that signals are read from instead of the own store
 * @param upstreamToken what that service asks for
 * @param upstreamKept how long its answers are kept
 */
public record SignalSettings(
        List<SignalType> types,
        int usersMax,
        EngagementPlan engagement,
        Optional<URI> upstream,
        Optional<String> upstreamToken,
        Duration upstreamKept) {

    /** The environment variable of the token, so that no file holds it. */
    public static final String TOKEN_VARIABLE = "REPSCORER_SIGNALS_TOKEN";

    public static final SignalSettings NONE = new SignalSettings(
            List.of(),
            SignalsFile.USERS_MAX_DEFAULT,
            EngagementPlan.NONE,
            Optional.empty(),
            Optional.empty(),
            UpstreamSignals.KEPT_DEFAULT);

    public SignalSettings {
        types = List.copyOf(types);
        if (usersMax < 1) {
            throw new IllegalArgumentException("users-max must be at least 1: " + usersMax);
        }
        if (upstreamKept.isNegative()) {
            throw new IllegalArgumentException("upstream.kept-for must not be negative: " + upstreamKept);
        }
        upstreamToken.ifPresent(token -> {
            if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw new IllegalArgumentException(
                        "environment variable %s must be visible ASCII without spaces".formatted(TOKEN_VARIABLE));
            }
        });
        upstream.ifPresent(base -> UrlPath.checkBase("upstream.base", base));
    }
}
