package repscorer.core.align;

/**
 * Rows of the same ids in two coordinates.
 *
 * @param from count × in, row-major, of norm 1 where rows are compared by the cosine
 * @param to count × out
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Pairs(int count, int in, int out, float[] from, float[] to) {

    Pairs reversed() {
        return new Pairs(count, out, in, to, from);
    }

    /** All but every n-th of them, or every n-th alone. */
    Pairs every(int n, boolean those) {
        int some = 0;
        for (int i = 0; i < count; i++) {
            some += i % n == 0 == those ? 1 : 0;
        }
        float[] left = new float[some * in];
        float[] right = new float[some * out];
        int next = 0;
        for (int i = 0; i < count; i++) {
            if (i % n == 0 == those) {
                System.arraycopy(from, i * in, left, next * in, in);
                System.arraycopy(to, i * out, right, next * out, out);
                next++;
            }
        }
        return new Pairs(some, in, out, left, right);
    }

    /** The mean of |f(x) − y|² over all. */
    double squaredError(Adapter adapter) {
        Adapter.Mapping mapping = new Adapter.Mapping(adapter, 1);
        float[] x = new float[in];
        float[] y = new float[out];
        double sum = 0;
        for (int row = 0; row < count; row++) {
            System.arraycopy(from, row * in, x, 0, in);
            mapping.apply(x, 1, y);
            for (int i = 0; i < out; i++) {
                double difference = (double) y[i] - to[row * out + i];
                sum += difference * difference;
            }
        }
        return sum / count;
    }
}
