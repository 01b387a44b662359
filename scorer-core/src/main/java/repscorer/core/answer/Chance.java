package repscorer.core.answer;

import java.util.List;
import java.util.Optional;

/**
 * The part that chance had in an answer.
 *
 * @param seed what it went by: the same seed gives the same answer, as long as all else is the same
 * @param exploration the method, in lower case; empty where nothing was explored
 * @param interleaved empty where one plan answered
 */
public record Chance(String seed, Optional<String> exploration, Optional<Interleaved> interleaved) {

    /**
     * Two variants that share an answer.
     *
     * @param variant the one of the experiment that interleaves
     * @param method in lower case with hyphens
     * @param teams the two variants, in the order in which they are declared
     */
    public record Interleaved(String experiment, String variant, String method, List<String> teams) {

        public Interleaved {
            teams = List.copyOf(teams);
        }
    }
}
