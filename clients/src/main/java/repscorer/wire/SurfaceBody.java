package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * A surface and its plan.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SurfaceBody(
        String surface,
        List<String> kinds,
        int kDefault,
        Map<String, Object> blend,
        List<String> exclude,
        List<Map<String, Object>> columns) {}
