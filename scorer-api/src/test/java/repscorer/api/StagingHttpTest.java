package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What waits to be published. */
class StagingHttpTest {

    @TempDir
    Path directory;

    private static Http.Answer discard(Http http, String release, String... more) {
        return http.send(
                "DELETE",
                "/v1/staged-releases/" + release,
                BodyPublishers.noBody(),
                more.length > 0 ? List.of(more) : List.of("Authorization", "Bearer " + Http.TOKEN));
    }

    @Test
    @DisplayName("S43: refused releases are listed and can be discarded; nothing is left of them")
    void whatIsStagedIsListedAndDiscarded() throws Exception {
        try (TestService service = TestService.start(directory, options -> options)) {
            Http http = service.http;
            Map<String, Path> files = ReleaseFixture.write(directory.resolve("files"), 1);
            Path one = Objects.requireNonNull(files.get("twhin-topic"));
            assertThat(http.getAsAdmin("/v1/staged-releases").json()).isEmpty();
            for (int i = 0; i < 3; i++) {
                assertThat(http.stage("refused-" + i, "twhin-topic", one).status())
                        .isEqualTo(200);
                assertThat(http.change("/v1/releases/refused-" + i + "/publish").status())
                        .isEqualTo(422);
            }

            // What a required space is missing of can be mended, so its files wait (S18), and the list says what it
            // lacks.
            assertThat(http.get("/v1/releases").json())
                    .extracting(each -> each.path("state").asString() + " "
                            + each.path("rejection").asString())
                    .containsOnly("REJECTED a release holds every required space: simclusters-interest is missing")
                    .hasSize(3);
            JsonNode staged = http.getAsAdmin("/v1/staged-releases").json();
            assertThat(staged)
                    .extracting(each -> each.path("release").asString())
                    .containsExactly("refused-0", "refused-1", "refused-2");
            assertThat(staged.at("/0/files/twhin-topic").asLong()).isEqualTo(Files.size(one));
            assertThat(http.get("/v1/staged-releases").problem()).isEqualTo("401 token-missing -");
            assertThat(discard(http, "refused-1", "Accept", "*/*").problem()).isEqualTo("401 token-missing -");
            assertThat(discard(http, "refused-1").status()).isEqualTo(204);
            assertThat(discard(http, "refused-1").problem()).isEqualTo("404 nothing-staged -");
            assertThat(discard(http, "..%2Frefused-0").problem()).isEqualTo("400 bad-release-name release");
            assertThat(http.getAsAdmin("/v1/staged-releases").json())
                    .extracting(each -> each.path("release").asString())
                    .containsExactly("refused-0", "refused-2");
            assertThat(http.change("/v1/releases/refused-1/publish").problem()).isEqualTo("422 release-rejected -");

            service.publish("good", 1);
            assertThat(discard(http, "good").problem()).isEqualTo("404 nothing-staged -");
            assertThat(http.get("/v1/embeddings/twhin-user/user:1").status()).isEqualTo(200);
            try (Stream<Path> incoming = Files.list(service.store().resolve("incoming"))) {
                assertThat(incoming).isEmpty();
            }
        }
        try (TestService again = TestService.start(directory, options -> options)) {
            assertThat(again.http.getAsAdmin("/v1/staged-releases").json()).hasSize(2);
        }
    }

    @Test
    @DisplayName("S43: at most a hundred releases wait at once")
    void stagedReleasesAreBounded() throws Exception {
        try (TestService service = TestService.start(directory, options -> options)) {
            Path one = Objects.requireNonNull(
                    ReleaseFixture.write(directory.resolve("files"), 1).get("twhin-relation"));
            for (int i = 0; i < 100; i++) {
                assertThat(service.http.stage("r" + i, "twhin-relation", one).status())
                        .isEqualTo(200);
            }

            assertThat(service.http.stage("r100", "twhin-relation", one).problem())
                    .isEqualTo("409 too-many-staged -");
            assertThat(service.http.stage("r7", "twhin-relation", one).status()).isEqualTo(200);
            assertThat(discard(service.http, "r8").status()).isEqualTo(204);
            assertThat(service.http.stage("r100", "twhin-relation", one).status())
                    .isEqualTo(200);
        }
    }
}
