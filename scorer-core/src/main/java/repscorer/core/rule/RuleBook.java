package repscorer.core.rule;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
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
     * Whether the rules leave any list as it is, so that its first places are all that is asked of it.
     *
     * @param facts of the request
     */
    public boolean leaves(Facts facts) {
        for (Rule rule : rules) {
            if (rule.mode() != Rule.Mode.OFF && !(rule instanceof Rule.Remove remove && facts.namesNobody(remove))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The ranks, from 0, whose candidates stay where rules that are on want them, whatever chance does to the others: what is pinned,
     * and as many of the best k as a quota asks for. O(rules · n).
     *
     * @param order the places of the candidates that rules left, best first
     */
    public BitSet held(int[] order, Facts facts, int k) {
        BitSet held = new BitSet();
        for (Rule rule : rules) {
            if (rule.mode() != Rule.Mode.ON) {
                continue;
            }
            if (rule instanceof Rule.Pin pin) {
                hold(held, order, order.length, 1, place -> facts.is(place, pin.id()));
            } else if (rule instanceof Rule.Quota quota) {
                hold(held, order, Math.min(k, order.length), quota.min(), place -> facts.meets(quota.where(), place));
            }
        }
        return held;
    }

    private static void hold(BitSet held, int[] order, int end, int count, IntPredicate wanted) {
        int left = count;
        for (int rank = 0; rank < end && left > 0; rank++) {
            if (wanted.test(order[rank])) {
                held.set(rank);
                left--;
            }
        }
    }

    /**
     * Runs all rules. O(rules · n log n), and O(k · depth) similarities where one diversifies.
     *
     * @param order the places of the ranked candidates, best first; the ruling's is the same array where no rule changes it
     * @param scores by place; likewise
     * @param k how many are answered
     * @param nowMillis what ages are counted to
     */
    public Ruling apply(int[] order, double[] scores, Facts facts, int k, long nowMillis) {
        if (leaves(facts)) {
            return new Ruling(order, scores, List.of());
        }
        RuleRun run = new RuleRun(new RankedPlaces(order.clone()), scores, facts, k, nowMillis, new ArrayList<>());
        for (Rule rule : rules) {
            if (rule.mode() != Rule.Mode.OFF) {
                run = run.after(rule);
            }
        }
        return new Ruling(run.list().toArray(), run.scores(), run.effects());
    }
}
