package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A declared space and its live version.
 *
 * @param form dense, sparse or text
 * @param dimension values of a dense vector
 * @param metric of a dense space
 * @param engine of a dense space
 * @param liveVersion absent where the live release lacks the space
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SpaceBody(
        String space,
        String model,
        String kind,
        String form,
        @Nullable Integer dimension,
        @Nullable String metric,
        @Nullable String engine,
        boolean required,
        @Nullable String liveVersion,
        @Nullable Integer liveCount) {}
