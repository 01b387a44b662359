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
 * @param upstreamKept how long its answers are kept
 */
public record SignalSettings(
        List<SignalType> types,
        int usersMax,
        EngagementPlan engagement,
        Optional<URI> upstream,
        Duration upstreamKept) {

    public static final SignalSettings NONE = new SignalSettings(
            List.of(),
            SignalsFile.USERS_MAX_DEFAULT,
            EngagementPlan.NONE,
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
        upstream.ifPresent(base -> UrlPath.checkBase("upstream.base", base));
    }
}
