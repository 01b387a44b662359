package repscorer.api.releases;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import repscorer.core.failure.ScorerException;

/**
 * An upload's bytes. A caller that hangs up is the caller's mistake: without this, the store would take the failed read
 * for trouble with its disk.
 */
final class UploadStream extends FilterInputStream {

    UploadStream(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        try {
            return in.read();
        } catch (IOException e) {
            throw cutShort(e);
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return in.read(bytes, offset, length);
        } catch (IOException e) {
            throw cutShort(e);
        }
    }

    private static ScorerException.Invalid cutShort(IOException e) {
        return new ScorerException.Invalid(
                "upload-cut-short", "body", "the upload ended before its last byte: " + e.getMessage());
    }
}
