package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** From requests of units and their outcomes to a verdict, over a running service. */
@DisplayName("Issue 19: a real winner is called over HTTP, and equal variants are not")
class ReportHttpTest {

    private static final int UNITS = 400;

    @TempDir
    static Path directory;

    private static TestService service;

    @BeforeAll
    static void start() throws IOException {
        Path config = directory.resolve("config");
        try (Stream<Path> files = Files.walk(TestService.configDirectory())) {
            for (Path file : files.toList()) {
                Path to = config.resolve(
                        TestService.configDirectory().relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
        for (String layer : List.of("won", "same")) {
            Files.writeString(
                    config.resolve("experiments").resolve(layer + ".yaml"), """
                    experiment: %s
                    surface: follow
                    layer: %s
                    enabled: true
                    variants:
                      - {name: control, weight: 1}
                      - {name: other, weight: 1}
                    """.formatted(layer, "layer-" + layer));
        }
        service = TestService.start(
                directory,
                options -> options.withConfigDirectory(config)
                        .withSetting("decisions.log", "decisions")
                        .withSetting("config-watch", "0s")
                        .withSetting("traffic.warm-up-max", "100ms")
                        .withSetting("traffic.degrade", "false"));
        service.publish("one", 1);
        ask();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Units of "other" in "won" follow four of five, the rest one of two; nobody looks at what "same" deals. */
    private static void ask() {
        List<String> outcomes = new ArrayList<>();
        for (int unit = 0; unit < UNITS; unit++) {
            Http.Answer answer = service.http.post(
                    "/v1/candidates",
                    "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"k\":3,\"unit\":\"user:%s\"}"
                            .formatted(unit));
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            boolean better = false;
            for (JsonNode experiment : answer.json().at("/provenance/experiments")) {
                better |= experiment.path("experiment").asString().equals("won")
                        && experiment.path("variant").asString().equals("other");
            }
            if (better ? unit % 5 != 0 : unit % 2 == 0) {
                outcomes.add("{\"decision\":\"%s\",\"candidate\":\"%s\",\"kind\":\"follow\"}"
                        .formatted(
                                answer.header("X-Decision-Id"),
                                answer.json().at("/candidates/0/id").asString()));
            }
        }
        Http.Answer pushed = service.http.send(
                "POST",
                "/v1/outcomes",
                BodyPublishers.ofString(String.join("\n", outcomes)),
                List.of("Content-Type", "application/x-ndjson", "Authorization", "Bearer " + Http.TOKEN));
        assertThat(pushed.text()).contains("\"accepted\":" + outcomes.size());
    }

    /** Decisions reach their file within a second or so. */
    private static JsonNode report(String experiment) throws InterruptedException {
        JsonNode report = service.http
                .getAsAdmin("/v1/experiments/%s/report".formatted(experiment))
                .json();
        for (int i = 0; i < 100 && report.path("answers").asInt() < UNITS; i++) {
            Thread.sleep(100);
            report = service.http
                    .getAsAdmin("/v1/experiments/%s/report".formatted(experiment))
                    .json();
        }
        return report;
    }

    @Test
    void aRealWinnerIsCalledAndEqualVariantsAreNot() throws InterruptedException {
        JsonNode won = report("won");
        assertThat(won.path("answers").asInt()).isEqualTo(UNITS);
        assertThat(won.path("state").asString()).as(won.toString()).isEqualTo("winner");
        assertThat(won.path("verdict").asString()).startsWith("other wins: follow per unit is ");
        assertThat(won.at("/sampleRatio/anytime").asDouble()).isGreaterThan(.001);
        JsonNode same = report("same");
        assertThat(same.path("state").asString()).as(same.toString()).isEqualTo("undecided");
        assertThat(same.path("verdict").asString()).startsWith("No winner yet: follow per unit under other lies");
    }

    @Test
    void theSameAsAPage() {
        Http.Answer page = service.http.send(
                "GET",
                "/v1/experiments/won/report",
                BodyPublishers.noBody(),
                List.of("Accept", "text/html", "Authorization", "Bearer " + Http.TOKEN));
        assertThat(page.type()).startsWith("text/html");
        assertThat(page.text()).startsWith("<!doctype html>").contains("<h1>won</h1>", "class=\"verdict\"");
    }

    @Test
    void whatIsAskedWronglyIsToldByPlace() throws InterruptedException {
        report("won");
        assertThat(service.http.get("/v1/experiments/won/report").problem()).isEqualTo("401 token-missing -");
        assertThat(service.http
                        .getAsAdmin("/v1/experiments/won/report?control=none")
                        .problem())
                .isEqualTo("400 bad-report control");
        assertThat(service.http
                        .getAsAdmin("/v1/experiments/won/report?controll=x")
                        .problem())
                .startsWith("400 ");
        assertThat(service.http
                        .getAsAdmin("/v1/experiments/none/report")
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("no-data");
    }
}
