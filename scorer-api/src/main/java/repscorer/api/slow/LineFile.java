package repscorer.api.slow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import repscorer.api.security.Secrets;

/**
 * A file that lines are appended to by a thread of its own. Once it is long it is put aside, in place of the one that was put aside
 * before. Safe for concurrent use.
 */
final class LineFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LineFile.class);

    private static final int WAITING_MAX = 256;
    private static final long CLOSE_MILLIS_MAX = 2_000;

    /** Ends the thread. */
    private static final Supplier<String> END = () -> "";

    private final Path file;
    private final long bytesMax;
    private final BlockingQueue<Supplier<String>> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread writer;
    private boolean failing;

    LineFile(Path file, long bytesMax) {
        this.file = file;
        this.bytesMax = bytesMax;
        this.writer = Thread.ofPlatform().daemon().name("slow-requests").start(this::write);
    }

    /** Has a line made and written later; false where too many wait already. */
    boolean offer(Supplier<String> line) {
        return waiting.offer(line);
    }

    private void write() {
        try {
            for (Supplier<String> line = waiting.take(); line != END; line = waiting.take()) {
                try {
                    append(line.get() + "\n");
                    failing = false;
                } catch (IOException | RuntimeException e) {
                    if (!failing) { // once for each time that it begins
                        LOG.warn("slow requests cannot be written to {}: {}", file, e.toString());
                    }
                    failing = true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void append(String line) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        boolean there = Files.exists(file);
        if (there && Files.size(file) + bytes.length > bytesMax) {
            Files.move(file, aside(), StandardCopyOption.REPLACE_EXISTING);
            there = false;
        }
        if (!there) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.createFile(file);
            Secrets.hide(file);
        }
        Files.write(file, bytes, StandardOpenOption.APPEND);
    }

    private Path aside() {
        return file.resolveSibling(file.getFileName() + ".1");
    }

    @Override
    public void close() {
        try {
            if (!waiting.offer(END, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                writer.interrupt(); // it waits for a disk that does not answer
            }
            writer.join(CLOSE_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
