package repscorer.codes;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import repscorer.linear.Svd;
import repscorer.parallel.Workers;
import repscorer.vector.VectorOps;

/** Orthonormal matrices d × d, row-major; rows x are turned to x R. */
final class Rotations {

    private static final int BAND = 16;
    private static final int CHUNK_ROWS = 1_024;

    private Rotations() {}

    static float[] transposed(float[] matrix, int d) {
        float[] transposed = new float[matrix.length];
        for (int i = 0; i < d && matrix.length > 0; i++) {
            for (int j = 0; j < d; j++) {
                transposed[j * d + i] = matrix[i * d + j];
            }
        }
        return transposed;
    }

    /** One drawn by chance. */
    static float[] random(int d, SplittableRandom random) {
        DMatrixRMaj drawn = new DMatrixRMaj(d, d);
        for (int i = 0; i < d * d; i++) {
            drawn.data[i] = random.nextGaussian();
        }
        return nearest(drawn);
    }

    /** The rotation R that makes |X R − Y|² least, for sums XᵀY: UVᵀ of UΣVᵀ (Schönemann 1966). */
    static float[] nearest(DMatrixRMaj products) {
        return floats(Svd.of(products).rotation());
    }

    private static float[] floats(DMatrixRMaj matrix) {
        float[] values = new float[matrix.getNumElements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) matrix.data[i];
        }
        return values;
    }

    /**
     * Principal axes dealt to the units so that the product of variances is about the same in each (Ge et al.: Optimized Product
     * Quantization, 2013): axes from the greatest variance on, each to the unit with room whose product is least.
     */
    static float[] balanced(DMatrixRMaj squares, int[] widths) {
        int d = squares.numRows;
        Svd svd = Svd.of(squares);
        DMatrixRMaj axes = svd.left();
        double[] variances = svd.values();
        double floor = Math.max(variances[0] * 1e-12, Double.MIN_NORMAL);
        double[] logs = new double[widths.length];
        int[] used = new int[widths.length];
        int[] starts = new int[widths.length];
        for (int s = 1; s < widths.length; s++) {
            starts[s] = starts[s - 1] + widths[s - 1];
        }
        float[] rotation = new float[d * d];
        for (int axis = 0; axis < d; axis++) {
            int least = -1;
            for (int s = 0; s < widths.length; s++) {
                if (used[s] < widths[s] && (least < 0 || logs[s] < logs[least])) {
                    least = s;
                }
            }
            int column = starts[least] + used[least]++;
            logs[least] += Math.log(Math.max(variances[axis], floor) / floor);
            for (int i = 0; i < d; i++) {
                rotation[i * d + column] = (float) axes.get(i, axis);
            }
        }
        return rotation;
    }

    /** XᵀY of n rows each, in double precision; each band of its rows by one thread, in the order of rows. */
    static DMatrixRMaj products(float[] x, float[] y, int n, int d, Workers workers) throws InterruptedException {
        DMatrixRMaj products = new DMatrixRMaj(d, d);
        workers.run(Math.ceilDiv(d, BAND), (band, worker) -> {
            int end = Math.min(d, (band + 1) * BAND);
            float[] sums = new float[(end - band * BAND) * d];
            for (int begin = 0; begin < n; begin += CHUNK_ROWS) { // floats within a chunk, doubles beyond
                Arrays.fill(sums, 0);
                for (int row = begin; row < Math.min(n, begin + CHUNK_ROWS); row++) {
                    for (int i = band * BAND; i < end; i++) {
                        VectorOps.addScaled(sums, (i - band * BAND) * d, x[row * d + i], y, row * d, d);
                    }
                }
                for (int i = 0; i < sums.length; i++) {
                    products.data[band * BAND * d + i] += sums[i];
                }
            }
        });
        return products;
    }

    /** Rows turned, by batches. */
    static void turn(float[] rows, int n, int d, float[] rotation, float[] into, Workers workers)
            throws InterruptedException {
        workers.run(Math.ceilDiv(n, CHUNK_ROWS), (chunk, worker) -> {
            int begin = chunk * CHUNK_ROWS;
            int count = Math.min(CHUNK_ROWS, n - begin);
            float[] from = Arrays.copyOfRange(rows, begin * d, (begin + count) * d);
            float[] to = new float[count * d];
            VectorOps.addProducts(from, count, d, rotation, d, to);
            System.arraycopy(to, 0, into, begin * d, to.length);
        });
    }
}
