package repscorer.codes;

import java.util.Arrays;
import java.util.SplittableRandom;
import repscorer.parallel.Workers;

/**
 * k means of a part of rows. The same rows and seed give the same, on any number of threads: rows are dealt in chunks of one size, and
 * sums are taken in their order.
 */
final class KMeans {

    private static final int CHUNK_ROWS = 2_048;

    /** Rows that the first means are drawn from, for each of them. */
    private static final int SEEDING_ROWS = 16;

    private static final int FAR_WIDTH_MAX = 16;

    /** By how much the halves of a cluster that is parted move away from each other. */
    private static final double APART = 1 / 1024.0;

    private final float[] rows;
    private final int count;
    private final int stride;
    private final int from;
    private final int width;
    private final Workers workers;

    /**
     * @param rows count × stride, row-major
     * @param from the first place that counts of each row
     * @param width how many count
     */
    KMeans(float[] rows, int count, int stride, int from, int width, Workers workers) {
        this.rows = rows;
        this.count = count;
        this.stride = stride;
        this.from = from;
        this.width = width;
        this.workers = workers;
    }

    /**
     * First means. In few dimensions each next one is drawn with a chance that is its squared distance to those before (Arthur,
     * Vassilvitskii 2007); in many, where that draws rows that are far from all others and stay alone, each row has the same chance.
     */
    float[] seeds(int k, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return width > FAR_WIDTH_MAX ? anyRows(k, random) : farRows(k, random);
    }

    private float[] anyRows(int k, SplittableRandom random) {
        int[] drawn = Sample.of(count, k, random);
        float[] means = new float[k * width];
        for (int c = 0; c < k; c++) {
            System.arraycopy(rows, drawn[c] * stride + from, means, c * width, width);
        }
        return means;
    }

    private float[] farRows(int k, SplittableRandom random) {
        int[] sample = Sample.of(count, Math.min(count, SEEDING_ROWS * k), random);
        double[] nearest = new double[sample.length];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        float[] means = new float[k * width];
        int chosen = random.nextInt(sample.length);
        for (int c = 0; c < k; c++) {
            System.arraycopy(rows, sample[chosen] * stride + from, means, c * width, width);
            double total = 0;
            for (int i = 0; i < sample.length; i++) {
                nearest[i] = Math.min(nearest[i], squared(sample[i] * stride + from, means, c * width));
                total += nearest[i];
            }
            double left = random.nextDouble() * total;
            chosen = 0;
            for (left -= nearest[0]; chosen < sample.length - 1 && left >= 0; left -= nearest[chosen]) {
                chosen++;
            }
        }
        return means;
    }

    private double squared(int rowAt, float[] means, int at) {
        double sum = 0;
        for (int j = 0; j < width; j++) {
            double difference = rows[rowAt + j] - means[at + j];
            sum += difference * difference;
        }
        return sum;
    }

    /** Makes means better so many times, in place. @param assigned takes what each row was nearest to before the last time */
    void better(float[] means, int k, int times, int[] assigned) throws InterruptedException {
        for (int time = 0; time < times; time++) {
            assign(means, k, assigned);
            int[] sizes = average(means, k, assigned);
            if (time < times - 1) {
                part(means, sizes);
            }
        }
    }

    /** Tells which mean each row is nearest to. */
    void assign(float[] means, int k, int[] assigned) throws InterruptedException {
        Nearest[] nearest = new Nearest[workers.count()];
        workers.run(Math.ceilDiv(count, CHUNK_ROWS), (chunk, worker) -> {
            if (nearest[worker] == null) {
                nearest[worker] = new Nearest(means, 0, k, width);
            }
            int begin = chunk * CHUNK_ROWS;
            int n = Math.min(CHUNK_ROWS, count - begin);
            nearest[worker].find(rows, begin * stride + from, stride, n, assigned, begin, 1);
        });
    }

    private int[] average(float[] means, int k, int[] assigned) {
        double[] sums = new double[k * width];
        int[] sizes = new int[k];
        for (int row = 0; row < count; row++) {
            int at = assigned[row] * width;
            int rowAt = row * stride + from;
            sizes[assigned[row]]++;
            for (int j = 0; j < width; j++) {
                sums[at + j] += rows[rowAt + j];
            }
        }
        for (int c = 0; c < k; c++) {
            for (int j = 0; j < width && sizes[c] > 0; j++) {
                means[c * width + j] = (float) (sums[c * width + j] / sizes[c]);
            }
        }
        return sizes;
    }

    /** A mean without rows takes half of the greatest cluster. */
    private void part(float[] means, int[] sizes) {
        for (int c = 0; c < sizes.length; c++) {
            if (sizes[c] > 0) {
                continue;
            }
            int greatest = 0;
            for (int other = 1; other < sizes.length; other++) {
                greatest = sizes[other] > sizes[greatest] ? other : greatest;
            }
            for (int j = 0; j < width; j++) {
                double apart = (j % 2 == 0 ? APART : -APART) * means[greatest * width + j];
                means[c * width + j] = (float) (means[greatest * width + j] + apart);
                means[greatest * width + j] -= (float) apart;
            }
            sizes[c] = sizes[greatest] / 2;
            sizes[greatest] -= sizes[c];
        }
    }
}
