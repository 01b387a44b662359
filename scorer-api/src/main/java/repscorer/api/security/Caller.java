package repscorer.api.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Who asks, by the key that was shown. */
public final class Caller {

    /** Who shows the admin token; no key has a space in its name. */
    public static final String ADMIN = "admin token";

    private static final String ATTRIBUTE = Caller.class.getName();

    private Caller() {}

    static void note(HttpServletRequest request, String name) {
        request.setAttribute(ATTRIBUTE, name);
    }

    static Optional<String> of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof String name ? Optional.of(name) : Optional.empty();
    }

    /** The name of the key by which the request that this thread answers came, or {@value #ADMIN}; empty where none was looked at. */
    public static Optional<String> name() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                ? of(attributes.getRequest())
                : Optional.empty();
    }
}
