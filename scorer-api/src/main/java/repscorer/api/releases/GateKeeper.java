package repscorer.api.releases;

import java.nio.file.Path;
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
import repscorer.api.engine.LiveConfig;
import repscorer.core.Scorer;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.gate.GateOptions;
import repscorer.core.gate.HeldOutEdges;
import repscorer.core.gate.ReleaseGates;
import repscorer.core.plan.ModelChecks;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.Release.IndexCheck;
import repscorer.core.store.Snapshot;
import repscorer.core.store.gate.GateResult;
import repscorer.core.store.gate.Verdict;
import repscorer.core.store.gate.Verdict.Forced;

/** Holds every release that is to go live to the gates, but one that was live before. Safe for concurrent use. */
@Component
final class GateKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(GateKeeper.class);

    private final GateOptions options;
    private final LiveConfig live;
    private final InstantSource time = InstantSource.system();

    GateKeeper(ServiceConfig config, LiveConfig live) {
        this.options = config.settings().gates();
        this.live = live;
        heldOut(); // a file that cannot be read stops the start, and not the first publication
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

    /** Read for each publication: a training may have written other edges since. */
    private HeldOutEdges heldOut() {
        String file = options.heldOut().file();
        return file.isEmpty()
                ? HeldOutEdges.NONE
                : HeldOutFile.read(
                        Path.of(file),
                        live.scorer().plans().stream().map(ScoringPlan::surface).toList());
    }

    /** What a publication tells, and asks before it ends. */
    PublicationListener of(String release, Optional<Forced> forced) {
        return new PublicationListener() {
            @Override
            public void progress(String step, long done, long total) {
                LOG.debug("release {}: {} {}/{}", release, step, done, total);
            }

            @Override
            public Verdict judge(Snapshot before, Snapshot next, List<IndexCheck> checks) {
                Scorer scorer = live.scorer();
                for (ScoringPlan plan : scorer.plans()) {
                    ModelChecks.lacking(plan, space -> next.space(space).isPresent())
                            .ifPresent(why -> {
                                throw new Rejected("model-lacks-space", "release %s: %s".formatted(release, why));
                            });
                }
                List<GateResult> gates = ReleaseGates.of(before, next, checks, options, heldOut(), scorer::best);
                Verdict verdict = new Verdict(gates, forced);
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
