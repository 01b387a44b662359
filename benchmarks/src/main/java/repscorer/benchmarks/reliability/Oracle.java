package repscorer.benchmarks.reliability;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a store must hold, told by what it acknowledged. A row is a word; a value is a number, 0 for an absent row. What was
 * neither acknowledged nor refused for good may be there after a restart, or not.
 */
public final class Oracle {

    private final Map<String, Map<String, Row>> releases = new TreeMap<>();
    private final Set<String> mayBeLive = new TreeSet<>();
    private final Set<String> doubtful = new TreeSet<>(); // releases whose publication was never answered
    private final List<String> newestFirst = new ArrayList<>();
    private final Set<String> mayBeGone = new TreeSet<>(); // so many newer ones were kept beside a live one once
    private final int kept;
    private String live = "";

    /** @param kept releases that a store keeps beside the live one */
    public Oracle(int kept) {
        this.kept = kept;
    }

    private static final class Row {
        long value;
        final Set<Long> doubts = new HashSet<>();
    }

    /** A release is on its way: whole or not at all. */
    public void begin(String release, Map<String, Long> rows) {
        Map<String, Row> copies = new TreeMap<>();
        rows.forEach((row, value) -> row(copies, row).value = value);
        releases.put(release, copies);
        newestFirst.addFirst(release);
        doubtful.add(release);
        mayBeLive.add(release);
    }

    /** It was refused, and is not to be seen. */
    public void refused(String release) {
        releases.remove(release);
        newestFirst.remove(release);
        doubtful.remove(release);
        mayBeLive.remove(release);
    }

    /** A release is live: published or rolled back to. */
    public void live(String release) {
        doubtful.remove(release);
        mayBeLive.clear();
        live = release;
        retire(release);
    }

    /** What is not among the newest beside a live one may be removed, then or later. */
    private void retire(String whileLive) {
        newestFirst.stream().filter(each -> !each.equals(whileLive)).skip(kept).forEach(mayBeGone::add);
    }

    /** Releases that a store still has, whatever else is doubtful. */
    public Set<String> stay() {
        Set<String> stay = new TreeSet<>(newestFirst);
        stay.removeAll(mayBeGone);
        stay.removeAll(doubtful);
        stay.add(live);
        stay.remove("");
        return stay;
    }

    /** Answers which releases are gone that were to stay. */
    public List<String> gone(Set<String> found) {
        return stay().stream()
                .filter(each -> !found.contains(each))
                .map("release %s is gone"::formatted)
                .toList();
    }

    /** Another release may be live instead. */
    public void mayBeLive(String release) {
        mayBeLive.add(release);
        retire(release);
    }

    public void notLive(String release) {
        mayBeLive.remove(release);
    }

    public String live() {
        return live;
    }

    /** Releases that were live once or may have been. */
    public Set<String> releases() {
        return releases.keySet();
    }

    public void acknowledged(String release, String row, long value) {
        Row known = row(release, row);
        known.value = value;
        known.doubts.clear();
    }

    /** It was sent, and nobody knows what became of it. */
    public void doubted(String release, String row, long value) {
        row(release, row).doubts.add(value);
    }

    public long value(String release, String row) {
        return row(release, row).value;
    }

    private Row row(String release, String row) {
        return row(releases.computeIfAbsent(release, name -> new TreeMap<>()), row);
    }

    private static Row row(Map<String, Row> rows, String row) {
        return rows.computeIfAbsent(row, name -> new Row());
    }

    /** Holds a running store to the acknowledged values; answers what differs. */
    public List<String> compare(String release, Map<String, Long> rows) {
        List<String> differences = new ArrayList<>();
        for (String row : union(release, rows)) {
            long expected = row(release, row).value;
            long got = rows.getOrDefault(row, 0L);
            if (got != expected) {
                differences.add("release %s, %s: %s instead of %s".formatted(release, row, got, expected));
            }
        }
        return differences;
    }

    /** Holds a store to the oracle after a restart, and takes what it found of the doubtful for granted from now on. */
    public List<String> restarted(String liveNow, Map<String, Map<String, Long>> found) {
        return restarted(liveNow, found, false);
    }

    /** @param unproven whether the store said that it may serve what a power failure takes away again */
    public List<String> restarted(String liveNow, Map<String, Map<String, Long>> found, boolean unproven) {
        List<String> differences = new ArrayList<>(gone(found.keySet()));
        if (!liveNow.equals(live) && !mayBeLive.contains(liveNow)) {
            differences.add("release %s is live instead of %s".formatted(liveNow, live));
        }
        for (String release : found.keySet()) {
            if (!releases.containsKey(release)) {
                differences.add("release %s was never published".formatted(release));
            }
        }
        live = liveNow;
        doubtful.removeIf(release -> {
            if (!found.containsKey(release)) {
                releases.remove(release);
                newestFirst.remove(release);
            } else {
                retire(release);
            }
            return true;
        });
        mayBeLive.clear();
        retire(live);
        found.forEach((release, rows) -> {
            for (String name : union(release, rows)) {
                Row row = row(release, name);
                long got = rows.getOrDefault(name, 0L);
                if (got != row.value && !row.doubts.contains(got)) {
                    differences.add(other(release, name, got, row));
                }
                long before = row.value;
                row.value = got;
                row.doubts.clear();
                if (unproven && got != before) {
                    row.doubts.add(before);
                }
            }
        });
        releases.keySet().retainAll(found.keySet());
        newestFirst.retainAll(found.keySet());
        return differences;
    }

    private static String other(String release, String name, long got, Row row) {
        return "release %s, %s: %s instead of %s or one of %s".formatted(release, name, got, row.value, row.doubts);
    }

    /** Holds a copy of a running store to the oracle. */
    public List<String> copied(Map<String, Map<String, Long>> found) {
        List<String> differences = new ArrayList<>(gone(found.keySet()));
        found.forEach((release, rows) -> {
            for (String name : union(release, rows)) {
                Row row = row(release, name);
                long got = rows.getOrDefault(name, 0L);
                if (got != row.value && !row.doubts.contains(got)) {
                    differences.add("copied " + other(release, name, got, row));
                }
            }
        });
        return differences;
    }

    /** What a release's rows hold by what was acknowledged, by row. */
    public Map<String, Long> rows(String release) {
        Map<String, Long> rows = new TreeMap<>();
        releases.getOrDefault(release, Map.of()).forEach((name, row) -> rows.put(name, row.value));
        return rows;
    }

    /** What each row of each release may hold: what was acknowledged last, or is doubtful. */
    public Map<String, Map<String, Set<Long>>> possible() {
        Map<String, Map<String, Set<Long>>> possible = new TreeMap<>();
        releases.forEach((release, rows) -> rows.forEach((name, row) -> {
            Set<Long> values = possible.computeIfAbsent(release, key -> new TreeMap<>())
                    .computeIfAbsent(name, key -> new TreeSet<>(row.doubts));
            values.add(row.value);
        }));
        return possible;
    }

    private Set<String> union(String release, Map<String, Long> rows) {
        Set<String> names =
                new TreeSet<>(releases.getOrDefault(release, Map.of()).keySet());
        names.addAll(rows.keySet());
        return names;
    }
}
