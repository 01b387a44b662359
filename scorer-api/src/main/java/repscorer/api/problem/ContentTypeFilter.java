package repscorer.api.problem;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Refuses a content type with a {@code *}: it is a pattern, and no body is of one. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
final class ContentTypeFilter extends CheckingFilter {

    ContentTypeFilter(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
        super(resolver);
    }

    @Override
    protected void check(HttpServletRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type != null && type.split(";", 2)[0].indexOf('*') >= 0) {
            throw new RefusedException(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "unsupported-media-type",
                    "a content type is one type and no pattern: '%s' (header Content-Type)"
                            .formatted(Problems.clipped(type)));
        }
    }
}
