package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One ranked candidate.
 *
 * @param rank from 1
 * @param columns where explanations were asked for
 * @param sharedClusters where explanations were asked for, strongest first
 * @param anchors where explanations were asked for: known entities nearest to it on the dense side
 * @param rules where explanations were asked for: what rules did to it, in their order
 * @param propensity where chance took part in the answer: the probability that it stood at its rank, given all ranks before it
 * @param team where two variants share the answer: the one that is credited with what is done to it; absent for neither
 * @param credit what that counts for its team
 * @param probability where the surface has a calibration and neither an experiment nor the request changed what scores mean: of what
 *     it was fitted to, such as a follow
 * @param terms where explanations were asked for and the source is a text: the words that it shares with the candidate's, greatest part
 *     first; of a column they sum to its raw value
 * @param reasons where explanations were asked for and the surface has some: sentences for people, in the order of the columns
 * @param models where explanations were asked for and a model computes a column: what made its probability of this candidate
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CandidateBody(
        int rank,
        String id,
        double score,
        @Nullable List<ColumnBody> columns,
        @Nullable List<SharedClusterBody> sharedClusters,
        @Nullable List<AnchorBody> anchors,
        @Nullable List<RuleTraceBody> rules,
        @Nullable Double propensity,
        @Nullable String team,
        @Nullable Double credit,
        @Nullable Double probability,
        @Nullable List<TermBody> terms,
        @Nullable List<SaidBody> reasons,
        @Nullable List<ModelPartsBody> models) {

    /**
     * What a column says to people.
     *
     * @param text such as "followed by Ada and 3 others, whom you follow"
     */
    public record SaidBody(String column, String text) {}

    /**
     * A word of source and candidate.
     *
     * @param term as it is compared: folded, and stemmed where the language is
     * @param times it stands in the candidate's text
     * @param documents texts that have it
     * @param part of the column's raw value
     */
    public record TermBody(String column, String term, int times, int documents, double part) {}

    /**
     * What made a probability. The base and the parts of all features sum to the margin, which the model's calibration turns into it.
     *
     * @param model what the column's model is called
     * @param margin the sum, on the scale of log-odds
     * @param base what the model says where nothing is known of features
     * @param features in the model's order
     */
    public record ModelPartsBody(
            String column, String model, double margin, double base, List<FeaturePartBody> features) {}

    /**
     * A feature's part in a probability.
     *
     * @param feature as models name it, such as column:twhin
     * @param value absent where it is missing
     * @param part of the margin
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FeaturePartBody(String feature, @Nullable Double value, double part) {}

    /**
     * A known entity.
     *
     * @param similarity its cosine with the candidate
     * @param sourceSimilarity its cosine with the source
     */
    public record AnchorBody(String column, String id, double similarity, double sourceSimilarity) {}

    /**
     * What one rule did.
     *
     * @param change removed, scored or placed
     * @param applied false for a dry run, which did nothing
     * @param before the rank, or the score where that changed
     * @param after likewise; 0 for what is removed
     * @param worth what the score was multiplied by; absent where the rule does not go by what candidates are worth
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RuleTraceBody(
            String rule,
            String change,
            boolean applied,
            double before,
            double after,
            @Nullable Double worth) {}
}
