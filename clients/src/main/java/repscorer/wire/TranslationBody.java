package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A relation vector that is added to a dense source before it is compared.
 *
 * @param space where relation vectors are, such as {@code twhin-relation}
 * @param relation such as {@code follow}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TranslationBody(
        @Nullable String space, @Nullable String relation) {}
