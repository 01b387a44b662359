package repscorer.ann.sparse;

import java.util.Arrays;
import repscorer.ann.TopK;
import repscorer.vector.SparseRows;

/** For each cluster its items: the strongest by weight, ties by ascending ordinal, and mostly the others too. Immutable. */
final class Postings {

    /*
     * One posting is one long, weight in the high half and the ordinal's complement in the low one (TopK.key), so a list
     * is sorted and read through one array. A list's front is its strongest items, as many as the operator asked for, best
     * last: that is what sorting leaves. Before it lie the others by ascending ordinal, so that whoever reads them goes
     * through memory one way. A list that is many times as long as its front is cut to that.
     *
     * Building goes over the rows twice: to size the lists, then to fill them, those that are cut as min-heaps that keep
     * their strongest items. Memory: 8 bytes a posting kept, and nothing but that while building.
     *
     * For exact searches each list also knows, under each of the item norms, its greatest weight / norm of any item, and of
     * the items that it dropped. A third pass over the rows finds them.
     */

    /** The most postings kept in all lists together: what one array can hold. */
    static final int POSTINGS_MAX = Integer.MAX_VALUE - 8;

    /** Lists that are longer than so many of their fronts are cut to the front. */
    static final int FRONTS_KEPT = 8;

    private final IntTable clusters;
    private final int frontMax;
    private final int[] starts;
    private final long[] entries;

    /** By list: whether it has dropped items. */
    private final boolean[] cut;

    /** By item norm and list: the greatest weight / norm of all its items, and of those that are not in the list. */
    private final double[][] impactsMax;

    private final double[][] droppedMax;

    private Postings(IntTable clusters, int frontMax, int[] starts, long[] entries, boolean[] cut) {
        this.clusters = clusters;
        this.frontMax = frontMax;
        this.starts = starts;
        this.entries = entries;
        this.cut = cut;
        this.impactsMax = new double[Norms.ITEM_NORMS][clusters.size()];
        this.droppedMax = new double[Norms.ITEM_NORMS][clusters.size()];
    }

    static Postings build(SparseRows rows, int itemsPerClusterMax, double[] squaredNorms, RowReader reader) {
        IntTable clusters = new IntTable();
        int[] lengths = lengths(clusters, rows, reader);
        int lists = clusters.size();
        int[] starts = starts(lengths, lists, itemsPerClusterMax);
        long[] entries = new long[starts[lists]];
        fill(rows, clusters, starts, entries, reader);
        boolean[] cut = new boolean[lists];
        for (int list = 0; list < lists; list++) {
            cut[list] = lengths[list] > starts[list + 1] - starts[list];
            Arrays.sort(entries, starts[list], starts[list + 1]);
            sortByOrdinal(entries, starts[list], starts[list + 1] - itemsPerClusterMax);
        }
        Postings postings = new Postings(clusters, itemsPerClusterMax, starts, entries, cut);
        postings.findMaxima(rows, squaredNorms, reader);
        return postings;
    }

    private static void fill(SparseRows rows, IntTable clusters, int[] starts, long[] entries, RowReader reader) {
        int[] sizes = new int[clusters.size()];
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
    }

    /** Sorts keys from {@code from} on, to nothing where {@code to} is not behind it. */
    private static void sortByOrdinal(long[] entries, int from, int to) {
        if (from < to) {
            turn(entries, from, to);
            Arrays.sort(entries, from, to);
            turn(entries, from, to);
        }
    }

    /** Exchanges the halves of keys, and turns the ordinal into its complement or back. */
    private static void turn(long[] entries, int from, int to) {
        for (int i = from; i < to; i++) {
            entries[i] = ~Long.rotateLeft(entries[i], Integer.SIZE);
        }
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
                    if (cut[list] && TopK.key(ordinal, weight) < entries[starts[list]]) {
                        droppedMax[norm][list] = Math.max(droppedMax[norm][list], impact);
                    }
                }
            }
        }
    }

    /** Numbers the clusters and answers how many items each has. */
    private static int[] lengths(IntTable clusters, SparseRows rows, RowReader reader) {
        int[] lengths = new int[1024];
        for (int ordinal = 0; ordinal < rows.count(); ordinal++) {
            int size = reader.read(rows, ordinal);
            for (int i = 0; i < size; i++) {
                int list = clusters.findOrAdd(reader.columns()[i]);
                if (list == lengths.length) {
                    lengths = Arrays.copyOf(lengths, 2 * lengths.length);
                }
                lengths[list]++;
            }
        }
        return lengths;
    }

    /** Answers where each list starts, with the end of the last behind. */
    private static int[] starts(int[] lengths, int lists, int itemsPerClusterMax) {
        int[] starts = new int[lists + 1];
        if (!place(lengths, itemsPerClusterMax, FRONTS_KEPT, starts)
                && !place(lengths, itemsPerClusterMax, 1, starts)) {
            throw new IllegalArgumentException("too many postings: more than " + POSTINGS_MAX
                    + " with itemsPerClusterMax=" + itemsPerClusterMax + " and " + lists + " clusters");
        }
        return starts;
    }

    /** Gives each list its place, whole where it is not longer than so many fronts. Answers whether all find room. */
    private static boolean place(int[] lengths, int itemsPerClusterMax, int frontsKept, int[] starts) {
        long start = 0;
        for (int list = 0; list + 1 < starts.length; list++) {
            boolean whole = lengths[list] <= (long) frontsKept * itemsPerClusterMax;
            start += whole ? lengths[list] : itemsPerClusterMax;
            if (start > POSTINGS_MAX) {
                return false;
            }
            starts[list + 1] = (int) start;
        }
        return true;
    }

    /** How many lists there are. */
    int lists() {
        return cut.length;
    }

    /** The number of a cluster's list, or {@link IntTable#ABSENT}. */
    int list(int cluster) {
        return clusters.find(cluster);
    }

    /** Where a list's postings begin among all {@link #entries()}. */
    int start(int list) {
        return starts[list];
    }

    /** Where a list's postings end. Its first m are the m before that, the best of them last. */
    int end(int list) {
        return starts[list + 1];
    }

    /** How many of a list's items are read when its first {@code m} are asked for. */
    int front(int list, int m) {
        return Math.min(m, Math.min(frontMax, starts[list + 1] - starts[list]));
    }

    /** Whether a list lacks items that have the cluster. */
    boolean isCut(int list) {
        return cut[list];
    }

    /** All postings, to be read with {@link TopK#ordinal} and {@link #weight}. */
    long[] entries() {
        return entries;
    }

    double weightAt(int entry) {
        return weight(entries[entry]);
    }

    /** The weight in a posting: as {@link TopK#score} of a key, for positive ones. */
    static double weight(long posting) {
        return Float.intBitsToFloat((int) (posting >>> Integer.SIZE));
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
