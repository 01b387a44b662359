package repscorer.imports;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A Parquet file, read by a process of its own. A damaged file can make the library spin on threads that nobody can stop, or ask
 * for any amount of memory; a process has a bound on its memory, and ends when it is told to.
 */
final class ParquetProcess implements RowSource {

    /** Asks for the cells of named columns in place of vectors. */
    static final String CELLS = "cells";

    /** The exit code of a machine that ran out of memory. */
    static final int OUT_OF_MEMORY = 3;

    /**
     * What a reader may take.
     *
     * @param silenceMax how long no row may come until the process is ended
     */
    record Bounds(Duration silenceMax, int heapMib) {

        static final Bounds DEFAULT = new Bounds(Duration.ofSeconds(60), 384);
    }

    private static final List<String> LOCALE = List.of("LANG", "LC_ALL", "LC_CTYPE");

    private final String name;
    private final Path file;
    private final ImportColumns columns;
    private final String mode;
    private final Bounds bounds;

    ParquetProcess(String name, Path file, ImportColumns columns, boolean dense, Bounds bounds) {
        this(name, file, columns, Boolean.toString(dense), bounds);
    }

    /** @param mode whether rows are dense, or {@link #CELLS} */
    ParquetProcess(String name, Path file, ImportColumns columns, String mode, Bounds bounds) {
        this.name = name;
        this.file = file;
        this.columns = columns;
        this.mode = mode;
        this.bounds = bounds;
    }

    @Override
    public void read(RowSink sink) throws IOException {
        Process process = start();
        Watch watch = new Watch(process, bounds.silenceMax());
        Thread watching = Thread.ofPlatform().daemon().name("parquet-watch").start(watch);
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(new Watched(process.getInputStream(), watch), 1 << 16))) {
            RowFrames.read(in, sink);
        } catch (EOFException e) {
            throw new IOException("%s: %s".formatted(name, why(process, watch)), e);
        } finally {
            watching.interrupt();
            end(process);
        }
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + bounds.heapMib() + "m",
                "-XX:MaxDirectMemorySize=" + bounds.heapMib() / 4 + "m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+DisplayVMOutputToStderr",
                "-XX:+SuppressFatalErrorMessage",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                ParquetReading.class.getName(),
                file.toAbsolutePath().toString(),
                name,
                mode));
        command.addAll(ParquetReading.arguments(columns));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(LOCALE); // what else stands there is not for a reader of files
        environment.put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static void end(Process process) {
        try {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String why(Process process, Watch watch) {
        int code;
        try {
            code = process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "reading it was broken off";
        }
        if (watch.late) {
            return "no row came for %s s; the file is damaged"
                    .formatted(bounds.silenceMax().toSeconds());
        }
        return code == OUT_OF_MEMORY
                ? "reading it takes more than %s MiB: a value, list or page in it is too large"
                        .formatted(bounds.heapMib())
                : "the file is damaged; its reader ended with code %s".formatted(code);
    }

    /** Ends the process when a read waits for too long. */
    private static final class Watch implements Runnable {

        private final Process process;
        private final long silenceMax;
        private volatile long waitingSince;
        private volatile boolean waiting;
        private volatile boolean late;

        Watch(Process process, Duration silenceMax) {
            this.process = process;
            this.silenceMax = silenceMax.toNanos();
        }

        @Override
        public void run() {
            try {
                while (true) {
                    Thread.sleep(100);
                    if (waiting && System.nanoTime() - waitingSince > silenceMax) {
                        late = true;
                        process.destroyForcibly();
                        return;
                    }
                }
            } catch (InterruptedException e) {
                // the file is read
            }
        }
    }

    /** Tells the watch when it waits. */
    private static final class Watched extends FilterInputStream {

        private final Watch watch;

        Watched(InputStream in, Watch watch) {
            super(in);
            this.watch = watch;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            watch.waitingSince = System.nanoTime();
            watch.waiting = true;
            try {
                return in.read(into, offset, length);
            } finally {
                watch.waiting = false;
            }
        }
    }
}
