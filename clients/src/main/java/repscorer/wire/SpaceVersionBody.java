package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A version of a space.
 *
 * @param state LIVE, KEPT or STAGED
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SpaceVersionBody(String space, String version, String release, String state, String publishedAt) {}
