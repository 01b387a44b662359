package repscorer.core.experiment;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which requests an experiment takes.
 *
 * @param sourceKinds what all of a request's sources must be of, {@value Experiment#VECTOR} for vectors; empty for anything
 * @param context by name, one of the values that a request's context must have; a name that it does not tell has none of them
 */
public record Eligibility(Set<String> sourceKinds, Map<String, Set<String>> context) {

    /** Every request. */
    public static final Eligibility ANYTHING = new Eligibility(Set.of(), Map.of());

    public Eligibility {
        sourceKinds = Set.copyOf(sourceKinds);
        Map<String, Set<String>> values = new TreeMap<>();
        context.forEach((name, of) -> {
            if (!Traits.isName(name)) {
                throw new IllegalArgumentException(
                        "a name of context is 1 to 64 letters, digits, '-', '_' and '.': '%s'".formatted(name));
            }
            if (of.isEmpty()) {
                throw new IllegalArgumentException("context.%s needs a value: nobody would be in".formatted(name));
            }
            values.put(name, Set.copyOf(of));
        });
        context = Map.copyOf(values);
    }
}
