package repscorer.api.problem;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;
import repscorer.core.failure.ScorerException;

/**
 * Refuses an address whose query cannot be read, or whose path holds what servers leave out of it, on every route and before
 * anybody asks for a part of it.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 4) // once the host is known to be ours
final class AddressFilter extends CheckingFilter {

    AddressFilter(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
        super(resolver);
    }

    @Override
    protected void check(HttpServletRequest request) {
        checkPath(request.getRequestURI());
        if (request.getQueryString() != null) {
            Query.of(request.getQueryString());
        }
    }

    /* What follows a semicolon would be a parameter of its segment, which nobody here reads. */
    private static void checkPath(String path) {
        if (path.indexOf(';') >= 0) {
            throw new ScorerException.Invalid(
                    "malformed-path", "path", "a ; in a path is written %3B: '" + Problems.clipped(path) + "'");
        }
    }
}
