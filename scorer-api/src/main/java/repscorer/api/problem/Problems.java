package repscorer.api.problem;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import repscorer.wire.ProblemBody;

/** Makes problem documents. */
public final class Problems {

    private static final int SHOWN_CHARACTERS = 60;

    private Problems() {}

    static ProblemBody body(
            int status, String code, @Nullable String detail, @Nullable String instance, @Nullable String field) {
        return new ProblemBody("/problems/" + code, title(code), status, detail, instance, code, field);
    }

    static ResponseEntity<Object> answer(
            HttpStatusCode status,
            String code,
            @Nullable String detail,
            @Nullable String instance,
            @Nullable String field,
            HttpHeaders headers) {
        HttpHeaders all = new HttpHeaders();
        all.putAll(headers);
        all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return new ResponseEntity<>(body(status.value(), code, detail, instance, field), all, status);
    }

    /** {@code malformed-id} is "Malformed id". */
    static String title(String code) {
        String words = code.replace('-', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** A value as far as a message shows it. */
    public static String clipped(String value) {
        return value.length() <= SHOWN_CHARACTERS ? value : value.substring(0, SHOWN_CHARACTERS) + "...";
    }

    /** What can be said of a status that nothing more is known about. */
    static String detailOf(int status) {
        return switch (status) {
            case 400 -> "the request, or the chunks of its body, are not written as RFC 9112 has it";
            case 404 -> "no such route; /swagger-ui.html lists them";
            case 405 -> "the method is not allowed here; Allow names those that are";
            case 408 -> "the request did not come in time";
            case 413 -> "the body is too long";
            default -> status >= 500 ? "the service failed; its log tells more" : "the request was refused";
        };
    }

    /** The code of a status that nothing more is known about. */
    static String codeOf(int status) {
        return switch (status) {
            case 400 -> "malformed-request";
            case 404 -> "unknown-route";
            case 405 -> "method-not-allowed";
            case 406 -> "not-acceptable";
            case 408 -> "request-timed-out";
            case 413 -> "body-too-large";
            case 414 -> "address-too-long";
            case 415 -> "unsupported-media-type";
            case 417 -> "expectation-failed";
            case 421 -> "unknown-host";
            case 431 -> "headers-too-large";
            case 501 -> "not-implemented";
            case 503 -> "unavailable";
            case 505 -> "http-version-not-supported";
            default -> status >= 500 ? "internal-error" : "request-refused";
        };
    }
}
