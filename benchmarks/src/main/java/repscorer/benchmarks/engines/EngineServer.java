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
final class EngineServer {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Engine engine;
    private final BufferedReader in;
    private final PrintStream out;
    private float[][] queries = new float[0][];

    EngineServer(Engine engine, BufferedReader in, PrintStream out) {
        this.engine = engine;
        this.in = in;
        this.out = out;
    }

    /** Serves the engine that the only argument names. */
    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err); // what a library prints must not stand among the answers
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (PrintStream out = new PrintStream(answers, false, StandardCharsets.UTF_8)) {
            try (Engine engine = JavaEngines.create(args[0])) {
                new EngineServer(engine, commands, out).run();
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
        engine.beforeBuild(rows);
        long cpu = processCpuNanos();
        long wall = System.nanoTime();
        engine.build(rows, metric, settings);
        cpu = processCpuNanos() - cpu;
        wall = System.nanoTime() - wall;
        out.printf("built %d %d %d%n", cpu, wall, engine.bytes());
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
