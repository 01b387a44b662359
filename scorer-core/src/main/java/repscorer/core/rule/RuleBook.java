package repscorer.core.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntPredicate;

/** The rules of a surface in their order. Immutable, safe for concurrent use. */
public final class RuleBook {

    /*
     * A list is the places of the candidates that are left, best first. A rule that removes takes places out; one that
     * scores changes scores and sorts anew, ties by id; one that places moves places about and leaves scores alone. A dry
     * run does the same to a copy and keeps the effects only.
     */

    public static final RuleBook EMPTY = new RuleBook(List.of());

    private final List<Rule> rules;

    /**
     * Takes rules in their order.
     *
     * @throws IllegalArgumentException when two share a name or one stands before an earlier stage's
     */
    public RuleBook(List<Rule> rules) {
        this.rules = List.copyOf(rules);
        Set<String> names = new HashSet<>();
        Rule before = null;
        for (Rule rule : rules) {
            if (!names.add(rule.name())) {
                throw new IllegalArgumentException("rule names must differ: '%s' twice".formatted(rule.name()));
            }
            if (before != null && before.stage().compareTo(rule.stage()) > 0) {
                throw new IllegalArgumentException(
                        "rules that remove come first, then those that score, then those that place: %s stands before %s"
                                .formatted(before.name(), rule.name()));
            }
            before = rule;
        }
    }

    public List<Rule> rules() {
        return rules;
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** The rules with another one of the same name in its place. */
    public RuleBook with(Rule changed) {
        return new RuleBook(rules.stream()
                .map(rule -> rule.name().equals(changed.name()) ? changed : rule)
                .toList());
    }

    /** The rules with every one that is on as a dry run. */
    public RuleBook dryRun() {
        return new RuleBook(rules.stream()
                .map(rule -> rule.mode() == Rule.Mode.ON ? rule.in(Rule.Mode.DRY_RUN) : rule)
                .toList());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RuleBook book && book.rules.equals(rules);
    }

    @Override
    public int hashCode() {
        return rules.hashCode();
    }

    @Override
    public String toString() {
        return rules.toString();
    }

    /**
     * Runs all rules. O(rules · n log n), and O(k · depth) similarities where one diversifies.
     *
     * @param order the places of the ranked candidates, best first
     * @param scores by place
     * @param k how many are answered
     * @param nowMillis what ages are counted to
     */
    public Ruling apply(int[] order, double[] scores, Facts facts, int k, long nowMillis) {
        List<Integer> list = new ArrayList<>(order.length);
        for (int candidate : order) {
            list.add(candidate);
        }
        Run run = new Run(list, scores.clone(), facts, k, nowMillis, new ArrayList<>());
        for (Rule rule : rules) {
            if (rule.mode() != Rule.Mode.OFF) {
                run = run.after(rule);
            }
        }
        return new Ruling(run.list.stream().mapToInt(Integer::intValue).toArray(), run.scores, run.effects);
    }

    /** The list between two rules. */
    private record Run(List<Integer> list, double[] scores, Facts facts, int k, long nowMillis, List<Effect> effects) {

        Run after(Rule rule) {
            Run next = new Run(new ArrayList<>(list), scores.clone(), facts, k, nowMillis, effects);
            switch (rule) {
                case Rule.Remove remove -> next.removeIf(rule, candidate -> facts.named(remove, candidate));
                case Rule.RemoveWhere remove ->
                    next.removeIf(rule, candidate -> facts.meets(remove.where(), candidate) != remove.keep());
                case Rule.RemoveByAge remove -> next.removeIf(rule, candidate -> next.outside(remove, candidate));
                case Rule.Boost boost -> next.boost(boost);
                case Rule.Decay decay -> next.decay(decay);
                case Rule.Cap cap -> next.cap(cap);
                case Rule.Diversify diversify -> next.diversify(diversify);
                case Rule.Quota quota -> next.quota(quota);
                case Rule.Pin pin -> next.pin(pin);
            }
            return rule.mode() == Rule.Mode.ON ? next : this;
        }

        /** Notes the candidates that a rule meant to move and that have another rank now. */
        private void noteMoves(Rule rule, List<Integer> before, Collection<Integer> meant) {
            Map<Integer, Integer> ranks = new HashMap<>();
            for (int i = 0; i < before.size(); i++) {
                ranks.put(before.get(i), i + 1);
            }
            for (int i = 0; i < list.size(); i++) {
                int rank = ranks.getOrDefault(list.get(i), 0);
                if (meant.contains(list.get(i)) && rank != i + 1) {
                    effects.add(new Effect(rule, list.get(i), Effect.Change.PLACED, rank, i + 1.0));
                }
            }
        }

        private void removeIf(Rule rule, IntPredicate leaves) {
            int rank = 0;
            for (int candidate : list) {
                rank++;
                if (leaves.test(candidate)) {
                    effects.add(new Effect(rule, candidate, Effect.Change.REMOVED, rank, 0));
                }
            }
            list.removeIf(leaves::test);
        }

        private boolean outside(Rule.RemoveByAge remove, int candidate) {
            OptionalLong created = facts.createdMillis(candidate);
            return created.isPresent() && remove.isOutside(created.getAsLong(), nowMillis);
        }

        private void boost(Rule.Boost boost) {
            for (int candidate : list) {
                if (facts.meets(boost.where(), candidate)) {
                    double score = scores[candidate];
                    double scaled = score >= 0 ? score * boost.multiply() : score / boost.multiply();
                    rescore(boost, candidate, scaled + boost.add());
                }
            }
            rank();
        }

        private void decay(Rule.Decay decay) {
            for (int candidate : list) {
                OptionalLong created = facts.createdMillis(candidate);
                if (created.isPresent()) {
                    double age = Math.max(0, nowMillis - created.getAsLong());
                    double left = Math.pow(2, -age / decay.halfLife().toMillis());
                    rescore(decay, candidate, scores[candidate] - decay.weight() * (1 - left));
                }
            }
            rank();
        }

        private void rescore(Rule rule, int candidate, double score) {
            if (score != scores[candidate]) {
                effects.add(new Effect(rule, candidate, Effect.Change.SCORED, scores[candidate], score));
                scores[candidate] = score;
            }
        }

        private void rank() {
            list.sort(Comparator.comparingDouble((Integer candidate) -> -scores[candidate])
                    .thenComparing(facts::compare));
        }

        private void cap(Rule.Cap cap) {
            Map<Integer, Integer> seen = new HashMap<>();
            Set<Integer> over = new HashSet<>();
            for (int candidate : list) {
                int value = facts.value(cap.attribute(), candidate);
                if (value != Facts.NO_VALUE && seen.merge(value, 1, Integer::sum) > cap.max()) {
                    over.add(candidate);
                }
            }
            removeIf(cap, over::contains);
        }

        private void diversify(Rule.Diversify rule) {
            List<Integer> before = List.copyOf(list);
            int depth = Math.min(rule.depth(), list.size());
            double min = Double.POSITIVE_INFINITY;
            double max = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < depth; i++) {
                min = Math.min(min, scores[list.get(i)]);
                max = Math.max(max, scores[list.get(i)]);
            }
            double[] nearest = new double[depth];
            Arrays.fill(nearest, Double.NEGATIVE_INFINITY);
            for (int place = 0; place < Math.min(depth, k); place++) {
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
                int chosen = list.remove(best);
                list.add(place, chosen);
                System.arraycopy(nearest, place, nearest, place + 1, best - place);
                for (int i = place + 1; i < depth; i++) {
                    nearest[i] = Math.max(nearest[i], facts.similarity(rule.column(), chosen, list.get(i)));
                }
            }
            noteMoves(rule, before, Set.copyOf(list.subList(0, Math.min(depth, k))));
        }

        private void quota(Rule.Quota quota) {
            int head = Math.min(k, list.size());
            int missing = quota.min();
            for (int i = 0; i < head; i++) {
                missing -= facts.meets(quota.where(), list.get(i)) ? 1 : 0;
            }
            List<Integer> promoted = new ArrayList<>();
            for (int i = head; i < list.size() && promoted.size() < missing; i++) {
                if (facts.meets(quota.where(), list.get(i))) {
                    promoted.add(list.get(i));
                }
            }
            List<Integer> demoted = new ArrayList<>();
            for (int i = head - 1; i >= 0 && demoted.size() < promoted.size(); i--) {
                if (!facts.meets(quota.where(), list.get(i))) {
                    demoted.addFirst(list.get(i));
                }
            }
            List<Integer> before = List.copyOf(list);
            List<Integer> chosen = promoted.subList(0, demoted.size());
            list.removeAll(Set.copyOf(chosen));
            list.removeAll(Set.copyOf(demoted));
            list.addAll(head - chosen.size(), chosen);
            list.addAll(head, demoted);
            Set<Integer> meant = new HashSet<>(chosen);
            meant.addAll(demoted);
            noteMoves(quota, before, meant);
        }

        private void pin(Rule.Pin pin) {
            for (int i = 0; i < list.size(); i++) {
                if (facts.is(list.get(i), pin.id())) {
                    List<Integer> before = List.copyOf(list);
                    int candidate = list.remove(i);
                    list.add(Math.min(pin.position() - 1, list.size()), candidate);
                    noteMoves(pin, before, Set.of(candidate));
                    return;
                }
            }
        }
    }
}
