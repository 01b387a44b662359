package repscorer.core.store;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import repscorer.core.store.Release.State;

/**
 * What is known of a release after a restart.
 *
 * @param sequence counts publications, so that newer and older are told apart whatever the clock says
 * @param versions as published, by space
 * @param rejection present for a release that failed a check; its rows are not kept
 * @param bases the files that changes were folded into, by space; spaces without one are as they were published
 */
record Manifest(
        String name,
        long sequence,
        Instant publishedAt,
        Map<String, String> versions,
        Map<String, Double> checks,
        Optional<String> rejection,
        Map<String, Base> bases) {

    /**
     * A file that changes were folded into.
     *
     * @param number in the file's name
     * @param sequence of the last change in it
     * @param highest number accepted by each producer up to then
     */
    record Base(int number, String checksum, long sequence, Map<String, Long> highest) {

        Base {
            highest = Map.copyOf(highest);
        }
    }

    private static final String VERSION = "version.";
    private static final String CHECK = "check.";
    private static final String BASE = "base.";
    private static final String NUMBER = ".number";
    private static final String CHECKSUM = ".checksum";
    private static final String SEQUENCE = ".sequence";
    private static final String PRODUCER = ".producer.";

    Manifest {
        versions = Map.copyOf(versions);
        checks = Map.copyOf(checks);
        bases = Map.copyOf(bases);
    }

    /** A release as it is published. */
    Manifest(
            String name,
            long sequence,
            Instant publishedAt,
            Map<String, String> versions,
            Map<String, Double> checks,
            Optional<String> rejection) {
        this(name, sequence, publishedAt, versions, checks, rejection, Map.of());
    }

    /** The same release after changes to a space were folded. */
    Manifest with(String space, Base base) {
        Map<String, Base> changed = new TreeMap<>(bases);
        changed.put(space, base);
        return new Manifest(name, sequence, publishedAt, versions, checks, rejection, changed);
    }

    /** What a space's file is called. */
    String fileOf(String space) {
        Base base = bases.get(space);
        return base == null ? Layout.fileName(space) : Layout.fileName(space, base.number());
    }

    String checksumOf(String space) {
        Base base = bases.get(space);
        return base == null ? versions.getOrDefault(space, "") : base.checksum();
    }

    boolean rejected() {
        return rejection.isPresent();
    }

    Release toRelease(String live) {
        State state = rejected() ? State.REJECTED : name.equals(live) ? State.LIVE : State.KEPT;
        return new Release(name, state, publishedAt, versions, checks, rejection);
    }

    byte[] toBytes() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("name", name);
        entries.put("sequence", Long.toString(sequence));
        entries.put("published-at", publishedAt.toString());
        new TreeMap<>(versions).forEach((space, version) -> entries.put(VERSION + space, version));
        new TreeMap<>(checks).forEach((check, value) -> entries.put(CHECK + check, Double.toString(value)));
        rejection.ifPresent(reason -> entries.put("rejection", reason));
        new TreeMap<>(bases).forEach((space, base) -> {
            String key = BASE + space;
            entries.put(key + NUMBER, Integer.toString(base.number()));
            entries.put(key + CHECKSUM, base.checksum());
            entries.put(key + SEQUENCE, Long.toString(base.sequence()));
            new TreeMap<>(base.highest())
                    .forEach((producer, number) -> entries.put(key + PRODUCER + producer, number.toString()));
        });
        return SealedText.write(entries);
    }

    /** @throws IllegalArgumentException when the text is damaged */
    static Manifest parse(byte[] content) {
        Map<String, String> entries = SealedText.read(content);
        Map<String, String> versions = new TreeMap<>();
        Map<String, Double> checks = new TreeMap<>();
        entries.forEach((key, value) -> {
            if (key.startsWith(VERSION)) {
                versions.put(key.substring(VERSION.length()), value);
            } else if (key.startsWith(CHECK)) {
                checks.put(key.substring(CHECK.length()), Double.valueOf(value));
            }
        });
        try {
            return new Manifest(
                    required(entries, "name"),
                    Long.parseLong(required(entries, "sequence")),
                    Instant.parse(required(entries, "published-at")),
                    versions,
                    checks,
                    Optional.ofNullable(entries.get("rejection")),
                    bases(entries, versions.keySet()));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Map<String, Base> bases(Map<String, String> entries, Set<String> spaces) {
        Map<String, Base> bases = new TreeMap<>();
        for (String space : spaces) {
            String key = BASE + space;
            if (entries.containsKey(key + NUMBER)) {
                Map<String, Long> highest = new TreeMap<>();
                entries.forEach((name, value) -> {
                    if (name.startsWith(key + PRODUCER)) {
                        highest.put(name.substring((key + PRODUCER).length()), Long.valueOf(value));
                    }
                });
                bases.put(
                        space,
                        new Base(
                                Integer.parseInt(required(entries, key + NUMBER)),
                                required(entries, key + CHECKSUM),
                                Long.parseLong(required(entries, key + SEQUENCE)),
                                highest));
            }
        }
        return bases;
    }

    private static String required(Map<String, String> entries, String key) {
        String value = entries.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the line '%s' is missing".formatted(key));
        }
        return value;
    }
}
