package repscorer.wire;

import java.util.List;

/**
 * The alignments of a release, by name.
 *
 * @param alignments those that were fitted for what the release holds
 */
public record AlignmentsResponse(String release, List<AlignmentBody> alignments) {}
