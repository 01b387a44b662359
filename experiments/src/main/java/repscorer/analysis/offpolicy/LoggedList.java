package repscorer.analysis.offpolicy;

import java.util.List;

/**
 * One answer of the log, with what another policy would have done in its place. Immutable, but for the arrays, which are shared.
 *
 * @param unit whose answer it is; answers of one unit are not taken for independent
 * @param choices rank after rank
 */
public record LoggedList(String unit, List<Choice> choices) {

    public LoggedList {
        choices = List.copyOf(choices);
    }

    /**
     * What stands at one rank.
     *
     * @param propensity the probability that the log's policy chose it there, given all ranks before it
     * @param target the same of the other policy, 0 where it never would
     * @param reward what it earned
     * @param features of what was chosen, for the model of rewards; as many everywhere, each about as large as 1
     * @param options all that could have been chosen there, what was chosen included
     */
    public record Choice(double propensity, double target, double reward, double[] features, List<Option> options) {

        public Choice {
            if (!(propensity > 0 && propensity <= 1) || !(target >= 0 && target <= 1)) {
                throw new IllegalArgumentException("probabilities lie between 0 and 1, a propensity above 0: %s, %s"
                        .formatted(propensity, target));
            }
            options = List.copyOf(options);
        }
    }

    /**
     * What could have been chosen.
     *
     * @param target its probability by the other policy
     */
    public record Option(double target, double[] features) {}
}
