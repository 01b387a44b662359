package repscorer.api.traffic;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import repscorer.core.failure.ScorerException;

/**
 * An answer that is kept until it is whole, so that who computes it never waits for who reads it, and only its bytes are held
 * meanwhile: the first of them in the buffer that the connection has anyhow. For one thread at a time.
 */
final class BufferedAnswer extends HttpServletResponseWrapper {

    /** What the connection's own buffer holds, and most answers need no more. */
    private static final int BUFFER_BYTES = 1 << 14;

    private static final int PIECE_BYTES_MIN = 1 << 14;
    private static final int PIECE_BYTES_MAX = 1 << 16;

    private final ByteBudget.Share share;
    private final long bytesMax;
    private final Pieces pieces = new Pieces();
    private @Nullable PrintWriter writer;
    private @Nullable ScorerException refusal;

    /**
     * @param share charged with what is kept
     * @param bytesMax the most an answer may have
     */
    BufferedAnswer(HttpServletResponse response, ByteBudget.Share share, long bytesMax) {
        super(response);
        if (response.getBufferSize() < BUFFER_BYTES && !response.isCommitted()) {
            response.setBufferSize(BUFFER_BYTES);
        }
        this.share = share;
        this.bytesMax = bytesMax;
    }

    /**
     * Whether there is an answer.
     *
     * @throws ScorerException where it would have been too long, or nothing was left to keep it in
     */
    void check() {
        if (refusal != null) {
            throw refusal;
        }
    }

    /** Sends it, which takes as long as its caller does. */
    void send() throws IOException {
        if (writer != null) {
            writer.flush();
        }
        if (pieces.bytes > 0) {
            getResponse().setContentLengthLong(pieces.bytes);
            pieces.sendRest();
        }
        getResponse().flushBuffer();
    }

    @Override
    public ServletOutputStream getOutputStream() {
        return pieces;
    }

    @Override
    public PrintWriter getWriter() {
        if (writer == null) {
            String encoding = getCharacterEncoding();
            writer = new PrintWriter(new OutputStreamWriter(
                    pieces, encoding == null ? StandardCharsets.UTF_8 : java.nio.charset.Charset.forName(encoding)));
        }
        return writer;
    }

    @Override
    public void flushBuffer() {
        // Nothing leaves before it is whole.
    }

    @Override
    public void setBufferSize(int size) {
        // What is kept grows as it must.
    }

    @Override
    public void setContentLength(int length) {
        // The length is known at the end.
    }

    @Override
    public void setContentLengthLong(long length) {
        // The length is known at the end.
    }

    @Override
    public void resetBuffer() {
        pieces.clear();
        super.resetBuffer();
    }

    @Override
    public void reset() {
        super.reset();
        pieces.clear();
    }

    private final class Pieces extends ServletOutputStream {

        private int room = BUFFER_BYTES;
        private final List<byte[]> whole = new ArrayList<>(0);
        private byte[] last = {};
        private int used;
        private long bytes;

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            int done = Math.min(length, room);
            if (done > 0) {
                getResponse().getOutputStream().write(from, offset, done);
                room -= done;
                bytes += done;
            }
            while (done < length) {
                if (used == last.length) {
                    grow();
                }
                int some = Math.min(length - done, last.length - used);
                System.arraycopy(from, offset + done, last, used, some);
                used += some;
                done += some;
                bytes += some;
            }
        }

        private void grow() throws IOException {
            int more = Math.clamp(2L * last.length, PIECE_BYTES_MIN, PIECE_BYTES_MAX);
            try {
                if (bytes + more > bytesMax) {
                    throw new ScorerException.Invalid(
                            "answer-too-large",
                            "ids",
                            "an answer has at most %s bytes (limits.answer-max): ask for less at once"
                                    .formatted(bytesMax));
                }
                share.take(more);
            } catch (ScorerException e) {
                refusal = e;
                resetBuffer();
                throw new EOFException("the answer ends early: " + e.code());
            }
            if (used > 0) {
                whole.add(last);
            }
            last = new byte[more];
            used = 0;
        }

        private void clear() {
            room = BUFFER_BYTES;
            whole.clear();
            last = new byte[0];
            used = 0;
            bytes = 0;
        }

        /** After what is in the connection's buffer, and once the length was said. */
        private void sendRest() throws IOException {
            if (used == 0) {
                return;
            }
            OutputStream out = getResponse().getOutputStream();
            for (byte[] piece : whole) {
                out.write(piece);
            }
            out.write(last, 0, used);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new IllegalStateException("answers are written by one thread");
        }
    }
}
