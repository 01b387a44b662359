package repscorer.training.twhin;

/** Plain loops. */
final class ScalarMatrixKernels implements MatrixKernels {

    @Override
    public void multiplyAdd(
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
            int cRow) {
        for (int i = 0; i < m; i++) {
            int cAt = i * cRow;
            for (int p = 0; p < k; p++) {
                float x = a[aFrom + i * aRow + p * aColumn];
                int bAt = bFrom + p * bRow;
                for (int j = 0; j < n; j++) {
                    c[cAt + j] += x * b[bAt + j * bColumn];
                }
            }
        }
    }

    @Override
    public void sigmoid(float[] x, int from, int n) {
        for (int i = from; i < from + n; i++) {
            x[i] = sigmoid(x[i]);
        }
    }

    static float sigmoid(float x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }

    @Override
    public double exponentials(float[] x, int from, int n, float shift) {
        double sum = 0;
        for (int i = from; i < from + n; i++) {
            x[i] = (float) Math.exp(x[i] - shift);
            sum += x[i];
        }
        return sum;
    }

    @Override
    public float max(float[] x, int from, int n) {
        float max = x[from];
        for (int i = from + 1; i < from + n; i++) {
            max = Math.max(max, x[i]);
        }
        return max;
    }

    @Override
    public void adagrad(float[] values, float[] sums, int at, float[] gradients, int from, int n, float rate) {
        for (int j = 0; j < n; j++) {
            float g = gradients[from + j];
            float sum = sums[at + j] + g * g;
            sums[at + j] = sum;
            values[at + j] -= rate * g / (float) Math.sqrt(sum + ADAGRAD_EPSILON);
        }
    }

    @Override
    public void combine(float[] y, int yAt, float a, float[] x, int xAt, float b, int n) {
        for (int j = 0; j < n; j++) {
            y[yAt + j] = a * y[yAt + j] + b * x[xAt + j];
        }
    }
}
