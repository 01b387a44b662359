package repscorer.analysis;

import java.util.Map;
import java.util.Optional;

/**
 * What is asked of an analysis. Immutable.
 *
 * @param control the variant that others are compared with; empty for {@code control}, or the first by name
 * @param weights of variants by name, as units were dealt; empty for equal ones
 * @param goal the kind of outcome that decides; empty for the most frequent that is no impression
 * @param alpha what the confidence lacks to 1, above 0 and at most .5
 */
public record AnalysisOptions(
        String experiment, Optional<String> control, Map<String, Double> weights, Optional<String> goal, double alpha) {

    public static final double ALPHA_DEFAULT = .05;

    public AnalysisOptions {
        weights = Map.copyOf(weights);
        if (!(alpha > 0 && alpha <= .5)) {
            throw new IllegalArgumentException("alpha must be above 0 and at most 0.5: %s".formatted(alpha));
        }
        weights.forEach((variant, weight) -> {
            if (!(weight > 0 && Double.isFinite(weight))) {
                throw new IllegalArgumentException("a weight must be above 0: %s=%s".formatted(variant, weight));
            }
        });
    }

    public static AnalysisOptions of(String experiment) {
        return new AnalysisOptions(experiment, Optional.empty(), Map.of(), Optional.empty(), ALPHA_DEFAULT);
    }
}
