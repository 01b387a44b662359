package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The answer of {@code POST /v1/spaces/{space}/compact}.
 *
 * @param space the space whose changes were compacted
 * @param compacted whether there was anything to compact; its name in JSON is an older one
 */
public record CompactedBody(
        String space, @JsonProperty("folded") boolean compacted) {}
