package repscorer.core.request;

import java.util.Optional;
import repscorer.core.interleave.Interleaving;

/**
 * What a request names, found.
 *
 * @param request by the plan that answers it; by the first team's where two share the answer
 * @param contest empty where one plan answers
 */
public record Resolved(Request request, Optional<Contest> contest) {

    /**
     * Another plan that shares the answer.
     *
     * @param variant the one of the experiment that interleaves
     * @param second the request by the second team's plan, on the same snapshot and budget
     */
    public record Contest(String experiment, String variant, Interleaving interleaving, Request second) {

        /** The same with another request. */
        public Contest with(Request other) {
            return new Contest(experiment, variant, interleaving, other);
        }
    }
}
