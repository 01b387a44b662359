package repscorer.vector;

/**
 * {@code count × dimension} signed bytes in one block: rows cut down to a byte a value, to be walked over rather than
 * answered. Filled by one thread per row and then handed out; safe for concurrent reading.
 */
public final class ByteRows {

    /*
     * A row takes the dimension rounded up to 32 bytes; the places after it hold zeros, so a kernel needs no tail. The first
     * row starts 48 bytes into the array, whose header takes 16: large arrays start on a cache line, and rows of a multiple
     * of 64 bytes then do too.
     */

    /** Rows are padded to a multiple of this, which every vector register divides. */
    static final int PAD = 32;

    /** The greatest value of a query, either sign: four products with a byte then fit into 16 bits. */
    public static final int QUERY_MAX = 63;

    private static final int LEAD = 48;
    private static final int LINE = 64;

    private final byte[] values;
    private final int count;
    private final int dimension;
    private final int stride;

    /**
     * Rows of zeros.
     *
     * @throws IllegalArgumentException when they would not fit into one array
     */
    public ByteRows(int count, int dimension) {
        this.count = count;
        this.dimension = dimension;
        this.stride = stride(dimension);
        long bytes = bytes(count, dimension);
        if (bytes > Integer.MAX_VALUE - LINE) {
            throw new IllegalArgumentException("too many bytes for one block: " + count + " rows of dimension "
                    + dimension + " take " + bytes + ", at most " + (Integer.MAX_VALUE - LINE));
        }
        this.values = new byte[(int) bytes];
    }

    /** How many values a query has: the dimension, padded. */
    public static int stride(int dimension) {
        return Math.ceilDiv(dimension, PAD) * PAD;
    }

    /** The memory that so many rows take. */
    public static long bytes(int count, int dimension) {
        return LEAD + (long) count * stride(dimension);
    }

    public int count() {
        return count;
    }

    public int dimension() {
        return dimension;
    }

    /**
     * Sets a row.
     *
     * @param row its first {@code dimension} values are read
     */
    public void set(int ordinal, byte[] row) {
        System.arraycopy(row, 0, values, LEAD + ordinal * stride, dimension);
    }

    /** Copies a row into the first {@code dimension} places of {@code into}. */
    public void copyRow(int ordinal, byte[] into) {
        System.arraycopy(values, LEAD + ordinal * stride, into, 0, dimension);
    }

    /**
     * The inner products of a query with the first {@code n} of {@code ordinals}. O(n · dimension), allocates nothing.
     *
     * @param query {@link #stride} values within ±{@link #QUERY_MAX}, zeros after the dimension
     * @param into takes the {@code n} results
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public void dots(short[] query, int[] ordinals, int n, int[] into) {
        if (query.length != stride) {
            throw new IllegalArgumentException("dimension differs: a row takes " + stride + ", got " + query.length);
        }
        VectorOps.KERNELS.dots(query, values, LEAD, ordinals, n, into);
    }

    /**
     * Reads a byte of every cache line of the first {@code n} rows named, so that what is not in the cache is fetched all at
     * once rather than one row after the other. Answers a number that means nothing but must be used for the reads to happen.
     */
    public int touch(int[] ordinals, int n) {
        byte[] local = values;
        int step = stride;
        int sum = 0;
        for (int i = 0; i < n; i++) {
            int at = LEAD + ordinals[i] * step;
            for (int line = 0; line < step; line += LINE) {
                sum += local[at + line];
            }
        }
        return sum;
    }
}
