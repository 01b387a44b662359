package repscorer.core.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import repscorer.core.answer.Decided;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.RuleReport;
import repscorer.core.answer.RuleTrace;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.candidates.CandidateResult;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.request.ComputePermits;
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
        return new ScoredCandidates(
                best(result, explain),
                result.scope().k(),
                shortfall(result),
                result.ranked(),
                result.request().plan().blend().scale(),
                explain ? statistics(result) : List.of(),
                result.request().plan().rules().rules().stream()
                        .map(rule -> report(result, rule))
                        .toList(),
                provenance.get());
    }

    private static List<ScoredCandidate> best(CandidateResult result, boolean explain) {
        Explainer explainer = new Explainer(
                result.table(),
                result.blend(),
                result.request().plan().anchors(),
                result.request().trace());
        int[] order = result.ruling().order();
        List<ScoredCandidate> best = new ArrayList<>();
        for (int rank = 0; rank < Math.min(order.length, result.scope().k()); rank++) {
            ComputePermits.checkTime();
            int i = order[rank];
            double score = result.ruling().scores()[i];
            best.add(
                    explain
                            ? new ScoredCandidate(
                                    result.candidates().id(i),
                                    score,
                                    explainer.columns(i),
                                    explainer.sharedClusters(i),
                                    explainer.anchors(i),
                                    traces(result, i))
                            : ScoredCandidate.unexplained(result.candidates().id(i), score));
        }
        return best;
    }

    /** The columns' raw scores of the candidates that are answered, as {@link Decided#raw} has them. */
    public static double[] raw(CandidateResult result) {
        int[] order = result.ruling().order();
        int columns = result.table().columns().size();
        int answered = Math.min(order.length, result.scope().k());
        double[] raw = new double[answered * columns];
        for (int rank = 0; rank < answered; rank++) {
            for (int column = 0; column < columns; column++) {
                raw[rank * columns + column] = result.table().value(column, order[rank]);
            }
        }
        return raw;
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
