package repscorer.api.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import repscorer.api.problem.RequestFilter;

/** Tells browsers to take every answer for what it says it is, and to run nothing of it, but for the page of the API. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class AnswerHeadersFilter extends RequestFilter {

    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

    /** The page sets styles of elements by itself, and draws images that it carries along. */
    private static final String OWN_PAGE = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'";

    @Override
    protected void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader(
                "Content-Security-Policy", request.getRequestURI().startsWith("/swagger-ui/") ? OWN_PAGE : NOTHING);
        chain.doFilter(request, response);
    }
}
