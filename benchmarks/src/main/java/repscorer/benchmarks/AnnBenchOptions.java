package repscorer.benchmarks;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import repscorer.benchmarks.vectors.VectorFiles;
import repscorer.vector.Metric;

/**
 * What {@link AnnBench} measures.
 *
 * @param base the vectors to index, in any format of {@link VectorFiles}
 * @param queries the vectors to search for; absent where rows of {@code base} are held out instead
 * @param heldOut how many rows of {@code base}, drawn by chance, are searched for and not indexed; 0 with {@code queries}
 * @param truth each query's true neighbours as ordinals of {@code base}, best first; computed by a scan when absent or
 *     when {@code rowsMax} or {@code heldOut} leaves vectors out
 * @param k how many neighbours a search asks for
 * @param engines names out of {@link AnnBench#ENGINES}; empty for all that can be measured here
 * @param efs the candidate lists' lengths to measure at, ascending; empty for the default ladder, which each engine climbs
 *     until its recall is past .99
 * @param threads building threads
 * @param rowsMax how many vectors of {@code base} to take at most
 * @param warmUpSeconds each engine searches before the first round
 * @param rounds how often the ladder is climbed
 * @param measureSeconds searched at each step of each round at least, in whole passes over the queries
 * @param json where to write the results besides printing them
 */
public record AnnBenchOptions(
        Path base,
        Optional<Path> queries,
        int heldOut,
        Optional<Path> truth,
        Metric metric,
        int k,
        List<String> engines,
        List<Integer> efs,
        int threads,
        int rowsMax,
        double warmUpSeconds,
        int rounds,
        double measureSeconds,
        Optional<Path> json) {

    public static final List<Integer> EFS_DEFAULT =
            List.of(10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 250, 300, 400, 500, 600, 800);
    public static final int THREADS_DEFAULT = 2;
    public static final double WARM_UP_SECONDS_DEFAULT = 10;
    public static final int ROUNDS_DEFAULT = 5;
    public static final double MEASURE_SECONDS_DEFAULT = 0.2;

    public AnnBenchOptions {
        engines = List.copyOf(engines);
        efs = List.copyOf(efs);
        if (heldOut < 0 || queries.isPresent() == heldOut > 0) {
            throw new IllegalArgumentException("either queries or heldOut above 0: " + heldOut);
        }
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1: " + k);
        }
        if (new HashSet<>(engines).size() < engines.size()) {
            throw new IllegalArgumentException("engines must be named each once: " + engines);
        }
        for (String engine : engines) {
            if (!AnnBench.ENGINES.contains(engine)) {
                throw new IllegalArgumentException("engines must be out of " + AnnBench.ENGINES + ": " + engine);
            }
        }
        for (int i = 0; i < efs.size(); i++) {
            if (efs.get(i) < 1 || (i > 0 && efs.get(i) <= efs.get(i - 1))) {
                throw new IllegalArgumentException("efs must be at least 1 and ascend: " + efs);
            }
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1: " + threads);
        }
        if (rowsMax < 1) {
            throw new IllegalArgumentException("rowsMax must be at least 1: " + rowsMax);
        }
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds must be at least 1: " + rounds);
        }
        if (!(warmUpSeconds >= 0) || !(measureSeconds >= 0)) {
            throw new IllegalArgumentException("warmUpSeconds and measureSeconds must not be negative: %s and %s"
                    .formatted(warmUpSeconds, measureSeconds));
        }
    }

    /** The candidate lists' lengths to climb. */
    List<Integer> ladder() {
        return efs.isEmpty() ? EFS_DEFAULT : efs;
    }

    /** All defaults: every engine, the default ladder, no truth file, no limit, no JSON. */
    public static AnnBenchOptions of(Path base, Path queries, Metric metric, int k) {
        return new AnnBenchOptions(
                base,
                Optional.of(queries),
                0,
                Optional.empty(),
                metric,
                k,
                List.of(),
                List.of(),
                THREADS_DEFAULT,
                Integer.MAX_VALUE,
                WARM_UP_SECONDS_DEFAULT,
                ROUNDS_DEFAULT,
                MEASURE_SECONDS_DEFAULT,
                Optional.empty());
    }
}
