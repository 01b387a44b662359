package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.client.ScorerClient;
import repscorer.wire.AssignmentsResponse;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.ReleaseBody;
import repscorer.wire.SourceBody;
import repscorer.wire.SpaceBody;
import repscorer.wire.SpaceVersionBody;
import repscorer.wire.SurfaceBody;
import tools.jackson.databind.JsonNode;

/** What the service tells about itself, mostly as the SDK sees it. */
class CatalogHttpTest {

    private final TestService service = TestService.shared();

    @Test
    void theSdkReadsEveryCatalogue() {
        try (ScorerClient client = ScorerClient.builder(service.running.uri()).build()) {
            assertThat(client.ready()).isTrue();
            assertThat(client.spaces()).hasSize(38).extracting(SpaceBody::space).isSorted();
            assertThat(client.versions("twhin-user"))
                    .singleElement()
                    .returns("one", SpaceVersionBody::release)
                    .returns("LIVE", SpaceVersionBody::state);
            assertThat(client.versions("twhin-tweet")).isEmpty();
            assertThat(client.releases())
                    .singleElement()
                    .returns("one", ReleaseBody::release)
                    .returns("LIVE", ReleaseBody::state);
            assertThat(client.surfaces())
                    .extracting(SurfaceBody::surface)
                    .containsExactly("ads", "follow", "search", "tweet");
            assertThat(client.experiments())
                    .singleElement()
                    .satisfies(experiment -> assertThat(experiment.variants()).hasSize(2));
            AssignmentsResponse assignments = client.assignments("user:5");
            assertThat(assignments.assignments())
                    .singleElement()
                    .satisfies(assigned -> assertThat(assigned.variant()).isIn("control", "simclusters-heavier"));
            assertThat(client.candidates(
                                    new CandidatesRequest("follow", SourceBody.of("user:5"), 3, null, null, null, null))
                            .candidates())
                    .hasSize(3);
            assertThat(client.embedding("twhin-topic", "topic:rock/pop").embeddings())
                    .hasSize(1);
        }
    }

    @Test
    void aSpaceTellsItsFormAndItsLiveVersion() {
        JsonNode spaces = service.http.get("/v1/spaces").json();

        assertThat(spaces).anySatisfy(space -> {
            assertThat(space.path("space").asString()).isEqualTo("twhin-user");
            assertThat(space.path("form").asString()).isEqualTo("dense");
            assertThat(space.path("dimension").asInt()).isEqualTo(64);
            assertThat(space.path("metric").asString()).isEqualTo("cosine");
            assertThat(space.path("engine").asString()).isEqualTo("hnsw");
            assertThat(space.path("required").asBoolean()).isTrue();
            assertThat(space.path("liveCount").asInt()).isEqualTo(ReleaseFixture.USERS);
            assertThat(space.path("liveVersion").asString()).hasSize(16);
        });
        assertThat(spaces).anySatisfy(space -> {
            assertThat(space.path("space").asString()).isEqualTo("history-reply");
            assertThat(space.path("form").asString()).isEqualTo("sparse");
            assertThat(space.has("dimension")).isFalse();
            assertThat(space.has("liveVersion")).isFalse();
        });
    }

    @Test
    @DisplayName("S10: what a live space is made of is told, and why not where there is none")
    void aSpaceTellsWhatItIsMadeOf() {
        JsonNode report = service.http.get("/v1/spaces/twhin-user").json();
        assertThat(report.path("rows").asInt()).isEqualTo(ReleaseFixture.USERS);
        assertThat(report.at("/bytes/values").asInt()).isEqualTo(4 * 64 * ReleaseFixture.USERS);
        assertThat(report.at("/index/engine").asString()).isEqualTo("exact"); // too few for a graph
        assertThat(service.http.get("/v1/spaces/nine").problem()).isEqualTo("404 unknown-space -");
        assertThat(service.http.get("/v1/spaces/history-reply").problem()).isEqualTo("503 space-not-live -");
    }

    @Test
    void aSurfaceTellsItsPlanUnderTheKeysOfItsFile() {
        JsonNode follow = service.http.get("/v1/surfaces").json().get(1);

        assertThat(follow.path("kDefault").asInt()).isEqualTo(20);
        assertThat(follow.path("blend").path("normalizer").asString()).isEqualTo("z-score");
        assertThat(follow.path("columns").get(0).propertyNames())
                .containsExactly(
                        "name",
                        "form",
                        "sources",
                        "candidates",
                        "similarity",
                        "weight",
                        "anchors",
                        "translations",
                        "retrieve",
                        "ef",
                        "exact");
        assertThat(follow.path("columns").get(1).propertyNames())
                .contains("clusters-scanned", "items-per-cluster", "candidates-max", "ranking", "rescore");
    }

    @Test
    void unknownThingsAndMissingParametersAreNamed() {
        assertThat(service.http.get("/v1/spaces/nine/versions").problem()).isEqualTo("404 unknown-space -");
        assertThat(service.http.get("/v1/experiments/assignments").problem()).isEqualTo("400 field-missing unit");
        assertThat(service.http.get("/v1/experiments/assignments?unit=%20").problem())
                .isEqualTo("400 malformed-unit unit");
        assertThat(service.http
                        .get("/v1/experiments/assignments?unit=" + "x".repeat(257))
                        .problem())
                .isEqualTo("400 malformed-unit unit");
    }

    /** The examples name ids that this release lacks; what matters is that each is understood. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "candidates-request",
                "candidates-request-minimal",
                "candidates-request-several-sources",
                "candidates-request-vector",
                "scores-request",
                "scores-request-similarity",
                "embeddings-request"
            })
    void everyGoldenRequestIsUnderstood(String name) throws Exception {
        Path examples = TestService.configDirectory()
                .resolveSibling("docs")
                .resolve("api")
                .resolve("examples");
        String route = name.substring(0, name.indexOf('-'));
        String path = route.equals("embeddings") ? "/v1/embeddings/twhin-user" : "/v1/" + route;

        Http.Answer answer = service.http.post(path, Files.readString(examples.resolve(name + ".json")));

        assertThat(answer.status()).as(answer.text()).isNotEqualTo(500);
        assertThat(answer.json().path("code").asString(""))
                .as(answer.text())
                .doesNotContain(
                        "malformed", "unknown-key", "wrong-type", "field-missing", "fields-conflict", "override");
    }
}
