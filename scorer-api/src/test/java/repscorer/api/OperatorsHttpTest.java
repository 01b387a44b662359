package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What operators and developers look at: metrics, health, the OpenAPI document. */
class OperatorsHttpTest {

    private final Http http = TestService.shared().http;

    @Test
    void metricsTellStagesAnswersAndTheLiveRelease() {
        http.post("/v1/candidates", """
                {"surface": "follow", "source": {"id": "user:41"}, "k": 3}""");
        http.post("/v1/scores", """
                {"surface": "follow", "source": {"id": "user:5"}, "candidates": ["user:999"]}""");

        String metrics = http.get("/actuator/prometheus").text();

        assertThat(metrics)
                .containsPattern("repscorer_stage_seconds_count\\{.*stage=\"total\".*surface=\"follow\"")
                .containsPattern("repscorer_stage_seconds_bucket\\{.*le=\"0.005\"")
                .containsPattern("repscorer_answers_total\\{.*route=\"candidates\"")
                .containsPattern("repscorer_answers_empty_total\\{.*route=\"scores\"")
                .containsPattern("repscorer_missing_total\\{.*reason=\"no-embedding-candidate\"")
                .containsPattern("repscorer_notices_total\\{.*reason=\"")
                .containsPattern("repscorer_release_info\\{.*release=\"one\".*\\} 1")
                .containsPattern("repscorer_space_count\\{.*space=\"twhin-user\"\\} 40")
                .contains("http_server_requests_seconds");
    }

    @Test
    void healthIsUpAndNamesTheRelease() {
        JsonNode readiness = http.get("/actuator/health/readiness").json();

        assertThat(readiness.path("status").asString()).isEqualTo("UP");
        assertThat(readiness.at("/components/release/details/release").asString())
                .isEqualTo("one");
        assertThat(http.get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(http.get("/actuator/info").status()).isEqualTo(200);
    }

    @Test
    void theOpenApiDocumentListsEveryRoute() {
        // But POST /mcp, which is many calls: it describes them itself, with the schemas of this document
        // (McpHttpTest).
        JsonNode paths = http.get("/v3/api-docs").json().path("paths");

        Map<String, Set<String>> routes = Map.ofEntries(
                Map.entry("/v1/candidates", Set.of("post")),
                Map.entry("/v1/config", Set.of("get")),
                Map.entry("/v1/config/reload", Set.of("post")),
                Map.entry("/v1/scores", Set.of("post")),
                Map.entry("/v1/scores/pairs", Set.of("post")),
                Map.entry("/v1/scores/matrix", Set.of("post")),
                Map.entry("/v1/why-not", Set.of("post")),
                Map.entry("/v1/signals", Set.of("post")),
                Map.entry("/v1/signals/{user}", Set.of("get")),
                Map.entry("/v1/features/engagement", Set.of("post")),
                Map.entry("/v1/embeddings/{space}/{id}", Set.of("get")),
                Map.entry("/v1/embeddings/{space}", Set.of("post")),
                Map.entry("/v1/spaces", Set.of("get")),
                Map.entry("/v1/spaces/{space}", Set.of("get")),
                Map.entry("/v1/spaces/{space}/versions", Set.of("get")),
                Map.entry("/v1/spaces/{space}/codebook", Set.of("get")),
                Map.entry("/v1/spaces/{space}/upserts", Set.of("post")),
                Map.entry("/v1/spaces/{space}/compact", Set.of("post")),
                Map.entry("/v1/audit", Set.of("get")),
                Map.entry("/v1/erasures", Set.of("get", "post")),
                Map.entry("/v1/erasures/{receipt}", Set.of("get")),
                Map.entry("/v1/erasures/{receipt}/check", Set.of("post")),
                Map.entry("/v1/releases", Set.of("get")),
                Map.entry("/v1/staged-releases", Set.of("get")),
                Map.entry("/v1/staged-releases/{release}", Set.of("delete")),
                Map.entry("/v1/releases/{release}/files/{space}", Set.of("put")),
                Map.entry("/v1/releases/{release}/rows/{space}", Set.of("put")),
                Map.entry("/v1/releases/{release}/publish", Set.of("post")),
                Map.entry("/v1/releases/{release}/roll-back", Set.of("post")),
                Map.entry("/v1/releases/{release}/promote", Set.of("post")),
                Map.entry("/v1/releases/{release}/pin", Set.of("post", "delete")),
                Map.entry("/v1/releases/{release}", Set.of("get", "delete")),
                Map.entry("/v1/releases/{release}/canary", Set.of("post")),
                Map.entry("/v1/canary", Set.of("get", "delete")),
                Map.entry("/v1/releases/{a}/compare/{b}", Set.of("get")),
                Map.entry("/v1/releases/{release}/alignments", Set.of("get")),
                Map.entry("/v1/releases/{release}/alignments/{from}", Set.of("post")),
                Map.entry("/v1/releases/{release}/alignments/{name}", Set.of("delete")),
                Map.entry("/v1/surfaces", Set.of("get")),
                Map.entry("/v1/entities", Set.of("get")),
                Map.entry("/v1/shadows", Set.of("get")),
                Map.entry("/v1/experiments", Set.of("get")),
                Map.entry("/v1/experiments/{experiment}/report", Set.of("get")),
                Map.entry("/v1/experiments/assignments", Set.of("get")),
                Map.entry("/v1/experiments/{name}", Set.of("get", "put", "delete")),
                Map.entry("/v1/experiments/{name}/history", Set.of("get")),
                Map.entry("/v1/experiments/{name}/variants/{variant}/stop", Set.of("post")),
                Map.entry("/v1/experiments/{name}/variants/{variant}/resume", Set.of("post")),
                Map.entry("/v1/switches", Set.of("get")),
                Map.entry("/v1/switches/history", Set.of("get")),
                Map.entry("/v1/switches/{kind}/{name}", Set.of("put", "delete")),
                Map.entry("/v1/decisions/{decision}/replay", Set.of("get")),
                Map.entry("/v1/outcomes", Set.of("post")),
                Map.entry("/v1/streams", Set.of("get")),
                Map.entry("/v1/live-recall", Set.of("get")));
        assertThat(paths.propertyNames()).containsExactlyInAnyOrderElementsOf(routes.keySet());
        routes.forEach((path, methods) -> {
            assertThat(paths.path(path).propertyNames()).as(path).containsExactlyInAnyOrderElementsOf(methods);
            methods.forEach(method -> {
                JsonNode operation = paths.path(path).path(method);
                assertThat(operation.path("summary").asString()).as(path).isNotBlank();
                assertThat(operation.path("operationId").asString()).as(path).isNotBlank();
                assertThat(operation.path("responses").has("default")).as(path).isTrue();
            });
        });
    }

    @Test
    void theDocumentHasExamplesAndTheScheme() {
        JsonNode document = http.get("/v3/api-docs").json();

        assertThat(document.at("/components/securitySchemes/admin/scheme").asString())
                .isEqualTo("bearer");
        assertThat(document.at("/paths/~1v1~1releases~1{release}~1publish/post/security"))
                .isNotEmpty();
        assertThat(document.at("/paths/~1v1~1candidates/post/requestBody/content/application~1json/examples"))
                .isNotEmpty();
        assertThat(document.at("/paths/~1v1~1candidates/post/responses/200/content/application~1json/examples"))
                .isNotEmpty();
    }

    @Test
    void thePageIsServed() {
        Http.Answer redirect = http.get("/swagger-ui.html");
        Http.Answer page = http.get("/swagger-ui/index.html");

        assertThat(redirect.status()).isEqualTo(302);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.type()).startsWith("text/html");
    }
}
