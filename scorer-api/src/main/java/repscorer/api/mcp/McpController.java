package repscorer.api.mcp;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.cors.CorsUtils;
import repscorer.api.config.ServiceConfig;
import repscorer.api.problem.Problems;
import repscorer.api.problem.RefusedException;
import repscorer.api.problem.ToldProblems;
import repscorer.api.security.Access;
import repscorer.core.failure.ScorerException;
import repscorer.wire.ProblemBody;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Speaks the Model Context Protocol over its streamable HTTP transport: a message of JSON-RPC 2.0 comes in one {@code POST} and is
 * answered in that one's answer. There are no sessions and no streams. It is not in the OpenAPI document: its one route is many calls,
 * which it describes itself by {@code tools/list}.
 */
@RestController
@Hidden
final class McpController {

    /** For as long a client may keep what it was told of tools; surfaces change with the configuration. */
    private static final int KEPT_MILLIS = 60_000;

    private final JsonMapper json;
    private final Tools tools;
    private final ToolSchemas schemas;
    private final ToldProblems problems;
    private final Access access;
    private final List<String> origins;

    McpController(
            JsonMapper json,
            Tools tools,
            ToolSchemas schemas,
            ToldProblems problems,
            Access access,
            ServiceConfig config) {
        this.json = json;
        this.tools = tools;
        this.schemas = schemas;
        this.problems = problems;
        this.access = access;
        this.origins = config.settings().http().corsOrigins();
    }

    @PostMapping(path = "/mcp", consumes = "application/json", produces = "application/json")
    ResponseEntity<byte[]> message(@RequestBody byte[] body, HttpServletRequest request) {
        checkOrigin(request);
        Optional<JsonNode> id = Optional.empty();
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
        HttpStatus status = HttpStatus.OK;
        try {
            JsonNode read = Message.read(json, body);
            id = Message.idOf(read);
            Message message = Message.of(read);
            Era era = Era.of(message, request);
            if (message.isNotification()) {
                return ResponseEntity.accepted().build();
            }
            answer.set("id", id.orElseThrow());
            answer.set("result", completed(era, result(era, message, request)));
        } catch (RpcException e) {
            status = e.status();
            id.ifPresent(known -> answer.set("id", known));
            ObjectNode error = answer.putObject("error").put("code", e.code()).put("message", e.getMessage());
            e.data().ifPresent(data -> error.set("data", data));
        }
        return ResponseEntity.status(status).body(json.writeValueAsBytes(answer));
    }

    /* The protocol asks for it whatever a browser would have asked beforehand. */
    private void checkOrigin(HttpServletRequest request) {
        if (CorsUtils.isCorsRequest(request) && !origins.contains(request.getHeader(HttpHeaders.ORIGIN))) {
            throw new RefusedException(
                    HttpStatus.FORBIDDEN,
                    "origin-refused",
                    "http.cors-origins are the pages that may use the tools: '%s' (header Origin)"
                            .formatted(Problems.clipped(request.getHeader(HttpHeaders.ORIGIN))));
        }
    }

    private ObjectNode result(Era era, Message message, HttpServletRequest request) {
        String method = message.method();
        if (method.equals(Era.CALL)) {
            return call(message.params(), request);
        }
        if (method.equals("tools/list")) {
            return kept(era, list(message.params(), request));
        }
        if (era == Era.HANDSHAKE) {
            switch (method) {
                case Era.INITIALIZE -> {
                    return initialized(message.params());
                }
                case "ping" -> {
                    return JsonNodeFactory.instance.objectNode();
                }
                default -> {}
            }
        } else if (method.equals("server/discover")) {
            return kept(era, discovered());
        }
        throw new RpcException(
                era == Era.HANDSHAKE ? HttpStatus.OK : HttpStatus.NOT_FOUND,
                RpcException.UNKNOWN_METHOD,
                "there is no method '%s'; there are tools".formatted(Problems.clipped(method)));
    }

    /** What every result says since requests tell their version. */
    private static ObjectNode completed(Era era, ObjectNode result) {
        if (era == Era.PER_REQUEST) {
            result.put("resultType", "complete");
            result.putObject(Era.META).set(Era.META_PREFIX + "serverInfo", server());
        }
        return result;
    }

    private static ObjectNode kept(Era era, ObjectNode result) {
        return era == Era.PER_REQUEST
                ? result.put("ttlMs", KEPT_MILLIS).put("cacheScope", "private") // it differs by the caller's roles
                : result;
    }

    private static ObjectNode server() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", "representation-scorer")
                .put("title", "Representation Scorer")
                .put(
                        "version",
                        Objects.requireNonNullElse(
                                McpController.class.getPackage().getImplementationVersion(), "unpackaged"));
    }

    private ObjectNode initialized(ObjectNode params) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.put("protocolVersion", Era.agreed(params.path("protocolVersion").asString("")));
        result.putObject("capabilities").putObject("tools");
        result.set("serverInfo", server());
        return result.put("instructions", tools.instructions());
    }

    private ObjectNode discovered() {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        Era.versions().forEach(result.putArray("supportedVersions")::add);
        result.putObject("capabilities").putObject("tools");
        return result.put("instructions", tools.instructions());
    }

    /** The tools that the caller may use, in one page. */
    private ObjectNode list(ObjectNode params, HttpServletRequest request) {
        if (params.has("cursor")) {
            throw invalid("the tools come in one page: no cursor was given out");
        }
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        JsonNode document = schemas.document(request);
        for (Tool<?> tool : tools.all()) {
            if (access.allows(request, tool.role())) {
                ToolSchemas.Schemas both = ToolSchemas.of(tool, document);
                ObjectNode told = result.withArray("tools").addObject();
                told.put("name", tool.name()).put("title", tool.title()).put("description", tool.description());
                told.set("inputSchema", both.arguments());
                told.set("outputSchema", both.answer());
                told.putObject("annotations")
                        .put("readOnlyHint", true)
                        .put("idempotentHint", true)
                        .put("openWorldHint", false);
            }
        }
        return result;
    }

    private ObjectNode call(ObjectNode params, HttpServletRequest request) {
        String name = params.path("name").asString("");
        Tool<?> tool = tools.named(name).orElseThrow(() -> unknownTool(name));
        access.check(request, tool.role());
        JsonNode arguments = params.path("arguments");
        if (!arguments.isMissingNode() && !arguments.isObject()) {
            throw invalid("params.arguments must be a JSON object");
        }
        return called(tool, arguments.isMissingNode() ? params.objectNode() : (ObjectNode) arguments, request);
    }

    /* A model reads what a tool answers, and no errors of the protocol: what is wrong with its arguments is an answer too. */
    private <A extends Record> ObjectNode called(Tool<A> tool, ObjectNode arguments, HttpServletRequest request) {
        A read;
        try {
            for (String key : tool.unused()) {
                if (arguments.has(key)) {
                    throw new ScorerException.Invalid(
                            "unknown-key", key, "%s: the tool %s always does".formatted(key, tool.name()));
                }
            }
            read = json.treeToValue(arguments, tool.arguments());
        } catch (ScorerException.Invalid e) {
            return refused(problems.of(e, request));
        } catch (JacksonException e) {
            return refused(problems.of(e, request));
        }
        try {
            JsonNode answer = json.valueToTree(tool.answer().apply(read));
            ObjectNode result = text(json.writeValueAsString(answer));
            result.set("structuredContent", answer);
            return result.put("isError", false);
        } catch (ScorerException.Storage e) {
            throw e; // it is the operator's to mend, and told and logged as everywhere
        } catch (ScorerException e) {
            return refused(problems.of(e, request));
        } catch (RefusedException e) {
            return refused(problems.of(e, request));
        }
    }

    private ObjectNode refused(ProblemBody problem) {
        return text(json.writeValueAsString(problem)).put("isError", true);
    }

    private static ObjectNode text(String text) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        return result;
    }

    private RpcException unknownTool(String name) {
        return new RpcException(
                HttpStatus.OK,
                RpcException.INVALID_PARAMS,
                "there is no tool '%s'; there are %s"
                        .formatted(
                                Problems.clipped(name),
                                tools.all().stream().map(Tool::name).toList()));
    }

    private static RpcException invalid(String rule) {
        return new RpcException(HttpStatus.BAD_REQUEST, RpcException.INVALID_PARAMS, rule);
    }
}
