package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The variants that a unit is in.
 *
 * @param heldOut where experiments leave it alone
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AssignmentsResponse(String unit, List<AssignedBody> assignments, HeldOutBody heldOut) {

    /**
     * The variant that a unit is in, and what it changes.
     *
     * @param overrides none where the variant is stopped
     * @param stopped true where its units are answered by the surface's own plan; absent where they are not
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AssignedBody(
            String experiment,
            String surface,
            String variant,
            Map<String, String> overrides,
            @Nullable Boolean stopped) {}

    /**
     * Where a unit is in no experiment.
     *
     * @param everywhere whether in none at all
     * @param layers those that have a hold-out with the unit in it
     */
    public record HeldOutBody(boolean everywhere, List<String> layers) {}
}
