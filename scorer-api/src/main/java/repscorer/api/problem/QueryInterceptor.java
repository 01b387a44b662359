package repscorer.api.problem;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import repscorer.core.failure.ScorerException.Invalid;

/** Refuses query parameters that a handler of ours does not read, and one that is there twice where one value is read. */
@Component
final class QueryInterceptor implements HandlerInterceptor, WebMvcConfigurer {

    private static final String OURS = "repscorer.";
    private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

    /** By handler: the parameters it reads, and whether it reads several values of one. */
    private final Map<HandlerMethod, Map<String, Boolean>> known = new ConcurrentHashMap<>();

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).order(1); // after the token, which the address says nothing about
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getQueryString() == null
                || request.getDispatcherType() != DispatcherType.REQUEST
                || !(handler instanceof HandlerMethod method)
                || !method.getBeanType().getName().startsWith(OURS)) {
            return true;
        }
        Map<String, Boolean> readable = known.computeIfAbsent(method, QueryInterceptor::readable);
        Query.of(request.getQueryString()).values().forEach((name, values) -> {
            Boolean several = readable.get(name);
            if (several == null) {
                throw new Invalid(
                        "unknown-parameter",
                        name,
                        "no query parameter is called '%s'; %s"
                                .formatted(
                                        name,
                                        readable.isEmpty()
                                                ? "there is none here"
                                                : "known are " + String.join(", ", readable.keySet())));
            }
            if (values.size() > 1 && !several) {
                throw new Invalid(
                        "repeated-parameter", name, "%s has one value, and not %s".formatted(name, values.size()));
            }
        });
        return true;
    }

    private static Map<String, Boolean> readable(HandlerMethod method) {
        Map<String, Boolean> readable = new TreeMap<>();
        for (MethodParameter parameter : method.getMethodParameters()) {
            RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
            if (annotation != null) {
                parameter.initParameterNameDiscovery(NAMES);
                String name = annotation.name().isEmpty() ? parameter.getParameterName() : annotation.name();
                readable.put(String.valueOf(name), List.class.isAssignableFrom(parameter.getParameterType()));
            }
        }
        return readable;
    }
}
