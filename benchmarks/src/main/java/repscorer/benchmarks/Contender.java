package repscorer.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import repscorer.benchmarks.engines.BenchVectors;
import repscorer.benchmarks.engines.BuildSettings;
import repscorer.benchmarks.engines.MeasuredEngine;

/** One engine in the run: its steps up the ladder and what was measured on each. */
final class Contender implements AutoCloseable {

    private static final double[] RECALLS = {0.90, 0.95, 0.99};

    /** On the default ladder an engine stops climbing here: its curve then has a point past every recall asked for. */
    private static final double RECALL_ENOUGH = 0.995;

    private final MeasuredEngine engine;
    private final AnnBenchOptions options;
    private final int[][] truth;
    private final List<Step> steps;
    private MeasuredEngine.@Nullable Built built;
    private double bytesPerVector;

    Contender(MeasuredEngine engine, AnnBenchOptions options, int[][] truth) {
        this.engine = engine;
        this.options = options;
        this.truth = truth;
        this.steps = new ArrayList<>();
        List<Integer> efs = engine.hasEf() ? options.ladder() : List.of(0);
        efs.forEach(ef -> steps.add(new Step(ef)));
    }

    String name() {
        return engine.name();
    }

    String version() {
        return engine.version();
    }

    MeasuredEngine.Built build(BenchVectors vectors, BuildSettings settings) throws IOException {
        built = engine.build(vectors, options.metric(), settings);
        bytesPerVector = (double) built.bytes() / vectors.count();
        return built;
    }

    /** Passes at all steps of the ladder's lower half, over and over until the time is up. */
    void warmUp() throws IOException {
        long end = System.nanoTime() + (long) (options.warmUpSeconds() * 1e9);
        int half = Math.ceilDiv(steps.size(), 2);
        for (int i = 0; System.nanoTime() < end; i = (i + 1) % half) {
            engine.pass(options.k(), steps.get(i).ef);
        }
    }

    /** A pass that is not counted, then passes that are, until the time is up; nothing above the ladder's end. */
    void turn(int step) throws IOException {
        if (step >= steps.size()) {
            return;
        }
        Step at = steps.get(step);
        engine.pass(options.k(), at.ef);
        long end = System.nanoTime() + (long) (options.measureSeconds() * 1e9);
        do {
            at.add(engine.pass(options.k(), at.ef));
        } while (System.nanoTime() < end);
        if (at.recall >= RECALL_ENOUGH && options.efs().isEmpty()) {
            steps.subList(step + 1, steps.size()).clear();
        }
    }

    AnnBenchResults.Engine results() {
        if (built == null) {
            throw new IllegalStateException("build first");
        }
        List<AnnBenchResults.Point> curve = steps.stream().map(Step::point).toList();
        SortedMap<String, Double> at = new TreeMap<>();
        for (double recall : RECALLS) {
            AnnBenchResults.interpolate(curve, recall)
                    .ifPresent(qps -> at.put(String.format(Locale.ROOT, "%.2f", recall), qps));
        }
        return new AnnBenchResults.Engine(engine.name(), curve, at, built.cpuNanos() / 1e9, bytesPerVector);
    }

    @Override
    public void close() {
        engine.close();
    }

    /** The passes at one ef. */
    private final class Step {

        private final int ef;
        private final List<Double> passQps = new ArrayList<>();
        private final List<Double> passP50Nanos = new ArrayList<>();
        private final List<Double> passP99Nanos = new ArrayList<>();
        private double recall;

        Step(int ef) {
            this.ef = ef;
        }

        void add(MeasuredEngine.Pass pass) {
            recall = (double) AnnBench.hits(pass.ordinals(), truth, options.k()) / ((long) truth.length * options.k());
            passQps.add(truth.length * 1e9 / Math.max(1, pass.cpuNanos()));
            long[] nanos = pass.wallNanos().clone();
            Arrays.sort(nanos);
            passP50Nanos.add((double) nanos[nanos.length / 2]);
            passP99Nanos.add((double) nanos[(int) (nanos.length * 99L / 100)]);
        }

        /** The median over the passes of everything: what others on the machine did to one pass does not show. */
        AnnBenchResults.Point point() {
            return new AnnBenchResults.Point(
                    ef, recall, median(passQps), median(passP50Nanos) / 1e3, median(passP99Nanos) / 1e3);
        }

        private static double median(List<Double> values) {
            return values.stream().sorted().toList().get(values.size() / 2);
        }
    }
}
