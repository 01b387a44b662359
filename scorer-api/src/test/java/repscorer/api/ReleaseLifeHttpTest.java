package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A release from staging to deletion, as an operator sees it. */
class ReleaseLifeHttpTest {

    @TempDir
    Path directory;

    private static Http.Answer delete(Http http, String path) {
        return http.send("DELETE", path, BodyPublishers.noBody(), List.of("Authorization", "Bearer " + Http.TOKEN));
    }

    private static List<String> listed(Http http) {
        return StreamSupport.stream(http.get("/v1/releases").json().spliterator(), false)
                .map(each -> each.path("release").asString() + " "
                        + each.path("state").asString()
                        + (each.path("pinned").asBoolean(false) ? " pinned" : ""))
                .toList();
    }

    private static String vector(Http http, String release) {
        return http.get("/v1/embeddings/twhin-user/user:1?release=" + release)
                .json()
                .at("/embeddings/0/vector/0")
                .asString();
    }

    private static String release(Http.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().at("/provenance/release").asString();
    }

    @Test
    @DisplayName(
            "Issue 17: a staged release answers who names it, over a restart, and goes live by its promotion alone")
    void aStagedReleaseIsLookedAtBeforeItIsLive() {
        String named =
                "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"k\":5,\"overrides\":{\"release\":\"two\"}}";
        String scores = "{\"similarity\":\"dot\",\"sourceSpace\":\"twhin-user\",\"candidateSpace\":\"twhin-user\","
                + "\"source\":{\"id\":\"user:1\"},\"candidates\":[\"user:2\"],\"release\":\"two\"}";
        try (TestService service = TestService.start(directory, options -> options)) {
            Http http = service.http;
            service.publish("one", 1);
            service.stage("two", 2);
            Http.Answer staged = http.change("/v1/releases/two/publish?stage=true");
            assertThat(staged.json().path("state").asString()).isEqualTo("STAGED");
            assertThat(listed(http)).containsExactly("two STAGED", "one LIVE");
            assertThat(http.getAsAdmin("/v1/staged-releases").json()).hasSize(1);
            assertThat(vector(http, "two")).isNotEqualTo(vector(http, "one"));
            assertThat(release(http.post("/v1/candidates", named))).isEqualTo("two");
            assertThat(release(http.post("/v1/scores", scores))).isEqualTo("two");
            assertThat(release(http.post("/v1/candidates", named.replace("two", "one"))))
                    .isEqualTo("one");
            assertThat(http.change("/v1/releases/two/roll-back").problem()).isEqualTo("404 release-not-kept -");
            assertThat(http.post("/v1/releases/two/promote", "").problem()).isEqualTo("401 token-missing -");
        }
        try (TestService service = TestService.start(directory, options -> options)) {
            Http http = service.http;
            assertThat(listed(http)).containsExactly("two STAGED", "one LIVE");
            assertThat(release(http.post("/v1/candidates", named))).isEqualTo("two");
            assertThat(http.change("/v1/releases/two/promote")
                            .json()
                            .path("state")
                            .asString())
                    .isEqualTo("LIVE");
            assertThat(http.getAsAdmin("/v1/staged-releases").json()).isEmpty();
            assertThat(http.change("/v1/releases/three/promote").problem()).isEqualTo("404 release-not-staged -");
        }
    }

    @Test
    @DisplayName(
            "Issue 17: what a release lacks is named; it is carried when it was staged so, and a failure is listed")
    void whatAReleaseLacksIsNamed() {
        try (TestService service = TestService.start(directory, options -> options)) {
            Http http = service.http;
            service.publish("one", 1);
            ReleaseFixture.write(directory.resolve("two"), 2).forEach((space, file) -> {
                if (!space.equals("twhin-relation") && !space.startsWith("history-")) {
                    assertThat(http.stage("two", space, file).status()).isEqualTo(200);
                }
            });
            for (String more : List.of("", "?stage=true")) {
                Http.Answer refused = http.change("/v1/releases/two/publish" + more);
                assertThat(refused.problem()).isEqualTo("409 spaces-missing -");
                assertThat(refused.detail()).contains("history-follow, twhin-relation");
            }
            assertThat(listed(http)).containsExactly("two REJECTED", "one LIVE");
            assertThat(http.get("/v1/releases").json().at("/0/rejection").asString())
                    .contains("history-follow, twhin-relation");
            assertThat(http.change("/v1/releases/two/publish?stage=true&carry=*")
                            .status())
                    .isEqualTo(200);
            assertThat(http.get("/v1/embeddings/twhin-relation/relation:follow?release=two")
                            .status())
                    .isEqualTo(200);
            assertThat(http.change("/v1/releases/two/promote?partial=false").problem())
                    .isEqualTo("409 spaces-missing -");
            assertThat(listed(http)).containsExactly("two STAGED", "one LIVE");
            Http.Answer live = http.change("/v1/releases/two/promote");
            assertThat(live.json().at("/carried/twhin-relation").asString()).isEqualTo("one");
            assertThat(listed(http)).containsExactly("two LIVE", "one KEPT");
        }
    }

    @Test
    @DisplayName(
            "Issue 17: kept releases are pinned and deleted by administrators; a pin outlives restarts and publications")
    void keptReleasesArePinnedAndDeleted() {
        try (TestService service = TestService.start(directory, options -> options)) {
            Http http = service.http;
            service.publish("one", 1);
            service.publish("two", 2);
            assertThat(http.post("/v1/releases/one/pin", "").problem()).isEqualTo("401 token-missing -");
            assertThat(http.change("/v1/releases/one/pin").json().path("pinned").asBoolean())
                    .isTrue();
            for (int i = 3; i <= 6; i++) {
                service.publish("r" + i, i);
            }
            assertThat(listed(http)).containsExactly("r6 LIVE", "r5 KEPT", "r4 KEPT", "r3 KEPT", "one KEPT pinned");
        }
        try (TestService service = TestService.start(directory, options -> options)) {
            Http http = service.http;
            assertThat(listed(http)).endsWith("one KEPT pinned");
            assertThat(delete(http, "/v1/releases/one").problem()).isEqualTo("409 release-pinned -");
            assertThat(delete(http, "/v1/releases/r6").problem()).isEqualTo("409 release-live -");
            assertThat(delete(http, "/v1/releases/two").problem()).isEqualTo("404 unknown-release -");
            assertThat(http.send("DELETE", "/v1/releases/one", BodyPublishers.noBody(), List.of())
                            .problem())
                    .isEqualTo("401 token-missing -");
            assertThat(delete(http, "/v1/releases/one/pin").json().has("pinned"))
                    .isFalse();
            assertThat(delete(http, "/v1/releases/one").status()).isEqualTo(204);
            assertThat(http.get("/v1/embeddings/twhin-user/user:1?release=one").problem())
                    .isEqualTo("404 unknown-release -");
            assertThat(listed(http)).containsExactly("r6 LIVE", "r5 KEPT", "r4 KEPT", "r3 KEPT");
        }
    }
}
