package repscorer.api.decisions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import repscorer.api.config.ServiceConfig;
import repscorer.api.engine.LiveConfig;
import repscorer.api.mapping.Answers;
import repscorer.api.mapping.CandidateRequests;
import repscorer.core.Scorer;
import repscorer.core.answer.Decided;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.model.RankModel;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.rule.Rule;
import repscorer.decisions.Decision;
import repscorer.decisions.Decision.Shown;
import repscorer.decisions.DecisionIds;
import repscorer.decisions.Kept;
import repscorer.decisions.KeptPlan;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.CandidatesResponse;
import repscorer.wire.ReplayResponse;
import repscorer.wire.ReplayResponse.ReasonBody;
import repscorer.yaml.JacksonFailures;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes decisions again: by the plan, the release, the time and the variants of then, whatever the configuration says now. Tells why an
 * answer may be another one, and refuses, saying why, where something is gone that it needs. Safe for concurrent use.
 */
@Component
final class Replay {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final DecisionConfiguration.Holder holder;
    private final LiveConfig live;
    private final CandidateRequests requests;
    private final boolean asksUpstream;

    Replay(DecisionConfiguration.Holder holder, LiveConfig live, CandidateRequests requests, ServiceConfig config) {
        this.holder = holder;
        this.live = live;
        this.requests = requests;
        this.asksUpstream = config.settings().upstream().enabled();
    }

    ReplayResponse replay(String id) {
        DecisionKeeping keeping = holder.keeping().orElseThrow(DecisionKeeping::off);
        Kept kept = find(keeping, id);
        Decision decision = kept.decision();
        KeptPlan plan = plan(keeping, decision, models());
        CandidateQuery query = query(decision);
        Decided decided = again(live.scorer(), query, kept, plan);
        CandidatesResponse answer = Answers.candidates(query.surface(), decided.answer(), query.explain());
        Optional<Boolean> same = decision.candidates().isEmpty() && answer.returned() > 0
                ? Optional.empty()
                : Optional.of(isSame(keeping, decision.candidates(), decided));
        return new ReplayResponse(
                decision.time().toString(),
                same.orElse(null),
                mayDiffer(decision.versions(), decided.answer().provenance().versions(), plan),
                answer);
    }

    private static Kept find(DecisionKeeping keeping, String id) {
        try {
            DecisionIds.millis(id);
        } catch (IllegalArgumentException e) {
            throw new Invalid("malformed-decision", "decision", String.valueOf(e.getMessage()));
        }
        try {
            return keeping.decisions()
                    .find(id)
                    .orElseThrow(() -> new NotFound(
                            "decision-not-kept",
                            "no file has decision %s: it was left out or dropped, is deleted by now, or is none of this service"
                                    .formatted(id)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those that surfaces have now. */
    private Set<RankModel> models() {
        return live.scorer().plans().stream()
                .flatMap(plan -> plan.columns().stream())
                .flatMap(column ->
                        column instanceof ColumnPlan.Model computed ? Stream.of(computed.model()) : Stream.empty())
                .collect(Collectors.toSet());
    }

    private static KeptPlan plan(DecisionKeeping keeping, Decision decision, Set<RankModel> models) {
        try {
            byte[] text = keeping.directory()
                    .plans()
                    .find(decision.plan())
                    .orElseThrow(() -> new Conflict(
                            "plan-not-kept",
                            "the plan of decision %s is not kept: %s".formatted(decision.id(), decision.plan())));
            return KeptPlan.of(text, models);
        } catch (IllegalArgumentException e) {
            throw new Conflict(
                    "plan-not-understood", "the plan of decision %s is %s".formatted(decision.id(), e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CandidateQuery query(Decision decision) {
        if (decision.request().isEmpty()) {
            throw new Conflict(
                    "request-not-kept",
                    "the request of decision %s is not kept: decisions.leave-out or decisions.ids left it out, or it had more than %s characters"
                            .formatted(decision.id(), DecisionRecorder.REQUEST_CHARACTERS_MAX));
        }
        try {
            return requests.query(JSON.readValue(decision.request(), CandidatesRequest.class));
        } catch (JacksonException e) {
            throw new Conflict(
                    "request-not-understood",
                    "the request of decision %s is none: %s".formatted(decision.id(), JacksonFailures.words(e)));
        }
    }

    private static Decided again(Scorer scorer, CandidateQuery query, Kept kept, KeptPlan plan) {
        Decision decision = kept.decision();
        Decided.Again again = new Decided.Again(
                decision.id(),
                decision.release(),
                new Decided.Way(plan.plan(), plan.optimal()),
                plan.shared(),
                decision.arms().stream()
                        .map(arm -> new Provenance.Assigned(arm.experiment(), arm.variant()))
                        .toList(),
                kept.notices().stream()
                        .map(told -> new Provenance.Notice(told.column(), told.reason(), told.message()))
                        .toList(),
                decision.time().toEpochMilli());
        try {
            return scorer.again(query, again);
        } catch (NotFound e) {
            throw e.code().equals("unknown-release")
                    ? new Conflict(
                            "release-not-kept",
                            "release %s of decision %s is kept no longer".formatted(decision.release(), decision.id()))
                    : e;
        }
    }

    /** Whether what is kept of each candidate is equal to the last bit. */
    private static boolean isSame(DecisionKeeping keeping, List<Shown> then, Decided now) {
        List<ScoredCandidate> candidates = now.answer().candidates();
        if (then.size() != candidates.size()) {
            return false;
        }
        for (int rank = 0; rank < then.size(); rank++) {
            Shown shown = then.get(rank);
            ScoredCandidate candidate = candidates.get(rank);
            if (!shown.candidate().equals(keeping.ids().of(candidate.id().toString()))
                    || Double.compare(shown.score(), candidate.score()) != 0) {
                return false;
            }
            List<ColumnPlan> columns = now.columns(rank);
            for (int column = 0; column < columns.size(); column++) {
                Double raw = shown.columns().get(columns.get(column).name());
                if (raw != null && Double.compare(raw, now.raw(rank, column)) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private List<ReasonBody> mayDiffer(Map<String, String> then, Map<String, String> now, KeptPlan kept) {
        List<ReasonBody> reasons = new ArrayList<>();
        new TreeMap<>(then).forEach((space, version) -> {
            String other = now.getOrDefault(space, "not read");
            if (!other.equals(version)) {
                reasons.add(new ReasonBody(
                        "rows-changed",
                        "rows of %s were streamed since: %s then, %s now".formatted(space, version, other)));
            } else if (version.contains("+")) {
                reasons.add(new ReasonBody(
                        "rows-streamed",
                        "rows of %s were streamed before: the same rows, whose graph may have been built anew since (%s)"
                                .formatted(space, version)));
            }
        });
        List<Decided.Way> ways = new ArrayList<>();
        ways.add(new Decided.Way(kept.plan(), kept.optimal()));
        kept.shared().ifPresent(shared -> ways.add(shared.second()));
        ways.stream()
                .flatMap(way -> way.plan().rules().rules().stream())
                .flatMap(rule -> rule instanceof Rule.Remove remove
                                && rule.mode() != Rule.Mode.OFF
                                && !remove.signals().isEmpty()
                        ? Stream.of(remove)
                        : Stream.empty())
                .distinct()
                .forEach(remove -> reasons.add(new ReasonBody(
                        "signals-read",
                        "rule %s reads signals %s, and reads what they are now"
                                .formatted(remove.name(), remove.signals()))));
        if (asksUpstream) {
            reasons.add(new ReasonBody(
                    "upstream-asked",
                    "a source that the release lacks is asked of the upstream, which may have another now"));
        }
        if (ways.stream().anyMatch(Replay::isTimed)) {
            reasons.add(new ReasonBody(
                    "time-limited", "a search ends by the clock, and may come farther or less far than then"));
        }
        return reasons;
    }

    private static boolean isTimed(Decided.Way way) {
        return way.exactTopK().wanted()
                || way.plan().columns().stream()
                        .anyMatch(column -> column instanceof ColumnPlan.Dense dense
                                && dense.effort().budgetMillis() > 0);
    }
}
