package repscorer.api.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;
import repscorer.text.GzipStream;

/** Unpacks bodies that come as {@code Content-Encoding: gzip}, ahead of every limit; another encoding is refused. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
final class EncodingFilter extends RequestFilter {

    private static final String GZIP = "gzip";

    private final HandlerExceptionResolver resolver;

    EncodingFilter(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
        this.resolver = resolver;
    }

    @Override
    protected void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getHeader(HttpHeaders.CONTENT_ENCODING) == null) {
            chain.doFilter(request, response);
            return;
        }
        String encoding = String.join(", ", Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING)))
                .strip()
                .toLowerCase(Locale.ROOT);
        switch (encoding) {
            case "", "identity" -> chain.doFilter(request, response);
            case GZIP, "x-gzip" -> chain.doFilter(new UnpackedRequest(request), response);
            default -> {
                HttpHeaders headers = new HttpHeaders();
                headers.set(HttpHeaders.ACCEPT_ENCODING, GZIP);
                resolver.resolveException(
                        request,
                        response,
                        null,
                        new RefusedException(
                                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                                "unsupported-encoding",
                                "a body is sent plain or as gzip, once: '%s' (header Content-Encoding)"
                                        .formatted(Problems.clipped(encoding)),
                                headers));
            }
        }
    }

    /** A request as if it had been sent plain, in chunks. */
    private static final class UnpackedRequest extends HttpServletRequestWrapper {

        private @Nullable UnpackedStream stream;

        UnpackedRequest(HttpServletRequest request) {
            super(request);
        }

        private static boolean isHidden(String name) {
            return name.equalsIgnoreCase(HttpHeaders.CONTENT_ENCODING)
                    || name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH);
        }

        @Override
        public @Nullable String getHeader(String name) {
            return isHidden(name) ? null : super.getHeader(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return isHidden(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            List<String> names = Collections.list(super.getHeaderNames());
            names.removeIf(UnpackedRequest::isHidden);
            return Collections.enumeration(names);
        }

        @Override
        public int getContentLength() {
            return -1;
        }

        @Override
        public long getContentLengthLong() {
            return -1;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            UnpackedStream unpacked = stream;
            if (unpacked == null) {
                unpacked = new UnpackedStream(super.getInputStream());
                stream = unpacked;
            }
            return unpacked;
        }
    }

    /** Reads nothing before it is asked to, so that who has no token is refused without a look at the body. */
    private static final class UnpackedStream extends ServletInputStream {

        private final ServletInputStream packed;
        private @Nullable InputStream plain;
        private boolean ended;

        UnpackedStream(ServletInputStream packed) {
            this.packed = packed;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                InputStream in = plain;
                if (in == null) {
                    in = new GzipStream(packed);
                    plain = in;
                }
                int read = in.read(bytes, offset, length);
                ended = read < 0;
                return read;
            } catch (ZipException | EOFException e) {
                throw new MalformedBodyException("it is sent as Content-Encoding: gzip, but " + e.getMessage(), e);
            }
        }

        @Override
        public boolean isFinished() {
            return ended;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new IllegalStateException("a packed body is read by who waits for it");
        }

        @Override
        public void close() throws IOException {
            if (plain != null) {
                plain.close();
            }
        }
    }
}
