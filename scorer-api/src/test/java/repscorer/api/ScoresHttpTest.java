package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ScoresHttpTest {

    private final Http http = TestService.shared().http;

    @Test
    void aSurfaceScoresWhatItIsGivenInOrder() {
        Http.Answer answer = http.post("/v1/scores", """
                {"surface": "follow", "source": {"id": "user:5"},
                 "candidates": ["user:9", "user:6", "user:9", "user:999"], "explain": true}""");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode scores = answer.json().path("scores");
        assertThat(scores).hasSize(4);
        assertThat(scores.get(0).path("score").asDouble())
                .isGreaterThan(scores.get(1).path("score").asDouble())
                .isEqualTo(scores.get(2).path("score").asDouble());
        assertThat(scores.get(3).path("missing").asString()).isEqualTo("no-embedding-candidate");
        assertThat(scores.get(3).has("score")).isFalse();
        assertThat(scores.get(0).path("columns")).hasSize(2);
        assertThat(answer.header("X-Decision-Id"))
                .isEqualTo(answer.json().path("provenance").path("decisionId").asString());
    }

    @Test
    void aSimilarityScoresWithItsRangeAndDirection() {
        Http.Answer cosine = http.post("/v1/scores", """
                {"similarity": "cosine", "sourceSpace": "twhin-user", "candidateSpace": "twhin-user",
                 "source": {"id": "user:5"}, "candidates": ["user:5", "user:6"]}""");
        Http.Answer distance = http.post("/v1/scores", """
                {"similarity": "euclidean-distance", "sourceSpace": "simclusters-interest",
                 "candidateSpace": "simclusters-producer", "source": {"id": "user:5"}, "candidates": ["user:6"]}""");

        assertThat(cosine.status()).as(cosine.text()).isEqualTo(200);
        assertThat(cosine.json().path("higherIsCloser").asBoolean()).isTrue();
        assertThat(cosine.json().path("scores").get(0).path("score").asDouble())
                .isCloseTo(1, org.assertj.core.data.Offset.offset(1e-5));
        assertThat(distance.json().path("higherIsCloser").asBoolean()).isFalse();
        assertThat(distance.json().path("range").asString()).startsWith("[0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{`source`: {`id`: `user:1`}, `candidates`: [`user:2`]} | 400 field-missing surface",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}} | 400 field-missing candidates",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `candidates`: [`user:1`, `user:2`, `user:3`, `nope`]} | 400 malformed-id candidates[3]",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `candidates`: [null]} | 400 field-missing candidates[0]",
                "{`surface`: `follow`, `source`: {`id`: `user:1`}, `candidates`: `user:1`} | 400 wrong-type candidates",
                "{`surface`: `follow`, `sourceSpace`: `twhin-user`, `source`: {`id`: `user:1`}, `candidates`: []} | 400 fields-conflict sourceSpace",
                "{`surface`: `follow`, `similarity`: `cosine`, `source`: {`id`: `user:1`}, `candidates`: []} | 400 fields-conflict surface",
                "{`similarity`: `cosine`, `source`: {`id`: `user:1`}, `candidates`: []} | 400 field-missing sourceSpace",
                "{`similarity`: `cosign`, `source`: {`id`: `user:1`}, `candidates`: []} | 400 unknown-similarity similarity"
            })
    void aBadRequestIsNamedByCodeAndField(String body, String problem) {
        Http.Answer answer = http.post("/v1/scores", body.replace('`', '"'));

        assertThat(answer.problem()).as(answer.text()).isEqualTo(problem);
        assertThat(answer.type()).startsWith("application/problem+json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{`similarity`: `cosine`, `sourceSpace`: `nine`, `candidateSpace`: `twhin-user`, `source`: {`id`: `user:1`}, `candidates`: [`user:2`]} | 4",
                "{`similarity`: `cosine`, `sourceSpace`: `twhin-user`, `candidateSpace`: `simclusters-producer`, `source`: {`id`: `user:1`}, `candidates`: [`user:2`]} | 4",
                "{`similarity`: `jaccard`, `sourceSpace`: `twhin-user`, `candidateSpace`: `twhin-user`, `source`: {`id`: `user:1`}, `candidates`: [`user:2`]} | 4"
            })
    void spacesThatDoNotGoTogetherAreRefused(String body, int hundreds) {
        Http.Answer answer = http.post("/v1/scores", body.replace('`', '"'));

        assertThat(answer.status() / 100).as(answer.text()).isEqualTo(hundreds);
        assertThat(answer.type()).startsWith("application/problem+json");
    }

    @Test
    void theListOfCandidatesHasALimit() {
        String ids = IntStream.rangeClosed(1, 10_001)
                .mapToObj("\"user:%d\""::formatted)
                .collect(Collectors.joining(","));
        Http.Answer answer = http.post("/v1/scores", """
                {"surface": "follow", "source": {"id": "user:1"}, "candidates": [%s]}""".formatted(ids));

        assertThat(answer.problem()).isEqualTo("400 list-too-long candidates");
        assertThat(answer.detail()).isEqualTo("candidates has at most 10000 entries: 10001");
    }
}
