package repscorer.ann.sparse;

import java.util.Arrays;
import repscorer.ann.TopK;
import repscorer.vector.SparseVector;

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

    private final IntTable queryColumns = new IntTable();
    private final RowReader reader = new RowReader();
    private final TopK strongest = new TopK(1);
    private final TopK best = new TopK(1);

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

    /** Makes the query's columns findable: {@link #queryPlace} then answers a column's place in the query. */
    void index(SparseVector query) {
        for (int column : query.columns()) {
            queryColumns.findOrAdd(column);
        }
    }

    int queryPlace(int column) {
        return queryColumns.find(column);
    }

    RowReader reader() {
        return reader;
    }

    TopK strongest() {
        return strongest;
    }

    TopK best() {
        return best;
    }

    void clear() {
        for (int place = 0; place < size; place++) {
            placeOf[met[place]] = 0;
        }
        size = 0;
        queryColumns.clear();
    }
}
