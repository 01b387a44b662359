package repscorer.training.twhin;

import repscorer.vector.VectorOps;

/**
 * The arithmetic on row-major matrices that training spends its time in. Two twins, which agree within rounding. An instance
 * holds scratch and is used by one thread at a time.
 */
interface MatrixKernels {

    /** Keeps a value without gradients where it is. */
    float ADAGRAD_EPSILON = 1e-10f;

    /** The twin that goes with the one {@link VectorOps} runs. */
    static MatrixKernels best() {
        return VectorOps.implementation().startsWith("panama") ? new PanamaMatrixKernels() : new ScalarMatrixKernels();
    }

    /**
     * {@code C += A·B} where C is m × n and A is m × k. O(m · n · k).
     *
     * @param a element (i, p) of A lies at {@code aFrom + i * aRow + p * aColumn}, so A may be read transposed
     * @param b element (p, j) of B lies at {@code bFrom + p * bRow + j * bColumn}
     * @param c element (i, j) of C lies at {@code i * cRow + j}
     */
    void multiplyAdd(
            int m,
            int n,
            int k,
            float[] a,
            int aFrom,
            int aRow,
            int aColumn,
            float[] b,
            int bFrom,
            int bRow,
            int bColumn,
            float[] c,
            int cRow);

    /** {@code x = 1 / (1 + e^-x)} for {@code n} values; relative error below 1e-6 for |x| up to 10, 2e-5 beyond. */
    void sigmoid(float[] x, int from, int n);

    /** {@code x = e^(x - shift)} for {@code n} values none of which exceeds {@code shift}; answers their sum. */
    double exponentials(float[] x, int from, int n, float shift);

    /** The largest of {@code n} values, at least one. */
    float max(float[] x, int from, int n);

    /** One step of Adagrad with a step size per value: {@code sums += g²; values -= rate · g / √(sums + ε)} for n values. */
    void adagrad(float[] values, float[] sums, int at, float[] gradients, int from, int n, float rate);

    /** {@code y = a·y + b·x} for n values. */
    void combine(float[] y, int yAt, float a, float[] x, int xAt, float b, int n);
}
