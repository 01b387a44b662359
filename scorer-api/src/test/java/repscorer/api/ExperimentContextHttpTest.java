package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.client.ExperimentsClient;
import repscorer.client.ScorerClient;
import repscorer.wire.AssignmentsResponse.AssignedBody;

@DisplayName("Issue 19: who is in an experiment goes by what a request tells")
class ExperimentContextHttpTest {

    private static final String DOCUMENT = """
        experiment: local
        surface: follow
        layer: other
        context: {country: [de, at], "app.version": ["1,5"]}
        enabled: true
        variants:
          - {name: only, weight: 1, overrides: {columns.simclusters.weight: 2}}
        """;

    @TempDir
    Path directory;

    private static Http.Answer put(TestService service, String document) {
        return service.http.send(
                "PUT",
                "/v1/experiments/local?reason=x",
                BodyPublishers.ofString(document),
                List.of("Content-Type", "application/yaml", "Authorization", "Bearer " + Http.TOKEN));
    }

    private static String asked(TestService service, String path, String more, String context) {
        Http.Answer answer = service.http.post(
                path,
                "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"unit\":\"u\"%s%s}"
                        .formatted(more, context.isEmpty() ? "" : ",\"context\":" + context));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().at("/provenance/experiments").toString();
    }

    private static boolean isLocal(TestService service, String context) {
        return service.http
                .get("/v1/experiments/assignments?unit=u&context=" + URLEncoder.encode(context, StandardCharsets.UTF_8)
                        + "&context=app.version=1,5")
                .text()
                .contains("\"local\"");
    }

    @Test
    void requestsOfAnotherContextOrNoneAreAnsweredWithoutIt() {
        try (TestService service =
                        TestService.start(directory, options -> options.withSetting("traffic.warm-up-max", "100ms"));
                ScorerClient client =
                        ScorerClient.builder(service.running.uri()).build()) {
            service.publish("one", 1);
            assertThat(put(service, DOCUMENT).status()).isEqualTo(200);
            assertThat(service.http.get("/v1/experiments").text())
                    .contains("\"context\":{\"app.version\":[\"1,5\"],\"country\":[\"at\",\"de\"]}");

            String in = "{\"country\":\"at\",\"app.version\":\"1,5\",\"unheard-of\":\"x\"}";
            for (Map.Entry<String, String> each : Map.of(
                            "/v1/candidates", ",\"k\":3",
                            "/v1/why-not", ",\"k\":1,\"id\":\"user:9\"",
                            "/v1/scores", ",\"candidates\":[\"user:2\"]")
                    .entrySet()) {
                assertThat(asked(service, each.getKey(), each.getValue(), in))
                        .as(each.getKey())
                        .contains("\"local\"");
                assertThat(asked(service, each.getKey(), each.getValue(), "{\"country\":\"at\"}"))
                        .as(each.getKey())
                        .doesNotContain("\"local\"");
                assertThat(asked(service, each.getKey(), each.getValue(), ""))
                        .as(each.getKey())
                        .doesNotContain("\"local\"");
            }

            assertThat(isLocal(service, "country=at")).isTrue();
            assertThat(isLocal(service, "country=fr")).isFalse();
            assertThat(service.http
                            .get("/v1/experiments/assignments?unit=u&context=")
                            .text())
                    .doesNotContain("\"local\"");
            assertThat(service.http.get("/v1/experiments/assignments?unit=u").text())
                    .as("of requests that are eligible")
                    .contains("\"local\"");
            ExperimentsClient experiments = new ExperimentsClient(client);
            assertThat(experiments
                            .assignments("u", Map.of("country", "de", "app.version", "1,5"))
                            .assignments())
                    .extracting(AssignedBody::experiment)
                    .contains("local");
            assertThat(experiments.assignments("u", Map.of()).assignments())
                    .extracting(AssignedBody::experiment)
                    .doesNotContain("local");
        }
    }

    @Test
    void whatNobodyCanTellIsRefused() {
        TestService service = TestService.shared();
        assertThat(put(service, DOCUMENT.replace("country:", "\"a b\":")).detail())
                .contains("a name of context is 1 to 64 letters, digits, '-', '_' and '.': 'a b'");
        assertThat(put(service, DOCUMENT.replace("[de, at]", "[]")).detail())
                .contains("context.country needs a value: nobody would be in");
        String ask = "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"k\":3,\"context\":%s}";
        assertThat(service.http
                        .post("/v1/candidates", ask.formatted("{\"a b\":\"c\"}"))
                        .problem())
                .isEqualTo("400 malformed-context context");
        assertThat(service.http
                        .post("/v1/candidates", ask.formatted("{\"a\":\"%s\"}".formatted("x".repeat(257))))
                        .problem())
                .isEqualTo("400 malformed-context context.a");
        assertThat(service.http
                        .post("/v1/candidates", ask.formatted("{\"a\":null}"))
                        .problem())
                .isEqualTo("400 field-missing context.a");
        assertThat(service.http
                        .get("/v1/experiments/assignments?unit=u&context=country")
                        .problem())
                .isEqualTo("400 malformed-context context");
        assertThat(service.http.post("/v1/scores", """
                            {"similarity":"cosine","sourceSpace":"twhin-user","candidateSpace":"twhin-user",
                             "source":{"id":"user:1"},"candidates":["user:2"],"context":{"a":"b"}}""").status()).isEqualTo(400);
    }
}
