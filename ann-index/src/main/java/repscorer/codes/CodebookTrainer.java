package repscorer.codes;

import java.util.Arrays;
import java.util.SplittableRandom;
import repscorer.parallel.Workers;
import repscorer.vector.DenseRows;

/** Learns codebooks from a sample of rows. */
final class CodebookTrainer {

    private CodebookTrainer() {}

    static Codebook train(DenseRows rows, CodesOptions options, Workers workers) throws InterruptedException {
        int d = rows.dimension();
        options.check(d);
        if (rows.count() < options.rowsMin()) {
            throw new IllegalArgumentException("a codebook of %s with %s bits is learnt from at least %s rows: %s"
                    .formatted(options.method().word(), options.bits(), options.rowsMin(), rows.count()));
        }
        SplittableRandom random = new SplittableRandom(options.seed());
        int[] drawn = Sample.of(rows.count(), Math.min(rows.count(), options.trainingRows()), random);
        return switch (options.method()) {
            case FLOAT16 -> untabled(d);
            case INT8 -> scales(rows);
            case PQ, RESIDUAL, RABITQ -> {
                float[] values = Sample.values(rows, drawn);
                Encoder.checkFinite(values, drawn.length, d);
                float[] mean = centre(values, drawn.length, d);
                yield switch (options.method()) {
                    case PQ -> ProductTrainer.train(values, drawn.length, d, mean, options, random, workers);
                    case RESIDUAL -> ResidualTrainer.train(values, drawn.length, d, mean, options, random, workers);
                    default -> rabitq(values, drawn.length, d, mean, options, random);
                };
            }
        };
    }

    private static int[] ones(int d) {
        int[] ones = new int[d];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static Codebook untabled(int d) {
        Tables tables = new Tables(Tables.starts(d, d), ones(d), new float[0], 0, false);
        return Codebook.of(CodesMethod.FLOAT16, d, Short.SIZE, false, tables, new float[d], new float[0]);
    }

    /** From the least to the greatest value of each dimension by even steps. */
    private static Codebook scales(DenseRows rows) {
        int d = rows.dimension();
        int entries = 1 << Byte.SIZE;
        float[] low = new float[d];
        float[] high = new float[d];
        Arrays.fill(low, Float.POSITIVE_INFINITY);
        Arrays.fill(high, Float.NEGATIVE_INFINITY);
        float[] row = new float[d];
        for (int ordinal = 0; ordinal < rows.count(); ordinal++) {
            rows.copyRow(ordinal, row);
            Encoder.checkFinite(row, 1, d);
            for (int j = 0; j < d; j++) {
                low[j] = Math.min(low[j], row[j]);
                high[j] = Math.max(high[j], row[j]);
            }
        }
        float[] mean = new float[d];
        float[] values = new float[d * entries];
        for (int j = 0; j < d; j++) {
            mean[j] = (low[j] + high[j]) / 2;
            double step = ((double) high[j] - low[j]) / (entries - 1);
            for (int c = 0; c < entries; c++) {
                values[j * entries + c] = (float) ((c - (entries - 1) / 2.0) * step);
            }
        }
        Tables tables = new Tables(Tables.starts(d, d), ones(d), values, entries, false);
        return Codebook.of(CodesMethod.INT8, d, Byte.SIZE, false, tables, mean, new float[0]);
    }

    private static Codebook rabitq(
            float[] values, int n, int d, float[] mean, CodesOptions options, SplittableRandom random) {
        float[] rotation = options.rotation() == Rotation.NONE ? new float[0] : Rotations.random(d, random);
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        float factor = RabitqEncoder.factor(Math.sqrt(squares / n), d, options.bits());
        // A power of two, so that float16 holds the table as it is.
        float unit = factor == 0 ? 1 : Math.scalb(1f, Math.getExponent(factor));
        Tables tables = new Tables(
                Tables.starts(d, d), ones(d), RabitqEncoder.table(options.bits(), unit), 1 << options.bits(), true);
        return Codebook.of(CodesMethod.RABITQ, d, options.bits(), true, tables, mean, rotation);
    }

    /** Takes the mean off, and answers it. */
    private static float[] centre(float[] values, int n, int d) {
        double[] sums = new double[d];
        for (int row = 0; row < n; row++) {
            for (int j = 0; j < d; j++) {
                sums[j] += values[row * d + j];
            }
        }
        float[] mean = new float[d];
        for (int j = 0; j < d; j++) {
            mean[j] = (float) (sums[j] / n);
        }
        for (int row = 0; row < n; row++) {
            for (int j = 0; j < d; j++) {
                values[row * d + j] -= mean[j];
            }
        }
        return mean;
    }
}
