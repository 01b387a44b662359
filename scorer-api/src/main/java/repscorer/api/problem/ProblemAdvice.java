package repscorer.api.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.coyote.BadRequestException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;
import repscorer.api.engine.StoreDirectory;
import repscorer.core.failure.ScorerException;
import repscorer.yaml.JacksonFailures;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Answers everything that a handler, or the search for one, throws. */
@RestControllerAdvice
final class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final Pattern BRACKETS = Pattern.compile("\\(([^)]+)\\)");

    private static final int RETRY_NOT_READY_SECONDS = 5;
    static final int RETRY_OVERLOADED_SECONDS = 1;

    private final StoreDirectory directory;

    ProblemAdvice(StoreDirectory directory) {
        this.directory = directory;
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(ScorerException e, WebRequest request) {
        return switch (e) {
            case ScorerException.Invalid invalid ->
                answer(e.code().equals("body-too-large") ? 413 : 400, e, invalid.field(), request, HttpHeaders.EMPTY);
            case ScorerException.NotFound notFound -> answer(404, e, null, request, HttpHeaders.EMPTY);
            case ScorerException.Conflict conflict -> answer(409, e, null, request, HttpHeaders.EMPTY);
            case ScorerException.Rejected rejected -> answer(422, e, null, request, HttpHeaders.EMPTY);
            case ScorerException.NotReady notReady ->
                answer(503, e, null, request, retryAfter(RETRY_NOT_READY_SECONDS));
            case ScorerException.Overloaded overloaded ->
                answer(503, e, null, request, retryAfter(RETRY_OVERLOADED_SECONDS));
            case ScorerException.Storage storage -> {
                LOG.error("storage failed: {}", e.getMessage(), e);
                yield answer(507, e, null, request, HttpHeaders.EMPTY);
            }
        };
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(RefusedException e, WebRequest request) {
        return Problems.answer(e.status(), e.code(), e.getMessage(), path(request), null, e.headers());
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> unexpected(Throwable e, WebRequest request) {
        if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
            // There is nobody to answer, and nothing of ours to log.
            LOG.debug("the caller hung up: {}", e.getMessage());
            return null;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BadRequestException broken) {
                return bad(
                        "body-broken-off",
                        "the body could not be read to its end: " + broken.getMessage(),
                        "body",
                        request);
            }
        }
        String id = HexFormat.of().formatHex(random());
        LOG.error("request {} failed: {}", id, request.getDescription(false), e);
        if (request instanceof ServletWebRequest servlet
                && servlet.getResponse() != null
                && servlet.getResponse().isCommitted()) {
            return null; // the answer is half written: no problem can follow it
        }
        return Problems.answer(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal-error",
                "the service failed; its log tells more under id " + id,
                path(request),
                null,
                HttpHeaders.EMPTY);
    }

    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedException refused) {
                return refused(refused, request);
            }
            if (cause instanceof BodyTooLargeException tooLarge) {
                return refused(tooLarge.refusal(), request);
            }
            if (cause instanceof MalformedBodyException malformed) {
                return bad("malformed-body", "the body cannot be unpacked: " + malformed.getMessage(), null, request);
            }
            if (cause instanceof JacksonException json && !(json.getCause() instanceof IOException)) {
                return unreadable(json, request);
            }
        }
        return bad("body-missing", "the request needs a JSON body that can be read", null, request);
    }

    @Override
    protected ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return bad("field-missing", "%s is missing".formatted(e.getParameterName()), e.getParameterName(), request);
    }

    @Override
    protected ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String name = e instanceof MethodArgumentTypeMismatchException argument
                ? argument.getName()
                : String.valueOf(e.getPropertyName());
        String rule = "%s must be %s: '%s'"
                .formatted(
                        name,
                        JacksonFailures.expected(e.getRequiredType()),
                        Problems.clipped(String.valueOf(e.getValue())));
        return bad("wrong-type", rule, name, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (status.is5xxServerError()) {
            return unexpected(e, request);
        }
        return Problems.answer(
                status, Problems.codeOf(status.value()), words(e, status, request), path(request), null, headers);
    }

    private static String words(Exception e, HttpStatusCode status, WebRequest request) {
        if (e instanceof HttpRequestMethodNotSupportedException method) {
            var allowed = method.getSupportedHttpMethods();
            return "%s is not allowed here; allowed are %s"
                    .formatted(
                            method.getMethod(),
                            allowed == null
                                    ? "none"
                                    : allowed.stream()
                                            .map(HttpMethod::name)
                                            .sorted()
                                            .collect(Collectors.joining(", ")));
        }
        if (e instanceof HttpMediaTypeNotSupportedException media) {
            return "%s; send %s".formatted(sent(media, request), media.getSupportedMediaTypes());
        }
        if (e instanceof HttpMediaTypeNotAcceptableException media) {
            return "answers are %s%s"
                    .formatted(media.getSupportedMediaTypes(), shown(request.getHeader(HttpHeaders.ACCEPT)));
        }
        return status.value() == 404
                ? "no such route: %s; /swagger-ui.html lists them".formatted(path(request))
                : Problems.detailOf(status.value());
    }

    private static String sent(HttpMediaTypeNotSupportedException media, WebRequest request) {
        String header = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (header == null || header.isBlank()) {
            return "header Content-Type is missing";
        }
        return media.getContentType() == null
                ? "header Content-Type is no media type" + shown(header)
                : "content type %s is not read here".formatted(media.getContentType());
    }

    private static String shown(@Nullable String value) {
        return value == null ? "" : ": '" + Problems.clipped(value) + "'";
    }

    static ResponseEntity<Object> unreadable(JacksonException e, WebRequest request) {
        String field = JacksonFailures.path(e);
        String place = place(e.getLocation());
        String named = field.isEmpty() ? "the body" : field;
        if (e instanceof StreamConstraintsException) {
            return bad(
                    "body-too-complex",
                    "a JSON body has at most 250000 values and names, 64 levels, and numbers of 1000 digits" + place,
                    field,
                    request);
        }
        if (e instanceof UnrecognizedPropertyException) {
            return bad("unknown-key", "%s: %s%s".formatted(field, JacksonFailures.rule(e), place), field, request);
        }
        if (e instanceof InputCoercionException) {
            return bad(
                    "out-of-range",
                    "%s: the number is out of range%s%s".formatted(named, number(e), place),
                    field,
                    request);
        }
        if (e instanceof DatabindException) {
            return String.valueOf(e.getOriginalMessage()).startsWith("Trailing token")
                    ? bad("malformed-json", "the body is one JSON document, and another begins" + place, null, request)
                    : bad("wrong-type", "%s %s%s".formatted(named, JacksonFailures.rule(e), place), field, request);
        }
        String message = JacksonFailures.words(e);
        if (message.startsWith("Non-standard token")) {
            return bad("not-finite", "NaN and Infinity are no JSON numbers" + place, field, request);
        }
        return bad("malformed-json", "the body is no valid JSON%s: %s".formatted(place, message), field, request);
    }

    /* The parser shows the number in brackets. */
    private static String number(JacksonException e) {
        Matcher matcher = BRACKETS.matcher(String.valueOf(e.getOriginalMessage()));
        return matcher.find() ? ": " + Problems.clipped(matcher.group(1)) : "";
    }

    private static String place(@Nullable TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : " (line %s, column %s)".formatted(location.getLineNr(), location.getColumnNr());
    }

    private static ResponseEntity<Object> bad(String code, String detail, @Nullable String field, WebRequest request) {
        @Nullable String place = field == null || field.isEmpty() ? null : field;
        return Problems.answer(HttpStatus.BAD_REQUEST, code, detail, path(request), place, HttpHeaders.EMPTY);
    }

    private ResponseEntity<Object> answer(
            int status, ScorerException e, @Nullable String field, WebRequest request, HttpHeaders headers) {
        String detail = directory.told(String.valueOf(e.getMessage()));
        return Problems.answer(HttpStatusCode.valueOf(status), e.code(), detail, path(request), field, headers);
    }

    private static HttpHeaders retryAfter(int seconds) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, Integer.toString(seconds));
        return headers;
    }

    private static @Nullable String path(WebRequest request) {
        if (request instanceof ServletWebRequest servlet) {
            HttpServletRequest http = servlet.getRequest();
            return http.getRequestURI();
        }
        return null;
    }

    private static byte[] random() {
        byte[] bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
