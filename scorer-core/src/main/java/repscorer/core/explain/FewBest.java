package repscorer.core.explain;

import java.util.function.IntBinaryOperator;

/** The few greatest of many values, best first. Offering is O(few), allocates nothing. For one thread. */
final class FewBest {

    private final int[] items;
    private final double[] values;
    private final IntBinaryOperator ties;
    private int size;

    /** @param ties orders items of equal values, as a comparator does */
    FewBest(int few, IntBinaryOperator ties) {
        this.items = new int[few];
        this.values = new double[few];
        this.ties = ties;
    }

    void clear() {
        size = 0;
    }

    /** Offers a value; NaN is never kept. */
    void offer(int item, double value) {
        if (Double.isNaN(value) || (size == items.length && !isBetter(item, value, size - 1))) {
            return;
        }
        int at = size == items.length ? size - 1 : size++;
        while (at > 0 && isBetter(item, value, at - 1)) {
            items[at] = items[at - 1];
            values[at] = values[at - 1];
            at--;
        }
        items[at] = item;
        values[at] = value;
    }

    private boolean isBetter(int item, double value, int than) {
        int byValue = Double.compare(value, values[than]);
        return byValue != 0 ? byValue > 0 : ties.applyAsInt(item, items[than]) < 0;
    }

    int size() {
        return size;
    }

    int item(int rank) {
        return items[rank];
    }

    double value(int rank) {
        return values[rank];
    }
}
