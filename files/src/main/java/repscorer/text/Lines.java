package repscorer.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream into lines, ended by a line feed, a carriage return or both, and holds no more of a line than it may have.
 * For one thread.
 */
public final class Lines {

    private final InputStream in;
    private final int bytesMax;
    private final byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;
    private boolean afterReturn;
    private byte[] line = new byte[1 << 10];
    private int length;
    private boolean tooLong;

    /** @param bytesMax of a line; what is longer is read over, but for its head */
    public Lines(InputStream in, int bytesMax) {
        this.in = in;
        this.bytesMax = bytesMax;
    }

    /** Goes on to the next line; false after the last. */
    public boolean next() throws IOException {
        length = 0;
        tooLong = false;
        boolean begun = false;
        while (true) {
            if (from == to) {
                from = 0;
                to = Math.max(0, in.read(buffer, 0, buffer.length));
                if (to == 0) {
                    return begun;
                }
            }
            if (afterReturn) {
                afterReturn = false;
                if (buffer[from] == '\n') {
                    from++;
                    continue;
                }
            }
            int end = from;
            while (end < to && buffer[end] != '\n' && buffer[end] != '\r') {
                end++;
            }
            begun = true;
            take(end);
            if (end < to) {
                afterReturn = buffer[end] == '\r';
                from = end + 1;
                return true;
            }
        }
    }

    private void take(int end) {
        int more = Math.min(end - from, bytesMax - length);
        tooLong |= more < end - from;
        if (length + more > line.length) {
            line = Arrays.copyOf(line, (int) Math.min(bytesMax, Math.max(2L * line.length, length + (long) more)));
        }
        System.arraycopy(buffer, from, line, length, more);
        length += more;
        from = end;
    }

    /** Whether the line has more bytes than it may; {@link #bytes} is its head then. */
    public boolean tooLong() {
        return tooLong;
    }

    /** The line without its end, copied. */
    public byte[] bytes() {
        return Arrays.copyOf(line, length);
    }
}
