package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code POST /v1/features/engagement}: as many entries as candidates, in their order.
 *
 * @param names of all features there are
 * @param signals how many of the user's signals were read
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EngagementResponse(
        String user, List<String> names, int signals, List<FeaturesBody> candidates, ProvenanceBody provenance) {

    /**
     * One candidate's features.
     *
     * @param features by name; a feature that no signal speaks for is absent, which is not 0
     * @param missing why none can be there
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FeaturesBody(
            String id,
            Map<String, Double> features,
            @Nullable String missing) {}
}
