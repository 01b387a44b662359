package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the live version of a space is made of.
 *
 * @param training what its rows were learnt by, where their file says so
 * @param rows that it holds, changes counted
 * @param baseRows rows of the file that changes lie over
 * @param changes streamed in since that file was written
 * @param bytes of the file by part, and of the index: links, upper links and codes
 * @param index of a space that is searched
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SpaceReportBody(
        String space,
        String release,
        String version,
        @Nullable String training,
        int rows,
        int baseRows,
        int changes,
        Map<String, Long> bytes,
        @Nullable IndexBody index) {

    /**
     * The index over the file's rows.
     *
     * @param engine that searches it: exact, hnsw, hnswlib or clusters
     * @param codes what searches of a graph compare
     * @param bytesEstimated what an index of so many rows was expected to take
     * @param levels of a graph
     * @param degrees by number of links, how many rows have so many on the lowest level
     * @param unreachable rows that no search comes to
     * @param repaired rows that none came to before they were linked anew
     * @param recall the share of the true ten nearest that it found when it was checked
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record IndexBody(
            String engine,
            @Nullable String codes,
            @Nullable Long bytesEstimated,
            @Nullable Integer levels,
            @Nullable List<Integer> degrees,
            @Nullable Integer unreachable,
            @Nullable Integer repaired,
            @Nullable CodeLossBody codeLoss,
            @Nullable Double recall) {}

    /**
     * What codes cost, on queries that were sampled when the graph was built.
     *
     * @param queries how many
     * @param errorP99 between a code's score and the row's own, that 99 % stay below
     * @param recall of a scan by codes alone
     * @param recallReranked of the same after reranking
     */
    public record CodeLossBody(int queries, double errorP99, double recall, double recallReranked) {}
}
