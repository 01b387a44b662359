package repscorer.api.mcp;

import java.util.Optional;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/** A message that is answered with an error of JSON-RPC. What a tool has to say of its arguments is none: that is a result. */
final class RpcException extends RuntimeException {

    static final int MALFORMED_JSON = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int UNKNOWN_METHOD = -32601;
    static final int INVALID_PARAMS = -32602;

    /** Of the protocol's own, since 2026-07-28. */
    static final int HEADER_MISMATCH = -32020;

    static final int UNSUPPORTED_VERSION = -32022;

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final int code;
    private final transient Optional<JsonNode> data;

    RpcException(HttpStatus status, int code, String message) {
        this(status, code, message, Optional.empty());
    }

    RpcException(HttpStatus status, int code, String message, Optional<JsonNode> data) {
        super(message);
        this.status = status;
        this.code = code;
        this.data = data;
    }

    HttpStatus status() {
        return status;
    }

    int code() {
        return code;
    }

    /** More about it, for programs. */
    Optional<JsonNode> data() {
        return data;
    }
}
