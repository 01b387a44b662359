package repscorer.core.store;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import repscorer.core.codes.CodesLoss;
import repscorer.core.store.gate.Verdict;
import repscorer.core.store.index.RecallGate;

/**
 * The versions of several spaces that go live together.
 *
 * @param name chosen by the publisher: letters, digits, dots, hyphens and underscores, at most 64
 * @param versions the version (checksum) of each space's file, by space
 * @param checks what was measured of its indexes before it went live, was rejected, or a compacted base took a space's place
 * @param rejection why it was rejected, or why its promotion failed
 * @param carried the releases that spaces were carried over from, by space
 * @param pinned whether it is kept until somebody unpins it
 * @param verdict what it was held to before it went live, or was to
 */
public record Release(
        String name,
        State state,
        Instant publishedAt,
        Map<String, String> versions,
        List<IndexCheck> checks,
        Optional<String> rejection,
        Map<String, String> carried,
        boolean pinned,
        Verdict verdict) {

    /**
     * What was measured of one space's index.
     *
     * @param recall share of the {@link #NEIGHBORS} true nearest that it finds; empty where a scan finds all
     * @param unreachable rows that no search of its graph can come to; empty for engines that do not tell
     * @param codes what the codes of its rows lose; empty where it has none
     */
    public record IndexCheck(String space, OptionalDouble recall, OptionalInt unreachable, Optional<CodesLoss> codes) {

        /** Of an index over rows without codes. */
        public IndexCheck(String space, OptionalDouble recall, OptionalInt unreachable) {
            this(space, recall, unreachable, Optional.empty());
        }

        /** So many nearest rows the recall is of. */
        public static final int NEIGHBORS = RecallGate.K;
    }

    /** Where a release stands. */
    public enum State {
        /** Answers requests. */
        LIVE,
        /** Kept open, ready to go live again at once. */
        KEPT,
        /** Built and checked, never live; answers who names it, until it is promoted or discarded. */
        STAGED,
        /** Its publication failed; never answered a request. */
        REJECTED
    }

    public Release {
        versions = Map.copyOf(versions);
        checks = List.copyOf(checks);
        carried = Map.copyOf(carried);
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
