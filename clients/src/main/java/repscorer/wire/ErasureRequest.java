package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Erases a subject.
 *
 * @param ids the subject's ids, 1 to 100
 * @param units what experiments are assigned by, where that is another text than an id
 * @param reason in words, for the receipt; names no id
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ErasureRequest(
        @Nullable List<String> ids,
        @Nullable List<String> units,
        @Nullable String reason) {}
