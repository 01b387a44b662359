package repscorer.benchmarks.engines;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import repscorer.vector.Metric;

/**
 * The inside of a measured process: reads commands, one a line, and answers. The drivers of the peers in C++ speak the same
 * way.
 *
 * <pre>{@code
 * build METRIC DIMENSION M EF_CONSTRUCTION THREADS    then two lines: the file of rows, the file of queries
 *   -> built CPU_NANOS WALL_NANOS BYTES
 * pass K EF
 *   -> pass CPU_NANOS, a line of each query's wall nanoseconds, and for each query a line of ordinals
 * }</pre>
 *
 * It greets with {@code engine VERSION}, ends with its input, and answers {@code error MESSAGE} to what it cannot do.
 */
final class EngineServer implements AutoCloseable {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Rows of a first build, which is not counted: as searches do, builds begin to count when their code is compiled. */
    private static final int ROWS_WARM_UP = 5_000;

    private final Supplier<Engine> engines;
    private final Engine engine;
    private final BufferedReader in;
    private final PrintStream out;
    private float[][] queries = new float[0][];

    /** @param engines makes the engine to be served, and one to warm up with */
    EngineServer(Supplier<Engine> engines, BufferedReader in, PrintStream out) {
        this.engines = engines;
        this.engine = engines.get();
        this.in = in;
        this.out = out;
    }

    /** Serves the engine that the only argument names. */
    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err); // what a library prints must not stand among the answers
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (PrintStream out = new PrintStream(answers, false, StandardCharsets.UTF_8)) {
            try (EngineServer server = new EngineServer(() -> JavaEngines.create(args[0]), commands, out)) {
                server.run();
            } catch (Exception e) {
                e.printStackTrace();
                out.println("error " + e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
    }

    void run() throws Exception {
        out.println("engine " + engine.version());
        out.flush();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "build" -> build(words);
                case "pass" -> pass(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                default -> throw new IllegalArgumentException("unknown command: " + line);
            }
            out.flush();
        }
    }

    private void build(String[] words) throws Exception {
        Metric metric = metric(words[1]);
        int dimension = Integer.parseInt(words[2]);
        BuildSettings settings =
                new BuildSettings(Integer.parseInt(words[3]), Integer.parseInt(words[4]), Integer.parseInt(words[5]));
        float[][] rows = RawVectors.read(file(), dimension);
        queries = RawVectors.read(file(), dimension);
        try (Engine trial = engines.get()) {
            float[][] some = Arrays.copyOf(rows, Math.min(rows.length, ROWS_WARM_UP));
            trial.beforeBuild(some);
            trial.build(some, metric, settings);
        }
        engine.beforeBuild(rows);
        long cpu = processCpuNanos();
        long wall = System.nanoTime();
        engine.build(rows, metric, settings);
        cpu = processCpuNanos() - cpu;
        wall = System.nanoTime() - wall;
        out.printf("built %s %s %s%n", cpu, wall, engine.bytes());
    }

    private Path file() throws IOException {
        return Path.of(Objects.requireNonNull(in.readLine(), "build lacks a file"));
    }

    private void pass(int k, int ef) throws Exception {
        int[][] found = new int[queries.length][];
        long[] nanos = new long[queries.length];
        long cpu = THREADS.getCurrentThreadCpuTime();
        for (int q = 0; q < queries.length; q++) {
            long before = System.nanoTime();
            found[q] = engine.search(queries[q], k, ef);
            nanos[q] = System.nanoTime() - before;
        }
        cpu = THREADS.getCurrentThreadCpuTime() - cpu;
        out.println("pass " + cpu);
        out.println(Arrays.stream(nanos).mapToObj(Long::toString).collect(Collectors.joining(" ")));
        for (int[] ordinals : found) {
            out.println(Arrays.stream(ordinals).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
        }
    }

    @Override
    public void close() throws Exception {
        engine.close();
    }

    private static Metric metric(String name) {
        return switch (name) {
            case "cosine" -> Metric.COSINE;
            case "ip" -> Metric.INNER_PRODUCT;
            case "l2" -> Metric.L2;
            default -> throw new IllegalArgumentException("unknown metric: " + name);
        };
    }

    static String word(Metric metric) {
        return switch (metric) {
            case COSINE -> "cosine";
            case INNER_PRODUCT -> "ip";
            case L2 -> "l2";
        };
    }

    private static long processCpuNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }
}
