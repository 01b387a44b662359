package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Streams of changes over HTTP. */
class UpsertsHttpTest {

    @TempDir
    static Path directory;

    private static TestService service;
    private static Http http;

    @BeforeAll
    static void start() {
        service = TestService.start(directory, options -> options);
        http = service.http;
        service.publish("one", 1);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Http.Answer upsert(String path, String... lines) {
        return http.send(
                "POST",
                path,
                BodyPublishers.ofString(String.join("\n", lines)),
                List.of("Content-Type", "application/x-ndjson", "Authorization", "Bearer " + Http.TOKEN));
    }

    private static List<JsonNode> lines(Http.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.text().lines().map(JsonMapper.shared()::readTree).toList();
    }

    private static String vector(float first) {
        StringBuilder text = new StringBuilder("[").append(first);
        text.append(",0".repeat(ReleaseFixture.DIMENSION - 1));
        return text.append("]").toString();
    }

    @Test
    void eachLineIsAnsweredByItselfAndVisibleAtOnce() {
        List<JsonNode> answers = lines(upsert(
                "/v1/spaces/twhin-user/upserts?producer=a",
                "{\"id\":\"user:900\",\"vector\":" + vector(1) + ",\"seq\":1}",
                "{\"id\":\"user:901\",\"vector\":[1,2],\"seq\":2}",
                "{\"id\":\"topic:jazz\",\"vector\":" + vector(1) + "}",
                "nonsense",
                "{\"id\":\"user:902\",\"vector\":" + vector(0) + "}",
                "{\"id\":\"user:40\",\"delete\":true,\"seq\":3}",
                "{\"id\":\"user:903\",\"vektor\":[]}",
                "{\"id\":\"user:900\",\"vector\":" + vector(2) + ",\"seq\":3}"));

        assertThat(answers).hasSize(9);
        assertThat(answers.stream()
                        .limit(8)
                        .map(a ->
                                a.path("line").asInt() + " " + a.path("status").asString() + " "
                                        + a.path("code").asString("-")))
                .containsExactly(
                        "1 ACCEPTED -",
                        "2 REFUSED dimension-differs",
                        "3 REFUSED kind-mismatch",
                        "4 REFUSED malformed-json",
                        "5 REFUSED zero-vector",
                        "6 ACCEPTED -",
                        "7 REFUSED unknown-key",
                        "8 DUPLICATE -");
        assertThat(answers.get(8).toString())
                .isEqualTo("{\"release\":\"one\",\"lines\":8,\"accepted\":2,\"duplicates\":1,\"refused\":5}");
        assertThat(http.get("/v1/embeddings/twhin-user/user:900")
                        .json()
                        .at("/embeddings/0/vector/0")
                        .asDouble())
                .isEqualTo(1);
        assertThat(http.get("/v1/embeddings/twhin-user/user:40").status()).isEqualTo(404);
        assertThat(http.get("/v1/embeddings/twhin-user/user:900")
                        .json()
                        .path("version")
                        .asString())
                .contains("+");
    }

    @Test
    @DisplayName("S27 a key that is there twice is refused, whatever its values")
    void keysThatAreThereTwice() {
        String good = "\"id\":\"user:960\",\"vector\":" + vector(1);
        List<JsonNode> answers = lines(upsert(
                "/v1/spaces/twhin-user/upserts?producer=twice",
                "{\"id\":\"user:961\"," + good + "}",
                "{" + good + ",\"vector\":" + vector(2) + "}",
                "{" + good + ",\"seq\":5,\"seq\":3}",
                "{\"id\":\"user:960\",\"delete\":true,\"delete\":true}",
                "{\"id\":\"user:960\",\"\\u0069d\":\"user:960\",\"delete\":true}",
                "{" + good + ",\"seq\":1}"));
        assertThat(answers.stream().limit(5).map(a -> a.path("code").asString("-")))
                .containsOnly("duplicate-key");
        assertThat(answers.get(2).path("message").asString()).isEqualTo("keys must differ: 'seq' is there twice");
        assertThat(answers.get(5).path("status").asString()).isEqualTo("ACCEPTED");
        assertThat(http.get("/v1/embeddings/twhin-user/user:961").status()).isEqualTo(404);
        lines(upsert("/v1/spaces/twhin-user/upserts", "{\"id\":\"user:960\",\"delete\":true}"));
    }

    @Test
    @DisplayName("V4 a line that is no UTF-8 is refused")
    void linesThatAreNoUtf8() {
        byte[] line =
                ("{\"id\":\"user:caf\u00e9\",\"vector\":" + vector(1) + "}").getBytes(StandardCharsets.ISO_8859_1);
        byte[] overlong = line.clone();
        overlong[14] = (byte) 0xC0;
        overlong[15] = (byte) 0xAF;
        for (byte[] body : List.of(line, overlong)) {
            JsonNode answer = lines(http.send(
                            "POST",
                            "/v1/spaces/twhin-user/upserts",
                            BodyPublishers.ofByteArray(body),
                            List.of("Content-Type", "application/x-ndjson", "Authorization", "Bearer " + Http.TOKEN)))
                    .getFirst();
            assertThat(answer.path("code").asString()).isEqualTo("malformed-json");
            assertThat(answer.path("message").asString()).startsWith("a text must be UTF-8");
        }
    }

    @Test
    @DisplayName("V3 S20 two objects on a line are refused, however far apart, and so is a line without an end")
    void twoObjectsOnALine() {
        String object = "{\"id\":\"user:962\",\"vector\":" + vector(1) + "}";
        List<JsonNode> answers = lines(upsert(
                "/v1/spaces/twhin-user/upserts",
                object + object,
                "[" + " ".repeat(3 << 20),
                object + " ".repeat(3 << 20) + object,
                "{\"id\":\"user:1\"}"));
        assertThat(answers.stream().limit(4).map(a -> a.path("code").asString("-")))
                .containsExactly("malformed-json", "malformed-json", "malformed-json", "malformed-change");
        assertThat(answers.get(2).path("message").asString()).isEqualTo("a line has at most 1048576 bytes");
        assertThat(http.get("/v1/embeddings/twhin-user/user:962").status()).isEqualTo(404);
    }

    @Test
    void candidatesSeeSparseChangesFromBothSides() {
        List<JsonNode> answers = lines(upsert(
                "/v1/spaces/simclusters-producer/upserts",
                "{\"id\":\"user:950\",\"entries\":{\"cluster:0\":5.0}}",
                "{\"id\":\"user:951\",\"entries\":{\"topic:jazz\":1}}",
                "{\"id\":\"user:952\",\"entries\":{\"cluster:0\":-1}}"));
        assertThat(answers.get(0).path("status").asString()).isEqualTo("ACCEPTED");
        assertThat(answers.get(1).path("code").asString()).isEqualTo("unknown-column");
        assertThat(answers.get(2).path("message").asString()).contains("positive");

        Http.Answer found = http.post(
                "/v1/candidates", "{\"surface\":\"follow\",\"source\":{\"id\":\"user:4\"},\"k\":50,\"explain\":true}");
        assertThat(found.status()).as(found.text()).isEqualTo(200);
        assertThat(found.text()).contains("user:950");

        lines(upsert("/v1/spaces/simclusters-producer/upserts", "{\"id\":\"user:950\",\"delete\":true}"));
        assertThat(http.post("/v1/candidates", "{\"surface\":\"follow\",\"source\":{\"id\":\"user:4\"},\"k\":50}")
                        .text())
                .doesNotContain("user:950");
    }

    @Test
    void aLongStreamIsAnsweredWhileItIsSent() {
        int count = 20_000;
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < count; i++) {
            body.append("{\"id\":\"user:").append(10_000 + i).append("\",\"entries\":{\"cluster:1\":0.5}}\n");
        }
        List<JsonNode> answers = lines(upsert("/v1/spaces/simclusters-interest/upserts", body.toString()));
        assertThat(answers).hasSize(count + 1);
        assertThat(answers.getLast().path("accepted").asInt()).isEqualTo(count);
        assertThat(http.change("/v1/spaces/simclusters-interest/compact").status())
                .isEqualTo(200);
        assertThat(http.get("/v1/embeddings/simclusters-interest/user:29999").status())
                .isEqualTo(200);
    }

    @Test
    void packedRowsAreThoseOfTheJson() throws Exception {
        lines(upsert("/v1/spaces/twhin-user/upserts", "{\"id\":\"user:960\",\"vector\":" + vector(7) + "}"));
        String request = "{\"ids\":[\"user:5\",\"user:99999\",\"topic:jazz\",\"user:960\",\"user:960\"]}";
        HttpResponse<byte[]> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(service.running.uri().resolve("/v1/embeddings/twhin-user"))
                                .header("Content-Type", "application/json")
                                .header("Accept", "application/octet-stream")
                                .POST(BodyPublishers.ofString(request))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Release")).contains("one");
        ByteBuffer bytes = ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getInt()).isEqualTo(5);
        assertThat(bytes.getInt()).isEqualTo(ReleaseFixture.DIMENSION);
        byte[] states = new byte[5];
        bytes.get(states);
        assertThat(states).containsExactly(0, 1, 2, 0, 0);
        bytes.position(16);
        assertThat(bytes.remaining()).isEqualTo(5 * 4 * ReleaseFixture.DIMENSION);
        JsonNode json = http.get("/v1/embeddings/twhin-user/user:5").json().at("/embeddings/0/vector");
        for (int i = 0; i < ReleaseFixture.DIMENSION; i++) {
            assertThat(bytes.getFloat()).isEqualTo((float) json.get(i).asDouble());
        }
        bytes.position(16 + 3 * 4 * ReleaseFixture.DIMENSION);
        assertThat(bytes.getFloat()).isEqualTo(7);
    }

    @Test
    @DisplayName(
            "Issue 17: columns that no file had are named by changes, and explained, filtered by and read like others")
    void columnsThatNoFileHad() {
        List<JsonNode> answers = lines(upsert(
                "/v1/spaces/simclusters-producer/upserts",
                "{\"id\":\"user:970\",\"entries\":{\"cluster:0\":0.1,\"cluster:700\":3}}",
                "{\"id\":\"user:970\",\"entries\":{\"cluster:700\":0}}",
                "{\"id\":\"user:970\",\"entries\":{\"clutser:0\":1}}"));
        assertThat(answers.stream()
                        .limit(3)
                        .map(each -> each.path("status").asString() + " "
                                + each.path("message").asString("-")))
                .containsExactly(
                        "ACCEPTED -",
                        "REFUSED weights must be positive and finite: 0.0 for cluster:700",
                        "REFUSED a new column is of a kind that simclusters-producer has columns of: clutser:0");
        lines(upsert(
                "/v1/spaces/simclusters-interest/upserts",
                "{\"id\":\"user:971\",\"entries\":{\"cluster:701\":1,\"cluster:700\":2}}"));
        JsonNode entries =
                http.get("/v1/embeddings/simclusters-interest/user:971").json().at("/embeddings/0/entries");
        assertThat(entries.findValuesAsString("name")).containsExactly("cluster:700", "cluster:701");

        JsonNode answer = http.post("/v1/candidates", """
                        {"surface": "follow", "source": {"id": "user:971"}, "k": 3, "explain": true,
                         "filters": {"where": {"weight": {"space": "simclusters-producer", "column": "cluster:700"}}}}""").json();
        assertThat(answer.path("candidates")).singleElement().satisfies(each -> {
            assertThat(each.path("id").asString()).isEqualTo("user:970");
            assertThat(each.at("/sharedClusters/0/cluster").asString())
                    .as(each.toString())
                    .isEqualTo("cluster:700");
        });
        lines(upsert("/v1/spaces/simclusters-producer/upserts", "{\"id\":\"user:970\",\"delete\":true}"));
        lines(upsert("/v1/spaces/simclusters-interest/upserts", "{\"id\":\"user:971\",\"delete\":true}"));
    }

    @Test
    void refusesWhatNoLineCouldChange() {
        assertThat(upsert("/v1/spaces/nowhere/upserts", "{}").problem()).startsWith("404 unknown-space");
        assertThat(upsert("/v1/spaces/twhin-user/upserts?release=other", "{}").problem())
                .startsWith("409 release-changed");
        assertThat(upsert("/v1/spaces/twhin-user/upserts?producer=a%20b", "{}").problem())
                .startsWith("400 bad-producer");
        assertThat(http.send(
                                "POST",
                                "/v1/spaces/twhin-user/upserts",
                                BodyPublishers.ofString("{}"),
                                List.of("Content-Type", "application/x-ndjson"))
                        .status())
                .isEqualTo(401);
    }
}
