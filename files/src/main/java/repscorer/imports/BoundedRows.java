package repscorer.imports;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bytes of rows whose ends a parser knows: it tells where a row ended, and no row may have more than a limit. For one thread. */
final class BoundedRows extends FilterInputStream {

    /** What parsers read ahead of a row's end. */
    private static final int AHEAD_BYTES = 1 << 16;

    private final int bytesMax;
    private long row = 1;
    private long bytes;

    BoundedRows(InputStream in, int bytesMax) {
        super(in);
        this.bytesMax = bytesMax;
    }

    /** A row is read; the next begins about here. */
    void endRow() {
        row++;
        bytes = 0;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = in.read(into, offset, length);
        bytes += Math.max(0, read);
        if (bytes > bytesMax + AHEAD_BYTES) {
            throw new IOException("a row has at most %s bytes, and row %s does not end".formatted(bytesMax, row));
        }
        return read;
    }
}
