package repscorer.api.mcp;

import java.util.Optional;
import org.springframework.http.HttpStatus;
import repscorer.yaml.JacksonFailures;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request of JSON-RPC 2.0, or a notification, which has no id.
 *
 * @param id text or a whole number
 * @param params empty where none were sent
 */
record Message(Optional<JsonNode> id, String method, ObjectNode params) {

    /** @throws RpcException for what is no JSON */
    static JsonNode read(JsonMapper json, byte[] body) {
        try {
            return json.readTree(body);
        } catch (JacksonException e) {
            throw new RpcException(
                    HttpStatus.BAD_REQUEST,
                    RpcException.MALFORMED_JSON,
                    "the body is no valid JSON: " + JacksonFailures.words(e));
        }
    }

    /** The id of what may be no message otherwise, so that what is wrong with it can be told to whom it belongs. */
    static Optional<JsonNode> idOf(JsonNode body) {
        JsonNode id = body.path("id");
        return id.isString() || id.isIntegralNumber() ? Optional.of(id) : Optional.empty();
    }

    /** @throws RpcException for what is no message */
    static Message of(JsonNode body) {
        if (!body.isObject()) {
            throw invalid("a message is a JSON object; messages are sent one by one");
        }
        if (!body.path("jsonrpc").asString("").equals("2.0")) {
            throw invalid("jsonrpc must be \"2.0\"");
        }
        if (!body.path("method").isString()) {
            throw invalid("method must be text; the service asks nothing that could be answered");
        }
        if (body.has("id") && idOf(body).isEmpty()) {
            throw invalid("id must be text or a whole number");
        }
        JsonNode params = body.path("params");
        if (!params.isMissingNode() && !params.isObject()) {
            throw new RpcException(HttpStatus.BAD_REQUEST, RpcException.INVALID_PARAMS, "params must be a JSON object");
        }
        return new Message(
                idOf(body),
                body.path("method").asString(),
                params instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode());
    }

    private static RpcException invalid(String rule) {
        return new RpcException(HttpStatus.BAD_REQUEST, RpcException.INVALID_REQUEST, rule);
    }

    boolean isNotification() {
        return id.isEmpty();
    }
}
