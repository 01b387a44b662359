package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The answer of {@code POST /v1/signals}.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SignalsTakenResponse(int taken) {}
