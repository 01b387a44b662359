package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.client.EntityNames;
import repscorer.client.ScorerClient;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.wire.EntitiesResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Searches in words, completion and streamed texts over HTTP, on the shipped search surface. */
class TextHttpTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    static Path directory;

    private static TestService service;
    private static Http http;

    @BeforeAll
    static void start() {
        service = TestService.start(directory, options -> options);
        http = service.http;
        service.stage("one", 1);
        assertThat(http.stage("one", "text-topic", topics(directory))).returns(200, Http.Answer::status);
        assertThat(http.send(
                                "PUT",
                                "/v1/releases/one/rows/text-user?format=jsonl",
                                BodyPublishers.ofString(users()),
                                List.of("Authorization", "Bearer " + Http.TOKEN))
                        .status())
                .isEqualTo(200);
        assertThat(http.change("/v1/releases/one/publish")).returns(200, Http.Answer::status);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Topics by their names, as a file of the space {@code text-topic}. */
    static Path topics(Path into) {
        EmbeddingFileWriter texts = EmbeddingFileWriter.texts("text-topic", "text", EntityKind.TOPIC);
        texts.add(EntityId.of(EntityKind.TOPIC, "jazz"), "Jazz music");
        texts.add(EntityId.of(EntityKind.TOPIC, "chess"), "Chess");
        texts.add(EntityId.of(EntityKind.TOPIC, "rock/pop"), "Rock & Pop");
        texts.add(EntityId.of(EntityKind.TOPIC, "cycling"), "Cycling");
        try {
            return texts.writeTo(Files.createTempDirectory(into, "texts"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Users 1 to 8 have texts; none of them says what the user's community is. */
    private static String users() {
        List<String> lines = new ArrayList<>();
        List<String> texts = List.of(
                "Ann Lee", "José Núñez, trumpet player", "Bo", "Zoë Brontë", "Ann-Marie", "Jo March", "Li Wei", "Max");
        for (int u = 1; u <= texts.size(); u++) {
            lines.add("{\"id\":\"user:%s\",\"text\":\"%s\",\"ignored\":[1]}".formatted(u, texts.get(u - 1)));
        }
        return String.join("\n", lines);
    }

    private static String request(String text, String more) {
        return "{\"surface\":\"search\",\"source\":{\"text\":%s}%s}".formatted(JSON.writeValueAsString(text), more);
    }

    private static JsonNode search(String text, String more) {
        Http.Answer answer = http.post("/v1/candidates", request(text, more));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void wordsFindWhatSharesThemAndWhatSharesNoneByTheVectorsOfTheFirst() {
        JsonNode answer = search("JAZZ", ",\"explain\":true,\"k\":11");

        List<String> ids = answer.path("candidates")
                .valueStream()
                .map(each -> each.path("id").asString())
                .toList();
        assertThat(ids.getFirst()).isEqualTo("topic:jazz");
        assertThat(ids.subList(1, 11))
                .as("users of its community")
                .allSatisfy(id -> assertThat(id).matches("user:(4|8|12|16|20|24|28|32|36|40)"));
        JsonNode first = answer.at("/candidates/0");
        assertThat(first.path("terms").size()).isEqualTo(1);
        assertThat(first.at("/terms/0/term").asString()).isEqualTo("jazz");
        assertThat(first.at("/terms/0/times").asInt()).isEqualTo(1);
        assertThat(first.at("/terms/0/documents").asInt()).isEqualTo(1);
        JsonNode text = first.path("columns")
                .valueStream()
                .filter(column -> column.path("column").asString().equals("text"))
                .findFirst()
                .orElseThrow();
        assertThat(first.at("/terms/0/part").asDouble())
                .isCloseTo(text.path("raw").asDouble(), within(1e-5));
        assertThat(answer.at("/candidates/1/terms").isMissingNode()).isTrue();
    }

    @Test
    void accentsAndCaseDoNotMatter() {
        assertThat(search("nunez JOSE", ",\"k\":1").at("/candidates/0/id").asString())
                .isEqualTo("user:2");
        assertThat(search("bronte", ",\"k\":1").at("/candidates/0/id").asString())
                .isEqualTo("user:4");
    }

    @Test
    void whatASearchByIdAnswersHasNoTraceOfTexts() {
        Http.Answer answer = http.post(
                "/v1/candidates", "{\"surface\":\"search\",\"source\":{\"id\":\"topic:jazz\"},\"explain\":true}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text())
                .doesNotContain("\"text\"")
                .doesNotContain("text-")
                .doesNotContain("terms");
    }

    @Test
    void whyNotIsAskedOfATextAsOfAnyOtherColumn() {
        Http.Answer answer = http.post(
                "/v1/why-not",
                "{\"id\":\"user:2\",\"surface\":\"search\",\"source\":{\"text\":\"trumpet\"},\"filters\":{\"excludeIds\":[\"user:2\"]}}");

        assertThat(answer.json().path("stage").asString()).isEqualTo("excluded");
        JsonNode ranked = http.post(
                        "/v1/why-not",
                        "{\"id\":\"user:3\",\"surface\":\"search\",\"source\":{\"text\":\"trumpet\"},\"k\":1}")
                .json();
        assertThat(ranked.path("stage").asString()).isEqualTo("rank");
        JsonNode text = ranked.path("searches")
                .valueStream()
                .filter(search -> search.path("column").asString().equals("text"))
                .findFirst()
                .orElseThrow();
        assertThat(text.path("score").asDouble()).isZero();
        assertThat(text.path("found").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            jaz      | topic | topic:jazz
            JÁZ      |       | topic:jazz
            musi     | topic | topic:jazz
            jzaz     | topic | topic:jazz
            jaazz    | topic | topic:jazz
            cyclimg  | topic | topic:cycling
            pop      | topic | topic:rock/pop
            ann      | user  | user:1,user:5
            marie    | user  | user:5
            nunez    | user  | user:2
            zoe bron | user  | user:4
            jo       | user  | user:6,user:2
            jo       | topic |
            """)
    void namesAreCompletedWhateverTheCaseTheAccentsAndOneError(String prefix, String kind, String ids) {
        JsonNode entities =
                complete(prefix, kind == null ? "" : "&kind=" + kind).path("entities");

        List<String> found =
                entities.valueStream().map(each -> each.path("id").asString()).toList();
        assertThat(String.join(",", found)).isEqualTo(ids == null ? "" : ids);
    }

    private static JsonNode complete(String prefix, String more) {
        Http.Answer answer =
                http.get("/v1/entities?prefix=" + URLEncoder.encode(prefix, StandardCharsets.UTF_8) + more);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void theSdkCompletesNames() {
        try (ScorerClient client = ScorerClient.builder(service.running.uri()).build()) {
            EntityNames names = new EntityNames(client);

            assertThat(names.complete("jaz", "topic", 3).entities())
                    .containsExactly(new EntitiesResponse.NamedBody("topic:jazz", "Jazz music", 0));
            assertThat(names.complete("ann", "", 1).entities()).hasSize(1);
        }
    }

    @Test
    void completionRefusesWhatItCannotAnswer() {
        assertThat(http.get("/v1/entities").status()).isEqualTo(400);
        assertThat(http.get("/v1/entities?prefix=a&k=0").problem()).isEqualTo("400 k-out-of-range k");
        assertThat(http.get("/v1/entities?prefix=a&k=101").problem()).isEqualTo("400 k-out-of-range k");
        assertThat(http.get("/v1/entities?prefix=a&kind=NO").problem()).isEqualTo("400 malformed-kind kind");
        assertThat(http.get("/v1/entities?prefix=a&kind=tweet").problem()).isEqualTo("503 space-not-live -");
        assertThat(http.get("/v1/entities?prefix=" + "a".repeat(1_001)).problem())
                .isEqualTo("400 prefix-too-long prefix");
    }

    @Test
    void aTextThatIsStreamedIsFoundCompletedAndReadAtOnce() {
        Http.Answer answer = http.send(
                "POST",
                "/v1/spaces/text-user/upserts",
                BodyPublishers.ofString("{\"id\":\"user:9\",\"text\":\"Quentin, theremin\"}\n"
                        + "{\"id\":\"user:10\",\"vector\":[1]}\n"
                        + "{\"id\":\"user:11\",\"text\":\"a\",\"vector\":[1]}\n"
                        + "{\"id\":\"user:12\",\"text\":7}"),
                List.of("Content-Type", "application/x-ndjson", "Authorization", "Bearer " + Http.TOKEN));
        assertThat(answer.text()
                        .lines()
                        .limit(4)
                        .map(line -> JSON.readTree(line).path("code").asString("-")))
                .containsExactly("-", "form-differs", "malformed-change", "wrong-type");

        assertThat(search("theremin", ",\"k\":1,\"explain\":true")
                        .at("/candidates/0/id")
                        .asString())
                .isEqualTo("user:9");
        assertThat(complete("quen", "").at("/entities/0/name").asString()).isEqualTo("Quentin, theremin");
        assertThat(complete("qeuntin", "").at("/entities/0/errors").asInt()).isEqualTo(1);
        assertThat(http.get("/v1/embeddings/text-user/user:9")
                        .json()
                        .at("/embeddings/0/text")
                        .asString())
                .isEqualTo("Quentin, theremin");
    }

    @Test
    @DisplayName(
            "texts of 20,000 characters, of control characters, from right to left and in query languages are words")
    void hostileTextsNeverFail() {
        List<String> hostile = List.of(
                "",
                " ",
                "\u0000\u0007\u001b[31m",
                "jazz".repeat(5_000),
                "jazz ".repeat(4_000),
                "\u202ejazz\u202c \u05d2\u05f3\u05d0\u05d6 \u062c\u0627\u0632",
                "text:jazz AND NOT topic:* OR jazz~2^9 \"jazz music\" [a TO z] {x} /j.*/ \\ && || ! ( ) ? *",
                "\ud83c\udfb7\ud800",
                "\ufdfa".repeat(20_000));
        for (String text : hostile) {
            Http.Answer answer = http.post("/v1/candidates", request(text, ",\"explain\":true"));
            String words = text.substring(0, Math.min(20, text.length()));
            assertThat(answer.status()).as(words).isEqualTo(200);
            // The words of a query language find no more than their like.
            assertThat(answer.json().path("candidates").isEmpty())
                    .as(words)
                    .isEqualTo(!text.contains("jazz ") && !text.contains("jazz\u202c"));
            if (text.length() <= 1_000) {
                assertThat(http.get("/v1/entities?prefix=" + URLEncoder.encode(text, StandardCharsets.UTF_8))
                                .status())
                        .as(words)
                        .isEqualTo(200);
            }
        }
        assertThat(http.post("/v1/candidates", request("x".repeat(100_001), "")).problem())
                .isEqualTo("400 malformed-source source.text");
    }

    @Test
    void aTextIsRefusedWhereNoColumnReadsOneAndBesideAnotherSource() {
        assertThat(http.post("/v1/candidates", "{\"surface\":\"follow\",\"source\":{\"text\":\"jazz\"}}")
                        .problem())
                .isEqualTo("400 no-text-column source.text");
        assertThat(http.post(
                                "/v1/candidates",
                                "{\"surface\":\"search\",\"source\":{\"text\":\"jazz\",\"id\":\"user:1\"}}")
                        .problem())
                .isEqualTo("400 source-ambiguous source");
    }
}
