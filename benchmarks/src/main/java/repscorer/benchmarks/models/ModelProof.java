package repscorer.benchmarks.models;

import com.sun.management.ThreadMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import repscorer.benchmarks.proof.LimitedProof;
import repscorer.core.blend.Calibration;
import repscorer.core.model.LinearMargin;
import repscorer.core.model.Margin;
import repscorer.core.model.ModelFeature;
import repscorer.core.model.RankModel;
import repscorer.core.model.TreeMargin;
import repscorer.core.model.TreeMargin.Node;
import repscorer.testing.Seeds;

/**
 * What a model costs a candidate, in processor time, from its features to the calibrated probability: a linear one of 20 features, and 100
 * whole trees of depth 6 over as many, whose thresholds rows meet at random. A tenth of all features is missing. Nothing is to be allocated.
 */
public final class ModelProof extends LimitedProof {

    private static final int FEATURES = 20;
    private static final int ROWS = 1_000;
    private static final int WARM = 200;
    private static final int ROUNDS = 500;
    private static final int POINTS = 200;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    public ModelProof() {
        this(Map.of("trees", 100.0, "depth", 6.0, "linear-micros", .5, "trees-micros", 3.0));
    }

    private ModelProof(Map<String, Double> limits) {
        super(limits);
    }

    @Override
    protected LimitedProof with(Map<String, Double> all) {
        return new ModelProof(all);
    }

    @Override
    public String name() {
        return "models";
    }

    @Override
    public String claim() {
        return "a linear model costs at most 0.5 µs of processor a candidate, 100 trees 3 µs, and nothing is allocated (10 seconds)";
    }

    @Override
    public boolean holds(PrintStream out) {
        RandomGenerator random = Seeds.fixed(1);
        float[][] rows = new float[ROWS][FEATURES];
        for (float[] row : rows) {
            for (int f = 0; f < FEATURES; f++) {
                row[f] = random.nextInt(10) == 0 ? Float.NaN : (float) random.nextGaussian();
            }
        }
        Cost linear = cost(model(linear(random)), rows);
        Cost trees = cost(model(trees(random)), rows);
        out.printf(
                Locale.ROOT,
                "a linear model of %s features: %.3f µs a candidate (at most %.1f); %.0f trees of depth %.0f: %.3f µs (at most %.1f); bytes allocated: %s%n",
                FEATURES,
                linear.micros,
                limit("linear-micros"),
                limit("trees"),
                limit("depth"),
                trees.micros,
                limit("trees-micros"),
                linear.bytes + trees.bytes);
        return linear.micros <= limit("linear-micros")
                && trees.micros <= limit("trees-micros")
                && linear.bytes + trees.bytes
                        < ROUNDS; // less than a byte a thousand candidates: what the clock itself takes
    }

    /** @param bytes that the thread allocated meanwhile */
    private record Cost(double micros, long bytes) {}

    private static Cost cost(RankModel model, float[][] rows) {
        double sum = 0;
        for (int round = 0; round < WARM; round++) {
            sum += round(model, rows);
        }
        long id = Thread.currentThread().threadId();
        long bytes = THREADS.getThreadAllocatedBytes(id);
        long started = THREADS.getCurrentThreadCpuTime();
        for (int round = 0; round < ROUNDS; round++) {
            sum += round(model, rows);
        }
        long ended = THREADS.getCurrentThreadCpuTime();
        long allocated = THREADS.getThreadAllocatedBytes(id) - bytes;
        if (!Double.isFinite(sum)) {
            throw new IllegalStateException("probabilities are finite: " + sum);
        }
        return new Cost((ended - started) / 1e3 / ROUNDS / rows.length, allocated);
    }

    private static double round(RankModel model, float[][] rows) {
        double sum = 0;
        for (float[] row : rows) {
            sum += model.probability(row);
        }
        return sum;
    }

    private static RankModel model(Margin margin) {
        List<Calibration.Point> points = IntStream.range(0, POINTS)
                .mapToObj(i -> new Calibration.Point(-6 + 12.0 * i / POINTS, (i + .5) / POINTS))
                .toList();
        return new RankModel(
                "made-up",
                IntStream.range(0, FEATURES)
                        .<ModelFeature>mapToObj(f -> new ModelFeature.Column("column-" + f))
                        .toList(),
                margin,
                new Calibration(points),
                new RankModel.Spread(.5, .3));
    }

    private static LinearMargin linear(RandomGenerator random) {
        return new LinearMargin(
                -1,
                IntStream.range(0, FEATURES)
                        .mapToObj(f -> new LinearMargin.Term(f % 5 == 0, 0, 1, random.nextGaussian() / 3, .1))
                        .toList());
    }

    private TreeMargin trees(RandomGenerator random) {
        List<List<Node>> trees = new ArrayList<>();
        int inner = (1 << (int) limit("depth")) - 1;
        for (int t = 0; t < limit("trees"); t++) {
            List<Node> tree = new ArrayList<>();
            for (int n = 0; n < inner; n++) {
                tree.add(new Node(
                        random.nextInt(FEATURES), (float) random.nextGaussian(), 2 * n + 1, random.nextBoolean(), 1));
            }
            for (int leaf = 0; leaf <= inner; leaf++) {
                tree.add(Node.leaf((float) random.nextGaussian() / 10, 1));
            }
            trees.add(tree);
        }
        return new TreeMargin(0, FEATURES, trees);
    }
}
