package repscorer.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.CandidatesResponse;
import repscorer.wire.SourceBody;
import repscorer.wire.SpaceVersionBody;

class WireJsonTest {

    @Test
    void absentFieldsAreNotWritten() {
        CandidatesRequest request =
                new CandidatesRequest("follow", SourceBody.of("user:12"), 10, null, null, null, null);

        assertThat(WireJson.write(request))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"surface\":\"follow\",\"source\":{\"id\":\"user:12\"},\"k\":10}");
    }

    @Test
    void aKeyOfANewerServerIsSkipped() throws UnreadableJsonException {
        List<SpaceVersionBody> versions = WireJson.readList(
                bytes("[{\"space\":\"twhin-user\",\"version\":\"v\",\"release\":\"demo\",\"state\":\"LIVE\","
                        + "\"publishedAt\":\"2026-11-20T08:15:30Z\",\"newer\":{\"a\":[1]}}]"),
                SpaceVersionBody.class);

        assertThat(versions)
                .containsExactly(new SpaceVersionBody("twhin-user", "v", "demo", "LIVE", "2026-11-20T08:15:30Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                   | the body is empty where CandidatesResponse is expected",
                "null                                 | the body is null where CandidatesResponse is expected",
                "7                                    | not CandidatesResponse",
                "{\"surface\":\"follow\",\"k\":1}     | not CandidatesResponse",
                "{\"k\":1,\"returned\":0}             | CandidatesResponse.surface is missing",
                "{\"surface\":\"follow\",\"k\":1,\"returned\":0,\"candidates\":[null]} | CandidatesResponse.candidates[0] is null",
                "{\"surface\":\"follow\",\"k\":1,\"returned\":0,\"candidates\":[{\"rank\":1,\"score\":1}]} | CandidatesResponse.candidates[0].id is missing",
                "{\"surface\":\"follow\",\"k\":1,\"returned\":0,\"candidates\":[]} | CandidatesResponse.provenance is missing",
                "{} {}                                | not CandidatesResponse",
            })
    void whatIsNotWholeIsRefusedByPlace(String json, String why) {
        assertThatThrownBy(() -> WireJson.read(bytes(json), CandidatesResponse.class))
                .isInstanceOf(UnreadableJsonException.class)
                .hasMessageContaining(why);
    }

    @Test
    void messagesAreShort() {
        assertThatThrownBy(() -> WireJson.read(bytes("\"" + "x".repeat(100_000) + "\""), CandidatesResponse.class))
                .isInstanceOf(UnreadableJsonException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThanOrEqualTo(300));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
