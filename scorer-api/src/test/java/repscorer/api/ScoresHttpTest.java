package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
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

    @Test
    void pairsAreScoredInOrderWithReasons() {
        Http.Answer answer = http.post("/v1/scores/pairs", """
                {"similarity": "dot", "sourceSpace": "twhin-user", "candidateSpace": "twhin-topic",
                 "translation": {"space": "twhin-relation", "relation": "follow"},
                 "pairs": [{"source": "user:5", "candidate": "topic:chess"}, {"source": "user:999", "candidate": "topic:chess"},
                           {"source": "user:5", "candidate": "topic:none"}, {"source": "topic:jazz", "candidate": "topic:chess"},
                           {"source": "user:5", "candidate": "user:5"}, {"source": "user:5", "candidate": "topic:chess"}]}""");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode scores = answer.json().path("scores");
        assertThat(scores).hasSize(6);
        assertThat(scores.get(0).path("score").asDouble()).isPositive();
        assertThat(scores.get(5)).isEqualTo(scores.get(0));
        assertThat(IntStream.range(1, 5)
                        .mapToObj(i -> scores.get(i).path("missing").asString()))
                .containsExactly("no-embedding-source", "no-embedding-candidate", "kind-mismatch", "kind-mismatch");
        assertThat(answer.json().path("unit").asString()).isEqualTo("product of weights");
    }

    @Test
    void aMatrixHasARowPerSourceAndAValuePerCandidate() {
        Http.Answer answer = http.post("/v1/scores/matrix", """
                {"similarity": "jaccard", "sourceSpace": "simclusters-interest", "candidateSpace": "simclusters-topic",
                 "sources": ["user:4", "user:999", "user:41"], "candidates": ["topic:jazz", "topic:chess", "topic:none"]}""");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode json = answer.json();
        assertThat(json.path("scores").toString()).isEqualTo("[[0.5,0.5,null],[null,null,null],[0.0,0.5,null]]");
        assertThat(json.path("sources").toString())
                .isEqualTo(
                        "[{\"id\":\"user:4\"},{\"id\":\"user:999\",\"missing\":\"no-embedding-source\"},{\"id\":\"user:41\"}]");
        assertThat(json.at("/candidates/2/missing").asString()).isEqualTo("no-embedding-candidate");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "pairs | {`similarity`: `dot`, `sourceSpace`: `twhin-user`, `candidateSpace`: `twhin-user`, `pairs`: []} | 400 pairs-out-of-range pairs",
                "pairs | {`similarity`: `dot`, `sourceSpace`: `twhin-user`, `candidateSpace`: `twhin-user`, `pairs`: [{`source`: `user:1`}]} | 400 field-missing pairs[0].candidate",
                "pairs | {`sourceSpace`: `twhin-user`, `candidateSpace`: `twhin-user`, `pairs`: []} | 400 field-missing similarity",
                "matrix | {`similarity`: `dot`, `sourceSpace`: `twhin-user`, `candidateSpace`: `twhin-user`, `sources`: [], `candidates`: [`user:1`]} | 400 matrix-out-of-range sources",
                "matrix | {`similarity`: `dot`, `sourceSpace`: `nine`, `candidateSpace`: `twhin-user`, `sources`: [`user:1`], `candidates`: [`user:1`]} | 404 unknown-space -",
                "matrix | {`similarity`: `dot`, `sourceSpace`: `twhin-user`, `candidateSpace`: `simclusters-topic`, `sources`: [`user:1`], `candidates`: [`user:1`]} | 400 space-form-differs candidateSpace",
                "matrix | {`similarity`: `dot`, `sourceSpace`: `twhin-user`, `candidateSpace`: `twhin-user`, `translation`: {`space`: `twhin-relation`, `relation`: `none`}, `sources`: [`user:1`], `candidates`: [`user:1`]} | 404 unknown-relation -",
                "matrix | {`similarity`: `dot`, `sourceSpace`: `twhin-user`, `candidateSpace`: `twhin-user`, `translation`: {`space`: `twhin-topic`, `relation`: `none`}, `sources`: [`user:1`], `candidates`: [`user:1`]} | 400 translation-misplaced translation"
            })
    void aBadPairOrMatrixIsNamed(String route, String body, String problem) {
        Http.Answer answer = http.post("/v1/scores/" + route, body.replace('`', '"'));

        assertThat(answer.problem()).as(answer.text()).isEqualTo(problem);
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
                "{`surface`: `follow`, `release`: `one`, `source`: {`id`: `user:1`}, `candidates`: [`user:2`]} | 400 fields-conflict release",
                "{`similarity`: `cosine`, `sourceSpace`: `twhin-user`, `candidateSpace`: `twhin-user`, `release`: ` `, `source`: {`id`: `user:1`}, `candidates`: [`user:2`]} | 400 field-missing release",
                "{`similarity`: `cosine`, `sourceSpace`: `twhin-user`, `candidateSpace`: `twhin-user`, `release`: `two`, `source`: {`id`: `user:1`}, `candidates`: [`user:2`]} | 404 unknown-release -",
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
    @DisplayName("S8: similarity scores, pairs, matrices and features are read from the release that a request names")
    void aReleaseMayBeNamed() {
        try (TestService own = TestService.start(TestService.newDirectory(), options -> options)) {
            own.publish("one", 1);
            own.publish("two", 2);
            String spaces =
                    "\"similarity\": \"cosine\", \"sourceSpace\": \"twhin-user\", \"candidateSpace\": \"twhin-user\"";
            Map<String, String> bodies = Map.of(
                    "scores", "{%s, \"source\": {\"id\": \"user:5\"}, \"candidates\": [\"user:6\"]%s}",
                    "scores/pairs", "{%s, \"pairs\": [{\"source\": \"user:5\", \"candidate\": \"user:6\"}]%s}",
                    "scores/matrix", "{%s, \"sources\": [\"user:5\"], \"candidates\": [\"user:6\"]%s}");
            bodies.forEach((route, body) -> {
                JsonNode live = own.http
                        .post("/v1/" + route, body.formatted(spaces, ""))
                        .json();
                JsonNode one = own.http
                        .post("/v1/" + route, body.formatted(spaces, ", \"release\": \"one\""))
                        .json();
                JsonNode two = own.http
                        .post("/v1/" + route, body.formatted(spaces, ", \"release\": \"two\""))
                        .json();
                assertThat(one.at("/provenance/release").asString()).as(route).isEqualTo("one");
                assertThat(two.path("scores")).as(route).isEqualTo(live.path("scores"));
                assertThat(one.path("scores")).as(route).isNotEqualTo(live.path("scores"));
                assertThat(one.path("scores"))
                        .as(route)
                        .isEqualTo(http.post("/v1/" + route, body.formatted(spaces, ""))
                                .json()
                                .path("scores"));
            });
            String features = "{\"user\": \"user:5\", \"candidates\": [\"tweet:6\"], \"release\": \"%s\"}";
            assertThat(own.http
                            .post("/v1/features/engagement", features.formatted("one"))
                            .json()
                            .at("/provenance/release")
                            .asString())
                    .isEqualTo("one");
            assertThat(own.http
                            .post("/v1/features/engagement", features.formatted("none"))
                            .problem())
                    .isEqualTo("404 unknown-release -");
        }
    }

    @Test
    void theListOfCandidatesHasALimit() {
        String ids = IntStream.rangeClosed(1, 10_001)
                .mapToObj("\"user:%s\""::formatted)
                .collect(Collectors.joining(","));
        Http.Answer answer = http.post("/v1/scores", """
                {"surface": "follow", "source": {"id": "user:1"}, "candidates": [%s]}""".formatted(ids));

        assertThat(answer.problem()).isEqualTo("400 list-too-long candidates");
        assertThat(answer.detail()).isEqualTo("candidates has at most 10000 entries: 10001");
    }
}
