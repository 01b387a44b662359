package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The answer of {@code GET /v1/signals/{user}}: what a user did, latest first.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SignalsResponse(String user, List<SignalBody> signals) {}
