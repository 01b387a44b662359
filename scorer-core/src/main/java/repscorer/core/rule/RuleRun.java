package repscorer.core.rule;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.IntPredicate;

/**
 * The list between two rules, and what one more does to it. For one request and one thread.
 *
 * @param scores by place
 * @param k how many are answered
 * @param effects of all rules so far
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record RuleRun(RankedPlaces list, double[] scores, Facts facts, int k, long nowMillis, List<Effect> effects) {

    /** The list after a rule; a dry run notes its effects and leaves the list as it was. */
    RuleRun after(Rule rule) {
        if (rule instanceof Rule.Remove remove && facts.namesNobody(remove)) {
            return this;
        }
        boolean scored = rule.stage() == Rule.Stage.SCORE;
        RuleRun next = new RuleRun(list.copy(), scored ? scores.clone() : scores, facts, k, nowMillis, effects);
        switch (rule) {
            case Rule.Remove remove -> next.removeIf(rule, candidate -> facts.named(remove, candidate));
            case Rule.RemoveWhere remove ->
                next.removeIf(rule, candidate -> facts.meets(remove.where(), candidate) != remove.keep());
            case Rule.RemoveByAge remove -> next.removeIf(rule, candidate -> next.outside(remove, candidate));
            case Rule.Boost boost -> next.boost(boost);
            case Rule.Decay decay -> next.decay(decay);
            case Rule.Worth worth -> next.worth(worth);
            case Rule.Floor floor -> next.removeIf(rule, candidate -> scores[candidate] < floor.scoreMin());
            case Rule.Cap cap -> next.cap(cap);
            case Rule.Diversify diversify -> next.diversify(diversify);
            case Rule.Quota quota -> next.quota(quota);
            case Rule.Pin pin -> next.pin(pin);
        }
        return rule.mode() == Rule.Mode.ON ? next : this;
    }

    private void removeIf(Rule rule, IntPredicate leaves) {
        int[] rank = {0};
        list.removeIf(candidate -> {
            rank[0]++;
            boolean removed = leaves.test(candidate);
            if (removed) {
                effects.add(new Effect(rule, candidate, Effect.Change.REMOVED, rank[0], 0));
            }
            return removed;
        });
    }

    private boolean outside(Rule.RemoveByAge remove, int candidate) {
        OptionalLong created = facts.createdMillis(candidate);
        return created.isPresent() && remove.isOutside(created.getAsLong(), nowMillis);
    }

    private void boost(Rule.Boost boost) {
        for (int rank = 0; rank < list.size(); rank++) {
            int candidate = list.get(rank);
            if (facts.meets(boost.where(), candidate)) {
                double score = scores[candidate];
                double scaled = score >= 0 ? score * boost.multiply() : score / boost.multiply();
                rescore(boost, candidate, scaled + boost.add());
            }
        }
        list.sort(scores, facts::compare);
    }

    private void decay(Rule.Decay decay) {
        for (int rank = 0; rank < list.size(); rank++) {
            int candidate = list.get(rank);
            OptionalLong created = facts.createdMillis(candidate);
            if (created.isPresent()) {
                double age = Math.max(0, nowMillis - created.getAsLong());
                double left = Math.pow(2, -age / decay.halfLife().toMillis());
                rescore(decay, candidate, scores[candidate] - decay.weight() * (1 - left));
            }
        }
        list.sort(scores, facts::compare);
    }

    private void worth(Rule.Worth rule) {
        double otherwise = rule.otherwise().orElse(Double.NaN);
        double[] worth = new double[scores.length];
        for (int rank = 0; rank < list.size(); rank++) {
            int candidate = list.get(rank);
            double known = facts.weight(rule.space(), candidate);
            worth[candidate] = Double.isNaN(known) ? otherwise : known;
        }
        removeIf(rule, candidate -> Double.isNaN(worth[candidate]));
        for (int rank = 0; rank < list.size(); rank++) {
            int candidate = list.get(rank);
            double before = scores[candidate];
            scores[candidate] *= worth[candidate];
            effects.add(new Effect(
                    rule,
                    candidate,
                    Effect.Change.SCORED,
                    before,
                    scores[candidate],
                    OptionalDouble.of(worth[candidate])));
        }
        list.sort(scores, facts::compare);
    }

    private void rescore(Rule rule, int candidate, double score) {
        if (score != scores[candidate]) {
            effects.add(new Effect(rule, candidate, Effect.Change.SCORED, scores[candidate], score));
            scores[candidate] = score;
        }
    }

    private void cap(Rule.Cap cap) {
        Map<Integer, Integer> seen = new HashMap<>();
        removeIf(cap, candidate -> {
            int value = facts.value(cap.attribute(), candidate);
            return value != Facts.NO_VALUE && seen.merge(value, 1, Integer::sum) > cap.max();
        });
    }

    private void diversify(Rule.Diversify rule) {
        int[] before = list.toArray();
        int depth = Math.min(rule.depth(), list.size());
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < depth; i++) {
            min = Math.min(min, scores[list.get(i)]);
            max = Math.max(max, scores[list.get(i)]);
        }
        double[] nearest = new double[depth];
        Arrays.fill(nearest, Double.NEGATIVE_INFINITY);
        int head = Math.min(depth, k);
        for (int place = 0; place < head; place++) {
            int best = place;
            double bestValue = Double.NEGATIVE_INFINITY;
            for (int i = place; i < depth; i++) {
                double relevance = max > min ? (scores[list.get(i)] - min) / (max - min) : 1;
                double redundancy = place == 0 ? 0 : nearest[i];
                double value = rule.lambda() * relevance - (1 - rule.lambda()) * redundancy;
                if (value > bestValue) {
                    bestValue = value;
                    best = i;
                }
            }
            // Moved and not swapped, so that what is left stays ranked.
            int chosen = list.get(best);
            list.move(best, place);
            System.arraycopy(nearest, place, nearest, place + 1, best - place);
            for (int i = place + 1; i < depth; i++) {
                nearest[i] = Math.max(nearest[i], facts.similarity(rule.column(), chosen, list.get(i)));
            }
        }
        noteMoves(rule, before, Arrays.copyOf(list.toArray(), head));
    }

    private void quota(Rule.Quota quota) {
        int[] before = list.toArray();
        int head = Math.min(k, before.length);
        int missing = quota.min();
        BitSet meets = new BitSet();
        for (int rank = 0; rank < before.length && (rank < head || missing > 0); rank++) {
            if (facts.meets(quota.where(), before[rank])) {
                meets.set(rank);
                missing--;
            }
        }
        int promotes = Math.min(
                meets.cardinality() - meets.get(0, head).cardinality(),
                head - meets.get(0, head).cardinality());
        if (promotes <= 0) {
            return;
        }
        int[] promoted = meets.stream()
                .filter(rank -> rank >= head)
                .limit(promotes)
                .map(rank -> before[rank])
                .toArray();
        int[] demoted = new int[promotes];
        int[] kept = new int[head - promotes];
        int left = promotes;
        for (int rank = head - 1; rank >= 0; rank--) {
            if (left > 0 && !meets.get(rank)) {
                demoted[--left] = before[rank];
            } else {
                kept[rank - left] = before[rank];
            }
        }
        int[] first = Arrays.copyOf(kept, head);
        System.arraycopy(promoted, 0, first, kept.length, promotes);
        list.reorder(first, demoted);
        int[] meant = Arrays.copyOf(promoted, 2 * promotes);
        System.arraycopy(demoted, 0, meant, promotes, promotes);
        noteMoves(quota, before, meant);
    }

    private void pin(Rule.Pin pin) {
        for (int rank = 0; rank < list.size(); rank++) {
            int candidate = list.get(rank);
            if (facts.is(candidate, pin.id())) {
                int[] before = list.toArray();
                list.move(rank, Math.min(pin.position() - 1, list.size() - 1));
                noteMoves(pin, before, new int[] {candidate});
                return;
            }
        }
    }

    /** Notes the candidates that a rule meant to move and that have another rank now. */
    private void noteMoves(Rule rule, int[] before, int[] meant) {
        BitSet moved = new BitSet();
        Arrays.stream(meant).forEach(moved::set);
        int[] ranks = new int[scores.length];
        for (int rank = 0; rank < before.length; rank++) {
            ranks[before[rank]] = rank + 1;
        }
        for (int rank = 0; rank < list.size(); rank++) {
            int candidate = list.get(rank);
            if (moved.get(candidate) && ranks[candidate] != rank + 1) {
                effects.add(new Effect(rule, candidate, Effect.Change.PLACED, ranks[candidate], rank + 1.0));
            }
        }
    }
}
