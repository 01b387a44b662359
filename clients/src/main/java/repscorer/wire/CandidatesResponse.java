package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code POST /v1/candidates}.
 *
 * @param candidates best first, ties by ascending id
 * @param returned how many are answered
 * @param scale where explanations were asked for: the normaliser, or the blend where it does not normalise
 * @param statistics where explanations were asked for: what the normaliser knew of each column
 * @param rules what each rule of the surface did; absent where there are none
 * @param shortfall why fewer than k are answered
 * @param ranked over what these are the best
 * @param chance the part that chance had in the answer; absent where it had none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CandidatesResponse(
        String surface,
        int k,
        int returned,
        @Nullable String shortfall,
        List<CandidateBody> candidates,
        @Nullable RankedBody ranked,
        @Nullable String scale,
        @Nullable List<StatisticsBody> statistics,
        @Nullable List<RuleReportBody> rules,
        @Nullable ChanceBody chance,
        ProvenanceBody provenance) {

    /**
     * Statistics of one column's values over the candidates, turned so that higher is closer.
     *
     * @param count of candidates that have a value
     * @param sigma the population's standard deviation
     * @param norm the root of the sum of squares
     * @param logSumExp the logarithm of the sum of exponentials
     */
    public record StatisticsBody(
            String column,
            int count,
            double min,
            double max,
            double mean,
            double sigma,
            double norm,
            double logSumExp) {}

    /**
     * What one rule did to the whole list.
     *
     * @param mode on, off or dry-run
     * @param named ids that it names; unless it is a dry run they were left out of the searches already
     * @param removed candidates that it took out of the ranked list, best first, the first hundred
     * @param removedCount all of them
     * @param scored candidates that it gave another score
     * @param placed candidates that it moved
     */
    public record RuleReportBody(
            String rule, String mode, int named, List<String> removed, int removedCount, int scored, int placed) {}
}
