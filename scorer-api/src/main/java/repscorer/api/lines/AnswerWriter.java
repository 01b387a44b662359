package repscorer.api.lines;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes answers beside the reading of lines: a caller that sends everything before it reads anything is not held up by its
 * own answers.
 */
public final class AnswerWriter {

    /** Chunks that wait for a caller that does not read; then reading waits too. */
    private static final int CHUNKS_MAX = 4_096;

    private static final byte[] END = {};

    private final OutputStream out;
    private final BlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(CHUNKS_MAX);
    private final Thread thread;
    private volatile @Nullable IOException failure;

    public AnswerWriter(OutputStream out) {
        this.out = out;
        this.thread = Thread.ofVirtual().name("line-answers").start(this::run);
    }

    private void run() {
        try {
            for (byte[] chunk = chunks.take(); chunk != END; chunk = chunks.take()) {
                out.write(chunk);
                if (chunks.isEmpty()) {
                    out.flush();
                }
            }
            out.flush();
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @throws IOException when the caller is gone */
    public void write(CharSequence lines) throws IOException {
        put(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void put(byte[] chunk) throws IOException {
        try {
            while (!chunks.offer(chunk, 100, TimeUnit.MILLISECONDS)) {
                if (failure != null || !thread.isAlive()) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while answering", e);
        }
        IOException gone = failure;
        if (gone != null) {
            throw gone;
        }
    }

    /** Waits until everything is written. */
    public void close() throws IOException {
        put(END);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
