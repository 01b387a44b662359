package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import repscorer.api.security.AccessKeys;
import repscorer.api.security.Role;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The tools over a running service where nobody reads without a key: by messages written here, and by the protocol's own client. */
class McpHttpTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String MODERN = "2026-07-28";

    private static TestService service;
    private static String reader = "";
    private static String publisher = "";
    private static String writer = "";

    @BeforeAll
    static void start() throws Exception {
        Path directory = TestService.newDirectory();
        AccessKeys keys = AccessKeys.open(directory.resolve("data"));
        reader = keys.add("reader", Set.of(Role.READ), Optional.empty());
        publisher = keys.add("publisher", Set.of(Role.READ, Role.PUBLISH), Optional.empty());
        writer = keys.add("writer", Set.of(Role.WRITE), Optional.empty());
        service = TestService.start(directory, options -> options.withSetting("http.open-reads", "nowhere"));
        service.publish("one", 1);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Http.Answer send(String key, String body, String... headers) {
        List<String> all = new ArrayList<>(
                List.of("Content-Type", "application/json", "Accept", "application/json, text/event-stream"));
        if (!key.isEmpty()) {
            all.addAll(List.of("Authorization", "Bearer " + key));
        }
        all.addAll(List.of(headers));
        return service.http.send("POST", "/mcp", BodyPublishers.ofString(body), all);
    }

    private static ObjectNode request(int id, String method, String params) {
        ObjectNode request =
                JSON.createObjectNode().put("jsonrpc", "2.0").put("id", id).put("method", method);
        request.set("params", JSON.readTree(params.replace('`', '"')));
        return request;
    }

    /** As clients spoke until 2025-11-25. */
    private static JsonNode old(String key, String method, String params) {
        Http.Answer answer = send(key, request(7, method, params).toString(), "MCP-Protocol-Version", "2025-11-25");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("id").asInt()).isEqualTo(7);
        return answer.json();
    }

    private static String modernBody(String method, String params) {
        ObjectNode request = request(8, method, params);
        ((ObjectNode) request.path("params"))
                .putObject("_meta")
                .put("io.modelcontextprotocol/protocolVersion", MODERN)
                .putObject("io.modelcontextprotocol/clientCapabilities");
        return request.toString();
    }

    /** As clients speak since 2026-07-28. */
    private static Http.Answer modern(String key, String method, String params) {
        String name = request(8, method, params).at("/params/name").asString("");
        return name.isEmpty()
                ? send(key, modernBody(method, params), "MCP-Protocol-Version", MODERN, "Mcp-Method", method)
                : send(
                        key,
                        modernBody(method, params),
                        "MCP-Protocol-Version",
                        MODERN,
                        "Mcp-Method",
                        method,
                        "Mcp-Name",
                        name);
    }

    private static JsonNode called(String key, String tool, String arguments) {
        return old(key, "tools/call", "{`name`:`%s`,`arguments`:%s}".formatted(tool, arguments))
                .path("result");
    }

    @Test
    void whoHasNoRoleIsRefusedAsEverywhere() {
        String list = request(1, "tools/list", "{}").toString();
        assertThat(send("", list).problem()).isEqualTo("401 token-missing -");
        assertThat(send("rsk_" + "x".repeat(43), list).problem()).isEqualTo("403 token-wrong -");
        Http.Answer other = send(writer, list);
        assertThat(other.problem()).isEqualTo("403 role-missing -");
        assertThat(other.detail()).isEqualTo("this route needs the role read; key writer has [write]");
        String compare = request(1, "tools/call", "{`name`:`compare`,`arguments`:{`a`:`one`,`b`:`one`}}")
                .toString();
        assertThat(send(reader, compare).problem()).isEqualTo("403 role-missing -");
        assertThat(send(reader, compare).detail()).startsWith("this route needs the role publish");
        assertThat(send(Http.TOKEN, list).status()).isEqualTo(200);
    }

    @Test
    void theRouteTakesPostsOnlyAndNoPagesOfOthers() {
        String list = request(1, "tools/list", "{}").toString();
        assertThat(send(reader, list, "Origin", "https://elsewhere.example").problem())
                .isEqualTo("403 origin-refused -");
        assertThat(send(reader, list, "Origin", service.running.uri().toString().replaceAll("/$", ""))
                        .status())
                .isEqualTo(200);
        for (String method : List.of("GET", "DELETE")) {
            Http.Answer answer = service.http.send(
                    method, "/mcp", BodyPublishers.noBody(), List.of("Authorization", "Bearer " + reader));
            assertThat(answer.problem()).isEqualTo("405 method-not-allowed -");
            assertThat(answer.header("Allow")).isEqualTo("POST");
        }
        assertThat(service.http.raw("POST /mcp HTTP/1.1\r\nHost: rebound.example\r\nContent-Length: 0\r\n"
                        + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421");
    }

    @Test
    void aHandshakeAgreesOnAVersionAndKeepsNoSession() {
        for (Map.Entry<String, String> version : Map.of(
                        "2025-11-25", "2025-11-25", "2025-06-18", "2025-06-18", "2024-11-05", "2025-11-25")
                .entrySet()) {
            Http.Answer answer = send(
                    reader,
                    request(0, "initialize", "{`protocolVersion`:`%s`,`capabilities`:{}}".formatted(version.getKey()))
                            .toString());
            JsonNode result = answer.json().path("result");
            assertThat(result.path("protocolVersion").asString()).isEqualTo(version.getValue());
            assertThat(result.at("/capabilities/tools").isObject()).isTrue();
            assertThat(result.at("/serverInfo/name").asString()).isEqualTo("representation-scorer");
            assertThat(result.path("instructions").asString())
                    .contains("follow (answers user)", "tweet (answers tweet)");
            assertThat(answer.header("Mcp-Session-Id")).isEmpty();
        }
        Http.Answer accepted = send(reader, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.text()).isEmpty();
        assertThat(old(reader, "ping", "{}").path("result").isEmpty()).isTrue();
    }

    @Test
    void requestsThatTellTheirVersionNeedNoHandshake() {
        JsonNode discovered = modern(reader, "server/discover", "{}").json().path("result");
        assertThat(discovered.path("supportedVersions").toString())
                .isEqualTo("[\"2026-07-28\",\"2025-11-25\",\"2025-06-18\"]");
        assertThat(discovered.path("resultType").asString()).isEqualTo("complete");
        assertThat(discovered.path("cacheScope").asString()).isEqualTo("private");
        assertThat(discovered
                        .path("_meta")
                        .path("io.modelcontextprotocol/serverInfo")
                        .path("name")
                        .asString())
                .isEqualTo("representation-scorer");
        JsonNode answer = modern(
                        reader,
                        "tools/call",
                        "{`name`:`candidates`,`arguments`:{`surface`:`follow`,`source`:{`id`:`user:1`},`k`:3}}")
                .json()
                .path("result");
        assertThat(answer.path("resultType").asString()).isEqualTo("complete");
        assertThat(answer.at("/structuredContent/candidates").size()).isEqualTo(3);
        Http.Answer unknown = modern(reader, "resources/list", "{}");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.json().at("/error/code").asInt()).isEqualTo(-32601);
    }

    @Test
    void headersAreWhatTheBodySays() {
        String call = modernBody("tools/call", "{`name`:`candidates`,`arguments`:{}}");
        String encoded = Base64.getEncoder().encodeToString("candidates".getBytes(StandardCharsets.UTF_8));
        Map<List<String>, Integer> codes = Map.of(
                List.of("Mcp-Method", "tools/call", "Mcp-Name", "candidates"), -32020,
                List.of("MCP-Protocol-Version", MODERN, "Mcp-Name", "candidates"), -32020,
                List.of("MCP-Protocol-Version", MODERN, "Mcp-Method", "tools/call"), -32020,
                List.of("MCP-Protocol-Version", MODERN, "Mcp-Method", "tools/call", "Mcp-Name", "explain"), -32020,
                List.of("MCP-Protocol-Version", "2025-11-25", "Mcp-Method", "tools/call"), -32020,
                List.of("MCP-Protocol-Version", "1900-01-01", "Mcp-Method", "tools/call"), -32022,
                List.of(
                                "MCP-Protocol-Version",
                                MODERN,
                                "Mcp-Method",
                                "tools/call",
                                "Mcp-Name",
                                "=?base64?" + encoded + "?="),
                        0);
        codes.forEach((headers, code) -> {
            Http.Answer answer = send(reader, call, headers.toArray(String[]::new));
            assertThat(answer.json().at("/error/code").asInt(0))
                    .as("%s", headers)
                    .isEqualTo(code);
            assertThat(answer.status()).isEqualTo(code == 0 ? 200 : 400);
            assertThat(answer.json().path("id").asInt()).isEqualTo(8);
        });
        Http.Answer unsupported =
                send(reader, request(9, "tools/list", "{}").toString(), "MCP-Protocol-Version", "1900-01-01");
        assertThat(unsupported.json().at("/error/data/requested").asString()).isEqualTo("1900-01-01");
        assertThat(unsupported.json().at("/error/data/supported/0").asString()).isEqualTo(MODERN);
        Http.Answer bare = send(reader, request(9, "tools/list", "{}").toString(), "MCP-Protocol-Version", MODERN);
        assertThat(bare.json().at("/error/code").asInt()).isEqualTo(-32602);
    }

    @Test
    void whatIsNoMessageIsToldAsJsonRpcHasIt() {
        Map<String, Integer> codes = Map.of(
                "{\"jsonrpc\":\"2.0\",", -32700,
                "[]", -32600,
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", -32600,
                "{\"jsonrpc\":\"2.0\",\"id\":1}", -32600,
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", -32600,
                "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", -32600,
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}", -32602);
        codes.forEach((body, code) -> {
            Http.Answer answer = send(reader, body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.json().at("/error/code").asInt()).as(body).isEqualTo(code);
        });
        assertThat(old(reader, "resources/list", "{}").at("/error/code").asInt())
                .isEqualTo(-32601);
        JsonNode error = old(reader, "tools/call", "{`name`:`publish`}").path("error");
        assertThat(error.path("code").asInt()).isEqualTo(-32602);
        assertThat(error.path("message").asString())
                .isEqualTo("there is no tool 'publish'; there are [candidates, explain, why-not, compare]");
    }

    @Test
    void whatIsNoJsonIsToldWithoutNamesOfTheParser() {
        Map<String, String> words = Map.of(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} {}",
                "another document begins after the first",
                "{\"id\":" + "9".repeat(1_100) + "}",
                "Number value length (1100) exceeds the maximum allowed (1000)",
                "[".repeat(65) + "]".repeat(65),
                "Document nesting depth (65) exceeds the maximum allowed (64)");
        words.forEach((body, said) -> assertThat(
                        send(reader, body).json().at("/error/message").asString())
                .isEqualTo("the body is no valid JSON: " + said));
    }

    @Test
    void toolsAreThoseTheCallerMayUseWithTheSchemasOfTheDocument() {
        JsonNode tools = old(reader, "tools/list", "{}").at("/result/tools");
        assertThat(tools.values().stream().map(tool -> tool.path("name").asString()))
                .containsExactly("candidates", "explain", "why-not");
        JsonNode more = old(publisher, "tools/list", "{}").at("/result/tools");
        assertThat(more.get(3).path("name").asString()).isEqualTo("compare");
        assertThat(more.get(3).at("/inputSchema/required").toString()).isEqualTo("[\"a\",\"b\"]");

        JsonNode document = service.http.getAsAdmin("/v3/api-docs").json();
        assertThat(document.path("paths").has("/mcp")).isFalse();
        JsonNode schema = tools.get(0).path("inputSchema");
        ObjectNode whole = (ObjectNode) document.at("/components/schemas/CandidatesRequest");
        assertThat(schema.at("/properties/k")).isEqualTo(whole.at("/properties/k"));
        assertThat(schema.path("required")).isEqualTo(whole.path("required"));
        assertThat(schema.at("/$defs/SourceBody"))
                .isEqualTo(JSON.readTree(document.at("/components/schemas/SourceBody")
                        .toString()
                        .replace("#/components/schemas/", "#/$defs/")));
        assertThat(tools.toString()).doesNotContain("#/components");
    }

    @Test
    void toolsAnswerWhatTheirRoutesAnswerAndTheirSchemasSay() {
        Map<String, List<String>> asked = Map.of(
                "candidates",
                List.of("/v1/candidates", "{`surface`:`follow`,`source`:{`id`:`user:5`},`k`:4,`explain`:true}"),
                "explain",
                List.of(
                        "/v1/scores",
                        "{`surface`:`follow`,`source`:{`id`:`user:5`},`candidates`:[`user:9`,`user:999`]}"),
                "why-not",
                List.of("/v1/why-not", "{`surface`:`follow`,`source`:{`id`:`user:1`},`id`:`user:2`,`k`:5}"));
        JsonNode tools = old(publisher, "tools/list", "{}").at("/result/tools");
        asked.forEach((tool, call) -> {
            String arguments = call.get(1).replace('`', '"');
            String routed = tool.equals("explain")
                    ? arguments.substring(0, arguments.length() - 1) + ",\"explain\":true}"
                    : arguments;
            JsonNode result = called(publisher, tool, arguments);
            assertThat(result.path("isError").asBoolean()).as("%s", result).isFalse();
            JsonNode structured = result.path("structuredContent");
            assertThat(JSON.readTree(result.at("/content/0/text").asString())).isEqualTo(structured);
            Http.Answer route = service.http.send(
                    "POST",
                    call.get(0),
                    BodyPublishers.ofString(routed),
                    List.of("Content-Type", "application/json", "Authorization", "Bearer " + reader));
            assertThat(route.status()).isEqualTo(200);
            assertThat(withoutProvenance(structured)).isEqualTo(withoutProvenance(route.json()));
            assertSchemas(tools, tool, arguments, structured);
        });
        JsonNode compared = called(publisher, "compare", "{`a`:`one`,`b`:`one`,`sample`:10,`sources`:2}");
        assertThat(compared.at("/structuredContent/spaces").size()).isEqualTo(7);
        assertSchemas(
                tools,
                "compare",
                "{\"a\":\"one\",\"b\":\"one\",\"sample\":10,\"sources\":2}",
                compared.path("structuredContent"));
    }

    private static JsonNode withoutProvenance(JsonNode answer) {
        ObjectNode copy = (ObjectNode) answer.deepCopy();
        copy.remove("provenance");
        return copy;
    }

    private static void assertSchemas(JsonNode tools, String name, String arguments, JsonNode answer) {
        JsonNode tool = tools.values().stream()
                .filter(each -> each.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(errors(tool.path("inputSchema"), arguments)).isEmpty();
        assertThat(errors(tool.path("inputSchema"), "{\"keyTooMany\":1}")).isNotEmpty();
        assertThat(errors(tool.path("outputSchema"), answer.toString())).isEmpty();
        assertThat(errors(tool.path("outputSchema"), "{}")).isNotEmpty();
    }

    private static List<?> errors(JsonNode schema, String json) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(json, InputFormat.JSON);
    }

    @Test
    void whatIsWrongWithArgumentsIsAResultThatAModelCanReadAndMend() {
        Map<String, String> problems = Map.of(
                "{`surface`:`nowhere`,`source`:{`id`:`user:1`}}", "unknown-surface null",
                "{`surface`:`follow`,`source`:{`id`:`12`}}", "malformed-id source.id",
                "{`surface`:`follow`,`source`:{`id`:`user:1`},`k`:`three`}", "wrong-type k",
                "{`surface`:`follow`,`source`:{`id`:`user:1`},`size`:3}", "unknown-key size",
                "{}", "field-missing surface");
        problems.forEach((arguments, expected) -> {
            JsonNode result = called(reader, "candidates", arguments);
            assertThat(result.path("isError").asBoolean()).as(arguments).isTrue();
            assertThat(result.has("structuredContent")).isFalse();
            JsonNode problem = JSON.readTree(result.at("/content/0/text").asString());
            Http.Answer route = service.http.send(
                    "POST",
                    "/v1/candidates",
                    BodyPublishers.ofString(arguments.replace('`', '"')),
                    List.of("Content-Type", "application/json", "Authorization", "Bearer " + reader));
            assertThat(problem.path("code")).isEqualTo(route.json().path("code"));
            assertThat(problem.path("field")).isEqualTo(route.json().path("field"));
            assertThat(problem.path("status")).isEqualTo(route.json().path("status"));
            assertThat(route.detail()).startsWith(problem.path("detail").asString());
            assertThat(problem.path("code").asString() + " "
                            + problem.path("field").asString("null"))
                    .as("%s", problem)
                    .isEqualTo(expected);
        });
        JsonNode always = called(
                reader,
                "explain",
                "{`surface`:`follow`,`source`:{`id`:`user:1`},`candidates`:[`user:2`],`explain`:false}");
        assertThat(always.at("/content/0/text").asString()).contains("unknown-key", "explain always does");
        JsonNode lacking = called(publisher, "compare", "{`a`:`one`}");
        assertThat(lacking.at("/content/0/text").asString()).contains("field-missing", "\"b\"");
        assertThat(called(publisher, "compare", "{`a`:`one`,`b`:`two`}")
                        .at("/content/0/text")
                        .asString())
                .contains("two");
    }

    @Test
    void theProtocolsOwnClientListsAndCallsTheTools() {
        HttpClientStreamableHttpTransport transport = HttpClientStreamableHttpTransport.builder(
                        service.running.uri().toString())
                .endpoint("/mcp")
                .requestBuilder(HttpRequest.newBuilder().header("Authorization", "Bearer " + reader))
                .build();
        try (McpSyncClient client = McpClient.sync(transport).build()) {
            McpSchema.InitializeResult begun = client.initialize();
            assertThat(begun.protocolVersion()).isEqualTo("2025-11-25");
            assertThat(client.listTools().tools())
                    .extracting(McpSchema.Tool::name)
                    .containsExactly("candidates", "explain", "why-not");
            McpSchema.CallToolResult answer = client.callTool(McpSchema.CallToolRequest.builder("candidates")
                    .arguments(Map.of("surface", "follow", "source", Map.of("id", "user:1"), "k", 2))
                    .build());
            assertThat(answer.isError()).isFalse();
            assertThat(answer.structuredContent().toString()).contains("candidates=[{rank=1, id=user:");
            McpSchema.CallToolResult refused = client.callTool(McpSchema.CallToolRequest.builder("candidates")
                    .arguments(Map.of("surface", "nowhere", "source", Map.of("id", "user:1")))
                    .build());
            assertThat(refused.isError()).isTrue();
            client.ping();
        }
    }
}
