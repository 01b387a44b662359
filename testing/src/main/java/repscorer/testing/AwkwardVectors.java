package repscorer.testing;

import java.util.Arrays;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Ten sets of rows that strain float32, codes of a byte, graphs, and what measures them. */
public enum AwkwardVectors {
    COMMON_MEAN,
    NEAR_EQUAL,
    HEAVY_NORMS,
    COPIES,
    ONE_OUTLIER,
    CONSTANT_DIMENSION,
    INTEGERS,
    ONE_DIRECTION,
    TINY_VALUES,
    MIXTURE;

    public float[][] rows(RandomGenerator random, int count, int dimension) {
        float[] ones = new float[dimension];
        Arrays.fill(ones, 1);
        return switch (this) {
            case COMMON_MEAN -> SyntheticVectors.around(random, new float[][] {ones}, count, 0.01);
            case NEAR_EQUAL -> SyntheticVectors.around(random, new float[][] {ones}, count, 1e-4);
            case MIXTURE -> SyntheticVectors.clustered(random, count, dimension, 40, 0.003);
            default -> {
                float[][] rows = SyntheticVectors.gaussian(random, count, dimension);
                for (int i = 0; i < count; i++) {
                    change(rows, i, random);
                }
                yield rows;
            }
        };
    }

    private void change(float[][] rows, int i, RandomGenerator random) {
        float[] row = rows[i];
        switch (this) {
            case HEAVY_NORMS -> scale(row, Math.pow(1 - random.nextDouble(), -0.7));
            case COPIES -> rows[i] = rows[i % (rows.length / 10)].clone();
            case ONE_OUTLIER -> scale(row, i == 5 ? 1e5 : 1);
            case CONSTANT_DIMENSION -> row[0] = 100;
            case INTEGERS -> {
                for (int j = 0; j < row.length; j++) {
                    row[j] = Math.round(2 * row[j]) + (j == 0 ? 10 : 0);
                }
            }
            case ONE_DIRECTION -> Arrays.fill(row, row[0]);
            case TINY_VALUES -> scale(row, 1e-18);
            case COMMON_MEAN, NEAR_EQUAL, MIXTURE -> throw new IllegalStateException(name());
        }
    }

    private static void scale(float[] row, double factor) {
        for (int j = 0; j < row.length; j++) {
            row[j] *= (float) factor;
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
