package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * The variants that a unit is in.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AssignmentsResponse(String unit, List<AssignedBody> assignments) {

    /** The variant that a unit is in, and what it changes. */
    public record AssignedBody(String experiment, String surface, String variant, Map<String, String> overrides) {}
}
