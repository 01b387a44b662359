package repscorer.core.store;

import repscorer.core.store.index.Indexes;

/**
 * The limits of a store.
 *
 * @param releasesKept how many releases beside the live one stay open for a roll-back
 * @param stagedBytesMax the most bytes one staged file may have
 * @param buildThreads threads that build indexes before a release is live; half of them do beside searches
 * @param sampledRows rows that the recall check of a new version asks for
 * @param compactionChanges from this many streamed changes to a space on they are compacted into a new base
 * @param graphRowsMin spaces of fewer rows are scanned, whatever engine they name but hnswlib; so are fewer changes, where it is
 *     under what they are scanned to anyway
 */
public record StoreOptions(
        int releasesKept,
        long stagedBytesMax,
        int buildThreads,
        int sampledRows,
        int compactionChanges,
        int graphRowsMin) {

    public static final StoreOptions DEFAULT =
            new StoreOptions(3, 8L << 30, Runtime.getRuntime().availableProcessors(), 200, 10_000);

    /** With the default for compaction. */
    public StoreOptions(int releasesKept, long stagedBytesMax, int buildThreads, int sampledRows) {
        this(releasesKept, stagedBytesMax, buildThreads, sampledRows, 10_000);
    }

    /** With the rows from which on a graph is faster than a scan. */
    public StoreOptions(
            int releasesKept, long stagedBytesMax, int buildThreads, int sampledRows, int compactionChanges) {
        this(releasesKept, stagedBytesMax, buildThreads, sampledRows, compactionChanges, Indexes.HNSW_ROWS_MIN);
    }

    public StoreOptions {
        if (releasesKept < 1 || stagedBytesMax < 1 || buildThreads < 1 || sampledRows < 1 || compactionChanges < 1) {
            throw new IllegalArgumentException(
                    "releases-kept, staged-bytes-max, build-threads, sampled-rows and compaction-changes must be at least 1: %s, %s, %s, %s, %s"
                            .formatted(releasesKept, stagedBytesMax, buildThreads, sampledRows, compactionChanges));
        }
        if (graphRowsMin < 0) {
            throw new IllegalArgumentException("graph-rows-min must not be negative: " + graphRowsMin);
        }
    }

    /** Threads that build an index while a release is live. */
    int buildThreadsServing() {
        return (buildThreads + 1) / 2;
    }
}
