package repscorer.cli.sizing;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import repscorer.ann.BuildProgress;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.core.embedding.DenseSpace;
import repscorer.vector.DenseRows;

/**
 * How long the graph of a space takes to build, by graphs of two sizes that are built: what grew from the one to the other goes on
 * growing alike.
 *
 * @param cpuSeconds of one processor
 */
public record BuildTime(double cpuSeconds) {

    private static final int SMALL = 4_000;
    private static final int LARGE = 16_000;
    private static final int ROWS_A_CLUSTER = 100;
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    /** Builds graphs over rows that are made up in clusters, as learnt vectors lie; takes seconds. */
    public static BuildTime measure(DenseSpace space, long rows, BuildProgress progress) throws InterruptedException {
        build(space, SMALL / 2, progress); // what is not yet compiled is slow
        if (rows <= LARGE) {
            return new BuildTime(build(space, (int) rows, progress));
        }
        double small = build(space, SMALL, progress);
        double large = build(space, LARGE, progress);
        double exponent = Math.max(1, Math.log(large / small) / Math.log((double) LARGE / SMALL));
        return new BuildTime(large * Math.pow((double) rows / LARGE, exponent));
    }

    private static double build(DenseSpace space, int rows, BuildProgress progress) throws InterruptedException {
        DenseRows made = rows(space.dimension(), rows);
        try (ExecutorService executor = Executors.newFixedThreadPool(PROCESSORS)) {
            long before = processNanos();
            HnswIndex.build(made, space.metric(), space.hnsw(), space.codes(), executor, PROCESSORS, progress);
            return (processNanos() - before) / 1e9;
        }
    }

    private static long processNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static DenseRows rows(int dimension, int count) {
        SplittableRandom random = new SplittableRandom(5);
        float[][] centres = new float[Math.max(1, count / ROWS_A_CLUSTER)][];
        Arrays.setAll(centres, c -> around(new float[dimension], 1, random));
        float[][] rows = new float[count][];
        Arrays.setAll(rows, row -> around(centres[row % centres.length], 0.7, random));
        return DenseRows.copyOf(rows);
    }

    private static float[] around(float[] centre, double spread, SplittableRandom random) {
        float[] row = new float[centre.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = centre[i] + (float) (spread * random.nextGaussian());
        }
        return row;
    }
}
