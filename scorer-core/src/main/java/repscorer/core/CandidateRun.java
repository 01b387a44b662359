package repscorer.core;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import repscorer.core.answer.Ranked;
import repscorer.core.answer.RuleReport;
import repscorer.core.answer.RuleTrace;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.blend.Blend;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.ExactTopKOptions;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.rule.Effect;
import repscorer.core.rule.Rule;
import repscorer.core.rule.RuleBook;
import repscorer.core.rule.Ruling;

/**
 * One request for candidates on its way from its sources to an answer. Keeps what each stage made, so that it can be asked
 * afterwards why. For one request and one thread.
 */
final class CandidateRun {

    final ScoringPlan plan;
    final Trail trail;
    final int k;
    final List<EntityKind> kinds;
    final Exclusions exclusions;
    final List<ColumnSource> sources;
    final CandidateUnion union;
    final Ranked ranked;
    final ScoreTable table;
    final Blend blend;
    final Ruling ruling;

    private final Named named;
    private final CandidateFacts facts;
    private final long nowMillis;

    /** What a run starts from: everything that may have waited for others. */
    record Start(
            ScoringPlan plan,
            Trail trail,
            int k,
            List<EntityKind> kinds,
            Exclusions exclusions,
            Named named,
            Ages ages,
            long nowMillis,
            List<ColumnSource> sources,
            ExactTopKOptions optimal) {}

    /** Runs every stage; nothing waits here. */
    CandidateRun(Start start, Inverses inverses, BoundsCache boundsCache, StageClock clock) {
        this.plan = start.plan;
        this.trail = start.trail;
        this.k = start.k;
        this.kinds = start.kinds;
        this.exclusions = start.exclusions;
        this.named = start.named;
        this.sources = start.sources;
        this.union = retrieved();
        clock.end("retrieve");
        ScoreTable retrieved = ScoreTable.of(plan.columns(), sources, ordered(union.ids(), plan), trail);
        clock.end("score");
        Blend ofUnion = retrieved.blend(plan.blend(), plan.blend().interleaves() ? found(retrieved) : List.of());
        if (start.optimal.wanted()) {
            OptimalSearch.Outcome outcome = new OptimalSearch(plan, sources, kinds, exclusions, trail, boundsCache)
                    .run(retrieved, ofUnion, k, start.optimal);
            outcome.found().forEach(union::add);
            this.ranked = outcome.ranked();
            this.table =
                    outcome.found().isEmpty() ? retrieved : ScoreTable.of(plan.columns(), sources, union.ids(), trail);
            this.blend = outcome.found().isEmpty() ? ofUnion : table.blend(plan.blend(), ofUnion);
            clock.end("optimal");
        } else {
            this.ranked = Ranked.OF_UNION;
            this.table = retrieved;
            this.blend = ofUnion;
        }
        this.nowMillis = start.nowMillis;
        this.facts =
                new CandidateFacts(plan, table.ids(), trail, named, inverses, start.ages, this::greatestContribution);
        this.ruling = plan.rules().apply(byScore(), scores(), facts, k, nowMillis);
        clock.end("blend");
    }

    /** Sorted where the blend needs an order of ids; comparing thousands of ids costs more than it seems. */
    static List<EntityId> ordered(List<EntityId> ids, ScoringPlan plan) {
        return plan.blend().interleaves() ? ids.stream().sorted().toList() : ids;
    }

    private CandidateUnion retrieved() {
        CandidateUnion found = new CandidateUnion(trail, exclusions, k);
        for (int c = 0; c < sources.size(); c++) {
            found.retrieve(c, plan.columns().get(c), sources.get(c), kinds);
        }
        for (Rule rule : plan.rules().rules()) {
            if (rule instanceof Rule.Pin pin
                    && pin.mode() == Rule.Mode.ON
                    && kinds.contains(pin.id().kind())
                    && exclusions.reason(pin.id()).isEmpty()) {
                found.add(pin.id());
            }
        }
        return found;
    }

    /** By column, the candidates it retrieved itself. */
    private List<BitSet> found(ScoreTable table) {
        List<BitSet> found = new ArrayList<>();
        for (int c = 0; c < sources.size(); c++) {
            BitSet candidates = new BitSet();
            for (int i = 0; i < table.ids().size(); i++) {
                candidates.set(i, union.foundBy(table.ids().get(i)).get(c));
            }
            found.add(candidates);
        }
        return found;
    }

    private int greatestContribution(int candidate) {
        int best = 0;
        for (int c = 1; c < plan.columns().size(); c++) {
            if (blend.contribution(c, candidate) > blend.contribution(best, candidate)) {
                best = c;
            }
        }
        return best;
    }

    private double[] scores() {
        return IntStream.range(0, table.ids().size()).mapToDouble(blend::score).toArray();
    }

    /** The places of those that have a score, best first, ties by id. */
    private int[] byScore() {
        return IntStream.range(0, table.ids().size())
                .filter(blend::ranked)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -blend.score(i))
                        .thenComparing(table.ids()::get))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    List<ScoredCandidate> best(boolean explain) {
        List<ScoredCandidate> best = new ArrayList<>();
        Explainer explainer = new Explainer(table, blend, plan.anchors(), trail);
        for (int i : IntStream.of(ruling.order()).limit(k).toArray()) {
            EntityId id = table.ids().get(i);
            best.add(
                    explain
                            ? new ScoredCandidate(
                                    id,
                                    ruling.scores()[i],
                                    explainer.columns(i),
                                    explainer.sharedClusters(i),
                                    explainer.anchors(i),
                                    traces(i))
                            : ScoredCandidate.unexplained(id, ruling.scores()[i]));
        }
        return best;
    }

    private List<RuleTrace> traces(int candidate) {
        return ruling.effects().stream()
                .filter(effect -> effect.candidate() == candidate)
                .map(RuleTrace::of)
                .toList();
    }

    Optional<String> shortfall() {
        int answered = Math.min(k, ruling.order().length);
        if (answered >= k) {
            return Optional.empty();
        }
        long removed = ruling.effects().stream()
                .filter(effect -> effect.applied() && effect.change() == Effect.Change.REMOVED)
                .count();
        String byRules = removed == 0 ? "" : ", rules removed %d".formatted(removed);
        return Optional.of("exhausted: %d of %d; the searches found %d candidates, %d ids were left out%s"
                .formatted(answered, k, union.ids().size(), exclusions.count(), byRules));
    }

    List<ScoredCandidates.NamedStatistics> statistics() {
        List<ScoredCandidates.NamedStatistics> statistics = new ArrayList<>();
        for (int c = 0; c < plan.columns().size(); c++) {
            statistics.add(
                    new ScoredCandidates.NamedStatistics(plan.columns().get(c).name(), blend.statistics(c)));
        }
        return statistics;
    }

    List<RuleReport> reports() {
        return plan.rules().rules().stream().map(this::report).toList();
    }

    private RuleReport report(Rule rule) {
        List<Effect> effects = ruling.effects().stream()
                .filter(effect -> effect.rule() == rule)
                .toList();
        List<Effect> removed = effects.stream()
                .filter(effect -> effect.change() == Effect.Change.REMOVED)
                .toList();
        return new RuleReport(
                rule.name(),
                rule.mode(),
                named.ids(rule).size(),
                removed.stream()
                        .limit(RuleReport.REMOVED_MAX)
                        .map(effect -> table.ids().get(effect.candidate()))
                        .toList(),
                removed.size(),
                count(effects, Effect.Change.SCORED),
                count(effects, Effect.Change.PLACED));
    }

    /** Which one of its value a candidate was that a cap removed: replays the list as the cap met it. */
    int placeInGroup(Rule.Cap cap, Effect removed) {
        Optional<String> value = facts.value(cap.attribute(), removed.candidate());
        int place = 0;
        for (int candidate : before(cap)) {
            place += facts.value(cap.attribute(), candidate).equals(value) ? 1 : 0;
            if (candidate == removed.candidate()) {
                break;
            }
        }
        return place;
    }

    /** The list that a rule met. */
    private int[] before(Rule rule) {
        List<Rule> rules = plan.rules().rules();
        return new RuleBook(rules.subList(0, rules.indexOf(rule)))
                .apply(byScore(), scores(), facts, k, nowMillis)
                .order();
    }

    private static int count(List<Effect> effects, Effect.Change change) {
        return (int)
                effects.stream().filter(effect -> effect.change() == change).count();
    }
}
