package repscorer.api.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import repscorer.api.problem.RefusedException;

/** Lets a request through to an {@link AdminOnly} handler only with the admin token: {@code Authorization: Bearer …}. */
@Component
final class AdminInterceptor implements HandlerInterceptor, WebMvcConfigurer {

    private static final String SCHEME = "Bearer ";

    private static final Logger LOG = LoggerFactory.getLogger(AdminInterceptor.class);

    /** Lines of the log about refused tokens are this far apart: who guesses does not fill the disk. */
    private static final long LINES_NANOS_APART = Duration.ofSeconds(1).toNanos();

    private final AdminToken token;
    private final AtomicLong lineAt = new AtomicLong(System.nanoTime() - LINES_NANOS_APART);
    private final AtomicLong untold = new AtomicLong();

    AdminInterceptor(AdminToken token) {
        this.token = token;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!(handler instanceof HandlerMethod method) || !method.hasMethodAnnotation(AdminOnly.class)) {
            return true;
        }
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new RefusedException(
                    HttpStatus.UNAUTHORIZED,
                    "token-missing",
                    "this route needs the admin token: Authorization: Bearer TOKEN",
                    challenge(""));
        }
        if (!token.matches(authorization.substring(SCHEME.length()).strip())) {
            tell(request);
            throw new RefusedException(
                    HttpStatus.FORBIDDEN,
                    "token-wrong",
                    "the token is not the admin token",
                    challenge(", error=\"invalid_token\""));
        }
        return true;
    }

    private void tell(HttpServletRequest request) {
        long now = System.nanoTime();
        long last = lineAt.get();
        if (now - last < LINES_NANOS_APART || !lineAt.compareAndSet(last, now)) {
            untold.incrementAndGet();
            return;
        }
        LOG.warn(
                "a wrong admin token from {} was refused: {} {} ({} more since the last such line)",
                request.getRemoteAddr(),
                request.getMethod(),
                request.getRequestURI(),
                untold.getAndSet(0));
    }

    private static HttpHeaders challenge(String more) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"admin\"" + more);
        return headers;
    }
}
