package repscorer.training.twhin;

/** Plain loops. */
final class ScalarMatrixKernels implements MatrixKernels {

    @Override
    public void multiplyAdd(int m, int n, int k, float[] a, int aRow, int aColumn, float[] b, float[] c) {
        for (int i = 0; i < m; i++) {
            rowMultiplyAdd(i, 0, n, n, k, a, aRow, aColumn, b, c);
        }
    }

    /** One row of the product, columns {@code from} up to {@code to}. */
    static void rowMultiplyAdd(
            int i, int from, int to, int n, int k, float[] a, int aRow, int aColumn, float[] b, float[] c) {
        int cRow = i * n;
        for (int p = 0; p < k; p++) {
            float scale = a[i * aRow + p * aColumn];
            int bRow = p * n;
            for (int j = from; j < to; j++) {
                c[cRow + j] += scale * b[bRow + j];
            }
        }
    }

    @Override
    public void sigmoid(float[] x, int n) {
        for (int i = 0; i < n; i++) {
            x[i] = sigmoid(x[i]);
        }
    }

    static float sigmoid(float x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }
}
