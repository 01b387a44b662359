package repscorer.training.twhin;

import repscorer.vector.VectorOps;

/** The arithmetic on small row-major matrices that training spends its time in. Two twins, which agree within rounding. */
interface MatrixKernels {

    /** The twin that goes with the one {@link VectorOps} runs. */
    static MatrixKernels best() {
        return VectorOps.implementation().startsWith("panama") ? new PanamaMatrixKernels() : new ScalarMatrixKernels();
    }

    /**
     * {@code c += A·b}. O(m · n · k).
     *
     * @param a element (i, p) of A lies at {@code i * aRow + p * aColumn}, so A may be read transposed
     * @param b k × n
     * @param c m × n
     */
    void multiplyAdd(int m, int n, int k, float[] a, int aRow, int aColumn, float[] b, float[] c);

    /** {@code x = 1 / (1 + e^-x)} for the first {@code n} values; relative error below 1e-6 for |x| up to 10, 2e-5 beyond. */
    void sigmoid(float[] x, int n);

    /** {@code to = fromᵀ}, where {@code from} is rows × columns. */
    static void transpose(float[] from, int rows, int columns, float[] to) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to[j * rows + i] = from[i * columns + j];
            }
        }
    }
}
