package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.api.audit.AuditLog;
import repscorer.api.security.AccessKeys;
import repscorer.api.security.Role;
import tools.jackson.databind.JsonNode;

@DisplayName("Issue 20: every change is noted with who made it, from where, and what it was before")
class AuditHttpTest {

    private static final String SWITCH = "/v1/switches/surface/tweet";

    @TempDir
    Path directory;

    private static Http.Answer send(TestService service, String method, String path, String body, String token) {
        return service.http.send(
                method,
                path,
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body),
                List.of("Content-Type", "application/json", "Authorization", "Bearer " + token));
    }

    private static List<JsonNode> entries(TestService service, String query) {
        Http.Answer answer = send(service, "GET", "/v1/audit" + query, "", Http.TOKEN);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<JsonNode> entries = new ArrayList<>();
        answer.json().path("entries").forEach(entries::add);
        return entries;
    }

    @Test
    void changesAreNotedAndReadsAndWhoIsNotLetInAreNot() throws Exception {
        String key = AccessKeys.open(directory.resolve("data")).add("maria", Set.of(Role.EXPERIMENT), Optional.empty());
        try (TestService service =
                TestService.start(directory, options -> options.withSetting("traffic.warm-up-max", "100ms"))) {
            service.publish("one", 1);
            service.publish("two", 2);
            int before = entries(service, "").size();
            assertThat(send(service, "PUT", SWITCH, "{\"share\":5000,\"reason\":\"try\"}", key)
                            .status())
                    .isEqualTo(200);
            assertThat(send(service, "PUT", SWITCH, "{\"share\":-1,\"reason\":\"try\"}", key)
                            .status())
                    .isEqualTo(400);
            assertThat(send(service, "POST", "/v1/releases/one/roll-back", "", Http.TOKEN)
                            .status())
                    .isEqualTo(200);
            assertThat(send(service, "POST", "/v1/releases/one/roll-back", "", key)
                            .status())
                    .isEqualTo(403);
            assertThat(send(service, "GET", "/v1/audit", "", key).status()).isEqualTo(403);
            assertThat(service.http.get("/v1/switches").status()).isEqualTo(200);

            List<JsonNode> entries = entries(service, "?after=" + before + "&limit=10");
            assertThat(entries).hasSize(3);
            JsonNode flipped = entries.get(0);
            assertThat(flipped.path("who").asString()).isEqualTo("maria");
            assertThat(flipped.path("from").asString()).isEqualTo("127.0.0.1");
            assertThat(flipped.path("what").asString()).isEqualTo("PUT " + SWITCH);
            assertThat(flipped.path("before").toString()).isEqualTo("{}");
            assertThat(flipped.path("after").toString()).isEqualTo("{\"switch surface tweet\":\"5000\"}");
            assertThat(entries.get(1).path("status").asInt()).isEqualTo(400);
            assertThat(entries.get(1).path("after").toString()).isEqualTo("{}");
            JsonNode rolledBack = entries.get(2);
            assertThat(rolledBack.path("who").asString()).isEqualTo("admin token");
            assertThat(rolledBack.path("after").path("release one").asString()).isEqualTo("LIVE");
            assertThat(rolledBack.path("before").path("release two").asString()).isEqualTo("LIVE");
            String text = Files.readString(directory.resolve("data").resolve("audit.log"));
            assertThat(text).doesNotContain(key).doesNotContain(Http.TOKEN);
        }
        assertThat(AuditLog.of(directory.resolve("data")).read(entry -> {}).broken())
                .isEmpty();
    }

    @Test
    void nothingIsChangedWhileItCannotBeNoted() throws Exception {
        try (TestService service =
                TestService.start(directory, options -> options.withSetting("traffic.warm-up-max", "100ms"))) {
            service.publish("one", 1);
            Path log = directory.resolve("data").resolve("audit.log");
            Files.move(log, log.resolveSibling("away"));
            Files.createDirectory(log);
            // The first is done before anybody knows.
            assertThat(send(service, "PUT", SWITCH, "{\"share\":5000,\"reason\":\"x\"}", Http.TOKEN)
                            .status())
                    .isEqualTo(200);
            Http.Answer refused = send(service, "PUT", SWITCH, "{\"share\":0,\"reason\":\"x\"}", Http.TOKEN);
            assertThat(refused.status()).as(refused.text()).isGreaterThanOrEqualTo(500);
            assertThat(refused.detail()).contains("nothing is changed while the audit log cannot be written");
            assertThat(service.http.get("/v1/switches").text()).contains("5000");
            Files.delete(log);
            Files.move(log.resolveSibling("away"), log);
            assertThat(send(service, "PUT", SWITCH, "{\"share\":0,\"reason\":\"x\"}", Http.TOKEN)
                            .status())
                    .isEqualTo(200);
            List<JsonNode> entries = entries(service, "?limit=1000");
            assertThat(entries.get(entries.size() - 2).path("after").toString()).contains("5000");
            assertThat(entries.getLast().path("after").toString()).contains("\"0\"");
        }
    }
}
