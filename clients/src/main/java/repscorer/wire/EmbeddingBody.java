package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One embedding, dense or sparse, or the reason why there is none.
 *
 * @param vector of a dense space
 * @param entries of a sparse space, by ascending column
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@SuppressWarnings("ArrayRecordComponent") // wire records are not compared by equals
public record EmbeddingBody(
        String id,
        float @Nullable [] vector,
        @Nullable List<EntryBody> entries,
        @Nullable String missing) {

    /**
     * @param name what the column stands for, such as {@code cluster:17}
     * @param label words for it, where there are any
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record EntryBody(
            int column, String name, @Nullable String label, float weight) {}
}
