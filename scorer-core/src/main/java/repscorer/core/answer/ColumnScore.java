package repscorer.core.answer;

import java.util.Optional;

/** What one column says of one candidate. */
public sealed interface ColumnScore {

    String column();

    /**
     * A score.
     *
     * @param weight in effect, after the weights of missing columns were shared out
     * @param contribution to the final score; the contributions of all columns sum to it
     * @param rank within the column, from 1; empty unless the blend ranks
     */
    record Present(
            String column, double raw, double normalized, double weight, double contribution, Optional<Integer> rank)
            implements ColumnScore {}

    record Missing(String column, MissingReason reason) implements ColumnScore {}
}
