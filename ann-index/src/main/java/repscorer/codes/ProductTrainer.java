package repscorer.codes;

import java.util.Arrays;
import java.util.SplittableRandom;
import repscorer.parallel.Workers;

/** Learns the parts of a product code, and how to turn rows for it. */
final class ProductTrainer {

    /*
     * A learned rotation [1] begins at the principal axes, dealt to the parts so that each has as much to tell; then means and rotation
     * are bettered in turn: rows are coded as they are turned now, and the rotation is taken that leads the rows nearest to what their
     * codes say.
     *
     * [1] Ge, He, Ke, Sun: Optimized Product Quantization for Approximate Nearest Neighbor Search, CVPR 2013.
     */

    private static final int TURNS = 20;
    private static final int BETTER_A_TURN = 2;
    private static final int BETTER_LAST = 15;
    private static final int TURNED_ROWS_MAX = 32_768;

    private ProductTrainer() {}

    /** @param values n × d less their mean; turned in place */
    static Codebook train(
            float[] values, int n, int d, float[] mean, CodesOptions options, SplittableRandom random, Workers workers)
            throws InterruptedException {
        int m = options.units(d);
        int k = 1 << options.bits();
        int[] starts = Tables.starts(d, m);
        int[] widths = Tables.widths(starts, d);
        Tables tables = new Tables(starts, widths, new float[Math.multiplyExact(d, k)], k, false);
        long seed = random.nextLong();
        float[] rotation = new float[0];
        if (options.rotation() == Rotation.RANDOM) {
            rotation = Rotations.random(d, random);
        } else if (options.rotation() == Rotation.LEARNED) {
            int fewer = Math.min(n, TURNED_ROWS_MAX);
            rotation = learned(Sample.evenly(values, n, d, fewer), fewer, d, tables, seed, workers);
        }
        if (rotation.length > 0) {
            Rotations.turn(values, n, d, rotation, values, workers);
        }
        boolean begun = options.rotation() == Rotation.LEARNED;
        int[] assigned = new int[n];
        for (int s = 0; s < m; s++) {
            KMeans part = new KMeans(values, n, d, starts[s], widths[s], workers);
            float[] means = begun ? entries(tables, s) : part.seeds(k, seed + s);
            part.better(means, k, BETTER_LAST, assigned);
            System.arraycopy(means, 0, tables.values(), tables.entryAt(s, 0), means.length);
        }
        return Codebook.of(CodesMethod.PQ, d, options.bits(), false, tables, mean, rotation);
    }

    private static float[] entries(Tables tables, int unit) {
        int at = tables.entryAt(unit, 0);
        return Arrays.copyOfRange(tables.values(), at, at + tables.entries() * tables.width(unit));
    }

    /** Leaves the means of the last turn in the tables. */
    private static float[] learned(float[] values, int n, int d, Tables tables, long seed, Workers workers)
            throws InterruptedException {
        int k = tables.entries();
        int[] widths = new int[tables.units()];
        Arrays.setAll(widths, tables::width);
        float[] rotation = Rotations.balanced(Rotations.products(values, values, n, d, workers), widths);
        float[] turned = new float[n * d];
        float[] told = new float[n * d];
        int[] assigned = new int[n];
        for (int turn = 0; turn < TURNS; turn++) {
            Rotations.turn(values, n, d, rotation, turned, workers);
            for (int s = 0; s < tables.units(); s++) {
                KMeans part = new KMeans(turned, n, d, tables.from(s), tables.width(s), workers);
                float[] means = turn == 0 ? part.seeds(k, seed + s) : entries(tables, s);
                part.better(means, k, BETTER_A_TURN, assigned);
                System.arraycopy(means, 0, tables.values(), tables.entryAt(s, 0), means.length);
                for (int row = 0; row < n; row++) {
                    System.arraycopy(
                            means, assigned[row] * tables.width(s), told, row * d + tables.from(s), tables.width(s));
                }
            }
            rotation = Rotations.nearest(Rotations.products(values, told, n, d, workers));
        }
        return rotation;
    }
}
