package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import repscorer.api.security.AccessKeys;
import repscorer.api.security.Role;
import tools.jackson.databind.JsonNode;

/** What keys of tenants reach of a running service, and how much. */
class TenantsHttpTest {

    private static final String SEEN = "seen";
    private static final String ROUTE = "403 tenant-route -";
    private static final String ROLE = "403 role-missing -";

    /** Each route of the document and what a key of a tenant with all roles that one may have is answered. */
    private static final Map<String, String> ROUTES = Map.ofEntries(
            Map.entry("POST /v1/candidates", SEEN),
            Map.entry("POST /v1/why-not", ROUTE),
            Map.entry("POST /v1/scores", SEEN),
            Map.entry("POST /v1/scores/pairs", SEEN),
            Map.entry("POST /v1/scores/matrix", SEEN),
            Map.entry("POST /v1/features/engagement", ROUTE),
            Map.entry("GET /v1/surfaces", SEEN),
            Map.entry("GET /v1/entities", ROUTE),
            Map.entry("GET /v1/spaces", SEEN),
            Map.entry("GET /v1/live-recall", ROUTE),
            Map.entry("GET /v1/streams", ROUTE),
            Map.entry("GET /v1/spaces/{space}", SEEN),
            Map.entry("GET /v1/spaces/{space}/versions", SEEN),
            Map.entry("GET /v1/releases", SEEN),
            Map.entry("GET /v1/audit", ROLE),
            Map.entry("GET /v1/erasures", ROLE),
            Map.entry("POST /v1/erasures", ROLE),
            Map.entry("GET /v1/erasures/{receipt}", ROLE),
            Map.entry("POST /v1/erasures/{receipt}/check", ROLE),
            Map.entry("GET /v1/releases/{release}", SEEN),
            Map.entry("GET /v1/canary", ROLE),
            Map.entry("DELETE /v1/canary", ROLE),
            Map.entry("POST /v1/releases/{release}/canary", ROLE),
            Map.entry("GET /v1/config", ROUTE),
            Map.entry("POST /v1/config/reload", ROLE),
            Map.entry("GET /v1/shadows", ROLE),
            Map.entry("GET /v1/experiments", ROUTE),
            Map.entry("GET /v1/experiments/assignments", ROUTE),
            Map.entry("GET /v1/experiments/{experiment}/report", ROLE),
            Map.entry("GET /v1/experiments/{name}", ROUTE),
            Map.entry("PUT /v1/experiments/{name}", ROLE),
            Map.entry("DELETE /v1/experiments/{name}", ROLE),
            Map.entry("GET /v1/experiments/{name}/history", ROLE),
            Map.entry("POST /v1/experiments/{name}/variants/{variant}/stop", ROLE),
            Map.entry("POST /v1/experiments/{name}/variants/{variant}/resume", ROLE),
            Map.entry("GET /v1/switches", ROUTE),
            Map.entry("GET /v1/switches/history", ROLE),
            Map.entry("PUT /v1/switches/{kind}/{name}", ROLE),
            Map.entry("DELETE /v1/switches/{kind}/{name}", ROLE),
            Map.entry("GET /v1/embeddings/{space}/{id}", SEEN),
            Map.entry("POST /v1/embeddings/{space}", SEEN),
            Map.entry("GET /v1/spaces/{space}/codebook", SEEN),
            Map.entry("GET /v1/signals/{user}", ROLE),
            Map.entry("POST /v1/signals", ROUTE),
            Map.entry("GET /v1/decisions/{decision}/replay", ROLE),
            Map.entry("POST /v1/outcomes", ROUTE),
            Map.entry("POST /v1/spaces/{space}/upserts", SEEN),
            Map.entry("POST /v1/spaces/{space}/compact", ROLE),
            Map.entry("PUT /v1/releases/{release}/files/{space}", ROLE),
            Map.entry("PUT /v1/releases/{release}/rows/{space}", ROLE),
            Map.entry("GET /v1/staged-releases", ROLE),
            Map.entry("DELETE /v1/staged-releases/{release}", ROLE),
            Map.entry("POST /v1/releases/{release}/publish", ROLE),
            Map.entry("POST /v1/releases/{release}/promote", ROLE),
            Map.entry("POST /v1/releases/{release}/pin", ROLE),
            Map.entry("DELETE /v1/releases/{release}/pin", ROLE),
            Map.entry("DELETE /v1/releases/{release}", ROLE),
            Map.entry("GET /v1/releases/{a}/compare/{b}", ROLE),
            Map.entry("GET /v1/releases/{release}/alignments", ROLE),
            Map.entry("POST /v1/releases/{release}/alignments/{from}", ROLE),
            Map.entry("DELETE /v1/releases/{release}/alignments/{name}", ROLE),
            Map.entry("POST /v1/releases/{release}/roll-back", ROLE));

    private static final String TENANTS = """
            tenants:
              acme:
                surfaces: [follow]
                spaces: [twhin-user, history-follow]
                quota: {requests-per-second: 1000000, burst: 1000000, k-max: 7, ef-max: 90, retrieve-max: 80, rows-per-day: 1000}
              slow:
                surfaces: [follow, tweet]
                spaces: [twhin-topic]
                quota: {requests-per-second: 0.01, burst: 3, rows-per-day: 0}
              rows:
                spaces: [twhin-user]
                quota: {requests-per-second: 1000000, rows-per-day: 3}
              still:
                spaces: [twhin-topic]
                quota: {requests-per-second: 1000000}
              bare:
                quota: {requests-per-second: 1000000}
            """;

    private static final Set<Role> ROLES = EnumSet.of(Role.READ, Role.READ_VECTORS, Role.WRITE);

    private static TestService service;
    private static Path config;
    private static final Map<String, String> KEYS = new TreeMap<>();

    @BeforeAll
    static void start() throws IOException {
        Path directory = TestService.newDirectory();
        config = TestService.copyConfig(directory.resolve("config"));
        Files.writeString(config.resolve("tenants.yaml"), TENANTS);
        AccessKeys keys = AccessKeys.open(directory.resolve("data"));
        for (String tenant : List.of("acme", "slow", "rows", "still", "bare", "gone")) {
            KEYS.put(tenant, keys.add("of-" + tenant, ROLES, Optional.empty(), Optional.of(tenant)));
        }
        KEYS.put("whole", keys.add("whole", ROLES, Optional.empty()));
        service = TestService.start(
                directory, options -> options.withConfigDirectory(config).withSetting("http.open-reads", "nowhere"));
        service.publish("one", 1);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Http.Answer send(String tenant, String method, String path, String body, String... more) {
        String type = path.contains("/upserts") || path.endsWith("/outcomes")
                ? "application/x-ndjson"
                : path.startsWith("/v1/releases/") && method.equals("PUT")
                        ? "application/octet-stream"
                        : "application/json";
        List<String> headers = new ArrayList<>(
                List.of("Content-Type", type, "Authorization", "Bearer " + KEYS.getOrDefault(tenant, "")));
        headers.addAll(List.of(more));
        return service.http.send(
                method,
                path,
                method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(body.replace('\'', '"')),
                headers);
    }

    private static Http.Answer get(String tenant, String path) {
        return send(tenant, "GET", path, "");
    }

    private static Http.Answer post(String tenant, String path, String body) {
        return send(tenant, "POST", path, body);
    }

    @Test
    void everyRouteIsForTenantsOrRefusesThemAsTheTableSays() {
        Map<String, String> seen = new TreeMap<>();
        JsonNode paths = get("whole", "/v3/api-docs").json().path("paths");
        paths.forEachEntry((path, methods) -> methods.propertyNames().forEach(method -> {
            if (path.startsWith("/v1/")) {
                String filled = path.replace("{space}", "twhin-user").replace("{release}", "one");
                Http.Answer answer =
                        send("acme", method.toUpperCase(Locale.ROOT), filled.replaceAll("\\{\\w+}", "none"), "{}");
                boolean refused = answer.status() == 401 || answer.status() == 403 || answer.status() == 429;
                seen.put(method.toUpperCase(Locale.ROOT) + " " + path, refused ? answer.problem() : SEEN);
            }
        }));
        assertThat(seen).isEqualTo(new TreeMap<>(ROUTES));
        for (String route : List.of("/v3/api-docs", "/swagger-ui/index.html")) {
            assertThat(get("acme", route).text()).as(route).doesNotContain("simclusters");
        }
        assertThat(post("acme", "/mcp", "{}").problem()).isEqualTo(ROUTE);
        assertThat(get("acme", "/v1/surfaces/").text())
                .as("what is no route")
                .isEqualTo(get("whole", "/v1/surfaces/").text());
    }

    /** Requests that name a space or a surface, as NAME. */
    private static final List<List<String>> OF_SPACES = List.of(
            List.of("GET", "/v1/spaces/NAME", ""),
            List.of("GET", "/v1/spaces/NAME/versions", ""),
            List.of("GET", "/v1/spaces/NAME/codebook", ""),
            List.of("GET", "/v1/embeddings/NAME/topic:jazz", ""),
            List.of("POST", "/v1/embeddings/NAME", "{'ids':['topic:jazz']}"),
            List.of("POST", "/v1/spaces/NAME/upserts", "{'id':'topic:jazz','delete':true}"),
            List.of(
                    "POST",
                    "/v1/scores",
                    "{'similarity':'cosine','sourceSpace':'NAME','candidateSpace':'twhin-user','source':{'id':'user:1'},'candidates':['user:2']}"),
            List.of(
                    "POST",
                    "/v1/scores",
                    "{'similarity':'cosine','sourceSpace':'twhin-user','candidateSpace':'NAME','source':{'id':'user:1'},'candidates':['user:2']}"),
            List.of(
                    "POST",
                    "/v1/scores/pairs",
                    "{'similarity':'cosine','sourceSpace':'twhin-user','candidateSpace':'NAME','pairs':[{'source':'user:1','candidate':'user:2'}]}"),
            List.of(
                    "POST",
                    "/v1/scores/matrix",
                    "{'similarity':'cosine','sourceSpace':'NAME','candidateSpace':'twhin-user','sources':['user:1'],'candidates':['user:2']}"),
            List.of(
                    "POST",
                    "/v1/candidates",
                    "{'surface':'follow','source':{'id':'user:1'},'filters':{'excludeHistories':['NAME']}}"),
            List.of(
                    "POST",
                    "/v1/candidates",
                    "{'surface':'follow','source':{'id':'user:1'},'filters':{'where':{'any':[{'kinds':['user']},{'not':{'weight':{'space':'NAME','column':'cluster:1','min':0.1}}}]}}}"),
            List.of(
                    "POST",
                    "/v1/candidates",
                    "{'surface':'follow','source':{'id':'user:1'},'filters':{'where':{'list':{'space':'NAME','of':'user:1'}}}}"));

    private static final List<List<String>> OF_SURFACES = List.of(
            List.of("POST", "/v1/candidates", "{'surface':'NAME','source':{'id':'user:1'}}"),
            List.of("POST", "/v1/scores", "{'surface':'NAME','source':{'id':'user:1'},'candidates':['user:2']}"));

    @Test
    void whatIsOutsideIsToldAsWhatDoesNotExist() {
        assertOutside(OF_SPACES, List.of("simclusters-interest", "simclusters-producer", "twhin-topic"));
        assertOutside(OF_SURFACES, List.of("search", "tweet"));
        assertThat(post("acme", "/v1/scores", OF_SURFACES.get(1).get(2).replace("NAME", "follow"))
                        .status())
                .as("its own")
                .isEqualTo(200);
        assertThat(get("acme", "/v1/embeddings/twhin-user/user:1").status()).isEqualTo(200);
    }

    private static void assertOutside(List<List<String>> requests, List<String> names) {
        for (List<String> request : requests) {
            String unknown = told("acme", request, "zzz-none");
            assertThat(unknown).as(request.toString()).contains("unknown-");
            for (String name : names) {
                assertThat(told("acme", request, name))
                        .as("%s: %s", request, name)
                        .isEqualTo(unknown);
                assertThat(told("bare", request, name))
                        .as("%s: %s", request, name)
                        .contains("unknown-");
                assertThat(told("whole", request, name))
                        .as("%s: %s", request, name)
                        .doesNotContain("unknown-s");
            }
        }
    }

    private static String told(String tenant, List<String> request, String name) {
        Http.Answer answer = send(
                tenant,
                request.get(0),
                request.get(1).replace("NAME", name),
                request.get(2).replace("NAME", name));
        return answer.status() + " " + answer.text().replace(name, "NAME");
    }

    @Test
    void listsAndAnswersNameNothingOfOthers() {
        List<String> answers = List.of(
                get("acme", "/v1/spaces").text(),
                get("acme", "/v1/surfaces").text(),
                get("acme", "/v1/releases").text(),
                get("acme", "/v1/releases/one").text(),
                post("acme", "/v1/candidates", "{'surface':'follow','source':{'id':'user:1'},'k':3,'explain':true}")
                        .text(),
                post("acme", "/v1/candidates", "{'surface':'follow','source':{'id':'user:999'},'k':3}")
                        .text());
        for (JsonNode space : get("whole", "/v1/spaces").json()) {
            String name = space.path("space").asString();
            boolean own = Set.of("twhin-user", "history-follow").contains(name);
            assertThat(answers.get(0).contains('"' + name + '"')).as(name).isEqualTo(own);
            for (String answer : answers) {
                if (!own) {
                    assertThat(answer).doesNotContain('"' + name + '"').doesNotContain(" " + name);
                }
            }
        }
        assertThat(get("acme", "/v1/surfaces").json().findValuesAsString("surface"))
                .containsExactly("follow");
        assertThat(get("acme", "/v1/surfaces").json().at("/0/columns"))
                .as("a column keeps its settings")
                .isNotEmpty();
        assertThat(get("acme", "/v1/releases/one").json().at("/versions").propertyNames())
                .containsExactlyInAnyOrder("twhin-user", "history-follow");
        assertThat(get("bare", "/v1/releases").json()).isEmpty();
        assertThat(get("bare", "/v1/releases/one").text())
                .isEqualTo(get("bare", "/v1/releases/two").text().replace("two", "one"));
    }

    @Test
    void aSurfaceAnswersByAllItsPlanReads() {
        String request = "{'surface':'follow','source':{'id':'user:1'},'k':5}";
        assertThat(post("acme", "/v1/candidates", request).json().path("candidates"))
                .isNotEmpty()
                .isEqualTo(post("whole", "/v1/candidates", request).json().path("candidates"));
    }

    @Test
    void oneRequestKeepsToItsBounds() {
        String request = "{'surface':'follow','source':{'id':'user:1'}%s}";
        assertThat(post("acme", "/v1/candidates", request.formatted(",'k':8")).detail())
                .isEqualTo("k must be at most 7 for this tenant: 8");
        assertThat(post("acme", "/v1/candidates", request.formatted(",'k':7")).status())
                .isEqualTo(200);
        assertThat(post("acme", "/v1/candidates", request.formatted("")).json().path("candidates"))
                .as("the surface's own k, capped")
                .hasSize(7);
        for (String[] each : new String[][] {
            {"columns.twhin.ef", "91", "90"},
            {"columns.twhin.retrieve", "81", "80"},
            {"columns.simclusters.candidates-max", "81", "80"},
            {"optimal", "true", "false"},
            {"columns.twhin.exact", "true", "false"}
        }) {
            String over = request.formatted(",'overrides':{'%s':%s}".formatted(each[0], each[1]));
            String within = request.formatted(",'overrides':{'%s':%s}".formatted(each[0], each[2]));
            assertThat(post("acme", "/v1/candidates", over).problem())
                    .isEqualTo("400 out-of-range overrides." + each[0]);
            assertThat(post("acme", "/v1/candidates", within).status())
                    .as(within)
                    .isEqualTo(200);
            assertThat(post("whole", "/v1/candidates", over).status()).as(over).isEqualTo(200);
        }
    }

    @Test
    void moreRequestsThanTheQuotaAreRefusedBeforeTheirBodiesAreRead() {
        for (int i = 0; i < 3; i++) {
            assertThat(get("slow", "/v1/surfaces").status()).as("of the burst").isEqualTo(200);
        }
        Http.Answer over = get("slow", "/v1/surfaces");
        assertThat(over.problem()).isEqualTo("429 requests-over-quota -");
        assertThat(over.detail()).isEqualTo("tenant slow may ask 0.01 requests a second, and 3 at once");
        assertThat(Integer.parseInt(over.header("Retry-After"))).isBetween(50, 100);
        for (String path : List.of("/v1/candidates", "/v1/spaces/twhin-topic/upserts")) {
            try (RawCall call = new RawCall(service.running.uri())) {
                String key = "Authorization: Bearer %s\r\n".formatted(KEYS.get("slow"));
                assertThat(call.send(RawCall.head(path, 1_000, key)).answer())
                        .as("no byte of the body was sent: " + path)
                        .startsWith("HTTP/1.1 429");
            }
        }
        assertThat(get("acme", "/v1/surfaces").status()).as("of others").isEqualTo(200);
        assertThat(get("whole", "/v1/surfaces").status()).isEqualTo(200);
        assertThat(service.http.get("/actuator/prometheus").text())
                .containsPattern("repscorer_tenant_requests_total\\{.*outcome=\"refused\",tenant=\"slow\"\\} [3-9]")
                .containsPattern("repscorer_tenant_requests_total\\{.*outcome=\"admitted\",tenant=\"slow\"\\} 3\\.0");
    }

    @Test
    void moreRowsThanTheQuotaOfTheDayAreRefused() {
        String row = "{'id':'user:90%s','vector':[1" + ",0".repeat(ReleaseFixture.DIMENSION - 1) + "]}\n";
        String path = "/v1/spaces/twhin-user/upserts";
        Http.Answer answer = post(
                "rows",
                path,
                row.formatted(1) + "{'id':7}\n" + row.formatted(2) + row.formatted(3) + row.formatted(4)
                        + "{'id':'user:901','delete':true}\n");
        assertThat(answer.text().lines().map(line -> line.replaceAll(".*\"status\":\"(\\w+)\".*", "$1")))
                .startsWith("ACCEPTED", "REFUSED", "ACCEPTED", "ACCEPTED", "REFUSED", "REFUSED");
        assertThat(answer.text().lines().skip(4).findFirst().orElse(""))
                .contains("rows-over-quota")
                .contains("tenant rows may change 3 rows a day, UTC");
        Http.Answer next = post("rows", path, row.formatted(5));
        assertThat(next.problem()).isEqualTo("429 rows-over-quota -");
        assertThat(Integer.parseInt(next.header("Retry-After"))).isBetween(1, 86_400);
        assertThat(post("still", "/v1/spaces/twhin-topic/upserts", "{}").problem())
                .as("none at all")
                .isEqualTo("429 rows-over-quota -");
        assertThat(get("whole", "/v1/embeddings/twhin-user/user:903").status()).isEqualTo(200);
        assertThat(get("whole", "/v1/embeddings/twhin-user/user:904").status()).isEqualTo(404);
    }

    @Test
    void theFileIsReadAgainAndAKeyOfNoTenantSeesNothing() throws Exception {
        assertThat(get("gone", "/v1/surfaces").problem()).isEqualTo("403 tenant-unknown -");
        assertThat(get("gone", "/v1/surfaces").detail())
                .isEqualTo("key of-gone is of tenant gone, which is not declared");
        Path file = config.resolve("tenants.yaml");
        Files.writeString(
                file,
                TENANTS.replace(
                        "bare:", "gone:\n    surfaces: [nowhere]\n    quota: {requests-per-second: 5}\n  bare:"));
        Http.Answer refused = service.http.change("/v1/config/reload");
        assertThat(refused.detail())
                .startsWith("tenants.yaml line ")
                .contains(
                        "tenants.gone.surfaces: surface 'nowhere' is not declared; declared are ads, follow, search, tweet");
        Files.writeString(
                file,
                TENANTS.replace(
                        "bare:", "gone:\n    surfaces: [search]\n    quota: {requests-per-second: 5}\n  bare:"));
        service.http.change("/v1/config/reload");
        assertThat(get("gone", "/v1/surfaces").json().findValuesAsString("surface"))
                .containsExactly("search");
        Files.writeString(file, TENANTS);
        service.http.change("/v1/config/reload");
        assertThat(get("gone", "/v1/surfaces").problem()).isEqualTo("403 tenant-unknown -");
    }
}
