package repscorer.core.codes;

import java.util.Arrays;
import repscorer.ann.DenseIndex;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.exact.ExactIndex;
import repscorer.codes.CodedRows;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/**
 * What codes lose, on rows that are taken evenly.
 *
 * @param error the squared error of decoded rows, as a share of the rows' squares
 * @param recall the share of a row's nearest {@link #NEIGHBORS} other rows that are the nearest to it among decoded rows too
 */
public record CodesLoss(double error, double recall) {

    /** So many nearest rows the recall is of. */
    public static final int NEIGHBORS = 10;

    private static final int ROWS_MAX = 20_000;
    private static final int QUERIES_MAX = 200;

    /** Compares codes with the rows that they were made of: O(4 million products of rows) at most. */
    public static CodesLoss measure(DenseRows rows, CodedRows codes, Metric metric) {
        int n = Math.min(ROWS_MAX, rows.count());
        int[] taken = evenly(rows.count(), n);
        float[][] exact = new float[n][];
        for (int i = 0; i < n; i++) {
            exact[i] = rows.row(taken[i]);
        }
        DenseRows own = DenseRows.copyOf(exact);
        DenseRows decoded = codes.decoded(taken);
        double error = 0;
        double squares = 0;
        float[] row = new float[rows.dimension()];
        for (int i = 0; i < n; i++) {
            decoded.copyRow(i, row);
            error += VectorOps.squaredL2(row, exact[i]);
            squares += own.squaresInDouble(i);
        }
        double recall = n < 2 ? 1 : recall(own, decoded, metric);
        return new CodesLoss(squares == 0 ? 0 : error / squares, recall);
    }

    private static double recall(DenseRows rows, DenseRows decoded, Metric metric) {
        DenseIndex exact = new ExactIndex(rows, metric);
        DenseIndex coded = new ExactIndex(decoded, metric);
        int k = Math.min(NEIGHBORS, rows.count() - 1);
        int[] queries = evenly(rows.count(), Math.min(QUERIES_MAX, rows.count()));
        int found = 0;
        for (int query : queries) {
            float[] row = rows.row(query);
            int[] nearest = others(exact.search(row, SearchOptions.of(k + 1)), query, k);
            int[] byCodes = others(coded.search(row, SearchOptions.of(k + 1)), query, k);
            Arrays.sort(nearest);
            for (int each : byCodes) {
                found += Arrays.binarySearch(nearest, each) >= 0 ? 1 : 0;
            }
        }
        return (double) found / ((long) k * queries.length);
    }

    private static int[] others(Neighbors neighbors, int own, int k) {
        int[] others = new int[k];
        int size = 0;
        for (int ordinal : neighbors.ordinals()) {
            if (ordinal != own && size < k) {
                others[size++] = ordinal;
            }
        }
        return Arrays.copyOf(others, size);
    }

    private static int[] evenly(int count, int wanted) {
        int[] taken = new int[wanted];
        Arrays.setAll(taken, i -> (int) ((long) i * count / wanted));
        return taken;
    }
}
