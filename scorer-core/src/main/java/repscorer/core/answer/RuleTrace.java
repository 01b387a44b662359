package repscorer.core.answer;

import java.util.OptionalDouble;
import repscorer.core.rule.Effect;
import repscorer.core.rule.Rule;

/**
 * What one rule did to one candidate.
 *
 * @param applied false for a dry run, which did nothing
 * @param before the rank from 1, or the score where that changed
 * @param after likewise; 0 for what is removed
 * @param worth what the score was multiplied by, of a rule that goes by what candidates are worth
 */
public record RuleTrace(
        String rule, Effect.Change change, boolean applied, double before, double after, OptionalDouble worth) {

    public static RuleTrace of(Effect effect) {
        Rule rule = effect.rule();
        return new RuleTrace(
                rule.name(), effect.change(), effect.applied(), effect.before(), effect.after(), effect.worth());
    }
}
