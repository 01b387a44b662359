package repscorer.api.audit;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import repscorer.api.security.Caller;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;

/** Notes every request that changes releases or configuration, whatever came of it, once it was let in. */
@Component
final class AuditInterceptor implements HandlerInterceptor, WebMvcConfigurer {

    private static final Set<Role> CHANGING = EnumSet.of(Role.PUBLISH, Role.EXPERIMENT, Role.ADMIN);
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final String BEFORE = AuditInterceptor.class.getName();

    private static final int WHAT_CHARACTERS_MAX = 4_000;

    private final AuditTrail trail;

    /** The state before a request, as it goes with it. */
    private record Before(SortedMap<String, String> state) {}

    AuditInterceptor(AuditTrail trail) {
        this.trail = trail;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).order(2); // who is not let in changes nothing, and would fill the log
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getDispatcherType() == DispatcherType.REQUEST && changes(request, handler)) {
            trail.check();
            request.setAttribute(BEFORE, new Before(trail.state()));
        }
        return true;
    }

    private static boolean changes(HttpServletRequest request, Object handler) {
        if (!(handler instanceof HandlerMethod method) || READING.contains(request.getMethod())) {
            return false;
        }
        Needs needs = method.getMethodAnnotation(Needs.class);
        return needs != null && CHANGING.contains(needs.value());
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        if (request.getAttribute(BEFORE) instanceof Before before) {
            request.removeAttribute(BEFORE);
            trail.note(
                    Caller.name().orElse("nobody"),
                    request.getRemoteAddr(),
                    what(request),
                    response.getStatus(),
                    before.state());
        }
    }

    private static String what(HttpServletRequest request) {
        String query = request.getQueryString();
        String what = request.getMethod() + " " + request.getRequestURI() + (query == null ? "" : "?" + query);
        return what.length() <= WHAT_CHARACTERS_MAX ? what : what.substring(0, WHAT_CHARACTERS_MAX) + "…";
    }
}
