package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A staged file.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StagedBody(String release, String space, String version) {}
