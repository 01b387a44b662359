package repscorer.api;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import repscorer.api.security.AccessKeys;
import repscorer.api.security.Role;
import repscorer.yaml.ConfigException;

/** Tokens of an issuer in place of keys. */
class JwtHttpTest {

    private static final String ISSUER = "https://issuer.example.com";
    private static final String PATH = "/keys";

    private static final TestIssuer RSA = TestIssuer.rsa("r1", 2_048);
    private static final TestIssuer EC = TestIssuer.ec("e1");
    private static final TestIssuer NEXT = TestIssuer.rsa("r2", 2_048);
    private static final TestIssuer SHORT = TestIssuer.rsa("short", 1_024);
    private static final String SET = TestIssuer.set(RSA, EC, SHORT);

    private static WireMockServer issuer;
    private static Path directory;
    private static Path config;
    private static String key;
    private static TestService service;

    @BeforeAll
    static void start() throws Exception {
        issuer = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        issuer.start();
        issuer.stubFor(keys().willReturn(okJson(SET)));
        directory = TestService.newDirectory();
        config = TestService.copyConfig(directory.resolve("config"));
        Files.writeString(config.resolve("tenants.yaml"), """
                tenants:
                  acme:
                    surfaces: [follow]
                    quota: {requests-per-second: 100000}
                """);
        key = AccessKeys.open(directory.resolve("data")).add("mixer", Set.of(Role.READ), Optional.empty());
        service = started(directory, options -> options);
        awaitStatus(service, RSA, 200); // a server that has answered nothing yet takes longer
    }

    private static TestService started(Path at, UnaryOperator<ServiceOptions> more) {
        return TestService.start(
                at,
                options -> more.apply(options.withConfigDirectory(config)
                        .withSetting("http.open-reads", "nowhere")
                        .withSetting("jwt.issuer", ISSUER)
                        .withSetting("jwt.audience", "scorer")
                        .withSetting("jwt.keys", issuer.baseUrl() + PATH)
                        .withSetting("jwt.roles-prefix", "scorer:")));
    }

    private static MappingBuilder keys() {
        return get(urlPathEqualTo(PATH));
    }

    @AfterAll
    static void stop() {
        service.close();
        issuer.stop();
    }

    private static Map<String, Object> claims() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", ISSUER);
        claims.put("aud", List.of("others", "scorer"));
        claims.put("sub", "alice@example.com");
        claims.put("exp", Instant.now().getEpochSecond() + 300);
        claims.put("roles", List.of("openid", "scorer:read", "publish"));
        claims.put("jti", Long.toString(System.nanoTime()));
        return claims;
    }

    private static Map<String, Object> claims(String name, Object value) {
        Map<String, Object> claims = claims();
        claims.put(name, value);
        return claims;
    }

    private static Map<String, Object> without(String name) {
        Map<String, Object> claims = claims();
        claims.remove(name);
        return claims;
    }

    private static Http.Answer surfaces(TestService of, String token) {
        return ask(of, "GET", "/v1/surfaces", token);
    }

    private static Http.Answer ask(TestService of, String method, String path, String token) {
        return of.http.send(method, path, BodyPublishers.noBody(), List.of("Authorization", "Bearer " + token));
    }

    @Test
    void tokensOfBothAlgorithmsLetInByTheirRoles() {
        for (TestIssuer each : List.of(RSA, EC)) {
            String token = each.sign(claims());
            assertThat(surfaces(service, token).status()).as(each.algorithm()).isEqualTo(200);
            assertThat(surfaces(service, token).status()).as("again").isEqualTo(200);
            Http.Answer more = ask(service, "GET", "/v1/canary", token);
            assertThat(more.problem()).isEqualTo("403 role-missing -");
            assertThat(more.detail())
                    .as("a role without the prefix is another's")
                    .isEqualTo("this route needs the role publish; token of alice@example.com has [read]");
        }
        assertThat(surfaces(service, RSA.sign(claims("roles", "x scorer:read"))).status())
                .as("roles as a text")
                .isEqualTo(200);
        assertThat(surfaces(service, RSA.sign(without("roles"))).problem()).isEqualTo("403 role-missing -");
        assertThat(surfaces(service, RSA.sign(claims("exp", Instant.now().getEpochSecond() - 10)))
                        .status())
                .as("clocks may differ by 30 s")
                .isEqualTo(200);
    }

    @Test
    void whatIsNotWhollyRightIsToldAsAnyWrongKey() {
        long now = Instant.now().getEpochSecond();
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("another key by the same name", TestIssuer.rsa("r1", 2_048).sign(claims()));
        wrong.put("a key nobody knows", NEXT.sign(claims()));
        wrong.put("a short key of the set", SHORT.sign(claims()));
        wrong.put("no signature", RSA.unsigned(claims()));
        wrong.put("the public key as a secret", RSA.hmacByPublicKey(claims()));
        wrong.put("another issuer", RSA.sign(claims("iss", ISSUER + "/")));
        wrong.put("no issuer", RSA.sign(without("iss")));
        wrong.put("another audience", RSA.sign(claims("aud", "scorers")));
        wrong.put("no audience", RSA.sign(without("aud")));
        wrong.put("expired", RSA.sign(claims("exp", now - 60)));
        wrong.put("without an end", RSA.sign(without("exp")));
        wrong.put("not yet", RSA.sign(claims("nbf", now + 60)));
        wrong.put("without a subject", RSA.sign(without("sub")));
        wrong.put("a subject of two lines", RSA.sign(claims("sub", "a\nb")));
        String good = RSA.sign(claims());
        wrong.put(
                "changed",
                good.replaceFirst(
                        "\\.[^.]+\\.", "." + RSA.sign(claims("sub", "root")).split("\\.")[1] + "."));
        wrong.put("cut off", good.substring(0, good.lastIndexOf('.')));
        wrong.put("no token", "eyJ.eyJ.x");
        String told = surfaces(service, "rsk_wrong").text();
        assertThat(told).contains("token-wrong");
        wrong.forEach((what, token) -> {
            Http.Answer answer = surfaces(service, token);
            assertThat(answer.status()).as(what).isEqualTo(403);
            assertThat(answer.text()).as(what).isEqualTo(told);
        });
        assertThat(surfaces(service, good).status()).isEqualTo(200);
        assertThat(surfaces(service, key).status()).as("keys go on").isEqualTo(200);
        assertThat(surfaces(service, Http.TOKEN).status()).isEqualTo(200);
    }

    @Test
    void aClaimNamesTheTenant() throws Exception {
        try (TestService tenants =
                started(TestService.newDirectory(), options -> options.withSetting("jwt.tenant-claim", "org"))) {
            Map<String, Object> claims = claims("org", "acme");
            claims.put("roles", List.of("scorer:read", "scorer:admin"));
            Http.Answer answer = surfaces(tenants, RSA.sign(claims));
            assertThat(answer.json().findValuesAsString("surface")).containsExactly("follow");
            assertThat(ask(tenants, "GET", "/v1/audit", RSA.sign(claims)).problem())
                    .as("over the whole service")
                    .isEqualTo("403 role-missing -");
            assertThat(surfaces(tenants, RSA.sign(claims("org", "nobody"))).problem())
                    .isEqualTo("403 tenant-unknown -");
            assertThat(surfaces(tenants, RSA.sign(claims())).problem())
                    .as("of no tenant")
                    .isEqualTo("403 token-wrong -");
        }
    }

    @Test
    void keysAreReadAgainAndNobodyHasThemReadMoreOftenThanThat() throws Exception {
        WireMockServer own = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        own.start();
        own.stubFor(keys().willReturn(okJson(SET)));
        try (TestService rotating = started(
                TestService.newDirectory(),
                options -> options.withSetting("jwt.keys", own.baseUrl() + PATH).withSetting("jwt.refresh", "1s"))) {
            assertThat(surfaces(rotating, RSA.sign(claims())).status()).isEqualTo(200);
            own.stubFor(keys().willReturn(okJson(TestIssuer.set(NEXT))));
            awaitStatus(rotating, NEXT, 200);
            awaitStatus(rotating, RSA, 403);
        }
        own.stubFor(keys().willReturn(okJson(SET)));
        try (TestService guessed =
                started(TestService.newDirectory(), options -> options.withSetting("jwt.keys", own.baseUrl() + PATH))) {
            own.resetRequests();
            for (int i = 0; i < 60; i++) {
                assertThat(surfaces(
                                        guessed,
                                        TestIssuer.renamed(NEXT, "guess-" + i).sign(claims()))
                                .problem())
                        .isEqualTo("403 token-wrong -");
            }
            assertThat(surfaces(guessed, RSA.sign(claims())).status()).isEqualTo(200);
            assertThat(own.countRequestsMatching(
                                    getRequestedFor(urlPathEqualTo(PATH)).build())
                            .getCount())
                    .as("once, and twice in ten seconds at most")
                    .isBetween(1, 8);
        } finally {
            own.stop();
        }
    }

    private static void awaitStatus(TestService of, TestIssuer by, int status) throws InterruptedException {
        int seen = 0;
        for (int i = 0; i < 300 && seen != status; i++) {
            seen = surfaces(of, by.sign(claims())).status();
            Thread.sleep(100);
        }
        assertThat(seen).isEqualTo(status);
    }

    @Test
    void withoutTheIssuersKeysNobodyIsLetInByAToken() throws Exception {
        WireMockServer own = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        own.start();
        Path data = TestService.newDirectory();
        String kept = AccessKeys.open(data.resolve("data")).add("mixer", Set.of(Role.READ), Optional.empty());
        try (TestService closed = started(
                data,
                options -> options.withSetting("jwt.keys", own.baseUrl() + PATH)
                        .withSetting("jwt.refresh", "1s")
                        .withSetting("jwt.outage-max", "2s"))) {
            Map<String, MappingBuilder> faults = new LinkedHashMap<>();
            faults.put("an error", keys().willReturn(aResponse().withStatus(500).withBody(SET)));
            faults.put("no keys", keys().willReturn(okJson("{\"keys\":[]}")));
            faults.put("no JSON", keys().willReturn(okJson("<html>")));
            faults.put(
                    "a redirect", keys().willReturn(aResponse().withStatus(302).withHeader("Location", "/other")));
            faults.put("a reset", keys().willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
            faults.put("too late", keys().willReturn(okJson(SET).withFixedDelay(20_000)));
            faults.put("a drip", keys().willReturn(okJson(SET).withChunkedDribbleDelay(50, 20_000)));
            faults.put("too long", keys().willReturn(okJson(SET + " ".repeat(1 << 20))));
            for (Map.Entry<String, MappingBuilder> fault : faults.entrySet()) {
                own.stubFor(fault.getValue());
                Thread.sleep(1_100); // the rate of looks
                long from = System.nanoTime();
                Http.Answer answer = surfaces(closed, RSA.sign(claims()));
                assertThat(answer.problem()).as(fault.getKey()).isEqualTo("503 issuer-unavailable -");
                assertThat(answer.header("Retry-After")).isEqualTo("10");
                assertThat(Duration.ofNanos(System.nanoTime() - from))
                        .as(fault.getKey())
                        .isLessThan(Duration.ofSeconds(15));
                assertThat(surfaces(closed, kept).status())
                        .as("a key needs no issuer")
                        .isEqualTo(200);
            }
            own.stubFor(keys().willReturn(okJson(SET)));
            awaitStatus(closed, RSA, 200);
            own.stop();
            assertThat(surfaces(closed, RSA.sign(claims())).status())
                    .as("keys are used for a while")
                    .isEqualTo(200);
            awaitStatus(closed, RSA, 503);
        }
    }

    @Test
    void keysMayStandInAFile() throws Exception {
        Path file = Files.writeString(directory.resolve("keys.json"), TestIssuer.set(EC));
        try (TestService of = started(
                TestService.newDirectory(),
                options -> options.withSetting("jwt.keys", file.toString()).withSetting("jwt.refresh", "1s"))) {
            assertThat(surfaces(of, EC.sign(claims())).status()).isEqualTo(200);
            assertThat(surfaces(of, RSA.sign(claims())).problem()).isEqualTo("403 token-wrong -");
            Files.writeString(file, TestIssuer.set(RSA));
            awaitStatus(of, RSA, 200);
        }
    }

    @Test
    void settingsThatLetAnybodyInAreRefused() {
        Map<String, String> wrong = Map.of(
                "jwt.audience", "",
                "jwt.keys", "http://issuer.example.com/keys",
                "jwt.roles-claim", " ");
        wrong.forEach((setting, value) -> assertThatThrownBy(
                        () -> started(TestService.newDirectory(), options -> options.withSetting(setting, value)))
                .as(setting)
                .isInstanceOfAny(ConfigException.class, StartException.class)
                .hasMessageContaining("jwt"));
    }
}
