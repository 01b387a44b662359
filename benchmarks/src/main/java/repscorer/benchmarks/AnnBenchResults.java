package repscorer.benchmarks;

import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/** What {@link AnnBench} measured; its JSON form has these names. */
public record AnnBenchResults(List<Engine> engines) {

    public AnnBenchResults {
        engines = List.copyOf(engines);
    }

    /**
     * One engine's curve.
     *
     * @param at queries per CPU second at recall {@code "0.90"}, {@code "0.95"} and {@code "0.99"}, as {@link #interpolate}
     *     finds them; a recall that was never reached is absent
     * @param buildCpuSeconds of the whole process while building
     * @param bytesPerVector the float32 rows and what the engine adds to them
     */
    public record Engine(
            String engine,
            List<Point> curve,
            SortedMap<String, Double> at,
            double buildCpuSeconds,
            double bytesPerVector) {

        public Engine {
            curve = List.copyOf(curve);
            at = Collections.unmodifiableSortedMap(new TreeMap<>(at));
        }
    }

    /**
     * One step of the ladder.
     *
     * @param ef 0 for an engine that has none
     * @param recall the part of the true k that was found, 0 to 1
     * @param qps queries per CPU second of the one thread that searches
     * @param p50Micros wall time of one search
     * @param p99Micros wall time of one search
     */
    public record Point(int ef, double recall, double qps, double p50Micros, double p99Micros) {}

    /**
     * The throughput where the curve first reaches a recall, on a straight line between the logarithms of its neighbours'
     * throughputs. Where the first point is past it already, that point's own, which is then too low. On steps of a
     * quarter, as the default ladder has, a line in recall and one in log(1 - recall) differ by about one per cent.
     */
    static OptionalDouble interpolate(List<Point> curve, double recall) {
        for (int i = 0; i < curve.size(); i++) {
            Point point = curve.get(i);
            if (point.recall() >= recall) {
                if (i == 0) {
                    return OptionalDouble.of(point.qps());
                }
                Point before = curve.get(i - 1);
                double part = (recall - before.recall()) / (point.recall() - before.recall());
                return OptionalDouble.of(Math.exp(Math.log(before.qps()) * (1 - part) + Math.log(point.qps()) * part));
            }
        }
        return OptionalDouble.empty();
    }
}
