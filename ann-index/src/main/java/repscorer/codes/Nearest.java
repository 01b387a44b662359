package repscorer.codes;

import repscorer.vector.VectorOps;

/** Finds which of some entries rows are nearest to, by batches. For one thread at a time; allocates nothing per row. */
final class Nearest {

    /*
     * |x - c|² less |x|² is |c|² - 2 x · c: a product of rows with the matrix whose columns are the entries, to which the norms are
     * begun with.
     */

    private static final int BATCH = 32;

    private final int entries;
    private final int width;
    private final float[] columns;
    private final float[] norms;
    private final float[] scaled;
    private final float[] distances;

    /** @param values entries × width, from {@code at} on; copied */
    Nearest(float[] values, int at, int entries, int width) {
        this.entries = entries;
        this.width = width;
        this.columns = new float[width * entries];
        this.norms = new float[entries];
        this.scaled = new float[BATCH * width];
        this.distances = new float[BATCH * entries];
        for (int c = 0; c < entries; c++) {
            int from = at + c * width;
            norms[c] = VectorOps.dot(values, from, values, from, width);
            for (int j = 0; j < width; j++) {
                columns[j * entries + c] = values[from + j];
            }
        }
    }

    /**
     * The nearest entry of each row, the first of equal ones.
     *
     * @param at of the first row's first value that counts
     * @param stride values from there to the next row's
     * @param into takes them from {@code intoAt} on, {@code intoStride} apart
     */
    void find(float[] rows, int at, int stride, int count, int[] into, int intoAt, int intoStride) {
        for (int begin = 0; begin < count; begin += BATCH) {
            int n = Math.min(BATCH, count - begin);
            for (int i = 0; i < n; i++) {
                int from = at + (begin + i) * stride;
                for (int j = 0; j < width; j++) {
                    scaled[i * width + j] = -2 * rows[from + j];
                }
            }
            VectorOps.leastOfProducts(
                    scaled,
                    n,
                    width,
                    columns,
                    entries,
                    norms,
                    distances,
                    into,
                    intoAt + begin * intoStride,
                    intoStride);
        }
    }
}
