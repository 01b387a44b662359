package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One embedding, dense or sparse or a text, or the reason why there is none.
 *
 * @param vector of a dense space
 * @param entries of a sparse space, by ascending column
 * @param text of a space of texts
 * @param vectorBase64 of a dense space in place of {@code vector}, where asked for: float32 values, little-endian, in base64
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@SuppressWarnings("ArrayRecordComponent") // wire records are not compared by equals
public record EmbeddingBody(
        String id,
        float @Nullable [] vector,
        @Nullable List<EntryBody> entries,
        @Nullable String missing,
        @Nullable String vectorBase64,
        @Nullable String text) {

    public EmbeddingBody(
            String id, float @Nullable [] vector, @Nullable List<EntryBody> entries, @Nullable String missing) {
        this(id, vector, entries, missing, null, null);
    }

    /**
     * One entry of a sparse vector.
     *
     * @param name what the column stands for, such as {@code cluster:17}
     * @param label words for it, where there are any
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record EntryBody(
            int column, String name, @Nullable String label, float weight) {}
}
