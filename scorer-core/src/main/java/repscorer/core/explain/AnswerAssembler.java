package repscorer.core.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import repscorer.core.answer.Chance;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.RuleReport;
import repscorer.core.answer.RuleTrace;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.candidates.CandidateResult;
import repscorer.core.entity.EntityId;
import repscorer.core.explore.Exploration;
import repscorer.core.interleave.Pick;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.request.ComputePermits;
import repscorer.core.request.Resolved.Contest;
import repscorer.core.rule.Effect;
import repscorer.core.rule.Rule;

/** Makes an answer of a result: ids, scores and, where asked for, explanations of the best k alone. Stateless. */
public final class AnswerAssembler {

    private AnswerAssembler() {}

    /**
     * @param explain whether columns, clusters, anchors and rules are told of each candidate
     * @param provenance asked when all else is made, as explanations read spaces too
     */
    public static ScoredCandidates answer(CandidateResult result, boolean explain, Supplier<Provenance> provenance) {
        Exploration exploration = result.request().plan().exploration();
        Optional<Chance> chance = exploration.isOn()
                ? Optional.of(
                        new Chance(result.request().seed(), Optional.of(word(exploration.method())), Optional.empty()))
                : Optional.empty();
        return answer(result, best(result, explain), shortfall(result), explain, chance, provenance);
    }

    /**
     * The same of two plans: each candidate is scored and explained by the plan that brought it; what is told of the whole list is the
     * first team's.
     */
    public static ScoredCandidates answer(InterleavedResult both, boolean explain, Supplier<Provenance> provenance) {
        Contest contest = both.contest();
        List<String> teams = contest.interleaving().teams();
        Chance chance = new Chance(
                both.first().request().seed(),
                Optional.empty(),
                Optional.of(new Chance.Interleaved(
                        contest.experiment(),
                        contest.variant(),
                        contest.interleaving().method().toString(),
                        teams)));
        int k = both.first().scope().k();
        Optional<String> shortfall = both.picks().size() >= k
                ? Optional.empty()
                : Optional.of("exhausted: %s of %s; %s has %s candidates, %s has %s"
                        .formatted(
                                both.picks().size(),
                                k,
                                teams.get(0),
                                both.first().explored().order().length,
                                teams.get(1),
                                both.second().explored().order().length));
        return answer(both.first(), picked(both, explain), shortfall, explain, Optional.of(chance), provenance);
    }

    private static ScoredCandidates answer(
            CandidateResult result,
            List<ScoredCandidate> candidates,
            Optional<String> shortfall,
            boolean explain,
            Optional<Chance> chance,
            Supplier<Provenance> provenance) {
        return new ScoredCandidates(
                candidates,
                result.scope().k(),
                shortfall,
                result.ranked(),
                result.request().plan().blend().scale(),
                explain ? statistics(result) : List.of(),
                // Scores of two plans have no scale in common.
                chance.flatMap(Chance::interleaved).isPresent()
                        ? Optional.empty()
                        : result.request().plan().calibration(),
                result.request().plan().rules().rules().stream()
                        .map(rule -> report(result, rule))
                        .toList(),
                chance,
                provenance.get());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static List<ScoredCandidate> best(CandidateResult result, boolean explain) {
        Optional<Explainer> explainer = explainer(result, explain);
        List<ScoredCandidate> best = new ArrayList<>();
        for (int rank = 0;
                rank < Math.min(result.explored().order().length, result.scope().k());
                rank++) {
            ComputePermits.checkTime();
            ScoredCandidate candidate = candidate(result, explainer, rank);
            double propensity = result.explored().propensity(rank);
            best.add(propensity == 1 ? candidate : candidate.placed(propensity, Optional.empty(), 0));
        }
        return best;
    }

    private static List<ScoredCandidate> picked(InterleavedResult both, boolean explain) {
        List<CandidateResult> results = List.of(both.first(), both.second());
        List<Optional<Explainer>> explainers =
                results.stream().map(each -> explainer(each, explain)).toList();
        List<ScoredCandidate> picked = new ArrayList<>();
        for (Pick<EntityId> pick : both.picks()) {
            ComputePermits.checkTime();
            ScoredCandidate candidate = candidate(results.get(pick.from()), explainers.get(pick.from()), pick.rank());
            Optional<String> team =
                    pick.team() == Pick.NEITHER ? Optional.empty() : Optional.of(both.team(pick.team()));
            picked.add(candidate.placed(pick.propensity(), team, pick.credit()));
        }
        return picked;
    }

    private static Optional<Explainer> explainer(CandidateResult result, boolean explain) {
        return explain
                ? Optional.of(new Explainer(
                        result.table(),
                        result.blend(),
                        result.request().plan(),
                        result.request().trace()))
                : Optional.empty();
    }

    /** @param explainer empty where nothing is explained */
    private static ScoredCandidate candidate(CandidateResult result, Optional<Explainer> explainer, int rank) {
        int i = result.explored().order()[rank];
        EntityId id = result.candidates().id(i);
        double score = result.ruling().scores()[i];
        if (explainer.isEmpty()) {
            return ScoredCandidate.unexplained(id, score);
        }
        Explainer of = explainer.get();
        return new ScoredCandidate(
                id,
                score,
                of.columns(i),
                of.sharedClusters(i),
                of.terms(i),
                of.models(i),
                of.anchors(i),
                of.reasons(i),
                traces(result, i));
    }

    private static List<RuleTrace> traces(CandidateResult result, int candidate) {
        List<Effect> effects = result.ruling().effects();
        return effects.isEmpty()
                ? List.of()
                : effects.stream()
                        .filter(effect -> effect.candidate() == candidate)
                        .map(RuleTrace::of)
                        .toList();
    }

    private static Optional<String> shortfall(CandidateResult result) {
        int k = result.scope().k();
        int answered = Math.min(k, result.ruling().order().length);
        if (answered >= k) {
            return Optional.empty();
        }
        long removed = result.ruling().effects().stream()
                .filter(effect -> effect.applied() && effect.change() == Effect.Change.REMOVED)
                .count();
        String byRules = removed == 0 ? "" : ", rules removed %s".formatted(removed);
        return Optional.of("exhausted: %s of %s; the searches found %s candidates%s, %s ids were left out%s"
                .formatted(
                        answered,
                        k,
                        result.candidates().size(),
                        result.exclusions().filtered() ? " that meet filters.where" : "",
                        result.exclusions().count(),
                        byRules));
    }

    private static List<ScoredCandidates.NamedStatistics> statistics(CandidateResult result) {
        List<ScoredCandidates.NamedStatistics> statistics = new ArrayList<>();
        List<ColumnPlan> columns = result.request().plan().columns();
        for (int c = 0; c < columns.size(); c++) {
            statistics.add(new ScoredCandidates.NamedStatistics(
                    columns.get(c).name(), result.blend().statistics(c)));
        }
        return statistics;
    }

    private static RuleReport report(CandidateResult result, Rule rule) {
        List<Effect> effects = result.ruling().effects().stream()
                .filter(effect -> effect.rule() == rule)
                .toList();
        List<Effect> removed = effects.stream()
                .filter(effect -> effect.change() == Effect.Change.REMOVED)
                .toList();
        return new RuleReport(
                rule.name(),
                rule.mode(),
                result.named(rule),
                removed.stream()
                        .limit(RuleReport.REMOVED_MAX)
                        .map(effect -> result.candidates().id(effect.candidate()))
                        .toList(),
                removed.size(),
                count(effects, Effect.Change.SCORED),
                count(effects, Effect.Change.PLACED));
    }

    private static int count(List<Effect> effects, Effect.Change change) {
        return (int)
                effects.stream().filter(effect -> effect.change() == change).count();
    }
}
