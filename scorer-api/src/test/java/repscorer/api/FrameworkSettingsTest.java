package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of its own, started where somebody left settings of the framework lying about. */
class FrameworkSettingsTest {

    private static final String TAKEN = "token-from-the-environment";

    @TempDir
    Path directory;

    /** What the process runs: configuration directory, then data directory. */
    static final class Serve {

        public static void main(String[] arguments) throws Exception {
            ServiceOptions options = ServiceOptions.defaults()
                    .withConfigDirectory(Path.of(arguments[0]))
                    .withDataDirectory(Path.of(arguments[1]))
                    .withPort(0);
            try (RunningService service = ScorerApplication.start(options)) {
                System.out.println("at " + service.uri());
                service.awaitClose();
            }
        }
    }

    @Test
    @DisplayName("S40: files, variables and properties of the framework decide nothing; no route shows the token")
    void onlyOurSettingsDecide() throws Exception {
        String exposing = "management.endpoints.web.exposure.include=*\nmanagement.endpoint.env.show-values=always\n"
                + "management.endpoints.access.default=unrestricted\nmanagement.endpoints.access.max-permitted=unrestricted\n";
        Files.writeString(directory.resolve("application.properties"), exposing);
        Files.createDirectories(directory.resolve("config/deep"));
        Files.writeString(directory.resolve("config/application.properties"), exposing);
        Files.writeString(directory.resolve("config/deep/application.yml"), "server: {servlet: {context-path: /x}}\n");
        Files.writeString(directory.resolve("more.properties"), "server.servlet.context-path=/y\n");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Dserver.servlet.context-path=/z",
                "-Dmanagement.endpoints.web.exposure.include=*",
                "-cp",
                absolute(System.getProperty("java.class.path")),
                Serve.class.getName(),
                TestService.configDirectory().toAbsolutePath().toString(),
                directory.resolve("data").toString());
        builder.directory(directory.toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment()
                .putAll(Map.of(
                        "REPSCORER_ADMIN_TOKEN", TAKEN,
                        "SPRING_APPLICATION_JSON", "{\"management.endpoints.web.exposure.include\":\"*\"}",
                        "SPRING_CONFIG_ADDITIONAL_LOCATION",
                                directory.resolve("more.properties").toString(),
                        "SPRING_PROFILES_ACTIVE", "other",
                        "SERVER_SERVLET_CONTEXT_PATH", "/w",
                        "KUBERNETES_SERVICE_HOST", "10.0.0.1",
                        "KUBERNETES_SERVICE_PORT", "443",
                        "MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE", "*"));
        Process process = builder.start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            assertThat(line).as(Files.readString(directory.resolve("err"))).startsWith("at http://127.0.0.1:");
            Http http = new Http(URI.create(line.substring(3)), TAKEN);

            assertThat(http.getAsAdmin("/v1/signals/user:1").status()).isEqualTo(200);
            for (String route : List.of(
                    "env",
                    "configprops",
                    "beans",
                    "heapdump",
                    "threaddump",
                    "loggers",
                    "mappings",
                    "shutdown",
                    "metrics",
                    "")) {
                Http.Answer answer = http.get("/actuator/" + route);
                assertThat(answer.status()).as(route).isEqualTo(404);
                assertThat(answer.text()).doesNotContain(TAKEN);
            }
            for (String route : List.of("health", "health/readiness", "info", "prometheus")) {
                assertThat(http.get("/actuator/" + route).text()).as(route).doesNotContain(TAKEN);
            }
            assertThat(http.change("/actuator/shutdown").status()).isEqualTo(404);
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static String absolute(String classPath) {
        return Arrays.stream(classPath.split(System.getProperty("path.separator")))
                .map(part -> Path.of(part).toAbsolutePath().toString())
                .collect(Collectors.joining(System.getProperty("path.separator")));
    }
}
