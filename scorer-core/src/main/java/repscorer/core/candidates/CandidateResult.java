package repscorer.core.candidates;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import repscorer.core.answer.Ranked;
import repscorer.core.blend.Blend;
import repscorer.core.entity.EntityId;
import repscorer.core.explore.Explored;
import repscorer.core.pair.ScoreTable;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.request.EntitySet;
import repscorer.core.request.Request;
import repscorer.core.rule.Effect;
import repscorer.core.rule.Facts;
import repscorer.core.rule.Rule;
import repscorer.core.rule.RuleBook;
import repscorer.core.rule.Ruling;
import repscorer.core.source.QueryVector;
import repscorer.core.store.SpaceVersion;

/**
 * What one request for candidates came to, stage by stage, candidates as places of one table. Read for an answer, or asked why
 * a candidate is not there.
 *
 * @param scope how many of which kinds
 * @param exclusions what the searches left out
 * @param sources by column, what candidates were compared with
 * @param retrieval what the searches found
 * @param ranked over what the candidates are the best, before rules
 * @param table every column's score of every candidate
 * @param blend the scores before rules
 * @param byScore the places of candidates that have a score, before rules: best first, as far as rules and the reader look
 * @param facts what rules asked
 * @param ruling the list after rules
 * @param explored the list after chance, which is what is answered
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record CandidateResult(
        Request request,
        AnswerScope scope,
        Exclusions exclusions,
        List<QueryVector> sources,
        Retrieval retrieval,
        Ranked ranked,
        ScoreTable table,
        Blend blend,
        int[] byScore,
        Facts facts,
        Ruling ruling,
        Explored explored) {

    /**
     * What a column's search would give a candidate, by the index's measure, with other settings; empty where it would not find it.
     * Searches anew.
     */
    public OptionalDouble found(int column, ColumnPlan changed, EntityId id) {
        Optional<SpaceVersion> version =
                Optional.ofNullable(changed.candidates().get(id.kind())).flatMap(request.trace()::space);
        OptionalInt ordinal = version.map(each -> each.ordinal(id)).orElse(OptionalInt.empty());
        return ordinal.isEmpty()
                ? OptionalDouble.empty()
                : retrieval.found(changed, sources.get(column), id.kind(), version.get(), ordinal.getAsInt());
    }

    /** The best k that are answered, or as many as there are. */
    public List<EntityId> answered() {
        List<EntityId> answered = new ArrayList<>();
        for (int rank = 0; rank < Math.min(scope.k(), explored.order().length); rank++) {
            answered.add(candidates().id(explored.order()[rank]));
        }
        return answered;
    }

    public EntitySet candidates() {
        return table.candidates();
    }

    /** How many entities a removing rule names. */
    public int named(Rule rule) {
        return exclusions.removed().by(rule).size();
    }

    /** Which one of its value a candidate was that a cap removed: replays the list as the cap met it. */
    public int placeInGroup(Rule.Cap cap, Effect removed) {
        int value = facts.value(cap.attribute(), removed.candidate());
        int place = 0;
        for (int candidate : before(cap)) {
            place += facts.value(cap.attribute(), candidate) == value ? 1 : 0;
            if (candidate == removed.candidate()) {
                break;
            }
        }
        return place;
    }

    /** The list that a rule met. */
    private int[] before(Rule rule) {
        List<Rule> rules = request.plan().rules().rules();
        return new RuleBook(rules.subList(0, rules.indexOf(rule)))
                .apply(byScore, blend.scores(), facts, scope.k(), request.nowMillis())
                .order();
    }
}
