package repscorer.api.guard;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import repscorer.api.changes.Administration;
import repscorer.api.changes.Change;
import repscorer.api.engine.LiveConfig;
import repscorer.api.engine.Serving;
import repscorer.core.answer.Decided;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.experiment.Assignment;
import repscorer.core.experiment.Canary;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.GuardRails.Rail;
import repscorer.core.failure.ScorerException;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.recall.Asked;
import repscorer.core.recall.LiveRecall;
import repscorer.guard.RecentAnswers;
import repscorer.guard.VariantCounts;

/**
 * Counts what experiments with guard-rails answer, and has a variant stopped that is worse than its control by more than is allowed:
 * {@code repscorer.experiments.answers} by experiment and variant, {@code repscorer.experiments.stops} by experiment, variant and rail.
 * Safe for concurrent use.
 */
@Component
public final class VariantWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VariantWatch.class);

    /** Reasons of notices that an answer is less than was asked for. */
    private static final Set<String> DEGRADED = Set.of("DEGRADED", "TIMEOUT", "ERROR");

    private final LiveConfig live;
    private final Administration administration;
    private final MeterRegistry registry;
    private final InstantSource time = InstantSource.system();
    private final ConcurrentMap<String, Watched> watched = new ConcurrentHashMap<>();

    /** A stop writes to a disk and reads a configuration, which no request waits for. */
    private final ExecutorService stops = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("guard-rails").factory());

    /**
     * An experiment as it is watched.
     *
     * @param counts of its answers
     * @param searches of those of them whose searches were answered again
     * @param recent the control's last answers
     * @param alarmed the variants whose stop is under way or done
     */
    private record Watched(VariantCounts counts, VariantCounts searches, RecentAnswers recent, Set<String> alarmed) {}

    VariantWatch(LiveConfig live, Administration administration, MeterRegistry registry, LiveRecall recall) {
        recall.tell(this::missed);
        this.live = live;
        this.administration = administration;
        this.registry = registry;
    }

    /** What takes note of the answer to a request; empty where nobody watches its experiments. */
    public Optional<Consumer<Decided>> watcher(Serving serving, CandidateQuery query) {
        return serving.watched().isEmpty() || query.unit().isEmpty()
                ? Optional.empty()
                : Optional.of(decided -> answered(serving, query.unit().get(), decided));
    }

    private void answered(Serving serving, String unit, Decided decided) {
        for (Provenance.Assigned assigned : decided.answer().provenance().assignments()) {
            Experiment experiment = serving.watched().get(assigned.experiment());
            if (experiment != null) {
                RecentAnswers recent = watched(experiment).recent;
                boolean relative = experiment.guardRails().isRelative();
                Map<String, Double> scores = relative ? scores(decided) : Map.of();
                saw(experiment, assigned.variant(), unit, shares(experiment, decided, scores, recent));
                if (relative && assigned.variant().equals(experiment.control())) {
                    recent.add(micros(decided.answer()), scores);
                }
            }
        }
    }

    /** Takes note of a request that came to nothing; a mistake of its caller says nothing of a variant. */
    public void failed(Serving serving, CandidateQuery query, RuntimeException e) {
        if (serving.watched().isEmpty() || query.unit().isEmpty() || e instanceof ScorerException.Invalid) {
            return;
        }
        Map<Rail, Double> shares = new EnumMap<>(Rail.class);
        shares.put(Rail.ERROR_RATE, 1.0);
        shares.put(Rail.EMPTY_RATE, 1.0);
        shares.put(Rail.SHORTFALL_RATE, 1.0);
        for (Assignment assignment :
                serving.assigner().assign(query.surface(), query.unit().get(), query.traits(), time.millis())) {
            Experiment experiment =
                    serving.watched().get(assignment.experiment().name());
            if (experiment != null && !assignment.stopped()) {
                saw(experiment, assignment.variant().name(), query.unit().get(), shares);
            }
        }
    }

    private static long micros(ScoredCandidates answer) {
        return answer.provenance().micros().getOrDefault("total", 0L);
    }

    /** The best score, and the mean of each column over the candidates. */
    private static Map<String, Double> scores(Decided decided) {
        List<ScoredCandidate> candidates = decided.answer().candidates();
        Map<String, Double> sums = new HashMap<>();
        Map<String, Double> counts = new HashMap<>();
        double best = Double.NEGATIVE_INFINITY;
        for (int rank = 0; rank < candidates.size(); rank++) {
            best = Math.max(best, candidates.get(rank).score());
            List<ColumnPlan> columns = decided.columns(rank);
            for (int column = 0; column < columns.size(); column++) {
                double raw = decided.raw(rank, column);
                if (!Double.isNaN(raw)) {
                    sums.merge(columns.get(column).name(), raw, Double::sum);
                    counts.merge(columns.get(column).name(), 1.0, Double::sum);
                }
            }
        }
        sums.replaceAll((column, sum) -> sum / counts.getOrDefault(column, 1.0));
        if (!candidates.isEmpty()) {
            sums.put("", best);
        }
        return sums;
    }

    private static Map<Rail, Double> shares(
            Experiment experiment, Decided decided, Map<String, Double> scores, RecentAnswers recent) {
        ScoredCandidates answer = decided.answer();
        Map<Rail, Double> shares = new EnumMap<>(Rail.class);
        for (Rail rail : experiment.guardRails().excess().keySet()) {
            shares.put(
                    rail,
                    switch (rail) {
                        case EMPTY_RATE -> answer.candidates().isEmpty() ? 1.0 : 0;
                        case SHORTFALL_RATE ->
                            Math.max(0, answer.k() - answer.candidates().size()) / (double) answer.k();
                        case MISSING_RATE -> missing(decided);
                        case DEGRADED_RATE ->
                            answer.provenance().notices().stream().anyMatch(each -> DEGRADED.contains(each.reason()))
                                    ? 1.0
                                    : 0;
                        case ERROR_RATE, MISSED_RATE -> 0.0;
                        case SLOW_RATE -> {
                            long slow = experiment.guardRails().slow().toNanos() / 1_000;
                            yield micros(answer) > slow ? 1.0 : 0;
                        }
                        case SLOWER_RATE -> recent.isSlow(micros(answer)) ? 1.0 : 0;
                        case SCORE_SHIFT -> recent.isUnusual(scores) ? 1.0 : 0;
                    });
        }
        return shares;
    }

    private static double missing(Decided decided) {
        int cells = 0;
        int missing = 0;
        for (int rank = 0; rank < decided.answer().candidates().size(); rank++) {
            List<ColumnPlan> columns = decided.columns(rank);
            for (int column = 0; column < columns.size(); column++) {
                cells++;
                missing += Double.isNaN(decided.raw(rank, column)) ? 1 : 0;
            }
        }
        return cells == 0 ? 0 : missing / (double) cells;
    }

    /** Takes note of a search that was answered again: what it missed, beside what the control's miss. */
    private void missed(Asked asked, double missed) {
        Map<String, Experiment> experiments = live.serving().watched();
        for (Provenance.Assigned arm : asked.arms()) {
            Experiment experiment = experiments.get(arm.experiment());
            if (experiment != null
                    && experiment.guardRails().excess().containsKey(Rail.MISSED_RATE)
                    && isRunning(experiment, arm.variant())) {
                Watched now = watched(experiment);
                alarm(
                        experiment,
                        now,
                        now.searches.saw(
                                arm.variant(),
                                asked.unit().orElseThrow(),
                                Map.of(Rail.MISSED_RATE, missed),
                                time.millis()));
            }
        }
    }

    private void saw(Experiment experiment, String variant, String unit, Map<Rail, Double> shares) {
        if (!isRunning(experiment, variant)) {
            return; // a request that was under way when it was stopped
        }
        Watched now = watched(experiment);
        if (now.alarmed.contains(variant)) {
            return;
        }
        registry.counter("repscorer.experiments.answers", "experiment", experiment.name(), "variant", variant)
                .increment();
        alarm(experiment, now, now.counts.saw(variant, unit, shares, time.millis()));
    }

    /** How many units the tried release of a canary answered since it began or this process did, on all surfaces. */
    public long exposures() {
        return live.serving().watched().values().stream()
                .filter(each -> Canary.isOne(each.name()))
                .mapToLong(each -> watched(each).counts.units(Canary.VARIANT))
                .sum();
    }

    private boolean isRunning(Experiment experiment, String variant) {
        return !live.serving()
                .config()
                .stopped()
                .getOrDefault(experiment.name(), Set.of())
                .contains(variant);
    }

    private Watched watched(Experiment experiment) {
        return watched.compute(
                experiment.name(),
                (name, before) -> before != null && before.counts.experiment().equals(experiment)
                        ? before
                        : new Watched(
                                new VariantCounts(experiment, time.millis()),
                                new VariantCounts(experiment, time.millis()),
                                new RecentAnswers(),
                                ConcurrentHashMap.newKeySet()));
    }

    private void alarm(Experiment experiment, Watched now, Optional<VariantCounts.Alarm> alarm) {
        if (alarm.isPresent() && now.alarmed.add(alarm.get().variant())) {
            stops.execute(() -> stop(experiment.name(), now, alarm.get()));
        }
    }

    private void stop(String experiment, Watched of, VariantCounts.Alarm alarm) {
        try {
            Administration.Request by = new Administration.Request(Change.GUARD_RAIL, alarm.words());
            if (Canary.isOne(experiment)) {
                administration.canary(Optional.empty(), by);
            } else {
                administration.stop(experiment, alarm.variant(), true, by);
            }
            registry.counter(
                            "repscorer.experiments.stops",
                            "experiment",
                            experiment,
                            "variant",
                            alarm.variant(),
                            "rail",
                            alarm.rail().toString())
                    .increment();
            LOG.warn("variant {} of experiment {} is stopped: {}", alarm.variant(), experiment, alarm.words());
        } catch (RuntimeException e) {
            LOG.error("variant {} of experiment {} could not be stopped", alarm.variant(), experiment, e);
        } finally {
            // Whoever lets it go on has it watched anew; where the stop failed, it is tried again.
            of.counts.restart(time.millis());
            of.searches.restart(time.millis());
            of.alarmed.remove(alarm.variant());
        }
    }

    @Override
    public void close() {
        stops.shutdownNow();
    }
}
