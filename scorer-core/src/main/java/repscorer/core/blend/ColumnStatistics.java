package repscorer.core.blend;

/**
 * What a normaliser knows of one column: statistics of the values that are there, turned so that higher is closer.
 *
 * @param count of the values; all else is 0 where it is 0
 * @param sigma the population's standard deviation; exactly 0 where all values are equal
 * @param norm √Σx²
 * @param logSumExp ln Σ exp(x)
 */
public record ColumnStatistics(
        int count, double min, double max, double mean, double sigma, double norm, double logSumExp) {

    /** Stands for the logarithm that nobody has asked for yet: an exponential a value. */
    private static final double NOT_YET = Double.NaN;

    /** The statistics of a column's own values. O(values). */
    public static ColumnStatistics of(Column column) {
        return moments(column).whole(column);
    }

    /** The same without {@link #logSumExp}, which one normaliser alone needs. */
    static ColumnStatistics moments(Column column) {
        int n = column.values().length;
        int count = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            if (column.present(i)) {
                double x = column.oriented(i);
                min = Math.min(min, x);
                max = Math.max(max, x);
                sum += x;
                squares += x * x;
                count++;
            }
        }
        if (count == 0) {
            return new ColumnStatistics(0, 0, 0, 0, 0, 0, 0);
        }
        double mean = sum / count;
        double differences = 0;
        for (int i = 0; i < n; i++) {
            if (column.present(i)) {
                double difference = column.oriented(i) - mean;
                differences += difference * difference;
            }
        }
        double sigma = min < max ? Math.sqrt(differences / count) : 0;
        return new ColumnStatistics(count, min, max, mean, sigma, Math.sqrt(squares), NOT_YET);
    }

    /** These with all that was left out, of the column that they are of. O(values) where something was. */
    ColumnStatistics whole(Column column) {
        if (!Double.isNaN(logSumExp)) {
            return this;
        }
        double exponentials = 0;
        for (int i = 0; i < column.values().length; i++) {
            if (column.present(i)) {
                exponentials += Math.exp(column.oriented(i) - max);
            }
        }
        return new ColumnStatistics(count, min, max, mean, sigma, norm, max + Math.log(exponentials));
    }

    /** The value on the normaliser's scale. */
    double normalize(Normalizer normalizer, double x) {
        return switch (normalizer) {
            case NONE -> x;
            case MIN_MAX -> max > min ? (x - min) / (max - min) : 1;
            case Z_SCORE -> sigma > 0 ? (x - mean) / sigma : 0;
            case FIXED -> sigma > 0 ? (x - mean) / sigma : x - mean;
            case L2 -> norm > 0 ? x / norm : 0;
            case SOFTMAX -> Math.exp(x - logSumExp);
        };
    }

    /** Whether a normaliser is slope · x + shift, once its statistics are given. */
    public static boolean affine(Normalizer normalizer) {
        return normalizer != Normalizer.SOFTMAX;
    }

    /**
     * What the value on the normaliser's scale grows by with x; at least 0.
     *
     * @throws IllegalArgumentException for a normaliser that is not {@link #affine}
     */
    public double slope(Normalizer normalizer) {
        return switch (normalizer) {
            case NONE -> 1;
            case MIN_MAX -> max > min ? 1 / (max - min) : 0;
            case Z_SCORE -> sigma > 0 ? 1 / sigma : 0;
            case FIXED -> sigma > 0 ? 1 / sigma : 1;
            case L2 -> norm > 0 ? 1 / norm : 0;
            case SOFTMAX -> throw new IllegalArgumentException("not affine: " + normalizer);
        };
    }

    /** The value on the scale of an x of 0; otherwise as {@link #slope}. */
    public double shift(Normalizer normalizer) {
        return switch (normalizer) {
            case NONE, L2 -> 0;
            case MIN_MAX -> max > min ? -min / (max - min) : 1;
            case Z_SCORE -> sigma > 0 ? -mean / sigma : 0;
            case FIXED -> sigma > 0 ? -mean / sigma : -mean;
            case SOFTMAX -> throw new IllegalArgumentException("not affine: " + normalizer);
        };
    }
}
