package repscorer.api.traffic;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.springframework.http.HttpStatus;
import repscorer.api.problem.RefusedException;

/** A request whose body was read. For one thread at a time. */
final class BufferedRequest extends HttpServletRequestWrapper {

    /** Heap that a body takes while it grows, in its length. */
    static final int HELD_TIMES = 2;

    private static final int PIECE_BYTES_MIN = 1 << 8;
    private static final int PIECE_BYTES_MAX = 1 << 14;

    private final byte[] body;

    private BufferedRequest(HttpServletRequest request, byte[] body) {
        super(request);
        this.body = body;
    }

    /**
     * Reads the body, which takes as long as its caller does.
     *
     * @throws RefusedException where it is longer than allowed, or ends or breaks off as no body may
     * @throws repscorer.core.failure.ScorerException.Overloaded where requests together hold too much
     */
    static BufferedRequest read(HttpServletRequest request, long bytesMax, ByteBudget.Share share) {
        if (request.getContentLengthLong() > bytesMax) {
            throw tooLarge(bytesMax);
        }
        try (InputStream in = request.getInputStream()) {
            return new BufferedRequest(request, read(in, request.getContentLengthLong(), bytesMax, share));
        } catch (IOException e) {
            throw new RefusedException(
                    HttpStatus.BAD_REQUEST, "body-missing", "the request needs a JSON body that can be read");
        }
    }

    /* Room for the length that was said, if it is short; else it grows with what has come, for a length is soon said. */
    private static byte[] read(InputStream in, long length, long bytesMax, ByteBudget.Share share) throws IOException {
        byte[] body = new byte[(int) Math.clamp(length, PIECE_BYTES_MIN, PIECE_BYTES_MAX)];
        int size = 0;
        int read;
        while ((read = in.read(body, size, body.length - size)) >= 0) {
            share.take((long) HELD_TIMES * read);
            size += read;
            if (size > bytesMax) {
                throw tooLarge(bytesMax);
            }
            if (size == body.length && size != length) {
                body = Arrays.copyOf(body, (int) Math.min(2L * size, bytesMax + 1));
            } else if (size == length) {
                break;
            }
        }
        return size == body.length ? body : Arrays.copyOf(body, size);
    }

    private static RefusedException tooLarge(long bytesMax) {
        return new RefusedException(
                HttpStatus.CONTENT_TOO_LARGE,
                "body-too-large",
                "a JSON body has at most %s bytes (limits.request-body-max)".formatted(bytesMax));
    }

    int bytes() {
        return body.length;
    }

    /** The body itself, not a copy. */
    byte[] body() {
        return body;
    }

    @Override
    public ServletInputStream getInputStream() {
        ByteArrayInputStream in = new ByteArrayInputStream(body);
        return new ServletInputStream() {
            @Override
            public int read() {
                return in.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                return in.read(bytes, offset, length);
            }

            @Override
            public int available() {
                return in.available();
            }

            @Override
            public boolean isFinished() {
                return in.available() == 0;
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setReadListener(ReadListener listener) {
                throw new IllegalStateException("the body was read already");
            }
        };
    }

    @Override
    public BufferedReader getReader() {
        String encoding = getCharacterEncoding();
        Charset charset = encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding);
        return new BufferedReader(new InputStreamReader(getInputStream(), charset));
    }
}
