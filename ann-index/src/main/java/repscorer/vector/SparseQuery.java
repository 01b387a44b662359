package repscorer.vector;

import java.util.Arrays;

/**
 * A sparse vector laid out to be compared with many rows: O(entries of the row) a row, nothing allocated. Reused from query
 * to query; for one thread at a time.
 */
public final class SparseQuery {

    /*
     * The weights lie in an array by their column, zeros between. A row's entry then costs one look there, without a branch
     * that could be mispredicted: a column past the query's last one reads the zero in the last place. A merge of two sorted
     * lists costs several times as much, nearly all of it mispredictions; it remains for queries whose columns are so great
     * that the array would not fit into a cache.
     *
     * Products of two floats are exact in double precision. Two accumulators a sum, so that additions need not wait for each
     * other; `bench scoring` measures this.
     */

    /** Columns from here on are found by merging. */
    private static final int TABLE_MAX = 1 << 20;

    private SparseVector query = SparseVector.EMPTY;
    private float[] table = new float[1];
    private int last;
    private boolean merges;
    private double squaredNorm;
    private double sum;

    private int[] rowColumns = new int[128];
    private float[] rowWeights = new float[128];

    // Of the row read last.
    private int rowSize;
    private double dot;
    private double rowSquares;
    private double rowSum;
    private double minimums;
    private int shared;

    /** Takes a query; the one before is forgotten. O(entries of both). */
    public SparseQuery set(SparseVector query) {
        clear();
        this.query = query;
        int[] columns = query.columns();
        float[] weights = query.weights();
        int end = columns.length == 0 ? 0 : columns[columns.length - 1] + 1;
        merges = end > TABLE_MAX || end < 0;
        last = end;
        if (!merges) {
            if (end >= table.length) {
                table = new float[Math.max(end + 1, Math.min(2 * table.length, TABLE_MAX + 1))];
            }
            for (int i = 0; i < columns.length; i++) {
                table[columns[i]] = weights[i];
            }
        }
        squaredNorm = query.squaredNorm();
        double total = 0;
        for (float weight : weights) {
            total += weight;
        }
        sum = total;
        return this;
    }

    /** Forgets the query; the empty one is left. */
    public void clear() {
        if (!merges) {
            for (int column : query.columns()) {
                table[column] = 0;
            }
        }
        query = SparseVector.EMPTY;
        merges = false;
        last = 0;
        squaredNorm = 0;
        sum = 0;
    }

    /** The query's own sum of squared weights. */
    public double squaredNorm() {
        return squaredNorm;
    }

    /** The sum of the query's weights. */
    public double sum() {
        return sum;
    }

    public int size() {
        return query.size();
    }

    /**
     * Reads a row: {@link #dot()}, {@link #rowSquares()} and {@link #rowSize()} are its sums from here on.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public void readProducts(SparseRows rows, int ordinal) {
        int size = copy(rows, ordinal);
        readProducts(rowColumns, rowWeights, size);
    }

    /** Reads a row of {@code size} entries at the front of two arrays, columns ascending. */
    public void readProducts(int[] columns, float[] weights, int size) {
        if (merges) {
            read(columns, weights, size);
            return;
        }
        float[] table = this.table;
        int last = this.last;
        double sum0 = 0;
        double sum1 = 0;
        double squares0 = 0;
        double squares1 = 0;
        int i = 0;
        for (int end = size - 1; i < end; i += 2) {
            double weight0 = weights[i];
            double weight1 = weights[i + 1];
            sum0 += table[Math.min(columns[i], last)] * weight0;
            sum1 += table[Math.min(columns[i + 1], last)] * weight1;
            squares0 += weight0 * weight0;
            squares1 += weight1 * weight1;
        }
        if (i < size) {
            double weight = weights[i];
            sum0 += table[Math.min(columns[i], last)] * weight;
            squares0 += weight * weight;
        }
        rowSize = size;
        dot = sum0 + sum1;
        rowSquares = squares0 + squares1;
    }

    /**
     * Reads a row for all sums: those of {@link #readProducts}, and {@link #shared()}, {@link #minimums()} and
     * {@link #rowSum()}.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public void read(SparseRows rows, int ordinal) {
        int size = copy(rows, ordinal);
        read(rowColumns, rowWeights, size);
    }

    /** Reads a row of {@code size} entries at the front of two arrays, columns ascending, for all sums. */
    public void read(int[] columns, float[] weights, int size) {
        int[] queryColumns = query.columns();
        float[] queryWeights = query.weights();
        int place = 0;
        double products = 0;
        double squares = 0;
        double total = 0;
        double least = 0;
        int both = 0;
        for (int i = 0; i < size; i++) {
            int column = columns[i];
            float weight = weights[i];
            float other = 0;
            if (!merges) {
                other = table[Math.min(column, last)];
            } else {
                while (place < queryColumns.length && queryColumns[place] < column) {
                    place++;
                }
                if (place < queryColumns.length && queryColumns[place] == column) {
                    other = queryWeights[place];
                }
            }
            products += (double) weight * other;
            squares += (double) weight * weight;
            total += weight;
            least += Math.min(weight, other);
            both += other > 0 ? 1 : 0;
        }
        rowSize = size;
        dot = products;
        rowSquares = squares;
        rowSum = total;
        minimums = least;
        shared = both;
    }

    private int copy(SparseRows rows, int ordinal) {
        int size = rows.size(ordinal);
        if (size > rowColumns.length) {
            rowColumns = new int[Math.max(size, 2 * rowColumns.length)];
            rowWeights = new float[rowColumns.length];
        }
        return rows.copyRow(ordinal, rowColumns, rowWeights);
    }

    /** Of the row read last: Σ query weight × row weight. */
    public double dot() {
        return dot;
    }

    /** Of the row read last: its sum of squared weights. */
    public double rowSquares() {
        return rowSquares;
    }

    /** Of the row read last: how many entries it has. */
    public int rowSize() {
        return rowSize;
    }

    /** Of the row that {@link #read} read last: the sum of its weights. */
    public double rowSum() {
        return rowSum;
    }

    /** Of the row that {@link #read} read last: Σ min(query weight, row weight). */
    public double minimums() {
        return minimums;
    }

    /** Of the row that {@link #read} read last: how many columns both have. */
    public int shared() {
        return shared;
    }

    @Override
    public String toString() {
        return "SparseQuery(%s)".formatted(Arrays.toString(query.columns()));
    }
}
