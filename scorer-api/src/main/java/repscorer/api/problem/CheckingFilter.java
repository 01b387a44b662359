package repscorer.api.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import repscorer.core.failure.ScorerException;

/** A filter that lets a request through as it is, or has it told as a problem why not. */
public abstract class CheckingFilter extends RequestFilter {

    private final HandlerExceptionResolver resolver;

    protected CheckingFilter(HandlerExceptionResolver resolver) {
        this.resolver = resolver;
    }

    /**
     * Returns where the request may pass.
     *
     * @throws ScorerException why it may not
     * @throws RefusedException likewise
     */
    protected abstract void check(HttpServletRequest request);

    @Override
    protected final void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            check(request);
        } catch (ScorerException | RefusedException e) {
            resolver.resolveException(request, response, null, e);
            return;
        }
        chain.doFilter(request, response);
    }
}
