package repscorer.core;

import java.util.Map;
import java.util.Optional;

/**
 * Changes to a plan, as an experiment or a request states them: dotted keys and values as text, each checked against its
 * bounds.
 *
 * <pre>
 * release                              name of a kept release to read instead of the live one
 * blend.method                         linear | reciprocal-rank
 * blend.normalizer                     none | min-max | z-score
 * blend.rank-constant                  1 to 10,000
 * columns.NAME.weight                  0 to 1,000
 * columns.NAME.retrieve                0 to 5,000
 * columns.NAME.ef                      1 to 2,000      dense
 * columns.NAME.exact                   true | false    dense
 * columns.NAME.clusters-scanned        1 to 500        sparse
 * columns.NAME.items-per-cluster       1 to 10,000     sparse
 * columns.NAME.candidates-max          1 to 10,000     sparse
 * columns.NAME.rescore                 true | false    sparse
 * </pre>
 */
public final class PlanOverrides {

    private PlanOverrides() {}

    /**
     * The plan with every override applied.
     *
     * @param field the place of the overrides in the request or file, for the message
     * @throws repscorer.core.failure.ScorerException.Invalid for an unknown key or a value out of bounds, naming both
     */
    public static ScoringPlan apply(ScoringPlan plan, Map<String, String> overrides, String field) {
        throw new UnsupportedOperationException();
    }

    /** The release that the overrides name. */
    public static Optional<String> release(Map<String, String> overrides) {
        return Optional.ofNullable(overrides.get("release"));
    }
}
