package repscorer.core.explain;

import repscorer.vector.SparseVector;

/** The columns that two sparse vectors have both, and what each adds to their inner product. For one thread. */
final class SharedColumns {

    private final FewBest best;
    private int count;
    private double total;

    /** @param few how many columns are told, greatest part first */
    SharedColumns(int few) {
        best = new FewBest(few, Integer::compare);
    }

    /** Looks at two vectors, and forgets those before. O(a + b). */
    SharedColumns of(SparseVector a, SparseVector b) {
        best.clear();
        count = 0;
        total = 0;
        int i = 0;
        int j = 0;
        while (i < a.size() && j < b.size()) {
            int difference = Integer.compare(a.columns()[i], b.columns()[j]);
            if (difference == 0) {
                double product = (double) a.weights()[i] * b.weights()[j];
                best.offer(a.columns()[i], product);
                total += product;
                count++;
            }
            i += difference <= 0 ? 1 : 0;
            j += difference >= 0 ? 1 : 0;
        }
        return this;
    }

    /** How many both have. */
    int count() {
        return count;
    }

    /** How many of them are told. */
    int told() {
        return best.size();
    }

    int column(int rank) {
        return best.item(rank);
    }

    /** Its part of the inner product, 0 to 1. */
    double share(int rank) {
        return total == 0 ? 0 : best.value(rank) / total;
    }
}
