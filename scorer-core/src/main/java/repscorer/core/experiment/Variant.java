package repscorer.core.experiment;

import java.util.Map;
import java.util.Optional;
import repscorer.core.interleave.Interleaving;

/**
 * One arm of an experiment.
 *
 * @param weight its part of the experiment's traffic relative to the other arms, at least 0
 * @param overrides of the plan: dotted keys and values as text
 * @param interleaving the two other arms whose rankings its answers are made of; empty for an arm with a plan of its own
 */
public record Variant(String name, int weight, Map<String, String> overrides, Optional<Interleaving> interleaving) {

    public Variant {
        overrides = Map.copyOf(overrides);
        if (weight < 0) {
            throw new IllegalArgumentException("weight must not be negative: %s (variant %s)".formatted(weight, name));
        }
        if (interleaving.isPresent() && !overrides.isEmpty()) {
            throw new IllegalArgumentException(
                    "a variant that interleaves others has no overrides of its own: variant " + name);
        }
    }

    /** An arm with a plan of its own. */
    public Variant(String name, int weight, Map<String, String> overrides) {
        this(name, weight, overrides, Optional.empty());
    }
}
