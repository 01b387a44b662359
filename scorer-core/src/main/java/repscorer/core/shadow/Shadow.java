package repscorer.core.shadow;

import java.util.Map;

/**
 * A plan that runs beside a surface's.
 *
 * @param share of the surface's requests that it runs for, 0 to 1
 * @param overrides of the plan that answered, after its experiments and the request's own; dotted keys and values as text
 */
public record Shadow(String name, String surface, double share, Map<String, String> overrides) {

    public Shadow {
        overrides = Map.copyOf(overrides);
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be 0 to 1: %s (shadow %s)".formatted(share, name));
        }
        if (overrides.isEmpty()) {
            throw new IllegalArgumentException("a shadow differs by an override at least: shadow " + name);
        }
    }
}
