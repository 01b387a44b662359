package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class EmbeddingsHttpTest {

    private final Http http = TestService.shared().http;

    @Test
    void aDenseEmbeddingIsRead() {
        JsonNode json = http.get("/v1/embeddings/twhin-user/user:5").json();

        assertThat(json.path("space").asString()).isEqualTo("twhin-user");
        assertThat(json.path("release").asString()).isEqualTo("one");
        assertThat(json.path("version").asString()).hasSize(16);
        assertThat(json.path("embeddings")).singleElement().satisfies(embedding -> {
            assertThat(embedding.path("id").asString()).isEqualTo("user:5");
            assertThat(embedding.path("vector")).hasSize(ReleaseFixture.DIMENSION);
            assertThat(embedding.has("entries")).isFalse();
        });
    }

    @Test
    void aSparseEmbeddingNamesItsClusters() {
        JsonNode entries = http.get("/v1/embeddings/simclusters-interest/user:4?release=one")
                .json()
                .path("embeddings")
                .get(0)
                .path("entries");

        assertThat(entries).hasSize(2);
        assertThat(entries.get(0).path("name").asString()).isEqualTo("cluster:0");
        assertThat(entries.get(0).path("label").asString()).isEqualTo("jazz");
        assertThat(entries.get(0).path("weight").asDouble()).isBetween(0.8, 1.0);
    }

    @Test
    void anIdMayHoldASlash() {
        assertThat(http.get("/v1/embeddings/twhin-topic/topic:rock%2Fpop").status())
                .isEqualTo(200);
    }

    @Test
    void severalAreReadInOrderWithReasons() {
        Http.Answer answer = http.post("/v1/embeddings/twhin-user", """
                {"ids": ["user:9", "user:999", "topic:jazz", "user:9"]}""");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode embeddings = answer.json().path("embeddings");
        assertThat(embeddings).hasSize(4);
        assertThat(embeddings.get(0)).isEqualTo(embeddings.get(3));
        assertThat(embeddings.get(1).path("missing").asString()).isEqualTo("no-embedding-source");
        assertThat(embeddings.get(2).path("missing").asString()).isEqualTo("kind-mismatch");
    }

    @ParameterizedTest
    @CsvSource({
        "twhin-user/user:999, 404 no-embedding -",
        "twhin-user/topic:jazz, 400 kind-mismatch id",
        "twhin-user/jazz, 400 malformed-id id",
        "nine/user:1, 404 unknown-space -",
        "twhin-tweet/tweet:1, 404 unknown-version -",
        "twhin-user/user:1?release=nine, 404 unknown-release -"
    })
    void whatIsNotThereIsNamed(String path, String problem) {
        Http.Answer answer = http.get("/v1/embeddings/" + path);

        assertThat(answer.problem()).as(answer.text()).isEqualTo(problem);
    }

    @Test
    void denseVectorsAreWrittenInBase64WhereAskedFor() {
        JsonNode numbers = http.get("/v1/embeddings/twhin-user/user:5").json().at("/embeddings/0/vector");
        JsonNode several = http.post("/v1/embeddings/twhin-user?encoding=base64", """
                {"ids": ["user:5", "user:999"], "release": "one"}""")
                .json()
                .path("embeddings");
        byte[] bytes =
                Base64.getDecoder().decode(several.get(0).path("vectorBase64").asString());
        FloatBuffer values =
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        assertThat(values.remaining()).isEqualTo(ReleaseFixture.DIMENSION);
        for (int i = 0; i < ReleaseFixture.DIMENSION; i++) {
            assertThat(values.get(i)).isEqualTo(numbers.get(i).floatValue());
        }
        assertThat(several.get(0).has("vector")).isFalse();
        assertThat(several.get(1).path("missing").asString()).isEqualTo("no-embedding-source");
        assertThat(http.get("/v1/embeddings/twhin-user/user:5?encoding=base64")
                        .json()
                        .at("/embeddings/0/vectorBase64"))
                .isEqualTo(several.get(0).path("vectorBase64"));
        assertThat(http.get("/v1/embeddings/twhin-user/user:5?encoding=hex").problem())
                .isEqualTo("400 unknown-encoding encoding");
    }

    @Test
    void aBatchHasALimit() {
        String ids = IntStream.rangeClosed(1, 10_001)
                .mapToObj("\"user:%s\""::formatted)
                .collect(Collectors.joining(","));

        assertThat(http.post("/v1/embeddings/twhin-user", "{\"ids\": [%s]}".formatted(ids))
                        .problem())
                .isEqualTo("400 list-too-long ids");
        assertThat(http.post("/v1/embeddings/twhin-user", "{}").problem()).isEqualTo("400 field-missing ids");
    }
}
