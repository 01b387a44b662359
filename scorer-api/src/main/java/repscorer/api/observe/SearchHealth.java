package repscorer.api.observe;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Out of service once {@value #FAILURES_MAX} questions in a row failed for a fault of ours, for half a minute after the
 * last; then questions may come again, and the next failure closes anew.
 */
@Component("searches")
final class SearchHealth implements HealthIndicator, HandlerInterceptor, WebMvcConfigurer {

    static final int FAILURES_MAX = 5;

    private static final Duration CLOSED = Duration.ofSeconds(30);

    private static final Set<String> QUESTIONS = Set.of(
            "/v1/candidates",
            "/v1/why-not",
            "/v1/scores",
            "/v1/scores/pairs",
            "/v1/scores/matrix",
            "/v1/features/engagement");

    private final AtomicInteger failures = new AtomicInteger();
    private volatile long failedAtNanos;

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this);
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception e) {
        if (request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof String route
                && QUESTIONS.contains(route)) {
            answered(response.getStatus(), System.nanoTime());
        }
    }

    void answered(int status, long nowNanos) {
        if (status == 500) {
            failedAtNanos = nowNanos;
            failures.updateAndGet(count -> Math.min(FAILURES_MAX, count + 1));
        } else if (status < 300) {
            failures.set(0);
        }
    }

    @Override
    public Health health() {
        return health(System.nanoTime());
    }

    Health health(long nowNanos) {
        boolean closed = failures.get() == FAILURES_MAX && nowNanos - failedAtNanos < CLOSED.toNanos();
        return closed
                ? Health.outOfService()
                        .withDetail("failed", "the last %s questions failed; the log tells why".formatted(FAILURES_MAX))
                        .build()
                : Health.up().build();
    }
}
