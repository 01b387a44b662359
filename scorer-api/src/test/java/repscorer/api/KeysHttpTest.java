package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import repscorer.api.security.AccessKeys;
import repscorer.api.security.Role;
import tools.jackson.databind.JsonNode;

/** Keys and roles over a running service where nobody reads without one. */
class KeysHttpTest {

    /** Each route of the document and the role that it asks for; that of models is in McpHttpTest, for its calls ask for several. */
    private static final Map<String, Role> ROLES = Map.ofEntries(
            Map.entry("POST /v1/candidates", Role.READ),
            Map.entry("POST /v1/why-not", Role.READ),
            Map.entry("POST /v1/scores", Role.READ),
            Map.entry("POST /v1/scores/pairs", Role.READ),
            Map.entry("POST /v1/scores/matrix", Role.READ),
            Map.entry("POST /v1/features/engagement", Role.READ),
            Map.entry("GET /v1/surfaces", Role.READ),
            Map.entry("GET /v1/entities", Role.READ),
            Map.entry("GET /v1/spaces", Role.READ),
            Map.entry("GET /v1/live-recall", Role.READ),
            Map.entry("GET /v1/streams", Role.READ),
            Map.entry("GET /v1/spaces/{space}", Role.READ),
            Map.entry("GET /v1/spaces/{space}/versions", Role.READ),
            Map.entry("GET /v1/releases", Role.READ),
            Map.entry("GET /v1/audit", Role.ADMIN),
            Map.entry("GET /v1/erasures", Role.ADMIN),
            Map.entry("POST /v1/erasures", Role.ADMIN),
            Map.entry("GET /v1/erasures/{receipt}", Role.ADMIN),
            Map.entry("POST /v1/erasures/{receipt}/check", Role.ADMIN),
            Map.entry("GET /v1/releases/{release}", Role.READ),
            Map.entry("GET /v1/canary", Role.PUBLISH),
            Map.entry("DELETE /v1/canary", Role.PUBLISH),
            Map.entry("POST /v1/releases/{release}/canary", Role.PUBLISH),
            Map.entry("GET /v1/config", Role.READ),
            Map.entry("POST /v1/config/reload", Role.EXPERIMENT),
            Map.entry("GET /v1/shadows", Role.EXPERIMENT),
            Map.entry("GET /v1/experiments", Role.READ),
            Map.entry("GET /v1/experiments/assignments", Role.READ),
            Map.entry("GET /v1/experiments/{experiment}/report", Role.EXPERIMENT),
            Map.entry("GET /v1/experiments/{name}", Role.READ),
            Map.entry("PUT /v1/experiments/{name}", Role.EXPERIMENT),
            Map.entry("DELETE /v1/experiments/{name}", Role.EXPERIMENT),
            Map.entry("GET /v1/experiments/{name}/history", Role.EXPERIMENT),
            Map.entry("POST /v1/experiments/{name}/variants/{variant}/stop", Role.EXPERIMENT),
            Map.entry("POST /v1/experiments/{name}/variants/{variant}/resume", Role.EXPERIMENT),
            Map.entry("GET /v1/switches", Role.READ),
            Map.entry("GET /v1/switches/history", Role.EXPERIMENT),
            Map.entry("PUT /v1/switches/{kind}/{name}", Role.EXPERIMENT),
            Map.entry("DELETE /v1/switches/{kind}/{name}", Role.EXPERIMENT),
            Map.entry("GET /v1/embeddings/{space}/{id}", Role.READ_VECTORS),
            Map.entry("POST /v1/embeddings/{space}", Role.READ_VECTORS),
            Map.entry("GET /v1/spaces/{space}/codebook", Role.READ_VECTORS),
            Map.entry("GET /v1/signals/{user}", Role.READ_SIGNALS),
            Map.entry("POST /v1/signals", Role.WRITE),
            Map.entry("GET /v1/decisions/{decision}/replay", Role.READ_SIGNALS),
            Map.entry("POST /v1/outcomes", Role.WRITE),
            Map.entry("POST /v1/spaces/{space}/upserts", Role.WRITE),
            Map.entry("POST /v1/spaces/{space}/compact", Role.ADMIN),
            Map.entry("PUT /v1/releases/{release}/files/{space}", Role.PUBLISH),
            Map.entry("PUT /v1/releases/{release}/rows/{space}", Role.PUBLISH),
            Map.entry("GET /v1/staged-releases", Role.PUBLISH),
            Map.entry("DELETE /v1/staged-releases/{release}", Role.PUBLISH),
            Map.entry("POST /v1/releases/{release}/publish", Role.PUBLISH),
            Map.entry("POST /v1/releases/{release}/promote", Role.PUBLISH),
            Map.entry("POST /v1/releases/{release}/pin", Role.PUBLISH),
            Map.entry("DELETE /v1/releases/{release}/pin", Role.PUBLISH),
            Map.entry("DELETE /v1/releases/{release}", Role.PUBLISH),
            Map.entry("GET /v1/releases/{a}/compare/{b}", Role.PUBLISH),
            Map.entry("GET /v1/releases/{release}/alignments", Role.PUBLISH),
            Map.entry("POST /v1/releases/{release}/alignments/{from}", Role.PUBLISH),
            Map.entry("DELETE /v1/releases/{release}/alignments/{name}", Role.PUBLISH),
            Map.entry("POST /v1/releases/{release}/roll-back", Role.PUBLISH));

    private static TestService service;
    private static final Map<Role, String> KEYS = new EnumMap<>(Role.class);

    @BeforeAll
    static void start() throws IOException {
        Path directory = TestService.newDirectory();
        AccessKeys keys = AccessKeys.open(directory.resolve("data"));
        for (Role role : Role.values()) {
            KEYS.put(role, keys.add("of-" + role, Set.of(role), Optional.empty()));
        }
        service = TestService.start(directory, options -> options.withSetting("http.open-reads", "nowhere"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Http.Answer send(String method, String path, String... authorization) {
        String type = path.endsWith("/upserts") || path.endsWith("/outcomes")
                ? "application/x-ndjson"
                : path.startsWith("/v1/releases/") && method.equals("PUT")
                        ? "application/octet-stream"
                        : "application/json";
        List<String> headers = new ArrayList<>(List.of("Content-Type", type));
        for (String each : authorization) {
            headers.addAll(List.of("Authorization", "Bearer " + each));
        }
        return service.http.send(
                method, path, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{}"), headers);
    }

    private static String filled(String path) {
        return path.replace("{space}", "twhin-user")
                .replace("{name}", "none")
                .replace("{from}", "none")
                .replace("{release}", "none")
                .replace("{experiment}", "none")
                .replace("{a}", "none")
                .replace("{b}", "none")
                .replace("{id}", "user:1")
                .replace("{kind}", "none")
                .replace("{name}", "none")
                .replace("{variant}", "none")
                .replace("{user}", "user:1")
                .replace("{decision}", "none")
                .replace("{receipt}", "none");
    }

    @Test
    void everyRouteAsksForItsRoleAndNoOther() {
        Map<String, Role> asked = new TreeMap<>();
        for (String route : routes()) {
            String method = route.substring(0, route.indexOf(' '));
            String path = filled(route.substring(route.indexOf(' ') + 1));
            assertThat(send(method, path).problem()).as(route).isEqualTo("401 token-missing -");
            assertThat(send(method, path, "rsk_" + "x".repeat(43)).problem())
                    .as(route)
                    .isEqualTo("403 token-wrong -");
            for (Map.Entry<Role, String> key : KEYS.entrySet()) {
                Http.Answer answer = send(method, path, key.getValue());
                boolean refused = answer.status() == 403 || answer.status() == 401;
                if (refused) {
                    assertThat(answer.problem())
                            .as("%s as %s", route, key.getKey())
                            .isEqualTo("403 role-missing -");
                } else if (key.getKey() != Role.ADMIN || !asked.containsKey(route)) {
                    assertThat(asked.put(route, key.getKey()))
                            .as("another role of " + route)
                            .isNull();
                }
            }
        }
        assertThat(asked).isEqualTo(new TreeMap<>(ROLES));
    }

    private static Set<String> routes() {
        JsonNode paths = send("GET", "/v3/api-docs", KEYS.getOrDefault(Role.READ, ""))
                .json()
                .path("paths");
        Set<String> routes = new TreeSet<>();
        paths.forEachEntry((path, methods) -> methods.propertyNames().forEach(method -> {
            if (path.startsWith("/v1/")) {
                routes.add(method.toUpperCase(Locale.ROOT) + " " + path);
            }
        }));
        return routes;
    }

    @Test
    void whatARefusedKeyLacksIsTold() {
        Http.Answer answer = send("GET", "/v1/signals/user:1", KEYS.getOrDefault(Role.WRITE, ""));
        assertThat(answer.detail()).isEqualTo("this route needs the role read-signals; key of-write has [write]");
        assertThat(answer.header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"repscorer\", error=\"insufficient_scope\"");
        assertThat(send("GET", "/v1/signals/user:1", Http.TOKEN).status())
                .as("the admin token")
                .isEqualTo(200);
    }

    @Test
    void changesOfKeysAreTakenUpWhileTheServiceRuns() throws Exception {
        AccessKeys keys = AccessKeys.open(service.directory.resolve("data"));
        String key =
                keys.add("late", Set.of(Role.READ), Optional.of(Instant.now().plus(Duration.ofHours(1))));
        await(key, 200);
        String newer = keys.rotate("late", Instant.now().minusSeconds(1), Optional.empty());
        await(newer, 200);
        Http.Answer old = send("GET", "/v1/surfaces", key);
        assertThat(old.problem()).isEqualTo("403 key-expired -");
        assertThat(old.detail()).startsWith("key late expired at 20");
        Path file = service.directory.resolve("data/access-keys");
        String whole = Files.readString(file);
        Files.writeString(file, whole + "half a line\n");
        Thread.sleep(1200);
        assertThat(send("GET", "/v1/surfaces", newer).status())
                .as("a file that cannot be read changes nothing")
                .isEqualTo(200);
        Files.writeString(file, whole);
        assertThat(keys.remove("late")).isEqualTo(2);
        await(newer, 403);
        assertThat(Files.readString(file)).doesNotContain(key).doesNotContain("rsk_");
    }

    private static void await(String key, int status) throws InterruptedException {
        int seen = 0;
        for (int i = 0; i < 100 && seen != status; i++) {
            seen = send("GET", "/v1/surfaces", key).status();
            Thread.sleep(50);
        }
        assertThat(seen).isEqualTo(status);
    }

    @Test
    void aServiceThatOthersReachNeedsAKeyOrSaysThatItIsOpen() throws IOException {
        Path directory = TestService.newDirectory();
        assertThatThrownBy(() -> TestService.start(directory, options -> options.withAddress("0.0.0.0")))
                .isInstanceOf(StartException.class)
                .hasMessage(
                        "other machines reach address 0.0.0.0, and there is no key: make one with repscorer key add, or say"
                                + " http.open-reads: everywhere");
        try (TestService open = TestService.start(
                directory, options -> options.withAddress("0.0.0.0").withSetting("http.open-reads", "everywhere"))) {
            assertThat(open.http.get("/v1/surfaces").status()).isEqualTo(200);
        }
        String key = AccessKeys.open(directory.resolve("data")).add("mixer", Set.of(Role.READ), Optional.empty());
        try (TestService closed = TestService.start(directory, options -> options.withAddress("0.0.0.0"))) {
            assertThat(closed.http.get("/v1/surfaces").problem()).isEqualTo("401 token-missing -");
            assertThat(closed.http
                            .send(
                                    "GET",
                                    "/v1/surfaces",
                                    BodyPublishers.noBody(),
                                    List.of("Authorization", "Bearer " + key))
                            .status())
                    .isEqualTo(200);
        }
    }
}
