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
     *
     * For exact searches each list also knows, under each of the item norms, its greatest weight / norm of any item, and of
     * the items that found no room in it. A third pass over the rows finds them.
     */

    /** The most postings kept in all lists together: what one array can hold. */
    static final int POSTINGS_MAX = Integer.MAX_VALUE - 8;

    private final IntTable clusters;
    private final int[] starts;
    private final long[] entries;

    /** By item norm and list: the greatest weight / norm of all its items, and of those that are not in the list. */
    private final double[][] impactsMax;

    private final double[][] droppedMax;

    private Postings(IntTable clusters, int[] starts, long[] entries) {
        this.clusters = clusters;
        this.starts = starts;
        this.entries = entries;
        this.impactsMax = new double[Norms.ITEM_NORMS][clusters.size()];
        this.droppedMax = new double[Norms.ITEM_NORMS][clusters.size()];
    }

    static Postings build(SparseRows rows, int itemsPerClusterMax, double[] squaredNorms, RowReader reader) {
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
        Postings postings = new Postings(clusters, starts, entries);
        postings.findMaxima(rows, squaredNorms, reader);
        return postings;
    }

    private void findMaxima(SparseRows rows, double[] squaredNorms, RowReader reader) {
        for (int ordinal = 0; ordinal < rows.count(); ordinal++) {
            int size = reader.read(rows, ordinal);
            for (int norm = 0; norm < Norms.ITEM_NORMS; norm++) {
                double length = Norms.item(norm, squaredNorms[ordinal]);
                for (int i = 0; i < size; i++) {
                    int list = clusters.find(reader.columns()[i]);
                    float weight = reader.weights()[i];
                    double impact = weight / length;
                    impactsMax[norm][list] = Math.max(impactsMax[norm][list], impact);
                    if (TopK.key(ordinal, weight) < entries[starts[list]]) {
                        droppedMax[norm][list] = Math.max(droppedMax[norm][list], impact);
                    }
                }
            }
        }
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

    /** The greatest weight / norm of any item with the cluster, whether it is in the list or not. */
    double impactMax(int itemNorm, int list) {
        return impactsMax[itemNorm][list];
    }

    /** The greatest weight / norm of the items with the cluster that found no room in the list; 0 where all did. */
    double droppedMax(int itemNorm, int list) {
        return droppedMax[itemNorm][list];
    }
}
