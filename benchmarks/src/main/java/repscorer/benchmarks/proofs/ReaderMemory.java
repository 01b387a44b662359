package repscorer.benchmarks.proofs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** The most memory that a process started by this one held, as Linux counts it; 0 elsewhere. */
final class ReaderMemory implements AutoCloseable {

    private static final String PEAK = "VmHWM:";

    private final AtomicLong kibMax = new AtomicLong();
    private final Thread watching =
            Thread.ofPlatform().daemon().name("reader-memory").unstarted(this::run);

    private ReaderMemory() {}

    static ReaderMemory watch() {
        ReaderMemory memory = new ReaderMemory();
        memory.watching.start();
        return memory;
    }

    private void run() {
        try {
            while (true) {
                ProcessHandle.current().children().forEach(this::look);
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void look(ProcessHandle process) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
                if (line.startsWith(PEAK)) {
                    long kib = Long.parseLong(line.replaceAll("\\D", ""));
                    kibMax.accumulateAndGet(kib, Math::max);
                }
            }
        } catch (IOException e) {
            // it has ended, or there is no such thing here
        }
    }

    long kibMax() {
        return kibMax.get();
    }

    @Override
    public void close() {
        watching.interrupt();
    }
}
