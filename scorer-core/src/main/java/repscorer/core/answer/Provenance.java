package repscorer.core.answer;

import java.util.Collections;
import java.util.LinkedHashMap;
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
 * @param plans how each column searched, by column and kind, such as {@code twhin/user}: {@code GRAPH ef=200 scored=1234}
 */
public record Provenance(
        String decisionId,
        String release,
        Map<String, String> versions,
        List<Assigned> assignments,
        List<Notice> notices,
        Map<String, Long> micros,
        Map<String, String> plans) {

    public Provenance {
        versions = ordered(versions);
        assignments = List.copyOf(assignments);
        notices = List.copyOf(notices);
        micros = ordered(micros);
        plans = ordered(plans);
    }

    /** A copy that keeps the order of its entries. */
    private static <V> Map<String, V> ordered(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    public record Assigned(String experiment, String variant) {}

    /** @param column the column concerned, or empty for the whole answer */
    public record Notice(String column, String reason, String message) {}
}
