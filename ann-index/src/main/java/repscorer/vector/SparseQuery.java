package repscorer.vector;

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
    static final int TABLE_MAX = 1 << 20;

    /** Entries that are sought in a row one by one, where nothing but the product is asked for. */
    private static final int FEW = 2;

    private static final float[] NO_TABLE = {};

    private int size;
    private int[] columns = new int[64];
    private float[] weights = new float[64];
    private double squaredNorm;
    private double sum;

    private float[] table = NO_TABLE;
    private boolean laid; // the weights lie in the table
    private int last;
    private boolean merges;

    private int[] rowColumns = new int[128];
    private float[] rowWeights = new float[128];

    // Of the row read last.
    private int rowSize;
    private double dot;
    private double rowSquares;
    private double rowSum;
    private double minimums;
    private int shared;
    private double absoluteDifferences;
    private double squaredDifferences;

    /** Takes a query, copied; the one before is forgotten. O(entries of both). */
    public SparseQuery set(SparseVector query) {
        return set(query.columns(), query.weights(), query.size());
    }

    /** Takes a row as the query; otherwise as {@link #set(SparseVector)}. */
    public SparseQuery set(SparseRows rows, int ordinal) {
        int entries = copy(rows, ordinal);
        return set(rowColumns, rowWeights, entries);
    }

    private SparseQuery set(int[] fromColumns, float[] fromWeights, int entries) {
        clear();
        if (entries > columns.length) {
            columns = new int[Math.max(entries, 2 * columns.length)];
            weights = new float[columns.length];
        }
        System.arraycopy(fromColumns, 0, columns, 0, entries);
        System.arraycopy(fromWeights, 0, weights, 0, entries);
        size = entries;
        last = entries == 0 ? 0 : columns[entries - 1] + 1;
        merges = last > TABLE_MAX || last < 0;
        for (int i = 0; i < entries; i++) {
            squaredNorm += (double) weights[i] * weights[i];
            sum += weights[i];
        }
        return this;
    }

    private void lay() {
        if (last >= table.length) {
            table = ZeroTables.borrow(Math.max(last + 1, Math.min(2 * table.length, TABLE_MAX + 1)));
        }
        for (int i = 0; i < size; i++) {
            table[columns[i]] = weights[i];
        }
        laid = true;
    }

    /** Forgets the query; the empty one is left. What rows were read in is lent to others, until a query is set again. */
    public void giveBack() {
        clear();
        if (table.length > 0) {
            ZeroTables.giveBack(table);
            table = NO_TABLE;
        }
    }

    /** Forgets the query; the empty one is left. */
    public void clear() {
        for (int i = 0; i < size && laid; i++) {
            table[columns[i]] = 0;
        }
        laid = false;
        size = 0;
        last = 0;
        merges = false;
        squaredNorm = 0;
        sum = 0;
    }

    /** How many entries the query has. */
    public int size() {
        return size;
    }

    /** The query's own sum of squared weights. */
    public double squaredNorm() {
        return squaredNorm;
    }

    /** The sum of the query's weights. */
    public double sum() {
        return sum;
    }

    /** Whether {@link #readDot} looks for the query's entries in a row, and passes over the rest of it. */
    public boolean isFew() {
        return size <= FEW;
    }

    /**
     * Reads a row for {@link #dot()} alone. O(entries of the row), or their logarithm where the query has one or two; the same sum.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public void readDot(SparseRows rows, int ordinal) {
        if (!isFew()) {
            readProducts(rows, ordinal);
            return;
        }
        double products = 0;
        for (int i = 0; i < size; i++) {
            long entry = rows.entry(ordinal, columns[i]);
            products += entry < 0 ? 0 : (double) weights[i] * rows.weightAt(entry);
        }
        dot = products;
    }

    /**
     * Reads a row: {@link #dot()}, {@link #rowSquares()} and {@link #rowSize()} are its sums from here on.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public void readProducts(SparseRows rows, int ordinal) {
        if (merges) {
            read(rows, ordinal);
            return;
        }
        if (!laid) {
            lay();
        }
        float[] table = this.table;
        int last = this.last;
        double sum0 = 0;
        double sum1 = 0;
        double squares0 = 0;
        double squares1 = 0;
        long at = rows.from(ordinal);
        int entries = (int) (rows.to(ordinal) - at);
        int i = 0;
        for (int end = entries - 1; i < end; i += 2, at += 2) {
            double weight0 = rows.weightAt(at);
            double weight1 = rows.weightAt(at + 1);
            sum0 += table[Math.min(rows.columnAt(at), last)] * weight0;
            sum1 += table[Math.min(rows.columnAt(at + 1), last)] * weight1;
            squares0 += weight0 * weight0;
            squares1 += weight1 * weight1;
        }
        if (i < entries) {
            double weight = rows.weightAt(at);
            sum0 += table[Math.min(rows.columnAt(at), last)] * weight;
            squares0 += weight * weight;
        }
        rowSize = entries;
        dot = sum0 + sum1;
        rowSquares = squares0 + squares1;
    }

    /** Reads a row of {@code entries} entries at the front of two arrays, columns ascending. */
    public void readProducts(int[] columns, float[] weights, int entries) {
        if (merges) {
            read(columns, weights, entries);
            return;
        }
        if (!laid) {
            lay();
        }
        float[] table = this.table;
        int last = this.last;
        double sum0 = 0;
        double sum1 = 0;
        double squares0 = 0;
        double squares1 = 0;
        int i = 0;
        for (int end = entries - 1; i < end; i += 2) {
            double weight0 = weights[i];
            double weight1 = weights[i + 1];
            sum0 += table[Math.min(columns[i], last)] * weight0;
            sum1 += table[Math.min(columns[i + 1], last)] * weight1;
            squares0 += weight0 * weight0;
            squares1 += weight1 * weight1;
        }
        if (i < entries) {
            double weight = weights[i];
            sum0 += table[Math.min(columns[i], last)] * weight;
            squares0 += weight * weight;
        }
        rowSize = entries;
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
        int entries = copy(rows, ordinal);
        read(rowColumns, rowWeights, entries);
    }

    /** Reads a row of {@code entries} entries at the front of two arrays, columns ascending, for all sums. */
    public void read(int[] columns, float[] weights, int entries) {
        if (!merges && !laid) {
            lay();
        }
        int place = 0;
        double products = 0;
        double squares = 0;
        double total = 0;
        double least = 0;
        int both = 0;
        for (int i = 0; i < entries; i++) {
            int column = columns[i];
            float weight = weights[i];
            float other = 0;
            if (!merges) {
                other = table[Math.min(column, last)];
            } else {
                while (place < size && this.columns[place] < column) {
                    place++;
                }
                if (place < size && this.columns[place] == column) {
                    other = this.weights[place];
                }
            }
            products += (double) weight * other;
            squares += (double) weight * weight;
            total += weight;
            least += Math.min(weight, other);
            both += other > 0 ? 1 : 0;
        }
        rowSize = entries;
        dot = products;
        rowSquares = squares;
        rowSum = total;
        minimums = least;
        shared = both;
    }

    /**
     * Reads a row for its distance: {@link #absoluteDifferences()} and {@link #squaredDifferences()}. One merge; as a
     * difference of large sums, the distance of two near vectors would be mostly rounding.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public void readDifferences(SparseRows rows, int ordinal) {
        int entries = copy(rows, ordinal);
        readDifferences(rowColumns, rowWeights, entries);
    }

    /** Reads a row of {@code entries} entries at the front of two arrays, columns ascending, for its distance. */
    public void readDifferences(int[] columns, float[] weights, int entries) {
        double absolute = 0;
        double squares = 0;
        int i = 0;
        int j = 0;
        while (i < size || j < entries) {
            boolean here = j == entries || (i < size && this.columns[i] <= columns[j]);
            boolean there = i == size || (j < entries && columns[j] <= this.columns[i]);
            double difference = (here ? (double) this.weights[i] : 0) - (there ? (double) weights[j] : 0);
            absolute += Math.abs(difference);
            squares += difference * difference;
            i += here ? 1 : 0;
            j += there ? 1 : 0;
        }
        absoluteDifferences = absolute;
        squaredDifferences = squares;
    }

    private int copy(SparseRows rows, int ordinal) {
        int entries = rows.size(ordinal);
        if (entries > rowColumns.length) {
            rowColumns = new int[Math.max(entries, 2 * rowColumns.length)];
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

    /** Of the row that {@link #readDifferences} read last: Σ |query weight − row weight|. */
    public double absoluteDifferences() {
        return absoluteDifferences;
    }

    /** Of the row that {@link #readDifferences} read last: Σ (query weight − row weight)². */
    public double squaredDifferences() {
        return squaredDifferences;
    }
}
