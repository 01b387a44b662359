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
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CandidateBody(
        int rank,
        String id,
        double score,
        @Nullable List<ColumnBody> columns,
        @Nullable List<SharedClusterBody> sharedClusters) {}
