package repscorer.benchmarks.engines;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import repscorer.vector.Metric;

/** An engine at work in a process of its own; {@link EngineServer} has the words they exchange. Not safe for concurrent use. */
public final class MeasuredEngine implements AutoCloseable {

    private static final int STOP_SECONDS = 10;
    private static final int LOG_LINES = 3;

    /**
     * What a build cost.
     *
     * @param cpuNanos of the whole process
     * @param bytes of the index, the float32 rows included
     */
    public record Built(long cpuNanos, long wallNanos, long bytes) {}

    /**
     * One search for every query.
     *
     * @param cpuNanos of the searching thread, all queries together
     * @param wallNanos of each query
     * @param ordinals found by each query, in any order
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares passes
    public record Pass(long cpuNanos, long[] wallNanos, int[][] ordinals) {}

    private final String name;
    private final Process process;
    private final Path log;
    private final BufferedReader answers;
    private final Writer commands;
    private final String version;

    private MeasuredEngine(String name, Process process, Path log) throws IOException {
        this.name = name;
        this.process = process;
        this.log = log;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        this.version = answer("engine");
    }

    static MeasuredEngine start(String name, List<String> command) throws IOException {
        Path log = Files.createTempFile("ann-bench-", ".log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        Process process = builder.start();
        try {
            return new MeasuredEngine(name, process, log);
        } catch (IOException e) {
            process.destroyForcibly();
            Files.deleteIfExists(log);
            throw e;
        }
    }

    public String name() {
        return name;
    }

    /** Which library in which version. */
    public String version() {
        return version;
    }

    /** False where ef means nothing. */
    public boolean hasEf() {
        return !name.equals(JavaEngines.EXACT);
    }

    /** @throws IOException when the engine cannot; the message names it and says why */
    public Built build(BenchVectors vectors, Metric metric, BuildSettings settings) throws IOException {
        send("build %s %s %s %s %s%n%s%n%s%n"
                .formatted(
                        EngineServer.word(metric),
                        vectors.dimension(),
                        settings.m(),
                        settings.efConstruction(),
                        settings.threads(),
                        vectors.rows(),
                        vectors.queries()));
        String[] words = answer("built").split(" ");
        return new Built(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
    }

    /** @throws IOException when the engine cannot; the message names it and says why */
    public Pass pass(int k, int ef) throws IOException {
        send("pass %s %s%n".formatted(k, ef));
        long cpuNanos = Long.parseLong(answer("pass"));
        long[] nanos = longs(line());
        int[][] ordinals = new int[nanos.length][];
        for (int q = 0; q < ordinals.length; q++) {
            ordinals[q] = ints(line());
        }
        return new Pass(cpuNanos, nanos, ordinals);
    }

    private void send(String text) throws IOException {
        try {
            commands.write(text);
            commands.flush();
        } catch (IOException e) {
            throw new IOException(name + " ended: " + lastOfLog(), e);
        }
    }

    private String answer(String wanted) throws IOException {
        String line = line();
        if (line.startsWith("error ")) {
            throw new IOException(name + ": " + line.substring("error ".length()));
        }
        if (!line.startsWith(wanted + " ")) {
            throw new IOException("%s answered '%s' instead of '%s …'".formatted(name, line, wanted));
        }
        return line.substring(wanted.length() + 1);
    }

    private String line() throws IOException {
        @Nullable String line = answers.readLine();
        if (line == null) {
            throw new IOException(name + " ended: " + lastOfLog());
        }
        return line;
    }

    private String lastOfLog() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long[] longs(String line) {
        return java.util.Arrays.stream(line.split(" "))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    private static int[] ints(String line) {
        return line.isEmpty()
                ? new int[0]
                : java.util.Arrays.stream(line.split(" "))
                        .mapToInt(Integer::parseInt)
                        .toArray();
    }

    @Override
    public void close() {
        try {
            commands.close();
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(log);
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
