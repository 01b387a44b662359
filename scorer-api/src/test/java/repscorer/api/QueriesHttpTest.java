package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands behind the question mark of an address. */
class QueriesHttpTest {

    private final Http http = TestService.shared().http;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /v1/experiments/assignments?unit=a&unti=b | unti",
                "GET | /v1/embeddings/twhin-user/user:1?realease=one | realease",
                "POST | /v1/embeddings/twhin-user?encodign=base64 | encodign",
                "POST | /v1/spaces/twhin-user/upserts?producr=a | producr",
                "POST | /v1/spaces/twhin-user/upserts?realease=one | realease",
                "PUT | /v1/releases/x/rows/twhin-user?format=csv&badRowMax=1 | badRowMax",
                "PUT | /v1/releases/x/files/twhin-user?format=csv | format",
                "POST | /v1/releases/x/publish?dryRun=true | dryRun",
                "POST | /v1/candidates?k=3 | k",
                "GET | /v1/signals/user:7?type=block | type",
                "GET | /v1/spaces?%6B=1 | k",
                "GET | /v1/surfaces?x | x"
            })
    @DisplayName("S21 a query parameter that nobody reads is refused")
    void anUnknownParameterIsRefused(String method, String path, String name) {
        String type = path.contains("upserts")
                ? "application/x-ndjson"
                : method.equals("PUT") ? "application/octet-stream" : "application/json";
        Http.Answer answer = http.send(
                method,
                path,
                method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{}"),
                List.of("Content-Type", type, "Authorization", "Bearer " + Http.TOKEN));

        assertThat(answer.problem()).as(answer.text()).isEqualTo("400 unknown-parameter " + name);
        assertThat(answer.detail()).contains("no query parameter is called '" + name + "'; ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/experiments/assignments?unit=%E9",
                "/v1/embeddings/twhin-user/user:1?encoding=%FF",
                "/actuator/health?x=%FF",
                "/v1/spaces?%C3=1",
                "/v1/nothing?x=%ED%A0%80"
            })
    @DisplayName("S23 a query that is not UTF-8 is the caller's mistake")
    void aQueryThatIsNoTextIsRefused(String path) {
        assertThat(http.get(path).problem()).startsWith("400 malformed-query ");
        assertThat(http.get(path).detail()).contains("UTF-8");
    }

    @Test
    @DisplayName("S23 a parameter that has one value is there once")
    void aRepeatedParameterIsRefused() {
        assertThat(http.get("/v1/experiments/assignments?unit=a&unit=b").problem())
                .isEqualTo("400 repeated-parameter unit");
        assertThat(http.getAsAdmin("/v1/signals/user:7?types=fav&types=block").status())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("S23 there are 1,000 parameters at most")
    void tooManyParametersAreRefused() {
        assertThat(http.get("/v1/spaces?" + "a=1&".repeat(1_001)).problem()).isEqualTo("400 malformed-query query");
        assertThat(http.get("/actuator/health/liveness?" + "a=1&".repeat(1_001)).problem())
                .isEqualTo("400 malformed-query query");
    }
}
