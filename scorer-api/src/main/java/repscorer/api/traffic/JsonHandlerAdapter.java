package repscorer.api.traffic;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.Enumeration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerAdapter;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls the handlers that take one record as JSON and answer another: what most requests are, and nothing beside it. All else
 * is left to Spring's own adapter, and so is a body that cannot be read: what is wrong with it is told in one place. Safe for
 * concurrent use.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class JsonHandlerAdapter implements HandlerAdapter {

    private final JsonMapper json;
    private final RequestMappingHandlerAdapter other;
    private final Map<Method, Optional<Way>> ways = new ConcurrentHashMap<>();

    JsonHandlerAdapter(JsonMapper json, @Qualifier("requestMappingHandlerAdapter") RequestMappingHandlerAdapter other) {
        this.json = json;
        this.other = other;
    }

    @Override
    public boolean supports(Object handler) {
        return handler instanceof HandlerMethod method && way(method).isPresent();
    }

    @Override
    public @Nullable ModelAndView handle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws Exception {
        HandlerMethod method = (HandlerMethod) handler;
        Way way = way(method).orElseThrow();
        Object body = request instanceof BufferedRequest whole && isPlain(whole) ? way.read(whole.body()) : null;
        if (body == null) {
            return other.handle(request, response, handler);
        }
        way.write(way.call(method.getBean(), body), response);
        return null;
    }

    /** Whether JSON comes as UTF-8, and any or only JSON is asked for. */
    private static boolean isPlain(HttpServletRequest request) {
        Enumeration<String> accept = request.getHeaders(HttpHeaders.ACCEPT);
        String accepted = accept.hasMoreElements() ? accept.nextElement() : MediaType.ALL_VALUE;
        return MediaType.APPLICATION_JSON_VALUE.equals(request.getContentType())
                && (accepted.equals(MediaType.ALL_VALUE) || accepted.equals(MediaType.APPLICATION_JSON_VALUE))
                && !accept.hasMoreElements();
    }

    private Optional<Way> way(HandlerMethod method) {
        return ways.computeIfAbsent(method.getMethod(), this::wayOf);
    }

    private Optional<Way> wayOf(Method method) {
        boolean oneBody =
                method.getParameterCount() == 1 && method.getParameters()[0].isAnnotationPresent(RequestBody.class);
        if (!oneBody
                || !method.getParameterTypes()[0].isRecord()
                || !(method.getGenericReturnType() instanceof ParameterizedType answer)
                || answer.getRawType() != ResponseEntity.class
                || !(answer.getActualTypeArguments()[0] instanceof Class<?> written)
                || !written.isRecord()) {
            return Optional.empty();
        }
        method.setAccessible(true); // handlers are package-private
        return Optional.of(new Way(method, json.readerFor(method.getParameterTypes()[0]), json.writerFor(written)));
    }

    /** How one handler is called. */
    private record Way(Method method, ObjectReader reader, ObjectWriter writer) {

        /** Null where there is no such record. */
        @Nullable
        Object read(byte[] body) {
            try {
                return reader.readValue(body);
            } catch (JacksonException e) {
                return null; // read again, and told, by the other adapter
            }
        }

        ResponseEntity<?> call(Object controller, Object body) throws Exception {
            try {
                return (ResponseEntity<?>) method.invoke(controller, body);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }

        void write(ResponseEntity<?> answer, HttpServletResponse response) throws IOException {
            response.setStatus(answer.getStatusCode().value());
            answer.getHeaders().forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            try {
                writer.writeValue(response.getOutputStream(), answer.getBody());
            } catch (JacksonException e) {
                throw new HttpMessageNotWritableException("Could not write JSON: " + e.getOriginalMessage(), e);
            }
        }
    }
}
