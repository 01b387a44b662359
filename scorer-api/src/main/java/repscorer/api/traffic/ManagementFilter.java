package repscorer.api.traffic;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;
import repscorer.core.failure.ScorerException;

/** Answers nothing but probes and metrics on the management port. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class ManagementFilter extends OncePerRequestFilter {

    private final Ports ports;
    private final HandlerExceptionResolver resolver;

    ManagementFilter(Ports ports, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
        this.ports = ports;
        this.resolver = resolver;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getLocalPort() == ports.managementPort() && !Route.isProbe(request.getServletPath())) {
            resolver.resolveException(
                    request,
                    response,
                    null,
                    new ScorerException.NotFound(
                            "unknown-route", "the management port answers /actuator/health and /actuator/prometheus"));
        } else {
            chain.doFilter(request, response);
        }
    }
}
