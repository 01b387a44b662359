package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code POST /v1/spaces/{space}/upserts}: a vector, entries, a text, a deletion, or an engagement.
 *
 * @param id the entity that changes, such as {@code user:12}
 * @param vector of a dense space; a text of float32 values, little-endian, in base64 may stand in its place
 * @param entries of a sparse space: weights by column, such as {@code cluster:3}
 * @param text of a space of texts
 * @param delete true to take the entity away
 * @param user of an engagement, where vectors of the space are made from those: who engaged with the entity
 * @param kind of an engagement, such as {@code favorite}
 * @param time when the vector was made or the user engaged, in milliseconds since 1970, where vectors of the space grow old; when it is taken where absent
 * @param seq the producer's own number, which ascends; repeated lines are answered as duplicates by it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChangeBody(
        String id,
        @Nullable List<Float> vector,
        @Nullable Map<String, Float> entries,
        @Nullable String text,
        @Nullable Boolean delete,
        @Nullable String user,
        @Nullable String kind,
        @Nullable Long time,
        @Nullable Long seq) {

    /** Puts a vector in. */
    public static ChangeBody of(String id, List<Float> vector) {
        return new ChangeBody(id, vector, null, null, null, null, null, null, null);
    }

    /** Takes an entity away. */
    public static ChangeBody deletion(String id) {
        return new ChangeBody(id, null, null, null, true, null, null, null, null);
    }
}
