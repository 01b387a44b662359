package repscorer.api.problem;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** A request that is refused for a reason of HTTP: its token, its size, its form. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final String code;
    private final transient HttpHeaders headers;

    public RefusedException(HttpStatus status, String code, String message) {
        this(status, code, message, HttpHeaders.EMPTY);
    }

    public RefusedException(HttpStatus status, String code, String message, HttpHeaders headers) {
        super(message);
        this.status = status;
        this.code = code;
        this.headers = headers;
    }

    /** One that may be asked again after so many seconds. */
    public static RefusedException later(HttpStatus status, String code, String message, long seconds) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        return new RefusedException(status, code, message, headers);
    }

    HttpStatus status() {
        return status;
    }

    String code() {
        return code;
    }

    HttpHeaders headers() {
        return headers;
    }
}
