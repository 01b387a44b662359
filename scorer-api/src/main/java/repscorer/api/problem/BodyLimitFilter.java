package repscorer.api.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;
import repscorer.api.config.ServiceConfig;

/** Refuses long bodies: at once where their length is stated, else as soon as they turn out too long. */
@Component
final class BodyLimitFilter extends RequestFilter {

    private final long bytesMax;
    private final HandlerExceptionResolver resolver;

    BodyLimitFilter(ServiceConfig config, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
        this.bytesMax = config.settings().limits().requestBodyMax().toBytes();
        this.resolver = resolver;
    }

    /** An upload streams to disk under the store's own limit; a stream of changes is read line by line. */
    private static boolean isUnlimited(HttpServletRequest request) {
        return (request.getContentType() != null
                        && request.getContentType().startsWith(MediaType.APPLICATION_NDJSON_VALUE))
                || isUpload(request);
    }

    private static boolean isUpload(HttpServletRequest request) {
        // A form would be read whole before anybody looks at it, so it stays under the limit.
        return request.getMethod().equals("PUT")
                && request.getRequestURI().startsWith(request.getContextPath() + "/v1/releases/")
                && (request.getContentType() == null
                        || !request.getContentType().startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE));
    }

    @Override
    protected void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isUnlimited(request)) {
            chain.doFilter(request, response);
        } else if (request.getContentLengthLong() > bytesMax) {
            resolver.resolveException(request, response, null, new BodyTooLargeException(bytesMax).refusal());
        } else if (request.getContentLengthLong() >= 0) {
            chain.doFilter(request, response);
        } else {
            chain.doFilter(new LimitedRequest(request, bytesMax), response);
        }
    }

    private static final class LimitedRequest extends HttpServletRequestWrapper {

        private final long bytesMax;

        LimitedRequest(HttpServletRequest request, long bytesMax) {
            super(request);
            this.bytesMax = bytesMax;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new LimitedStream(super.getInputStream(), bytesMax);
        }
    }

    private static final class LimitedStream extends ServletInputStream {

        private final ServletInputStream in;
        private final long bytesMax;
        private long bytesRead;

        LimitedStream(ServletInputStream in, long bytesMax) {
            this.in = in;
            this.bytesMax = bytesMax;
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            count(Math.max(0, read));
            return read;
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }

        private void count(int bytes) throws IOException {
            bytesRead += bytes;
            if (bytesRead > bytesMax) {
                throw new BodyTooLargeException(bytesMax);
            }
        }
    }
}
