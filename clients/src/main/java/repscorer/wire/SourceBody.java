package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What candidates are sought for: exactly one of {@code id}, {@code ids}, {@code text} and {@code vector}/{@code clusters}.
 *
 * @param id one entity, such as {@code user:12}
 * @param ids several entities with weights
 * @param vector a dense vector of the dense spaces' dimension
 * @param clusters a sparse vector: weights by cluster number
 * @param version whose coordinates vector and clusters have: the version of a space that they were read with, or the training that made
 *     it; those of the release that is read where absent
 * @param text words, which columns of texts look for: any characters at all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@SuppressWarnings("ArrayRecordComponent") // wire records are not compared by equals
public record SourceBody(
        @Nullable String id,
        @Nullable List<WeightedId> ids,
        float @Nullable [] vector,
        @Nullable List<ClusterWeight> clusters,
        @Nullable String version,
        @Nullable String text) {

    /** With coordinates of the release that is read. */
    public SourceBody(
            @Nullable String id,
            @Nullable List<WeightedId> ids,
            float @Nullable [] vector,
            @Nullable List<ClusterWeight> clusters) {
        this(id, ids, vector, clusters, null);
    }

    /** With coordinates of another version. */
    public SourceBody(
            @Nullable String id,
            @Nullable List<WeightedId> ids,
            float @Nullable [] vector,
            @Nullable List<ClusterWeight> clusters,
            @Nullable String version) {
        this(id, ids, vector, clusters, version, null);
    }

    public static SourceBody of(String id) {
        return new SourceBody(id, null, null, null);
    }

    public static SourceBody ofText(String text) {
        return new SourceBody(null, null, null, null, null, text);
    }

    /**
     * One of several entities that make up a source.
     *
     * @param weight beside the others'; 1 where absent
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record WeightedId(String id, @Nullable Double weight) {}

    /**
     * One entry of a sparse vector.
     *
     * @param cluster its number
     * @param weight above 0
     */
    public record ClusterWeight(int cluster, float weight) {}
}
