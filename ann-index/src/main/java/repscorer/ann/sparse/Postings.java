package repscorer.ann.sparse;

import java.util.Arrays;
import repscorer.ann.TopK;
import repscorer.vector.SparseRows;

/** For each cluster its strongest items, by falling weight, ties by ascending ordinal. Immutable. */
final class Postings {

    /*
     * One posting is one long, weight in the high half and the ordinal's complement in the low one (TopK.key), so a list
     * is sorted and read through one array. A list lies in entries[starts[n]] to entries[starts[n + 1]], best last: that
     * is what sorting leaves. Building goes over the rows twice: to size the lists, then to fill them, each as a min-heap
     * that keeps its strongest items. Memory: 8 bytes a posting kept, and nothing but that while building.
     */

    /** The most postings kept in all lists together: what one array can hold. */
    static final int POSTINGS_MAX = Integer.MAX_VALUE - 8;

    private final IntTable clusters;
    private final int[] starts;
    private final long[] entries;

    private Postings(IntTable clusters, int[] starts, long[] entries) {
        this.clusters = clusters;
        this.starts = starts;
        this.entries = entries;
    }

    static Postings build(SparseRows rows, int itemsPerClusterMax, RowReader reader) {
        IntTable clusters = new IntTable();
        int[] starts = starts(clusters, rows, itemsPerClusterMax, reader);
        int lists = clusters.size();
        long[] entries = new long[starts[lists]];
        int[] sizes = new int[lists];
        for (int ordinal = 0; ordinal < rows.count(); ordinal++) {
            int size = reader.read(rows, ordinal);
            for (int i = 0; i < size; i++) {
                int list = clusters.find(reader.columns()[i]);
                int from = starts[list];
                long key = TopK.key(ordinal, reader.weights()[i]);
                if (sizes[list] < starts[list + 1] - from) {
                    sizes[list] = TopK.push(entries, from, sizes[list], key);
                } else if (key > entries[from]) {
                    TopK.replaceRoot(entries, from, sizes[list], key);
                }
            }
        }
        for (int list = 0; list < lists; list++) {
            Arrays.sort(entries, starts[list], starts[list + 1]);
        }
        return new Postings(clusters, starts, entries);
    }

    /** Numbers the clusters and answers where each one's list starts, with the end of the last behind. */
    private static int[] starts(IntTable clusters, SparseRows rows, int itemsPerClusterMax, RowReader reader) {
        int[] sizes = new int[1024];
        for (int ordinal = 0; ordinal < rows.count(); ordinal++) {
            int size = reader.read(rows, ordinal);
            for (int i = 0; i < size; i++) {
                int list = clusters.findOrAdd(reader.columns()[i]);
                if (list == sizes.length) {
                    sizes = Arrays.copyOf(sizes, 2 * sizes.length);
                }
                sizes[list]++;
            }
        }
        int[] starts = new int[clusters.size() + 1];
        long start = 0;
        for (int list = 0; list < clusters.size(); list++) {
            start += Math.min(sizes[list], itemsPerClusterMax);
            if (start > POSTINGS_MAX) {
                throw new IllegalArgumentException("too many postings: more than " + POSTINGS_MAX
                        + " with itemsPerClusterMax=" + itemsPerClusterMax + " and " + clusters.size() + " clusters");
            }
            starts[list + 1] = (int) start;
        }
        return starts;
    }

    /** The number of a cluster's list, or {@link IntTable#ABSENT}. */
    int list(int cluster) {
        return clusters.find(cluster);
    }

    int size(int list) {
        return starts[list + 1] - starts[list];
    }

    /** The {@code i}-th best posting of a list, to be read with {@link TopK#ordinal} and {@link TopK#score}. */
    long posting(int list, int i) {
        return entries[starts[list + 1] - 1 - i];
    }
}
