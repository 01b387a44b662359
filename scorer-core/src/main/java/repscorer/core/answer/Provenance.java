package repscorer.core.answer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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

    /**
     * That of an answer of two plans on one snapshot.
     *
     * @param name of the plan this is of; its searches are told under it
     * @param otherName of the plan the other is of
     */
    public Provenance with(String name, Provenance other, String otherName) {
        Map<String, String> allVersions = new TreeMap<>(versions);
        allVersions.putAll(other.versions);
        Set<Notice> allNotices = new LinkedHashSet<>(notices);
        allNotices.addAll(other.notices);
        Map<String, String> searches = new LinkedHashMap<>();
        plans.forEach((search, told) -> searches.put(name + "/" + search, told));
        other.plans.forEach((search, told) -> searches.put(otherName + "/" + search, told));
        return new Provenance(decisionId, release, allVersions, assignments, List.copyOf(allNotices), micros, searches);
    }

    /** A copy that keeps the order of its entries. */
    private static <V> Map<String, V> ordered(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    public record Assigned(String experiment, String variant) {}

    /** @param column the column concerned, or empty for the whole answer */
    public record Notice(String column, String reason, String message) {}
}
