package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Who reaches the service under which name, and what a browser makes of its answers. */
class AccessHttpTest {

    private static final String ORIGIN = "https://app.example.com";

    private final TestService service = TestService.shared();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/spaces | evil.example",
                "/v1/spaces | evil.example:8080",
                "/v1/signals/user:1 | 127.0.0.1.evil.example",
                "/actuator/health | localhost.evil.example",
                "/v3/api-docs | evil.example",
                "/swagger-ui/index.html | localhost@evil.example",
                "/nothing | evil.example"
            })
    @DisplayName("S42: on loopback another name than the service's own is refused, on every route")
    void anotherNameIsRefused(String path, String host) {
        String answer = service.http.raw(get(path, "Host: " + host));

        assertThat(answer)
                .satisfiesAnyOf(
                        text -> assertThat(text).startsWith("HTTP/1.1 421").contains("\"code\":\"unknown-host\""),
                        text -> assertThat(text).startsWith("HTTP/1.1 400").contains("application/problem+json"));
        assertThat(answer).doesNotContain("openapi").doesNotContain("\"engine\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1:8080", "[::1]:9", "10.1.2.3"})
    @DisplayName("S42: addresses and localhost are always right: they cannot be rebound")
    void ownNamesAreAnswered(String host) {
        assertThat(service.http.raw(get("/v1/spaces", "Host: " + host))).startsWith("HTTP/1.1 200");
    }

    @Test
    @DisplayName("S42: an answer is what it says it is, and runs nothing")
    void answersCarryTheirHeaders() {
        for (String path : List.of("/v1/spaces", "/nothing", "/actuator/health", "/v1/spaces?%", "/v3/api-docs")) {
            String answer = service.http.raw(get(path, "Host: localhost"));
            assertThat(answer)
                    .as(path)
                    .contains("X-Content-Type-Options: nosniff")
                    .contains("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n");
        }
        assertThat(service.http.raw(get("/v1/spaces?a=|b", "Host: localhost"))).contains("nosniff");
        assertThat(service.http.get("/swagger-ui/index.html").header("Content-Security-Policy"))
                .contains("script-src 'self';")
                .doesNotContain("'unsafe-eval'");
    }

    @Test
    @DisplayName("S42: the OpenAPI document repeats no name that a caller made up")
    void theDocumentRepeatsNoHost() {
        String answer = service.http.raw(get(
                "/v3/api-docs",
                "Host: 10.9.8.7\r\nX-Forwarded-Host: evil.example"
                        + "\r\nX-Forwarded-Prefix: /evil\r\nForwarded: host=evil.example;proto=https"));

        assertThat(answer).startsWith("HTTP/1.1 200").contains("\"servers\":[{\"url\":\"/\"");
        assertThat(answer).doesNotContain("10.9.8.7").doesNotContain("evil");
    }

    @Test
    @DisplayName("S42, S30: names, a proxy's headers and pages of other origins count as far as they are configured")
    void whatIsConfiguredIsBelieved() {
        try (TestService behind = start(options -> options.withSetting("http.hosts", "[scorer.example]")
                .withSetting("http.forwarded-headers", "true")
                .withSetting("http.cors-origins", "[\"%s\"]".formatted(ORIGIN)))) {
            Http http = behind.http;
            String forwarded = "Host: scorer.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Prefix: /scorer";

            assertThat(http.raw(get("/v3/api-docs", forwarded))).contains("\"servers\":[{\"url\":\"/scorer\"");
            assertThat(http.raw(get("/swagger-ui.html", forwarded)))
                    .startsWith("HTTP/1.1 302")
                    .contains("Location: /scorer/swagger-ui/index.html");
            assertThat(http.raw(get("/swagger-ui/index.html", forwarded))).contains("script-src 'self'");
            assertThat(http.raw(get("/v1/spaces", "Host: other.example\r\nX-Forwarded-Host: scorer.example")))
                    .startsWith("HTTP/1.1 421");
            // A page behind the proxy is of one origin with the service, as the proxy says.
            assertThat(http.raw(get("/v1/spaces", forwarded + "\r\nOrigin: https://scorer.example")))
                    .startsWith("HTTP/1.1 200");
            // An upload is one under a prefix too: it is held by the limit of files.
            assertThat(http.raw("PUT /v1/releases/r/files/twhin-user HTTP/1.1\r\n" + forwarded
                            + "\r\nAuthorization: Bearer " + Http.TOKEN + "\r\nContent-Type: application/octet-stream"
                            + "\r\nContent-Length: 5000000\r\nConnection: close\r\n\r\n" + "x".repeat(5_000_000)))
                    .startsWith("HTTP/1.1 422");

            Http.Answer preflight = preflight(http, ORIGIN, "POST", "content-type, authorization");
            assertThat(preflight.status()).isEqualTo(204);
            assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
            assertThat(preflight.header("Access-Control-Allow-Methods")).isEqualTo("GET,POST,PUT,DELETE");
            assertThat(preflight.header("Access-Control-Allow-Headers")).containsIgnoringCase("authorization");
            assertThat(preflight.header("Access-Control-Allow-Credentials")).isEmpty();
            assertThat(preflight.header("Allow")).isEmpty();
            Http.Answer read = http.send("GET", "/v1/spaces", BodyPublishers.noBody(), List.of("Origin", ORIGIN));
            assertThat(read.status()).isEqualTo(200);
            assertThat(read.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
            assertThat(read.header("Access-Control-Expose-Headers")).contains("X-Decision-Id");
            assertThat(read.header("Vary")).contains("Origin");
            // A refusal can be read by the page too.
            Http.Answer refused = http.send("GET", "/v1/nothing", BodyPublishers.noBody(), List.of("Origin", ORIGIN));
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
            Http.Answer other =
                    http.send("GET", "/v1/spaces", BodyPublishers.noBody(), List.of("Origin", "https://evil.example"));
            assertThat(other.problem()).isEqualTo("403 origin-refused -");
            assertThat(preflight(http, "https://evil.example", "POST", "content-type")
                            .problem())
                    .isEqualTo("403 origin-refused -");
            assertThat(preflight(http, ORIGIN, "PATCH", "content-type").problem())
                    .isEqualTo("403 origin-refused -");
            assertThat(preflight(http, "null", "POST", "content-type").problem())
                    .isEqualTo("403 origin-refused -");
        }
    }

    @Test
    @DisplayName("S30: where no origin is configured a preflight is refused, and OPTIONS tells a route's own methods")
    void withoutOriginsNoPageCalls() {
        assertThat(preflight(service.http, ORIGIN, "POST", "content-type").problem())
                .isEqualTo("403 origin-refused -");
        for (String[] each : new String[][] {
            {"/v1/candidates", "POST,OPTIONS"},
            {"/v1/spaces", "GET,HEAD,OPTIONS"},
            {"/v1/embeddings/twhin-user", "POST,OPTIONS"}
        }) {
            Http.Answer options = service.http.send("OPTIONS", each[0], BodyPublishers.noBody(), List.of());
            assertThat(options.status()).isEqualTo(200);
            assertThat(options.header("Allow")).isEqualTo(each[1]);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http.hosts | [\"a b\"] | hosts are names without a port",
                "http.hosts | [\"a:80\"] | hosts are names without a port",
                "http.cors-origins | [\"*\"] | cors-origins are origins such as",
                "http.cors-origins | [\"https://a.example/\"] | cors-origins are origins such as",
                "http.tls.certificate | there-is-none.pem | certificate and private-key are files",
                "http.tls.certificate | pom.xml | certificate and private-key go together"
            })
    @DisplayName("S42, S30: what the setting cannot mean stops the start")
    void badSettingsAreNamed(String key, String value, String message) {
        assertThatThrownBy(() -> start(options -> options.withSetting(key, value)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(message);
    }

    @Test
    @DisplayName("S42: TLS by settings; the address says https, and the service warms up by it")
    void tlsIsConfigured() throws Exception {
        TestCertificate own = TestCertificate.make(directory);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("s", own.certificate());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (TestService plain = start(options -> options)) {
            plain.publish("one", 1);
        }
        try (TestService secure = start(own.setting());
                HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
            URI uri = secure.running.uri();

            assertThat(uri).hasScheme("https");
            assertThat(secure.running
                            .context
                            .getBean(MeterRegistry.class)
                            .find("repscorer.answers")
                            .counters())
                    .as("it asked itself, whoever signed its certificate")
                    .isNotEmpty();
            assertThat(client.send(
                                    HttpRequest.newBuilder(uri.resolve("/v1/spaces"))
                                            .build(),
                                    BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(secure.http.raw(get("/v1/spaces", "Host: localhost"))).doesNotContain("200");
        }
        Files.writeString(own.key(), "no key");
        assertThatThrownBy(() -> start(own.setting()))
                .isInstanceOf(StartException.class)
                .message()
                .isNotBlank()
                .doesNotContain("\n");
    }

    @Test
    @DisplayName("S45: a wrong token is in the log, once a second, and is not repeated there")
    void aWrongTokenIsLogged() {
        Logger logger = (Logger) LoggerFactory.getLogger("repscorer.api.security");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        try (TestService own = start(options -> options)) {
            logger.addAppender(lines); // a start sets logging up anew
            for (int i = 0; i < 20; i++) {
                assertThat(new Http(own.running.uri(), "guess-number-" + i)
                                .getAsAdmin("/v1/signals/user:1")
                                .status())
                        .isEqualTo(403);
            }
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list).isNotEmpty().hasSizeLessThan(10);
        assertThat(lines.list.getFirst().getFormattedMessage())
                .contains("127.0.0.1")
                .contains("GET /v1/signals/user:1")
                .doesNotContain("guess");
    }

    private TestService start(UnaryOperator<ServiceOptions> more) {
        return TestService.start(directory, more);
    }

    private static Http.Answer preflight(Http http, String origin, String method, String headers) {
        return http.send(
                "OPTIONS",
                "/v1/candidates",
                BodyPublishers.noBody(),
                List.of(
                        "Origin", origin,
                        "Access-Control-Request-Method", method,
                        "Access-Control-Request-Headers", headers));
    }

    private static String get(String path, String headers) {
        return "GET %s HTTP/1.1\r\n%s\r\nConnection: close\r\n\r\n".formatted(path, headers);
    }
}
