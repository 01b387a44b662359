package repscorer.api.traffic;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;
import repscorer.api.problem.CheckingFilter;
import repscorer.core.failure.ScorerException;

/** Answers nothing but probes and metrics on the management port. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class ManagementFilter extends CheckingFilter {

    private final Ports ports;

    ManagementFilter(Ports ports, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
        super(resolver);
        this.ports = ports;
    }

    @Override
    protected void check(HttpServletRequest request) {
        if (request.getLocalPort() == ports.managementPort() && !Route.isProbe(request.getServletPath())) {
            throw new ScorerException.NotFound(
                    "unknown-route", "the management port answers /actuator/health and /actuator/prometheus");
        }
    }
}
