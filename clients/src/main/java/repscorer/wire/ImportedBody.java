package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of another tool's file, staged.
 *
 * @param zeroVectors rows without length that were dropped, as the space wants it
 * @param badRows rows that were left out, as the request allowed
 * @param named the first of them, by number and rule
 * @param columns which columns the rows were made of, where those are not called {@code id} and {@code vector}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImportedBody(
        String release,
        String space,
        String version,
        int rows,
        long zeroVectors,
        long badRows,
        List<String> named,
        @Nullable String columns) {}
