package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code GET /v1/releases/{a}/compare/{b}}: how one release differs from another. Ids are counted whole; the rest is over
 * ids that were drawn.
 *
 * @param a the release that is compared from
 * @param b the release that is compared to
 * @param sample how many ids were drawn from each space at most
 * @param seed of the draws: the same seed draws the same ids
 * @param onlyA spaces that the first release has alone
 * @param onlyB spaces that the second release has alone
 * @param spaces those that both have, by name
 * @param surfaces what each surface answers out of both
 */
public record ComparisonResponse(
        String a,
        String b,
        int sample,
        long seed,
        List<String> onlyA,
        List<String> onlyB,
        List<SpaceDriftBody> spaces,
        List<SurfaceDriftBody> surfaces) {

    /**
     * One space in both releases.
     *
     * @param form dense, sparse or text, in the first release
     * @param versionA of the first release
     * @param versionB of the second release
     * @param shared ids that both have
     * @param onlyA ids that the first release has alone
     * @param onlyB ids that the second release has alone
     * @param drawn how many of the shared ids were looked at
     * @param trainingA what the first release's rows were learnt by; absent where its file names none
     * @param trainingB what the second release's rows were learnt by; absent where its file names none
     * @param rows whether rows of both mean something beside each other
     * @param note how the figures are to be read, where that is not plain
     * @param dense what became of dense rows
     * @param sparse what became of sparse rows
     * @param neighbors what became of the nearest rows, each within its own release; absent where the space is not searched
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SpaceDriftBody(
            String space,
            String kind,
            String form,
            String versionA,
            String versionB,
            int shared,
            int onlyA,
            int onlyB,
            int drawn,
            @Nullable String trainingA,
            @Nullable String trainingB,
            String rows,
            @Nullable String note,
            @Nullable DenseDriftBody dense,
            @Nullable SparseDriftBody sparse,
            @Nullable NeighborDriftBody neighbors) {}

    /**
     * How values are spread.
     *
     * @param count of the values
     * @param p1 a hundredth of the values is less
     * @param p10 a tenth of the values is less
     * @param p50 the median
     * @param p90 a tenth of the values is greater
     * @param p99 a hundredth of the values is greater
     * @param bins how many values lie in each of equal parts between the least and the greatest
     */
    public record DistributionBody(
            int count,
            double mean,
            double min,
            double p1,
            double p10,
            double p50,
            double p90,
            double p99,
            double max,
            List<Integer> bins) {}

    /**
     * Dense rows.
     *
     * @param cosine of both rows of an id
     * @param l2 their distance
     * @param normA of the first release's rows
     * @param normB of the second release's rows
     * @param normRatio the second row's norm by the first one's
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DenseDriftBody(
            @Nullable DistributionBody cosine,
            @Nullable DistributionBody l2,
            @Nullable DistributionBody normA,
            @Nullable DistributionBody normB,
            @Nullable DistributionBody normRatio) {}

    /**
     * Sparse rows. Clusters are the same where their ids are.
     *
     * @param greatestChanged the share of ids whose greatest cluster is another
     * @param jaccard clusters that both rows have by all that either has
     * @param l1 the sum of the differences of all weights
     * @param weightRatio the sum of the second row's weights by the first one's
     * @param labelsMoved the share of ids with any label whose set of labels is another
     * @param relabelled clusters whose label is another, or gone, or new
     * @param moved some of the ids whose greatest cluster is another
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SparseDriftBody(
            @Nullable Double greatestChanged,
            @Nullable DistributionBody jaccard,
            @Nullable DistributionBody l1,
            @Nullable DistributionBody weightRatio,
            @Nullable Double labelsMoved,
            int relabelled,
            List<MovedBody> moved) {}

    /**
     * An id whose greatest cluster is another.
     *
     * @param from the cluster in the first release, with its label
     * @param to the cluster in the second release, with its label
     */
    public record MovedBody(String id, String from, String to) {}

    /**
     * The nearest rows.
     *
     * @param drawn how many ids' nearest rows were sought
     * @param exact true where every row was looked at, false where the release's index was asked
     * @param lists for each k
     */
    public record NeighborDriftBody(int drawn, boolean exact, List<ListDriftBody> lists) {}

    /**
     * Ranked lists of both releases.
     *
     * @param k how long the compared front of each list is
     * @param overlap the share that both fronts have
     * @param rankBiasedOverlap of both fronts, extrapolated, with p = 0.9
     */
    public record ListDriftBody(int k, DistributionBody overlap, DistributionBody rankBiasedOverlap) {}

    /**
     * What a surface answers.
     *
     * @param sources how many sources it was asked for
     * @param unansweredA how many of them the first release has no candidates for
     * @param unansweredB how many of them the second release has no candidates for
     * @param reason the first reason why not
     * @param answers of sources that both answered
     * @param worst the sources whose answers are least alike, the least first
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SurfaceDriftBody(
            String surface,
            int sources,
            int unansweredA,
            int unansweredB,
            @Nullable String reason,
            @Nullable ListDriftBody answers,
            List<WorstBody> worst) {}

    /**
     * A source and what both releases answer.
     *
     * @param source an entity
     * @param overlap the share that both answers have
     * @param rankBiasedOverlap of both answers
     * @param a candidates out of the first release, best first
     * @param b candidates out of the second release, best first
     */
    public record WorstBody(String source, double overlap, double rankBiasedOverlap, List<String> a, List<String> b) {}
}
