package repscorer.core.candidates;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import repscorer.core.answer.MissingReason;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.Limits;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.request.Request;
import repscorer.core.request.RequestTrace;

/**
 * What an answer is made of.
 *
 * @param k how many candidates are answered
 * @param kinds of candidates: those wanted that the release holds
 */
public record AnswerScope(int k, List<EntityKind> kinds) {

    public AnswerScope {
        kinds = List.copyOf(kinds);
    }

    /**
     * What a request wants of the release. Notes the kinds and spaces that the release lacks.
     *
     * @throws repscorer.core.failure.ScorerException.Invalid for a k out of range or a kind that the surface does not answer
     * @throws repscorer.core.failure.ScorerException.NotReady where the release lacks a kind that was asked for, or all
     */
    static AnswerScope of(CandidateQuery query, Request request) {
        ScoringPlan plan = request.plan();
        int k = query.k().orElse(plan.kDefault());
        if (k < 1 || k > Limits.K_MAX) {
            throw new Invalid("k-out-of-range", "k", "k must be 1 to %s: %s".formatted(Limits.K_MAX, k));
        }
        for (int i = 0; i < query.kinds().size(); i++) {
            EntityKind kind = query.kinds().get(i);
            if (!plan.kinds().contains(kind)) {
                throw new Invalid(
                        "kind-not-on-surface",
                        "filters.kinds[%s]".formatted(i),
                        "surface %s answers %s, not %s".formatted(plan.surface(), plan.kinds(), kind));
            }
        }
        return new AnswerScope(k, liveKinds(query, plan, request.trace()));
    }

    private static List<EntityKind> liveKinds(CandidateQuery query, ScoringPlan plan, RequestTrace trace) {
        boolean explicit = !query.kinds().isEmpty();
        List<EntityKind> live = new ArrayList<>();
        List<String> lacks = new ArrayList<>();
        for (EntityKind kind : new LinkedHashSet<>(explicit ? query.kinds() : plan.kinds())) {
            Set<String> spaces = candidateSpaces(plan, kind);
            if (spaces.stream().anyMatch(trace::holds)) {
                live.add(kind);
            } else {
                lacks.add("release %s has no space for candidates of kind %s: needs one of %s"
                        .formatted(trace.release(), kind, spaces));
            }
        }
        if (live.isEmpty() || (explicit && !lacks.isEmpty())) {
            throw new NotReady("space-not-live", String.join("; ", lacks));
        }
        lacks.forEach(lack -> trace.notice("", MissingReason.UNKNOWN_VERSION, lack));
        noteMissingSpaces(plan, live, trace);
        return live;
    }

    private static Set<String> candidateSpaces(ScoringPlan plan, EntityKind kind) {
        Set<String> spaces = new TreeSet<>();
        for (ColumnPlan column : plan.columns()) {
            Optional.ofNullable(column.candidates().get(kind)).ifPresent(spaces::add);
        }
        return spaces;
    }

    /** Notes by column the spaces of candidates that the release lacks. */
    public static void noteMissingSpaces(ScoringPlan plan, Collection<EntityKind> kinds, RequestTrace trace) {
        for (ColumnPlan column : plan.columns()) {
            for (EntityKind kind : kinds) {
                String space = column.candidates().get(kind);
                if (space != null && !trace.holds(space)) {
                    trace.notice(
                            column.name(),
                            MissingReason.UNKNOWN_VERSION,
                            "release %s has no %s".formatted(trace.release(), space));
                }
            }
        }
    }
}
