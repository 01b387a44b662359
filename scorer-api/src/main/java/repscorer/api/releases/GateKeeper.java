package repscorer.api.releases;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import repscorer.api.changes.Administration;
import repscorer.api.config.ServiceConfig;
import repscorer.core.gate.GateOptions;
import repscorer.core.gate.ReleaseGates;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.Release.IndexCheck;
import repscorer.core.store.Snapshot;
import repscorer.core.store.gate.Verdict;
import repscorer.core.store.gate.Verdict.Forced;

/** Holds every release that is to go live to the gates, but one that was live before. Safe for concurrent use. */
@Component
final class GateKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(GateKeeper.class);

    private final GateOptions options;
    private final InstantSource time = InstantSource.system();

    GateKeeper(ServiceConfig config) {
        this.options = config.settings().gates();
    }

    /**
     * Who lets a release go live whatever its gates say; nobody where nobody asks.
     *
     * @throws repscorer.core.failure.ScorerException.Invalid where somebody does and does not say why
     */
    Optional<Forced> forced(boolean force, @Nullable String reason) {
        if (!force) {
            return Optional.empty();
        }
        Administration.Request by = Administration.Request.byCaller(reason == null ? "" : reason);
        return Optional.of(new Forced(by.author(), by.reason(), Instant.ofEpochMilli(time.millis())));
    }

    /** What a publication tells, and asks before it ends. */
    PublicationListener of(String release, Optional<Forced> forced) {
        return new PublicationListener() {
            @Override
            public void progress(String step, long done, long total) {
                LOG.debug("release {}: {} {}/{}", release, step, done, total);
            }

            @Override
            public Verdict judge(Snapshot live, Snapshot next, List<IndexCheck> checks) {
                Verdict verdict = new Verdict(ReleaseGates.of(live, next, checks, options), forced);
                if (!verdict.failed().isEmpty()) {
                    LOG.warn(
                            "release {} fails gates: {}{}",
                            release,
                            verdict.words(),
                            verdict.forced()
                                    .map(each -> "; forced by %s: %s".formatted(each.by(), each.reason()))
                                    .orElse(""));
                }
                return verdict;
            }
        };
    }
}
