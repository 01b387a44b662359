package repscorer.core.store;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The versions of several spaces that go live together.
 *
 * @param name chosen by the publisher: letters, digits, dots, hyphens and underscores, at most 64
 * @param versions the version (checksum) of each space's file, by space
 * @param checks what was measured of its indexes before it went live or was rejected
 * @param rejection why it was rejected
 */
public record Release(
        String name,
        State state,
        Instant publishedAt,
        Map<String, String> versions,
        List<IndexCheck> checks,
        Optional<String> rejection) {

    /** Where a release stands. */
    public enum State {
        /** Answers requests. */
        LIVE,
        /** Kept open, ready to go live again at once. */
        KEPT,
        /** Failed a check; never answered a request. */
        REJECTED
    }

    public Release {
        versions = Map.copyOf(versions);
        checks = List.copyOf(checks);
    }

    /**
     * Files that wait under a release's name to be published, or are left of a publication that was refused.
     *
     * @param bytes of the staged file of each space
     */
    public record Staged(String release, SortedMap<String, Long> bytes) {

        public Staged {
            bytes = Collections.unmodifiableSortedMap(new TreeMap<>(bytes));
        }
    }
}
