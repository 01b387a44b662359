package repscorer.benchmarks;

import java.util.List;
import java.util.Map;

/** What {@link AnnBench} measured; its JSON form has these names. */
public record AnnBenchResults(List<Engine> engines) {

    public AnnBenchResults {
        engines = List.copyOf(engines);
    }

    /**
     * One engine's curve.
     *
     * @param at queries per CPU second at recall {@code "0.90"}, {@code "0.95"} and {@code "0.99"}; a recall that was never
     *     reached is absent
     * @param buildCpuSeconds of the whole process while building
     * @param bytesPerVector the rows and what the engine adds to them on the heap
     */
    public record Engine(
            String engine, List<Point> curve, Map<String, Double> at, double buildCpuSeconds, double bytesPerVector) {

        public Engine {
            curve = List.copyOf(curve);
            at = Map.copyOf(at);
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
}
