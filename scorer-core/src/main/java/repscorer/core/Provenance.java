package repscorer.core;

import java.util.List;
import java.util.Map;

/**
 * Where an answer comes from.
 *
 * @param decisionId unique, sortable by time
 * @param versions of the spaces that took part, by space
 * @param assignments the experiments the unit is in
 * @param notices what was missing or degraded, and why
 * @param micros how long each stage took, by stage: source, retrieve, score, blend, total
 */
public record Provenance(
        String decisionId,
        String release,
        Map<String, String> versions,
        List<Assigned> assignments,
        List<Notice> notices,
        Map<String, Long> micros,
        Map<String, String> plans) {

    public record Assigned(String experiment, String variant) {}

    /** @param column the column concerned, or empty for the whole answer */
    public record Notice(String column, String reason, String message) {}
}
