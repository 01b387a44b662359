package repscorer.api.lines;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import repscorer.api.problem.BrokenBody;

/** Reads lines, and knows whether the next is there already. For one thread. */
public final class LineReader {

    /** Longer lines are cut, and {@link #tooLong} tells so. */
    public static final int LINE_BYTES_MAX = 1 << 20;

    private final InputStream in;
    private byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;
    private boolean ended;
    private boolean tooLong;

    public LineReader(InputStream in) {
        this.in = in;
    }

    /** Whether {@link #next} would answer without waiting for the caller's next bytes. */
    public boolean ready() throws IOException {
        return ended || newline(from) >= 0 || in.available() > 0;
    }

    /** The next line without its end; null after the last. */
    public byte @Nullable [] next() {
        int searched = from;
        tooLong = false;
        while (true) {
            int newline = newline(searched);
            if (newline >= 0) {
                return take(newline, 1);
            }
            searched = to;
            if (ended) {
                return from == to ? null : take(to, 0);
            }
            if (to - from > LINE_BYTES_MAX) {
                byte[] line = take(to, 0);
                skipLine();
                tooLong = true;
                return line;
            }
            int moved = from;
            fill();
            searched -= moved - from;
        }
    }

    /** Whether the last line had more bytes than are answered of it. */
    public boolean tooLong() {
        return tooLong;
    }

    private void skipLine() {
        int newline;
        while ((newline = newline(from)) < 0 && !ended) {
            from = to;
            fill();
        }
        from = newline < 0 ? to : newline + 1;
    }

    private void fill() {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int read;
        try {
            read = in.read(buffer, to, buffer.length - to);
        } catch (IOException e) {
            throw BrokenBody.of(e);
        }
        if (read < 0) {
            ended = true;
        } else {
            to += read;
        }
    }

    private byte[] take(int end, int more) {
        byte[] line = Arrays.copyOfRange(buffer, from, end);
        from = end + more;
        return line;
    }

    private int newline(int start) {
        for (int i = start; i < to; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
