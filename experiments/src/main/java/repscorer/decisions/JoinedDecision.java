package repscorer.decisions;

import java.util.List;

/**
 * A decision and what came of it. Immutable.
 *
 * @param outcomes within the window, each candidate and kind once, by candidate, then kind
 */
public record JoinedDecision(Decision decision, List<Outcome> outcomes) {

    public JoinedDecision {
        outcomes = List.copyOf(outcomes);
    }
}
