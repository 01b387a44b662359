package repscorer.api.releases;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import repscorer.api.problem.BrokenBody;
import repscorer.core.failure.ScorerException.Invalid;

/** A body under a limit. What goes wrong with it is the caller's, and never taken for a fault of the disk. */
final class UploadStream extends FilterInputStream {

    private final long bytesMax;
    private long bytes;

    UploadStream(InputStream in, long bytesMax) {
        super(in);
        this.bytesMax = bytesMax;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        int read;
        try {
            read = in.read(into, offset, length);
        } catch (IOException e) {
            throw BrokenBody.of(e);
        }
        bytes += Math.max(0, read);
        if (bytes > bytesMax) {
            throw new Invalid(
                    "body-too-large",
                    "body",
                    "an upload has at most %s bytes (store.staged-file-max)".formatted(bytesMax));
        }
        return read;
    }
}
