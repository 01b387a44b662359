package repscorer.openfeature;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.Value;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.client.ScorerClient;

@DisplayName("Issue 19: applications ask us through OpenFeature")
class ScorerProviderTest {

    private static final String ASSIGNMENTS = "/v1/experiments/assignments";

    private final WireMockServer service = new WireMockServer(wireMockConfig().dynamicPort());

    @SuppressWarnings("NullAway.Init") // before each
    private ScorerClient scorer;

    @SuppressWarnings("NullAway.Init") // before each
    private Client flags;

    @BeforeEach
    void start() {
        service.start();
        scorer = ScorerClient.builder(URI.create(service.baseUrl()))
                .readTimeout(Duration.ofSeconds(30))
                .build();
        service.stubFor(get(urlPathEqualTo("/v1/experiments")).willReturn(okJson("""
            [{"experiment":"blend","surface":"follow","layer":"l","bucketing":"ours","bucketFrom":0,"bucketTo":10000,
              "ramp":[],"sourceKinds":[],"enabled":true,"variants":[]},
             {"experiment":"rules","surface":"follow","layer":"r","bucketing":"ours","bucketFrom":0,"bucketTo":10000,
              "ramp":[],"sourceKinds":[],"enabled":true,"variants":[]}]""")));
        assigned(okJson("""
            {"unit":"user:1","assignments":[{"experiment":"blend","surface":"follow","variant":"heavier",
              "overrides":{"columns.twhin.weight":"0.3"}}],"heldOut":{"everywhere":false,"layers":[]}}"""));
        // Through the library, as an application has it: it is the library that tells what an error comes to.
        String domain = UUID.randomUUID().toString();
        OpenFeatureAPI.getInstance().setProviderAndWait(domain, new ScorerProvider(scorer, Duration.ofSeconds(30)));
        flags = OpenFeatureAPI.getInstance().getClient(domain);
    }

    @AfterEach
    void stop() {
        scorer.close();
        service.stop();
    }

    private void assigned(ResponseDefinitionBuilder answer) {
        service.stubFor(get(urlPathEqualTo(ASSIGNMENTS)).willReturn(answer));
    }

    private static void assertFailed(FlagEvaluationDetails<?> details, ErrorCode code, Object otherwise) {
        assertThat(details.getErrorCode()).as(details.getErrorMessage()).isEqualTo(code);
        assertThat(details.getValue()).isEqualTo(otherwise);
    }

    @Test
    void aFlagIsTheVariantOrItsOverridesAndTheServiceIsAskedOnce() {
        ImmutableContext unit = new ImmutableContext("user:1");
        FlagEvaluationDetails<String> text = flags.getStringDetails("blend", "none", unit);
        assertThat(text.getValue()).isEqualTo("heavier");
        assertThat(text.getVariant()).isEqualTo("heavier");
        assertThat(text.getReason()).isEqualTo("SPLIT");
        Value object = flags.getObjectValue("blend", new Value(), unit);
        assertThat(object.asStructure().getValue("columns.twhin.weight").asString())
                .isEqualTo("0.3");
        FlagEvaluationDetails<String> other = flags.getStringDetails("rules", "none", unit);
        assertThat(other.getValue()).isEqualTo("none");
        assertThat(other.getReason()).isEqualTo("DEFAULT");
        service.verify(1, getRequestedFor(urlPathEqualTo(ASSIGNMENTS)));
        service.verify(1, getRequestedFor(urlPathEqualTo("/v1/experiments")));
    }

    @Test
    void onlyWhatExperimentsLookAtIsTold() {
        service.stubFor(get(urlPathEqualTo("/v1/experiments")).willReturn(okJson("""
            [{"experiment":"blend","surface":"follow","layer":"l","bucketing":"ours","bucketFrom":0,"bucketTo":10000,
              "ramp":[],"sourceKinds":[],"context":{"country":["de"],"build":["7"]},"enabled":true,"variants":[]}]""")));
        for (int i = 0; i < 2; i++) {
            ImmutableContext unit = new ImmutableContext(
                    "user:1",
                    Map.of("country", new Value("a&b"), "build", new Value(7), "session", new Value("s" + i)));
            assertThat(flags.getStringValue("blend", "none", unit)).isEqualTo("heavier");
        }
        service.verify(1, getRequestedFor(urlPathEqualTo(ASSIGNMENTS)));
        service.verify(
                1, getRequestedFor(urlEqualTo(ASSIGNMENTS + "?unit=user:1&context=build%3D7&context=country%3Da%26b")));
    }

    @Test
    void aStoppedVariantIsTheDefault() {
        assigned(okJson("""
            {"unit":"user:1","assignments":[{"experiment":"blend","surface":"follow","variant":"heavier","overrides":{},
              "stopped":true}],"heldOut":{"everywhere":false,"layers":[]}}"""));
        FlagEvaluationDetails<String> text = flags.getStringDetails("blend", "none", new ImmutableContext("user:1"));
        assertThat(text.getValue()).isEqualTo("none");
        assertThat(text.getReason()).as(text.getErrorMessage()).isEqualTo("DISABLED");
    }

    @Test
    void errorsAreOpenFeatures() {
        ImmutableContext unit = new ImmutableContext("user:1");
        assertFailed(flags.getStringDetails("unknown", "none", unit), ErrorCode.FLAG_NOT_FOUND, "none");
        assertFailed(flags.getStringDetails("blend", "none"), ErrorCode.TARGETING_KEY_MISSING, "none");
        assertFailed(flags.getBooleanDetails("blend", true, unit), ErrorCode.TYPE_MISMATCH, true);
        assertFailed(flags.getIntegerDetails("blend", 3, unit), ErrorCode.TYPE_MISMATCH, 3);
        assertFailed(flags.getDoubleDetails("blend", .5, unit), ErrorCode.TYPE_MISMATCH, .5);
        assigned(aResponse().withStatus(503));
        assertFailed(flags.getStringDetails("blend", "none", unit), ErrorCode.GENERAL, "none");
        assigned(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
        assertFailed(flags.getStringDetails("blend", "none", unit), ErrorCode.GENERAL, "none");
        assigned(okJson("{\"unit\":"));
        assertFailed(flags.getStringDetails("blend", "none", unit), ErrorCode.PARSE_ERROR, "none");
        assigned(aResponse()
                .withStatus(400)
                .withHeader("Content-Type", "application/problem+json")
                .withBody("{\"status\":400,\"code\":\"malformed-unit\",\"detail\":\"no unit\"}"));
        assertFailed(flags.getStringDetails("blend", "none", unit), ErrorCode.INVALID_CONTEXT, "none");
    }
}
