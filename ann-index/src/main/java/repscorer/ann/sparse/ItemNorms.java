package repscorer.ann.sparse;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import repscorer.vector.SparseRows;

/**
 * Of each item the sum of squares, and what the rankings divide by, which is worked out for all items when a ranking is first
 * asked for. Safe for concurrent use. Memory: 8 bytes a row, and 8 more for each of the item norms in use.
 */
final class ItemNorms {

    private final double[] squares;
    private final AtomicReferenceArray<@Nullable OfRanking> rankings = new AtomicReferenceArray<>(Norms.ITEM_NORMS);

    /**
     * One of the item norms.
     *
     * @param norms by ordinal
     * @param lengthMax the greatest √S / norm of any item
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    record OfRanking(double[] norms, double lengthMax) {}

    private ItemNorms(double[] squares) {
        this.squares = squares;
    }

    static ItemNorms of(SparseRows rows, RowReader reader) {
        double[] squares = new double[rows.count()];
        for (int ordinal = 0; ordinal < squares.length; ordinal++) {
            int size = reader.read(rows, ordinal);
            double sum = 0;
            for (int i = 0; i < size; i++) {
                double weight = reader.weights()[i];
                sum += weight * weight;
            }
            squares[ordinal] = sum;
        }
        return new ItemNorms(squares);
    }

    /** By ordinal: S, the sum of all squared weights. */
    double[] squares() {
        return squares;
    }

    /** O(rows) at first, O(1) afterwards. */
    OfRanking of(int itemNorm) {
        @Nullable OfRanking known = rankings.get(itemNorm);
        if (known == null) {
            known = compute(itemNorm);
            rankings.set(itemNorm, known); // whoever came at the same time found the same
        }
        return known;
    }

    private OfRanking compute(int itemNorm) {
        double[] norms = new double[squares.length];
        double lengthMax = 0;
        for (int ordinal = 0; ordinal < norms.length; ordinal++) {
            double square = squares[ordinal];
            norms[ordinal] = Norms.item(itemNorm, square);
            if (square > 0) {
                lengthMax = Math.max(lengthMax, Math.sqrt(square) / norms[ordinal]);
            }
        }
        return new OfRanking(norms, lengthMax);
    }
}
