package repscorer.api.releases;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;
import repscorer.api.audit.AuditTrail;
import repscorer.api.changes.Administration;
import repscorer.api.changes.Change;
import repscorer.api.config.CanarySettings;
import repscorer.api.config.ServiceConfig;
import repscorer.api.engine.LiveConfig;
import repscorer.api.guard.VariantWatch;
import repscorer.api.observe.ReleaseMetrics;
import repscorer.api.warm.WarmUp;
import repscorer.core.experiment.Canary;
import repscorer.core.failure.ScorerException;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.recall.LiveRecall;
import repscorer.core.recall.SpaceRecall;
import repscorer.core.store.Release;
import repscorer.core.store.Release.State;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.gate.Verdict;
import repscorer.core.store.gate.Verdict.Forced;

/**
 * Begins and ends canaries: experiments of a release on a share of units, which guard-rails stop as they stop any. One whose time is over and
 * that answered enough units goes live. Safe for concurrent use.
 */
@Component
final class CanaryKeeper implements ApplicationRunner, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CanaryKeeper.class);

    private static final Duration LOOKS_APART = Duration.ofMillis(500);

    private final RepresentationStore store;
    private final LiveConfig live;
    private final Administration administration;
    private final VariantWatch watch;
    private final GateKeeper gates;
    private final AuditTrail trail;
    private final ReleaseMetrics metrics;
    private final WarmUp warmUp;
    private final LiveRecall recall;
    private final CanarySettings settings;
    private final InstantSource time = InstantSource.system();
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("canary").factory());

    CanaryKeeper(
            RepresentationStore store,
            LiveConfig live,
            Administration administration,
            VariantWatch watch,
            GateKeeper gates,
            AuditTrail trail,
            ReleaseMetrics metrics,
            WarmUp warmUp,
            LiveRecall recall,
            ServiceConfig config,
            MeterRegistry registry) {
        this.store = store;
        this.live = live;
        this.administration = administration;
        this.watch = watch;
        this.gates = gates;
        this.trail = trail;
        this.metrics = metrics;
        this.warmUp = warmUp;
        this.recall = recall;
        this.settings = config.settings().canary();
        Gauge.builder(
                        "repscorer.canary.share",
                        () -> running().map(Canary::tenThousandths).orElse(0) / 10_000.0)
                .description("of units that a release answers which is tried")
                .register(registry);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it goes on until the executor ends
    public void run(ApplicationArguments arguments) {
        looks.scheduleWithFixedDelay(this::look, LOOKS_APART.toMillis(), LOOKS_APART.toMillis(), TimeUnit.MILLISECONDS);
    }

    Optional<Canary> running() {
        return live.overlay().canary();
    }

    /** The change by which it runs. */
    Optional<Change> begun() {
        return administration.history().holding(Change.Subject.CANARY, Change.CANARY, "");
    }

    List<Change> history() {
        return administration.history().ofCanaries();
    }

    long exposures() {
        return watch.exposures();
    }

    long exposuresMin() {
        return settings.exposuresMin();
    }

    /**
     * Has a staged release answer a share of units.
     *
     * @throws Invalid for a share or a time out of bounds
     * @throws NotFound where the release is not staged
     * @throws Conflict where gates fail and nobody forces it, nothing is live, or another canary runs
     */
    Canary begin(String release, int tenThousandths, Duration lasting, Optional<Forced> forced, String reason) {
        Release staged = store.releases().stream()
                .filter(each -> each.name().equals(release) && each.state() == State.STAGED)
                .findFirst()
                .orElseThrow(() -> new NotFound(
                        "release-not-staged",
                        "release '%s' was not built to be promoted: stage its publication first".formatted(release)));
        String against = store.current().release();
        if (against.isEmpty()) {
            throw new Conflict(
                    "no-live-release", "nothing is live that release %s could be tried beside".formatted(release));
        }
        Canary canary;
        try {
            canary = new Canary(release, against, tenThousandths, time.instant(), lasting, forced.isPresent());
        } catch (IllegalArgumentException e) {
            throw new Invalid("out-of-range", "canary", String.valueOf(e.getMessage()));
        }
        Verdict verdict = gates.of(release, forced).judge(store.current(), store.named(release), staged.checks());
        if (!verdict.mayGoLive()) {
            throw new Conflict(
                    "gates-failed",
                    "release %s is not tried: %s; it is where somebody forces it and says why"
                            .formatted(release, verdict.words()));
        }
        administration.canary(Optional.of(canary), Administration.Request.byCaller(reason));
        return canary;
    }

    /** @throws NotFound where none runs */
    void stop(String reason) {
        if (!administration.canary(Optional.empty(), Administration.Request.byCaller(reason))) {
            throw new NotFound("no-canary", "no release is tried");
        }
    }

    /** Ends it where what was tried is live by now, or something else is. */
    private void released() {
        running().ifPresent(canary -> {
            String now = store.current().release();
            if (now.equals(canary.release())) {
                end("promoted");
            } else if (!now.equals(canary.against())) {
                end("release %s went live meanwhile".formatted(now));
            }
        });
    }

    private void end(String reason) {
        administration.canary(Optional.empty(), new Administration.Request(Change.CANARY, reason));
    }

    private void look() {
        try {
            released();
            running().ifPresent(this::look);
        } catch (RuntimeException e) {
            LOG.error("the canary could not be looked at", e);
        }
    }

    private void look(Canary canary) {
        boolean staged = store.releases().stream()
                .anyMatch(each -> each.name().equals(canary.release()) && each.state() == State.STAGED);
        if (!staged) {
            end("release %s is staged no longer".formatted(canary.release()));
            return;
        }
        Optional<String> missed = missed(canary);
        if (missed.isPresent()) {
            administration.canary(Optional.empty(), new Administration.Request(Change.GUARD_RAIL, missed.get()));
            LOG.warn("release {} is tried no longer: {}", canary.release(), missed.get());
            return;
        }
        if (time.instant().isBefore(canary.until()) || exposures() < exposuresMin()) {
            return;
        }
        long exposed = exposures();
        Optional<Forced> forced = begun().filter(each -> canary.forced())
                .map(each -> new Forced(each.author(), each.reason(), each.at()));
        SortedMap<String, String> before = trail.state();
        try {
            store.promote(canary.release(), Optional.empty(), gates.of(canary.release(), forced));
            trail.note(Change.CANARY, "the service", "promote " + canary.release(), 0, before);
        } catch (ScorerException e) {
            end("its time is over, and it cannot be promoted: " + e.getMessage());
            return;
        } finally {
            metrics.changed();
        }
        end("promoted after %s and %s units".formatted(canary.lasting(), exposed));
        LOG.info("promoted release {} after {} and {} units", canary.release(), canary.lasting(), exposed);
        warmUp.run();
    }

    /** Why its searches find too little: where the least that the live release's find is above the most that its own find. */
    private Optional<String> missed(Canary canary) {
        List<SpaceRecall> all = recall.all();
        for (SpaceRecall tried : all) {
            for (SpaceRecall before : all) {
                if (tried.release().equals(canary.release())
                        && before.release().equals(canary.against())
                        && before.space().equals(tried.space())
                        && before.band() == tried.band()
                        && tried.upper() < before.lower() - settings.recallDrop()) {
                    return Optional.of("live recall of %s is at most %s of %s searches, where %s has %s or more of %s"
                            .formatted(
                                    tried.space(),
                                    tried.upper(),
                                    tried.samples(),
                                    before.release(),
                                    before.lower(),
                                    before.samples()));
                }
            }
        }
        return Optional.empty();
    }

    /** Until when it runs at least, and what it waits for after that. */
    String waitsFor(Canary canary, Instant now) {
        if (now.isBefore(canary.until())) {
            return "its time";
        }
        return "units: %s of %s".formatted(exposures(), exposuresMin());
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
