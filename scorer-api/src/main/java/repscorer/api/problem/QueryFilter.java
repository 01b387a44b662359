package repscorer.api.problem;

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

/** Refuses an address whose query cannot be read, on every route and before anybody asks for a parameter. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 4) // an address is looked at once its host is known to be ours
final class QueryFilter extends OncePerRequestFilter {

    private final HandlerExceptionResolver resolver;

    QueryFilter(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
        this.resolver = resolver;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            Query.of(request.getQueryString());
        } catch (ScorerException.Invalid e) {
            resolver.resolveException(request, response, null, e);
            return;
        }
        chain.doFilter(request, response);
    }
}
