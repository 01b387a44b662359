package repscorer.ann.sparse;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import repscorer.ann.TopK;

/** What one search has added up of each item, by ordinal, and which items it met in the order in which it met them. */
final class Sums {

    /*
     * A posting costs one addition at its ordinal. Weights are positive, so an item has been met when its sum is not 0, and
     * no other mark is kept. That most of these looks are to memory far apart does not matter: none waits for another.
     * The loops have no branch that depends on what they read, as half of those would be mispredicted.
     */

    private static final int MET_FIRST = 1024;

    /** Σ source weight · item weight; 0 for items not met. */
    private final double[] products;

    /** Σ item weight²; only where a search asks for it. */
    private double @Nullable [] squares;

    /** One longer than there are items: each posting writes behind the last of them, and only a new item is counted. */
    private int[] met = new int[MET_FIRST];

    private int size;

    Sums(int count) {
        products = new double[count];
    }

    /** Adds the postings to the items' sums; items that are new are met from here on. */
    void meet(long[] postings, int from, int to, double sourceWeight) {
        double[] products = this.products;
        int[] met = room(to - from);
        int size = this.size;
        for (int i = from; i < to; i++) {
            long posting = postings[i];
            int ordinal = TopK.ordinal(posting);
            double before = products[ordinal];
            met[size] = ordinal;
            size += isZero(before);
            products[ordinal] = before + sourceWeight * Postings.weight(posting);
        }
        this.size = size;
    }

    /** As {@link #meet}, and adds up the squares of the items' weights too. */
    void meetSquares(long[] postings, int from, int to, double sourceWeight) {
        double[] products = this.products;
        double[] squares = squares();
        int[] met = room(to - from);
        int size = this.size;
        for (int i = from; i < to; i++) {
            long posting = postings[i];
            int ordinal = TopK.ordinal(posting);
            double weight = Postings.weight(posting);
            double before = products[ordinal];
            met[size] = ordinal;
            size += isZero(before);
            products[ordinal] = before + sourceWeight * weight;
            squares[ordinal] += weight * weight;
        }
        this.size = size;
    }

    /** Adds the postings to the sums of items that were met, and leaves the others alone. */
    void add(long[] postings, int from, int to, double sourceWeight) {
        double[] products = this.products;
        for (int i = from; i < to; i++) {
            long posting = postings[i];
            int ordinal = TopK.ordinal(posting);
            long before = Double.doubleToRawLongBits(products[ordinal]);
            long product = Double.doubleToRawLongBits(sourceWeight * Postings.weight(posting)) & (-before >> 63);
            products[ordinal] = Double.longBitsToDouble(before) + Double.longBitsToDouble(product);
        }
    }

    /** 1 for 0, and 0 for what is greater. */
    private static int isZero(double sum) {
        return (int) ((Double.doubleToRawLongBits(sum) - 1) >>> 63);
    }

    private int[] room(int postings) {
        int most = (int) Math.min(products.length, (long) size + postings) + 1;
        if (most > met.length) {
            met = Arrays.copyOf(met, (int) Math.min(products.length + 1L, Math.max(most, 2L * met.length)));
        }
        return met;
    }

    private double[] squares() {
        double[] squares = this.squares;
        if (squares == null) {
            squares = new double[products.length];
            this.squares = squares;
        }
        return squares;
    }

    /** How many items were met. */
    int size() {
        return size;
    }

    /** The items met, in the first {@link #size()} places. Until more are met. */
    int[] met() {
        return met;
    }

    /** By ordinal: P, the sum of source weight × item weight; 0 for items not met. */
    double[] products() {
        return products;
    }

    /** Q: the sum of squared item weights over the postings of {@link #meetSquares}. */
    double square(int ordinal) {
        return squares == null ? 0 : squares[ordinal];
    }

    /** O(items met). */
    void clear() {
        clear(products);
        if (squares != null) {
            clear(squares);
        }
        size = 0;
    }

    /** One after the other, eight zeros lie in a line of the cache. */
    private void clear(double[] sums) {
        if (size > sums.length / 8) {
            Arrays.fill(sums, 0);
        } else {
            for (int place = 0; place < size; place++) {
                sums[met[place]] = 0;
            }
        }
    }
}
