package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.api.security.AccessKeys;
import repscorer.api.security.Role;
import tools.jackson.databind.JsonNode;

@DisplayName("Issue 19: kill switches by surface, space, release and caller")
class SwitchesHttpTest {

    @TempDir
    Path directory;

    private static ServiceOptions quick(ServiceOptions options) {
        return options.withSetting("traffic.warm-up-max", "100ms");
    }

    private static Http.Answer ask(TestService service, String unit, String overrides, String... bearer) {
        List<String> headers = bearer.length == 0
                ? List.of("Content-Type", "application/json")
                : List.of("Content-Type", "application/json", "Authorization", "Bearer " + bearer[0]);
        return service.http.send(
                "POST",
                "/v1/candidates",
                BodyPublishers.ofString(
                        "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"unit\":\"%s\",\"k\":3,\"explain\":true,\"overrides\":{%s}}"
                                .formatted(unit, overrides)),
                headers);
    }

    private static void flip(TestService service, String part, int share) {
        Http.Answer answer = service.http.send(
                "PUT",
                "/v1/switches/" + part,
                BodyPublishers.ofString("{\"share\":%s,\"reason\":\"a test\"}".formatted(share)),
                List.of("Content-Type", "application/json", "Authorization", "Bearer " + Http.TOKEN));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private static Http.Answer clear(TestService service, String part) {
        return service.http.send(
                "DELETE",
                "/v1/switches/" + part + "?reason=over",
                BodyPublishers.noBody(),
                List.of("Authorization", "Bearer " + Http.TOKEN));
    }

    private static int served(TestService service) {
        int served = 0;
        for (int i = 0; i < 200; i++) {
            served += ask(service, "user:" + i, "").status() == 200 ? 1 : 0;
        }
        return served;
    }

    @Test
    void eachKindIsRefusedOrLeftOutAsItSaysAndOutlivesARestart() throws Exception {
        String key = AccessKeys.open(directory.resolve("data")).add("mixer", Set.of(Role.READ), Optional.empty());
        try (TestService service = TestService.start(directory, SwitchesHttpTest::quick)) {
            service.publish("one", 1);
            assertThat(service.http.get("/v1/switches").text()).isEqualTo("[]");

            flip(service, "surface/follow", 0);
            Http.Answer off = ask(service, "user:1", "");
            assertThat(off.problem()).isEqualTo("503 surface-switched-off -");
            assertThat(off.header("Retry-After")).isNotEmpty();
            flip(service, "surface/follow", 5_000);
            int half = served(service);
            assertThat(half).isBetween(70, 130);
            assertThat(served(service)).as("the same units").isEqualTo(half);
            flip(service, "surface/follow", 10_000);
            assertThat(served(service)).isEqualTo(200);
            assertThat(clear(service, "surface/follow").status()).isEqualTo(204);

            flip(service, "space/twhin-user", 0);
            JsonNode answer = ask(service, "user:1", "").json();
            assertThat(answer.at("/provenance/notices").toString())
                    .contains("\"column\":\"twhin\",\"reason\":\"switched-off\"");
            assertThat(answer.at("/candidates/0/columns").toString()).contains("\"missing\":\"disabled\"");
            assertThat(answer.at("/candidates/0/score").asDouble()).isNotZero();
            assertThat(service.http
                            .post(
                                    "/v1/scores",
                                    "{\"similarity\":\"dot\",\"sourceSpace\":\"twhin-user\",\"candidateSpace\":\"twhin-user\","
                                            + "\"source\":{\"id\":\"user:1\"},\"candidates\":[\"user:2\"]}")
                            .problem())
                    .isEqualTo("503 space-switched-off -");
            flip(service, "space/simclusters-producer", 0);
            assertThat(ask(service, "user:1", "").problem()).isEqualTo("503 space-switched-off -");
            clear(service, "space/simclusters-producer");
            clear(service, "space/twhin-user");

            service.publish("two", 2);
            flip(service, "release/one", 0);
            assertThat(ask(service, "user:1", "\"release\":\"one\"").problem()).isEqualTo("503 release-switched-off -");
            assertThat(ask(service, "user:1", "\"release\":\"two\"").status()).isEqualTo(200);
            Http.Answer put = service.http.send(
                    "PUT",
                    "/v1/experiments/older?reason=x",
                    BodyPublishers.ofString(
                            "{\"experiment\":\"older\",\"surface\":\"follow\",\"layer\":\"r\",\"enabled\":true,"
                                    + "\"variants\":[{\"name\":\"one\",\"weight\":1,\"overrides\":{\"release\":\"one\"}}]}"),
                    List.of("Content-Type", "application/json", "Authorization", "Bearer " + Http.TOKEN));
            assertThat(put.status()).as(put.text()).isEqualTo(200);
            JsonNode live = ask(service, "user:1", "").json();
            assertThat(live.at("/provenance/release").asString()).isEqualTo("two");
            assertThat(live.at("/provenance/notices").toString())
                    .contains("release 'one' of an experiment is switched off");
            clear(service, "release/one");
            assertThat(ask(service, "user:1", "")
                            .json()
                            .at("/provenance/release")
                            .asString())
                    .isEqualTo("one");

            flip(service, "caller/mixer", 0);
            assertThat(ask(service, "user:1", "", key).problem()).isEqualTo("503 caller-switched-off -");
            assertThat(ask(service, "user:1", "").status())
                    .as("who shows no key")
                    .isEqualTo(200);
            assertThat(ask(service, "user:1", "", Http.TOKEN).status()).isEqualTo(200);
            flip(service, "caller/mixer", 5_000);
            int mixed = 0;
            for (int i = 0; i < 100; i++) {
                mixed += ask(service, "user:" + i, "", key).status() == 200 ? 1 : 0;
            }
            assertThat(mixed).isBetween(25, 75);
            flip(service, "caller/mixer", 0);
        }
        try (TestService service = TestService.start(directory, SwitchesHttpTest::quick)) {
            assertThat(ask(service, "user:1", "", key).problem()).isEqualTo("503 caller-switched-off -");
            JsonNode one = service.http.get("/v1/switches").json().get(0);
            assertThat(one.path("author").asString()).isEqualTo("admin token");
            assertThat(one.path("reason").asString()).isEqualTo("a test");
            assertThat(service.http.getAsAdmin("/v1/switches/history").json().size())
                    .isGreaterThan(8);
            assertThat(service.http
                            .send(
                                    "PUT",
                                    "/v1/switches/surface/nowhere",
                                    BodyPublishers.ofString("{\"share\":0,\"reason\":\"x\"}"),
                                    List.of(
                                            "Content-Type",
                                            "application/json",
                                            "Authorization",
                                            "Bearer " + Http.TOKEN))
                            .problem())
                    .isEqualTo("404 unknown-surface -");
            assertThat(clear(service, "bogus/x").problem()).isEqualTo("404 unknown-kind -");
        }
    }

    @Test
    void aFileSwitchesWithinASecondAndTheApiWins() throws Exception {
        Path config = directory.resolve("config");
        try (Stream<Path> files = Files.walk(TestService.configDirectory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path name = TestService.configDirectory().relativize(file);
                if (!name.startsWith("training") && !name.startsWith("demo")) {
                    Files.createDirectories(config.resolve(name).getParent());
                    Files.copy(file, config.resolve(name));
                }
            }
        }
        try (TestService service =
                TestService.start(directory, options -> quick(options).withConfigDirectory(config))) {
            service.publish("one", 1);
            Path file = config.resolve("switches.yaml");
            Files.writeString(file, "surfaces: {follow: 0}\n");
            await(service, 503);
            assertThat(service.http.get("/v1/switches").text())
                    .isEqualTo("[{\"kind\":\"surface\",\"name\":\"follow\",\"share\":0,\"source\":\"file\"}]");
            flip(service, "surface/follow", 10_000);
            assertThat(ask(service, "user:1", "").status()).isEqualTo(200);
            clear(service, "surface/follow");
            assertThat(ask(service, "user:1", "").status()).isEqualTo(503);
            Files.writeString(file, "surfaces: {follow: 10001}\n");
            for (int i = 0; i < 100 && !service.http.get("/v1/config").text().contains("\"refused\":true"); i++) {
                Thread.sleep(50);
            }
            assertThat(service.http.get("/v1/config").text())
                    .contains("switches.yaml line 1: surfaces.follow: must be 0 to 10000: 10001");
            assertThat(ask(service, "user:1", "").status()).isEqualTo(503);
            Files.delete(file);
            await(service, 200);
        }
    }

    private static void await(TestService service, int status) throws InterruptedException {
        int seen = 0;
        for (int i = 0; i < 200 && seen != status; i++) {
            seen = ask(service, "user:1", "").status();
            Thread.sleep(20);
        }
        assertThat(seen).isEqualTo(status);
    }
}
