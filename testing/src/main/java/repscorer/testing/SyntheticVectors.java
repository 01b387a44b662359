package repscorer.testing;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Made-up rows in the shapes that real embeddings have. */
public final class SyntheticVectors {

    private SyntheticVectors() {}

    /** Sparse rows: {@code columns[r]} ascending and distinct, {@code weights[r]} positive. */
    @SuppressWarnings("ArrayRecordComponent") // plain data for tests, compared by nobody
    public record Sparse(int[][] columns, float[][] weights) {}

    /** count × dimension values, evenly from [-1, 1). */
    public static float[][] uniform(RandomGenerator random, int count, int dimension) {
        float[][] rows = new float[count][dimension];
        for (float[] row : rows) {
            for (int i = 0; i < dimension; i++) {
                row[i] = 2 * random.nextFloat() - 1;
            }
        }
        return rows;
    }

    /** count × dimension values from the standard normal distribution: no structure at all, the worst case of a graph. */
    public static float[][] gaussian(RandomGenerator random, int count, int dimension) {
        float[][] rows = new float[count][dimension];
        for (float[] row : rows) {
            for (int i = 0; i < dimension; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return rows;
    }

    /**
     * Rows around {@code clusters} normal centres: the shape of trained embeddings.
     *
     * @param spread of the rows around their centre, where the centres have 1
     */
    public static float[][] clustered(RandomGenerator random, int count, int dimension, int clusters, double spread) {
        return around(random, gaussian(random, clusters, dimension), count, spread);
    }

    /** Rows around given centres, such as queries from the same clusters as the rows. */
    public static float[][] around(RandomGenerator random, float[][] centres, int count, double spread) {
        float[][] rows = new float[count][];
        for (int r = 0; r < count; r++) {
            float[] row = centres[random.nextInt(centres.length)].clone();
            for (int i = 0; i < row.length; i++) {
                row[i] += (float) (spread * random.nextGaussian());
            }
            rows[r] = row;
        }
        return rows;
    }

    /**
     * Sparse rows as communities have them: few columns are in most rows, and few weights of a row are large.
     *
     * @param columns how many columns there are
     * @param sizeMax the most entries of a row; at least one
     */
    public static Sparse heavyTailed(RandomGenerator random, int count, int columns, int sizeMax) {
        int[][] rowColumns = new int[count][];
        float[][] rowWeights = new float[count][];
        for (int r = 0; r < count; r++) {
            int size = 1 + random.nextInt(Math.min(sizeMax, columns));
            boolean[] taken = new boolean[columns];
            for (int i = 0; i < size; i++) {
                double u = random.nextDouble();
                taken[(int) (u * u * u * columns)] = true;
            }
            rowColumns[r] = places(taken);
            rowWeights[r] = new float[rowColumns[r].length];
            for (int i = 0; i < rowWeights[r].length; i++) {
                rowWeights[r][i] = (float) (0.01 / Math.pow(1e-4 + random.nextDouble(), 0.8));
            }
        }
        return new Sparse(rowColumns, rowWeights);
    }

    private static int[] places(boolean[] taken) {
        int[] places = new int[taken.length];
        int size = 0;
        for (int i = 0; i < taken.length; i++) {
            if (taken[i]) {
                places[size++] = i;
            }
        }
        return Arrays.copyOf(places, size);
    }
}
