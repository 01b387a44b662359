package repscorer.core.experiment;

import java.util.Map;

/**
 * One arm of an experiment.
 *
 * @param weight its part of the experiment's traffic relative to the other arms, at least 0
 * @param overrides of the plan: dotted keys and values as text
 */
public record Variant(String name, int weight, Map<String, String> overrides) {

    public Variant {
        overrides = Map.copyOf(overrides);
        if (weight < 0) {
            throw new IllegalArgumentException("weight must not be negative: %s (variant %s)".formatted(weight, name));
        }
    }
}
