package repscorer.api.problem;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import repscorer.wire.ProblemBody;

/** Makes problem documents. */
final class Problems {

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

    /** The code of a status that nothing more is known about. */
    static String codeOf(int status) {
        return switch (status) {
            case 400 -> "malformed-request";
            case 404 -> "unknown-route";
            case 405 -> "method-not-allowed";
            case 406 -> "not-acceptable";
            case 413 -> "body-too-large";
            case 414 -> "address-too-long";
            case 415 -> "unsupported-media-type";
            case 431 -> "headers-too-large";
            case 503 -> "unavailable";
            default -> status >= 500 ? "internal-error" : "request-refused";
        };
    }
}
