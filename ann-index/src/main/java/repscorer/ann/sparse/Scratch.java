package repscorer.ann.sparse;

import java.util.Arrays;
import repscorer.ann.TopK;
import repscorer.vector.SparseQuery;
import repscorer.vector.SparseRows;

/** What one search writes to: borrowed, used by one thread, cleared, returned. */
final class Scratch {

    private static final int CAPACITY_FIRST = 1024;

    /** Place + 1 of every item met, by ordinal; 0 for items not met. */
    private final int[] placeOf;

    /* By place: the item, and its sums over the clusters in which it was met. */
    private int[] met = new int[CAPACITY_FIRST];
    private double[] products = new double[CAPACITY_FIRST];
    private double[] squares = new double[CAPACITY_FIRST];
    private int size;

    /** Rows are fetched from memory so many at once: one after the other, each would wait for its own. */
    static final int BATCH = 16;

    private final int[] batch = new int[BATCH];

    private final SparseQuery query = new SparseQuery();
    private final TopK best = new TopK(1);

    /* By rank: the query's entries as keys of their place, and what the lists from this rank on can add. */
    private long[] ranked = new long[CAPACITY_FIRST];
    private double[] rest = new double[CAPACITY_FIRST];

    Scratch(int count) {
        placeOf = new int[count];
    }

    /** P and Q grow by one more cluster in which the item was met. */
    void meet(int ordinal, double product, double square) {
        int place = placeOf[ordinal] - 1;
        if (place < 0) {
            place = size++;
            if (place == met.length) {
                grow();
            }
            placeOf[ordinal] = place + 1;
            met[place] = ordinal;
            products[place] = 0;
            squares[place] = 0;
        }
        products[place] += product;
        squares[place] += square;
    }

    private void grow() {
        int capacity = (int) Math.min(placeOf.length, 2L * met.length);
        met = Arrays.copyOf(met, capacity);
        products = Arrays.copyOf(products, capacity);
        squares = Arrays.copyOf(squares, capacity);
    }

    /** How many items were met. */
    int size() {
        return size;
    }

    int item(int place) {
        return met[place];
    }

    /** P: the sum of source weight × item weight. */
    double product(int place) {
        return products[place];
    }

    /** Q: the sum of squared item weights. */
    double square(int place) {
        return squares[place];
    }

    /** The item's place, or -1 where it was not met. */
    int place(int ordinal) {
        return placeOf[ordinal] - 1;
    }

    /** Fetches the rows of at most {@link #BATCH} items met. */
    void fetch(SparseRows rows, int from, int to) {
        System.arraycopy(met, from, batch, 0, to - from);
        rows.fetch(batch, to - from);
    }

    SparseQuery query() {
        return query;
    }

    /** Room for one key per entry of the query. */
    long[] ranked(int size) {
        if (size > ranked.length) {
            ranked = new long[Math.max(size, 2 * ranked.length)];
        }
        return ranked;
    }

    /** Room for one sum per entry of the query and one more. */
    double[] rest(int size) {
        if (size >= rest.length) {
            rest = new double[Math.max(size + 1, 2 * rest.length)];
        }
        return rest;
    }

    TopK best() {
        return best;
    }

    void clear() {
        for (int place = 0; place < size; place++) {
            placeOf[met[place]] = 0;
        }
        size = 0;
        query.clear();
    }
}
