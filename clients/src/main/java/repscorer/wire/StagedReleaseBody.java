package repscorer.wire;

import java.util.Map;

/**
 * A release that waits to be published, or whose publication was refused.
 *
 * @param release its name to come
 * @param files bytes of the staged file of each space
 */
public record StagedReleaseBody(String release, Map<String, Long> files) {}
