package repscorer.text;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Unpacks gzip to its last byte: all members, each checked, and nothing after them. ({@link java.util.zip.GZIPInputStream} takes
 * whatever follows a member and is no header for the end.) For one thread.
 */
public final class GzipStream extends InputStream {

    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private boolean ended;

    /** @throws IOException when it does not begin as gzip does */
    public GzipStream(InputStream in) throws IOException {
        this.in = in;
        if (!fill() || !beginsMember()) {
            throw new ZipException("it is not packed with gzip, though it says so");
        }
    }

    private boolean fill() throws IOException {
        if (from == to) {
            from = 0;
            to = Math.max(0, in.read(buffer, 0, buffer.length));
        }
        return from < to;
    }

    private int next() throws IOException {
        if (!fill()) {
            throw new EOFException("its packed data is cut short");
        }
        return buffer[from++] & 0xFF;
    }

    private long little(int bytes) throws IOException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) next() << (8 * i);
        }
        return value;
    }

    /** Reads a header; false where there is none. */
    private boolean beginsMember() throws IOException {
        if (next() != 0x1F || !fill() || next() != 0x8B || !fill() || next() != 8) {
            return false;
        }
        int flags = next();
        little(6); // time, level, system
        if ((flags & EXTRA) != 0) {
            for (long skip = little(2); skip > 0; skip--) {
                next();
            }
        }
        for (int texts = Integer.bitCount(flags & (NAME | COMMENT)); texts > 0; texts--) {
            while (next() != 0) {
                // not looked at
            }
        }
        if ((flags & HEADER_CRC) != 0) {
            little(2);
        }
        return true;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!ended) {
            int read = inflate(into, offset, length);
            if (read > 0) {
                crc.update(into, offset, read);
                return read;
            }
            if (inflater.finished()) {
                endMember();
            } else if (inflater.needsInput()) {
                if (!fill()) {
                    throw new EOFException("its packed data is cut short");
                }
                inflater.setInput(buffer, from, to - from);
                from = to;
            } else {
                throw new ZipException("its packed data is damaged: it asks for a dictionary");
            }
        }
        return -1;
    }

    private int inflate(byte[] into, int offset, int length) throws IOException {
        try {
            return inflater.inflate(into, offset, length);
        } catch (DataFormatException e) {
            throw new ZipException("its packed data is damaged: " + e.getMessage());
        }
    }

    private void endMember() throws IOException {
        from = to - inflater.getRemaining();
        if (little(4) != crc.getValue() || little(4) != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
            throw new ZipException("its packed data is damaged: the checksum differs");
        }
        inflater.reset();
        crc.reset();
        ended = !fill();
        if (!ended && !beginsMember()) {
            throw new ZipException("bytes that are no gzip follow its packed data");
        }
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
