package repscorer.api.mcp;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How a request speaks the protocol: each version since 2026-07-28 is told with every request, older ones once by a handshake. */
enum Era {
    /** Versions that begin with {@code initialize}. The service keeps nothing of it: it has no sessions. */
    HANDSHAKE,
    /** Versions that every request tells, with the rest of what there is to know of its client. */
    PER_REQUEST;

    static final String VERSION_HEADER = "MCP-Protocol-Version";
    static final String METHOD_HEADER = "Mcp-Method";
    static final String NAME_HEADER = "Mcp-Name";

    static final String META = "_meta";
    static final String META_PREFIX = "io.modelcontextprotocol/";

    static final String CALL = "tools/call";
    static final String INITIALIZE = "initialize";

    private static final List<String> PER_REQUEST_VERSIONS = List.of("2026-07-28");
    private static final List<String> HANDSHAKE_VERSIONS = List.of("2025-11-25", "2025-06-18");

    private static final String ENCODED = "=?base64?";
    private static final String ENCODED_END = "?=";

    /** All versions, newest first. */
    static List<String> versions() {
        return Stream.of(PER_REQUEST_VERSIONS, HANDSHAKE_VERSIONS)
                .flatMap(List::stream)
                .toList();
    }

    /** The version that a handshake agrees on: the one that is asked for, or the newest that has a handshake. */
    static String agreed(String asked) {
        return HANDSHAKE_VERSIONS.contains(asked) ? asked : HANDSHAKE_VERSIONS.getFirst();
    }

    /**
     * How a message speaks.
     *
     * @throws RpcException for a version that the service does not speak, and headers that are not as the message is
     */
    static Era of(Message message, HttpServletRequest request) {
        @Nullable String header = request.getHeader(VERSION_HEADER);
        Optional<String> told = text(message.params().path(META).path(META_PREFIX + "protocolVersion"));
        if (told.isEmpty() && message.method().equals(INITIALIZE)) {
            return HANDSHAKE;
        }
        Stream.of(Optional.ofNullable(header), told)
                .flatMap(Optional::stream)
                .filter(version -> !versions().contains(version))
                .findFirst()
                .ifPresent(version -> {
                    throw unsupported(version);
                });
        if (told.isPresent() && (header == null || !header.equals(told.get()))) {
            throw mismatch(VERSION_HEADER, header, told.get());
        }
        if (header == null || HANDSHAKE_VERSIONS.contains(header)) {
            return HANDSHAKE;
        }
        if (!message.isNotification()) {
            checkWhole(message, told, request);
        }
        return PER_REQUEST;
    }

    private static void checkWhole(Message message, Optional<String> told, HttpServletRequest request) {
        JsonNode meta = message.params().path(META);
        if (told.isEmpty() || !meta.path(META_PREFIX + "clientCapabilities").isObject()) {
            throw new RpcException(
                    HttpStatus.BAD_REQUEST,
                    RpcException.INVALID_PARAMS,
                    "params._meta needs %sprotocolVersion, text, and %sclientCapabilities, an object"
                            .formatted(META_PREFIX, META_PREFIX));
        }
        check(METHOD_HEADER, request.getHeader(METHOD_HEADER), message.method());
        if (message.method().equals(CALL)) {
            check(
                    NAME_HEADER,
                    decoded(request.getHeader(NAME_HEADER)),
                    text(message.params().path("name")).orElse(""));
        }
    }

    /* What stands between client and service may go by the headers: they are what the body says. */
    private static void check(String name, @Nullable String header, String body) {
        if (!Objects.equals(header, body)) {
            throw mismatch(name, header, body);
        }
    }

    private static @Nullable String decoded(@Nullable String value) {
        if (value == null || !value.startsWith(ENCODED) || !value.endsWith(ENCODED_END)) {
            return value;
        }
        try {
            String within = value.substring(ENCODED.length(), Math.max(ENCODED.length(), value.length() - 2));
            return new String(Base64.getDecoder().decode(within), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    private static Optional<String> text(JsonNode node) {
        return node.isString() ? Optional.of(node.asString()) : Optional.empty();
    }

    private static RpcException mismatch(String name, @Nullable String header, String body) {
        return new RpcException(
                HttpStatus.BAD_REQUEST,
                RpcException.HEADER_MISMATCH,
                "header %s is what the body says, '%s': %s"
                        .formatted(name, body, header == null ? "it is missing" : "'" + header + "'"));
    }

    private static RpcException unsupported(String version) {
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("requested", version);
        versions().forEach(data.putArray("supported")::add);
        return new RpcException(
                HttpStatus.BAD_REQUEST,
                RpcException.UNSUPPORTED_VERSION,
                "version '%s' is not spoken here; %s are".formatted(version, String.join(", ", versions())),
                Optional.of(data));
    }
}
