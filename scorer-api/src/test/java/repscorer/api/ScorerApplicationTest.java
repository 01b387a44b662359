package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScorerApplicationTest {

    @TempDir
    Path directory;

    @Test
    void aTokenIsGeneratedPrintedOnceAndWorks() throws Exception {
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        String token;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (RunningService service = ScorerApplication.start(options())) {
            token = service.adminToken().orElseThrow();
            assertThat(service.port()).isPositive();
            assertThat(service.uri().toString()).isEqualTo("http://127.0.0.1:" + service.port());
            CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> {
                try {
                    service.awaitClose();
                    return true;
                } catch (InterruptedException e) {
                    return false;
                }
            });
            assertThat(closed).isNotDone();
            service.close();
            assertThat(closed.get(5, TimeUnit.SECONDS)).isTrue();
        } finally {
            System.setOut(out);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).containsOnlyOnce(token);
        assertThat(Files.readString(directory.resolve("data").resolve("admin-token.sha256")))
                .doesNotContain(token);
    }

    @Test
    void aMistakeInTheConfigurationIsTheWholeMessage() {
        assertThatThrownBy(() -> ScorerApplication.start(options().withSetting("port", "eighty")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("setting port")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> ScorerApplication.start(options().withConfigDirectory(directory.resolve("no"))))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("the configuration directory is missing");
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> ScorerApplication.start(
                            options().withPort(taken.getLocalPort()).withAdminToken(Http.TOKEN)))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("127.0.0.1 port %s cannot be listened on".formatted(taken.getLocalPort()));
        }
    }

    @Test
    @DisplayName("S22: a first start that fails leaves the token to the next one")
    void aFailedStartLosesNoToken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> ScorerApplication.start(options().withPort(taken.getLocalPort())))
                    .isInstanceOf(StartException.class);
        }
        String token;
        try (RunningService service = ScorerApplication.start(options())) {
            token = service.adminToken().orElseThrow();
        }
        try (RunningService service = ScorerApplication.start(options())) {
            assertThat(service.adminToken()).isEmpty();
            assertThat(new Http(service.uri(), token).getAsAdmin("/v1/signals/user:1"))
                    .returns(200, Http.Answer::status);
        }
        try (RunningService service = ScorerApplication.start(options().withNewAdminToken())) {
            assertThat(new Http(service.uri(), token).getAsAdmin("/v1/signals/user:1"))
                    .returns(403, Http.Answer::status);
            assertThat(new Http(service.uri(), service.adminToken().orElseThrow()).getAsAdmin("/v1/signals/user:1"))
                    .returns(200, Http.Answer::status);
        }
        assertThatThrownBy(() -> ScorerApplication.start(
                        options().withAdminToken(Http.TOKEN).withNewAdminToken()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("REPSCORER_ADMIN_TOKEN gives none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tök", "with-a-newline-in-it\n", "mit-einem-umlaut-darin-ü"})
    @DisplayName("S22: a token of the environment that nobody could show stops the start")
    void aTokenThatNobodyCouldShowStopsTheStart(String token) {
        assertThatThrownBy(() -> ScorerApplication.start(
                        options().withEnvironment(Map.of(ServiceOptions.ADMIN_TOKEN_VARIABLE, token))))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("16 to 512 visible ASCII characters")
                .hasMessageNotContaining(token);
    }

    @Test
    void aDataDirectoryThatIsAFileIsNamed() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> ScorerApplication.start(options().withDataDirectory(file)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(file.toString());
    }

    private ServiceOptions options() {
        return ServiceOptions.defaults()
                .withConfigDirectory(TestService.configDirectory())
                .withDataDirectory(directory.resolve("data"))
                .withEnvironment(Map.of())
                .withPort(0);
    }
}
