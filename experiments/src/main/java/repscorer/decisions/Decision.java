package repscorer.decisions;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept of one answer for candidates: enough to say who saw what by which variant, with which probability, and to answer it
 * once more. Immutable.
 *
 * @param id unique, sortable by time; the answer's {@code provenance.decisionId}
 * @param time of the answer
 * @param unit what experiments are assigned by; a digest of it where the log hashes ids; empty for a request that named none
 * @param arms the experiments the unit was in
 * @param versions of the spaces that took part, by space
 * @param plan SHA-256 of the plan that was in effect, with all overrides
 * @param request the request's body as JSON, for an answer once more
 * @param candidates as answered, best first
 * @param degraded why the answer is less than was asked for, by the reasons of its notices
 * @param micros from the request's arrival at the scorer to its answer
 */
public record Decision(
        String id,
        Instant time,
        String surface,
        Optional<String> unit,
        List<Arm> arms,
        String release,
        Map<String, String> versions,
        String plan,
        String request,
        List<Shown> candidates,
        List<String> degraded,
        long micros) {

    public Decision {
        arms = List.copyOf(arms);
        versions = Map.copyOf(versions);
        candidates = List.copyOf(candidates);
        degraded = List.copyOf(degraded);
    }

    /**
     * The variant a unit was in.
     *
     * @param bucket of the layer, 0 to 9,999; -1 where a flag system's way of dealing knows none, or the unit is forced
     */
    public record Arm(String experiment, String variant, String layer, int bucket) {}

    /**
     * One candidate.
     *
     * @param columns raw score of each column of the plan that has one; a column that is missing is not there
     * @param propensity the probability with which this candidate stood at this rank, given all ranks before it; 1 without
     *     exploration
     * @param team the variant that an interleaved answer credits it to; empty for no variant, and where nothing was interleaved
     * @param credit what an outcome of it counts for its team; 0 without a team
     */
    public record Shown(
            String candidate,
            double score,
            Map<String, Double> columns,
            double propensity,
            Optional<String> team,
            double credit) {

        public Shown {
            columns = columns instanceof ColumnScores ? columns : Map.copyOf(columns);
            if (!(propensity > 0 && propensity <= 1)) {
                throw new IllegalArgumentException(
                        "propensity must be above 0 and at most 1: %s of %s".formatted(propensity, candidate));
            }
        }

        /** One whose outcomes count for one, as those of a team draft do. */
        public Shown(
                String candidate, double score, Map<String, Double> columns, double propensity, Optional<String> team) {
            this(candidate, score, columns, propensity, team, team.isPresent() ? 1 : 0);
        }
    }
}
