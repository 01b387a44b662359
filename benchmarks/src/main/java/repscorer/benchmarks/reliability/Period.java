package repscorer.benchmarks.reliability;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a store's rows may have held at some moment within a period: what they held at its begin, and all that was sent since. */
final class Period {

    private final Map<String, Map<String, Set<Long>>> values = new TreeMap<>(); // by release and row
    private final Set<String> releases = new TreeSet<>(); // that were there all the time

    /** @param oracles what was acknowledged or is doubtful as the period begins */
    Period(List<Oracle> oracles) {
        for (Oracle oracle : oracles) {
            values.putAll(oracle.possible());
            releases.addAll(oracle.stay());
        }
    }

    /** A value of a row that may not have been there before. */
    void sent(String release, String row, long value) {
        values.computeIfAbsent(release, key -> new TreeMap<>())
                .computeIfAbsent(row, key -> new HashSet<>(Set.of(0L)))
                .add(value);
    }

    /** As the period ends. @param stay releases that are still to be there */
    void ends(Set<String> stay) {
        releases.retainAll(stay);
    }

    List<String> differences(Map<String, Map<String, Long>> found) {
        List<String> differences = new ArrayList<>();
        releases.stream()
                .filter(release -> !found.containsKey(release))
                .forEach(release -> differences.add("release %s is not in the copy".formatted(release)));
        found.forEach((release, rows) -> {
            Map<String, Set<Long>> possible = values.getOrDefault(release, Map.of());
            Set<String> names = new TreeSet<>(possible.keySet());
            names.addAll(rows.keySet());
            for (String row : names) {
                long got = rows.getOrDefault(row, 0L);
                Set<Long> may = possible.getOrDefault(row, Set.of(0L));
                if (!may.contains(got)) {
                    differences.add("copied release %s, %s: %s instead of one of %s".formatted(release, row, got, may));
                }
            }
        });
        return differences;
    }
}
