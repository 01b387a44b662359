package repscorer.core.pair;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.core.answer.EngagementFeatures;
import repscorer.core.answer.MissingReason;
import repscorer.core.entity.EntityId;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.plan.EngagementPlan;
import repscorer.core.plan.Limits;
import repscorer.core.query.EngagementQuery;
import repscorer.core.request.Budget;
import repscorer.core.request.ComputePermits;
import repscorer.core.request.RequestTrace;
import repscorer.core.request.StageClock;
import repscorer.core.signal.Signal;
import repscorer.core.signal.SignalSource;

/** Reads a user's signals and makes features of recent engagement from them. Safe for concurrent use. */
public final class EngagementScoring {

    private final EngagementPlan plan;
    private final PairScoring scoring;
    private final SignalSource signals;
    private final ComputePermits permits;

    public EngagementScoring(EngagementPlan plan, PairScoring scoring, SignalSource signals, ComputePermits permits) {
        this.plan = plan;
        this.scoring = scoring;
        this.signals = signals;
        this.permits = permits;
    }

    /**
     * Refuses what cannot be answered whatever the release holds.
     *
     * @throws repscorer.core.failure.ScorerException.Invalid for too few or too many candidates
     * @throws repscorer.core.failure.ScorerException.NotFound when no features are declared
     */
    public void check(EngagementQuery query) {
        if (query.candidates().isEmpty() || query.candidates().size() > Limits.CANDIDATES_MAX) {
            throw new Invalid(
                    "candidates-out-of-range",
                    "candidates",
                    "features are made of 1 to %s candidates: %s"
                            .formatted(Limits.CANDIDATES_MAX, query.candidates().size()));
        }
        if (plan.signals().isEmpty()) {
            throw new NotFound("no-features", "no features of recent engagement are declared");
        }
    }

    /** The names of all features, in their order. */
    public List<String> names() {
        return plan.names();
    }

    /**
     * What is known of the candidates.
     *
     * @param signals how many were read
     */
    public record Features(int signals, List<EngagementFeatures.Entry> entries) {}

    /** What a user did lately; waits for it. Empty where it is not known, and a notice tells why. */
    public Optional<List<Signal>> read(EntityId user, RequestTrace trace, Budget budget) {
        return switch (signals.read(user, plan.types(), budget.left())) {
            case SignalSource.Answer.Found found -> Optional.of(found.signals());
            case SignalSource.Answer.Unavailable gone -> {
                trace.notice("", reason(gone), "the signals of %s are not known: %s".formatted(user, gone.cause()));
                yield Optional.empty();
            }
        };
    }

    private static MissingReason reason(SignalSource.Answer.Unavailable gone) {
        return gone.timedOut() ? MissingReason.TIMEOUT : MissingReason.ERROR;
    }

    /** One entry per candidate, in their order, of signals that were read; for who holds a permit. */
    public List<EngagementFeatures.Entry> entries(
            List<EntityId> candidates, List<Signal> read, RequestTrace trace, long nowMillis) {
        return new Engagement(plan, scoring, trace, nowMillis).entries(candidates, read);
    }

    /** One entry per candidate, in their order; where the signals are not known, each says why. */
    public Features features(
            EngagementQuery query, RequestTrace trace, Budget budget, StageClock clock, long nowMillis) {
        SignalSource.Answer read = signals.read(query.user(), plan.types(), budget.left());
        clock.end("source");
        return switch (read) {
            case SignalSource.Answer.Found found ->
                permits.holding(() -> {
                    List<EngagementFeatures.Entry> entries =
                            entries(query.candidates(), found.signals(), trace, nowMillis);
                    clock.end("score");
                    return new Features(found.signals().size(), entries);
                });
            case SignalSource.Answer.Unavailable gone -> {
                MissingReason reason = reason(gone);
                trace.notice("", reason, "the signals of %s are not known: %s".formatted(query.user(), gone.cause()));
                yield new Features(
                        0,
                        query.candidates().stream()
                                .map(id -> new EngagementFeatures.Entry(id, Map.of(), Optional.of(reason)))
                                .toList());
            }
        };
    }
}
