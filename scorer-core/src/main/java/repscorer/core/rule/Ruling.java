package repscorer.core.rule;

import java.util.List;

/**
 * A ranked list after its rules.
 *
 * @param order the places of the candidates that are left, best first
 * @param scores of all candidates by place, changed by rules
 * @param effects of all rules in their order, dry runs included
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record Ruling(int[] order, double[] scores, List<Effect> effects) {

    public Ruling {
        effects = List.copyOf(effects);
    }
}
