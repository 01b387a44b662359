package repscorer.core.store;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import repscorer.core.store.Release.State;

/**
 * What is known of a release after a restart.
 *
 * @param sequence counts publications, so that newer and older are told apart whatever the clock says
 * @param rejection present for a release that failed a check; its rows are not kept
 */
record Manifest(
        String name,
        long sequence,
        Instant publishedAt,
        Map<String, String> versions,
        Map<String, Double> checks,
        Optional<String> rejection) {

    private static final String VERSION = "version.";
    private static final String CHECK = "check.";

    Manifest {
        versions = Map.copyOf(versions);
        checks = Map.copyOf(checks);
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
                    Optional.ofNullable(entries.get("rejection")));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static String required(Map<String, String> entries, String key) {
        String value = entries.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the line '%s' is missing".formatted(key));
        }
        return value;
    }
}
