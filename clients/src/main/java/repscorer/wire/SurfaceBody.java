package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A surface and its plan, under the keys of its configuration file.
 *
 * @param attributes by name, where rules read them; absent where there are none
 * @param created where the times of candidates are read; absent where nowhere
 * @param rules in their order; absent where there are none
 * @param explore what chance does to the list that rules leave; absent where a file says nothing of it
 * @param calibration scores and what they are as probabilities, rising, with straight lines between; absent where a file says nothing of
 *     it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SurfaceBody(
        String surface,
        List<String> kinds,
        int kDefault,
        Map<String, Object> blend,
        List<String> exclude,
        List<Map<String, Object>> columns,
        @Nullable Map<String, Object> attributes,
        @Nullable Map<String, Object> created,
        @Nullable List<Map<String, Object>> rules,
        @Nullable Map<String, Object> explore,
        @Nullable List<CalibrationPointBody> calibration) {

    /**
     * One point of a calibration.
     *
     * @param score of a candidate
     * @param probability of what the calibration was fitted to, at that score
     */
    public record CalibrationPointBody(double score, double probability) {}
}
