package repscorer.core.rule;

import java.util.OptionalDouble;

/**
 * What one rule did, or would have done, to one candidate.
 *
 * @param candidate its place among the request's candidates
 * @param before the rank from 1, or the score where that changed
 * @param after likewise; 0 for what is removed
 * @param worth what the score was multiplied by, of a rule that goes by what candidates are worth
 */
public record Effect(Rule rule, int candidate, Change change, double before, double after, OptionalDouble worth) {

    Effect(Rule rule, int candidate, Change change, double before, double after) {
        this(rule, candidate, change, before, after, OptionalDouble.empty());
    }

    /** What changed. */
    public enum Change {
        REMOVED,
        SCORED,
        PLACED
    }

    /** Whether it happened. */
    public boolean applied() {
        return rule.mode() == Rule.Mode.ON;
    }
}
