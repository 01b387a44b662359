package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import tools.jackson.databind.JsonNode;

/** The life of releases over HTTP, in one service from its first start on. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReleasesHttpTest {

    @TempDir
    static Path directory;

    private static TestService service;
    private static Http http;

    @BeforeAll
    static void start() {
        service = TestService.start(directory, options -> options.withSetting("store.staged-file-max", "1MiB"));
        http = service.http;
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    @Order(1)
    void beforeTheFirstReleaseTheServiceLivesButIsNotReady() {
        JsonNode readiness = http.get("/actuator/health/readiness").json();

        assertThat(http.get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(http.get("/actuator/health/readiness").status()).isEqualTo(503);
        assertThat(readiness.at("/components/release/details/missing"))
                .extracting(JsonNode::asString)
                .containsExactly(
                        "simclusters-interest",
                        "simclusters-producer",
                        "simclusters-topic",
                        "twhin-topic",
                        "twhin-user");
        assertThat(http.get("/v1/releases").json()).isEmpty();
        assertThat(http.get("/v1/embeddings/twhin-user/user:1").problem()).startsWith("503 ");
        Http.Answer candidates = follow();
        assertThat(candidates.status()).isEqualTo(503);
        assertThat(candidates.header("Retry-After")).isEqualTo("5");
        assertThat(http.get("/actuator/prometheus").text())
                .containsPattern("repscorer_space_count\\{.*space=\"twhin-user\"\\} 0");
    }

    @Test
    @Order(2)
    void aReleaseNeedsItsRequiredSpaces() {
        Path file = file("part", 1, "twhin-user");
        assertThat(http.stage("part", "twhin-user", file).status()).isEqualTo(200);

        Http.Answer answer = http.change("/v1/releases/part/publish");

        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.detail()).contains("is missing");
        assertThat(http.get("/actuator/health/readiness").status()).isEqualTo(503);
    }

    @Test
    @Order(3)
    void aPublishedReleaseIsLiveAndTheServiceReady() {
        service.publish("one", 1);

        assertThat(http.get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(follow().json().at("/provenance/release").asString()).isEqualTo("one");
        JsonNode release = http.get("/v1/releases").json().get(0);
        assertThat(release.path("release").asString()).isEqualTo("one");
        assertThat(release.path("state").asString()).isEqualTo("LIVE");
        assertThat(release.path("versions").propertyNames()).contains("twhin-user", "history-follow");
        assertThat(release.path("publishedAt").asString()).startsWith("20").endsWith("Z");
    }

    @Test
    @Order(4)
    void publishingTheSameAgainChangesNothingAndOtherFilesConflict() {
        service.stage("one", 1);
        assertThat(http.change("/v1/releases/one/publish").status()).isEqualTo(200);
        service.stage("one", 7);
        assertThat(http.change("/v1/releases/one/publish").status()).isEqualTo(409);
        assertThat(follow().status()).isEqualTo(200);
    }

    @Test
    @Order(5)
    void aDamagedFileIsRefusedAndTheLiveReleaseStays() throws Exception {
        Path file = file("damaged", 2, "twhin-user");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;

        Http.Answer flipped = http.stage("damaged", "twhin-user", BodyPublishers.ofByteArray(bytes));
        Http.Answer cut = http.stage("damaged", "twhin-user", BodyPublishers.ofByteArray(bytes, 0, bytes.length / 2));
        Http.Answer foreign = http.stage("damaged", "twhin-user", BodyPublishers.ofString("hello"));
        Http.Answer empty = http.stage("damaged", "twhin-user", BodyPublishers.noBody());

        for (Http.Answer answer : new Http.Answer[] {flipped, cut, foreign, empty}) {
            assertThat(answer.status()).as(answer.text()).isEqualTo(422);
            assertThat(answer.type()).startsWith("application/problem+json");
        }
        assertThat(http.change("/v1/releases/damaged/publish").status()).isEqualTo(404);
        assertThat(follow().json().at("/provenance/release").asString()).isEqualTo("one");
    }

    @Test
    @Order(6)
    void aFileThatDoesNotFitItsSpaceIsRefused() throws Exception {
        EmbeddingFileWriter narrow = EmbeddingFileWriter.dense("twhin-user", "twhin", EntityKind.USER, 3);
        narrow.add(EntityId.parse("user:1"), new float[] {1, 2, 3});
        Path file = narrow.writeTo(Files.createDirectories(directory.resolve("narrow")));
        Path topics = file("swapped", 2, "twhin-topic");

        Http.Answer dimension = http.stage("narrow", "twhin-user", file);
        Http.Answer space = http.stage("narrow", "twhin-user", topics);

        assertThat(dimension.problem()).isEqualTo("422 dimension-differs -");
        assertThat(dimension.detail()).contains("space=twhin-user expects 64, got 3");
        assertThat(space.problem()).isEqualTo("422 space-differs -");
    }

    @Test
    @Order(7)
    void badNamesAndUndeclaredSpacesAreRefused() {
        Path file = file("names", 2, "twhin-user");

        assertThat(http.stage("two", "nine", file).status()).isEqualTo(404);
        assertThat(http.stage("..%2F..%2Fetc", "twhin-user", file).problem()).isEqualTo("400 bad-release-name release");
        assertThat(http.stage("-x", "twhin-user", file).status()).isEqualTo(400);
        assertThat(http.change("/v1/releases/nothing-staged/publish").status()).isEqualTo(404);
        assertThat(http.change("/v1/releases/unheard-of/roll-back").status()).isEqualTo(404);
    }

    @Test
    @Order(8)
    void aFileOverTheLimitIsRefusedBeforeAndWhileItIsRead() {
        byte[] large = new byte[(1 << 20) + 1];

        Http.Answer stated = http.stage("large", "twhin-user", BodyPublishers.ofByteArray(large));
        Http.Answer unstated = http.stage(
                "large", "twhin-user", BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large)));

        assertThat(stated.problem()).startsWith("413 body-too-large");
        assertThat(unstated.problem()).startsWith("413 body-too-large");
        byte[] rows = "user:1,1\n".repeat(1 << 17).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertThat(rows("large", "twhin-user?format=csv", "text/csv", rows).problem())
                .isEqualTo("413 body-too-large body");
    }

    @Test
    @Order(9)
    void anUploadIsNoForm() {
        Http.Answer answer = http.send(
                "PUT",
                "/v1/releases/two/files/twhin-user",
                BodyPublishers.ofString("x"),
                java.util.List.of(
                        "Content-Type", "application/x-www-form-urlencoded", "Authorization", "Bearer " + Http.TOKEN));

        assertThat(answer.problem()).isEqualTo("415 unsupported-media-type -");
    }

    /* A name in the store's directory leads to /dev/full, so that the kernel itself says that the device is full. */
    @Test
    @Order(10)
    void aFullDiskWhileStagingIs507AndTheLiveReleaseStays() throws Exception {
        Path file = file("full", 2, "twhin-user");
        for (int n = 1; n <= 200; n++) {
            Path incoming =
                    Files.createDirectories(service.store().resolve("incoming").resolve(Integer.toString(n)));
            Files.createSymbolicLink(incoming.resolve("twhin-user.emb"), Path.of("/dev/full"));
        }

        Http.Answer answer = http.stage("full", "twhin-user", file);

        assertThat(answer.problem()).as(answer.text()).isEqualTo("507 storage-full -");
        assertThat(answer.detail()).contains("disk is full");
        assertNoPlace(answer.text());
        assertThat(follow().json().at("/provenance/release").asString()).isEqualTo("one");
        try (var left = Files.list(service.store().resolve("incoming"))) {
            for (Path incoming : left.toList()) {
                Files.deleteIfExists(incoming.resolve("twhin-user.emb"));
                Files.deleteIfExists(incoming);
            }
        }
        assertThat(http.stage("full", "twhin-user", file).status()).isEqualTo(200);
    }

    @Test
    @Order(11)
    void aFullDiskWhilePublishingIs507AndTheLiveReleaseStays() throws Exception {
        service.stage("brim", 3);
        Files.createSymbolicLink(
                service.store().resolve("staging").resolve("brim").resolve("release.manifest.tmp"),
                Path.of("/dev/full"));

        Http.Answer answer = http.change("/v1/releases/brim/publish");

        assertThat(answer.problem()).as(answer.text()).isEqualTo("507 storage-full -");
        assertThat(follow().json().at("/provenance/release").asString()).isEqualTo("one");
        assertNoPlace(answer.text());
        assertThat(http.get("/actuator/health/readiness").status()).isEqualTo(200);
        assertNoPlace(http.get("/actuator/health/readiness").text());
        service.publish("brim", 3);
        assertThat(follow().json().at("/provenance/release").asString()).isEqualTo("brim");
    }

    @Test
    @Order(12)
    void aRollBackIsLiveAtOnce() {
        Http.Answer answer = http.change("/v1/releases/one/roll-back");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("state").asString()).isEqualTo("LIVE");
        assertThat(follow().json().at("/provenance/release").asString()).isEqualTo("one");
        assertThat(http.get("/actuator/prometheus").text())
                .containsPattern("repscorer_release_info\\{.*release=\"one\".*\\} 1")
                .doesNotContainPattern("repscorer_release_info\\{.*release=\"brim\"");
        JsonNode versions = http.get("/v1/spaces/twhin-user/versions").json();
        assertThat(versions).hasSize(2);
        JsonNode kept = http.post("/v1/candidates", """
                        {"surface": "follow", "source": {"id": "user:5"}, "overrides": {"release": "brim"}}""").json();
        assertThat(kept.at("/provenance/release").asString()).isEqualTo("brim");
        assertThat(http.get("/v1/embeddings/twhin-user/user:5?release=brim")
                        .json()
                        .path("release")
                        .asString())
                .isEqualTo("brim");
    }

    @Test
    @Order(13)
    void aRestartBringsTheLiveReleaseBack() {
        service.close();
        service = TestService.start(directory, options -> options);
        http = service.http;

        Http.Answer readiness = http.get("/actuator/health/readiness");
        assertThat(readiness.status()).as(readiness.text()).isEqualTo(200);
        assertThat(follow().json().at("/provenance/release").asString()).isEqualTo("one");
    }

    private static Path file(String release, long seed, String space) {
        ReleaseFixture.write(directory.resolve(release), seed);
        return directory.resolve(release).resolve(space + ".emb");
    }

    private static Http.Answer follow() {
        return http.post("/v1/candidates", """
                {"surface": "follow", "source": {"id": "user:5"}, "k": 5}""");
    }

    private static Http.Answer rows(String release, String query, String type, byte[] body) {
        return http.send(
                "PUT",
                "/v1/releases/%s/rows/%s".formatted(release, query),
                BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)),
                java.util.List.of("Content-Type", type, "Authorization", "Bearer " + Http.TOKEN));
    }

    private static byte[] lines(int bad) {
        StringBuilder lines = new StringBuilder();
        for (int user = 1; user <= 50; user++) {
            lines.append(user);
            for (int i = 0; i < ReleaseFixture.DIMENSION; i++) {
                lines.append(',').append(user <= bad ? "NaN" : Integer.toString(user % 7 + i));
            }
            lines.append('\n');
        }
        return lines.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    @Order(40)
    void rowsOfAnotherToolAreStagedAndPublished() {
        service.stage("rows", 5);
        Http.Answer answer = rows("rows", "twhin-user?format=csv&badRowsMax=2&badRowsNamed=1", "text/csv", lines(2));

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("rows").asInt()).isEqualTo(48);
        assertThat(answer.json().path("badRows").asInt()).isEqualTo(2);
        assertThat(answer.json().path("named"))
                .singleElement()
                .satisfies(
                        row -> assertThat(row.asString()).isEqualTo("row 1: values must be finite: NaN at 0 (user:1)"));
        Http.Answer published = http.change("/v1/releases/rows/publish?force=true&reason=other%20rows");
        assertThat(published.status()).as(published.text()).isEqualTo(200);
        assertThat(published.json().at("/versions/twhin-user"))
                .isEqualTo(answer.json().path("version"));
        assertThat(http.get("/v1/embeddings/twhin-user/user:50")
                        .json()
                        .at("/embeddings/0/vector/3")
                        .asDouble())
                .isEqualTo(50 % 7 + 3);
        assertThat(http.get("/v1/embeddings/twhin-user/user:2").problem()).isEqualTo("404 no-embedding -");
    }

    @Test
    @Order(41)
    void badRowsStageNothing() {
        Http.Answer answer = rows("bad-rows", "twhin-user?format=csv", "text/csv", lines(12));
        assertThat(answer.problem()).isEqualTo("422 bad-rows -");
        assertThat(answer.detail())
                .startsWith("nothing was written, for 12 rows are bad and 0 may be: row 1: values must be finite");
        assertThat(http.change("/v1/releases/bad-rows/publish").status()).isEqualTo(404);
        assertThat(service.store().resolve("incoming")).isEmptyDirectory();
    }

    @Test
    @Order(42)
    void rowsThatCannotBeReadAreRefusedByName() {
        byte[] junk = "hello".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        String octets = "application/octet-stream";
        assertThat(rows("junk", "twhin-user?format=parquet", octets, junk).problem())
                .isEqualTo("422 unreadable-rows -");
        assertThat(rows(
                                "junk",
                                "twhin-user?format=npy",
                                octets,
                                "user:1\n\nhello".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .detail())
                .isEqualTo("the body: not an .npy file");
        assertThat(rows("junk", "twhin-user?format=npy", octets, junk).detail()).contains("ended by an empty line");
        assertThat(rows("junk", "simclusters-interest?format=npy", octets, junk).problem())
                .isEqualTo("400 bad-import format");
        assertThat(rows("junk", "twhin-user?format=xls", octets, junk).problem())
                .isEqualTo("400 bad-import format");
        assertThat(rows("junk", "twhin-user", octets, junk).problem()).isEqualTo("400 field-missing format");
        assertThat(rows("junk", "nine?format=csv", octets, junk).problem()).isEqualTo("404 unknown-space -");
        assertThat(rows("junk", "twhin-user?format=csv", "application/x-www-form-urlencoded", junk)
                        .problem())
                .isEqualTo("415 unsupported-media-type -");
        assertThat(http.change("/v1/releases/junk/publish").status()).isEqualTo(404);
    }

    @Test
    @Order(42)
    @DisplayName("S20 S35 V5 rows without an end, without measure or cut short are 422 and stage nothing")
    void awkwardRowsAreRefusedByName() {
        String octets = "application/octet-stream";
        byte[] endless = ("user:1" + " ".repeat(900_000)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertThat(rows("junk", "twhin-user?format=csv", "text/csv", endless).problem())
                .isEqualTo("422 bad-rows -");
        byte[] parquet = new byte[2_000];
        System.arraycopy("PAR1".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, parquet, 0, 4);
        System.arraycopy("PAR1".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, parquet, 1_996, 4);
        Http.Answer answer = rows("junk", "twhin-user?format=parquet", octets, parquet);
        assertThat(answer.problem()).isEqualTo("422 unreadable-rows -");
        assertThat(answer.detail()).startsWith("the body: no Parquet file that can be read");
        assertThat(http.change("/v1/releases/junk/publish").status()).isEqualTo(404);
        assertThat(service.store().resolve("incoming")).isEmptyDirectory();
    }

    private static void stageRows(String release, String space, String training) {
        Http.Answer answer = rows(
                release,
                "%s?format=csv%s".formatted(space, training.isEmpty() ? "" : "&training=" + training),
                "text/csv",
                lines(0));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    @Test
    @Order(44)
    @DisplayName("S1: two trainings of a model are 409 with both files and both names, over HTTP as well")
    void twoTrainingsAreAConflict() throws Exception {
        service.stage("trainings", 6);
        stageRows("trainings", "twhin-user", "seed-1");
        Http.Answer unnamed = http.change("/v1/releases/trainings/publish");
        assertThat(unnamed.problem()).isEqualTo("409 training-differs -");
        assertThat(unnamed.detail())
                .contains("model=twhin")
                .contains("twhin-user names seed-1")
                .contains("names none");
        assertThat(rows("trainings", "twhin-user?format=csv&training=a%20b", "text/csv", lines(0))
                        .problem())
                .isEqualTo("400 bad-import training");
        for (String space : new String[] {"twhin-topic", "twhin-relation"}) {
            EmbeddingFileWriter writer = EmbeddingFileWriter.dense(
                            space, "twhin", space.endsWith("topic") ? EntityKind.TOPIC : new EntityKind("relation"), 64)
                    .training(space.endsWith("topic") ? "seed-77" : "seed-1");
            float[] values = new float[64];
            values[3] = 1;
            writer.add(EntityId.parse(space.endsWith("topic") ? "topic:jazz" : "relation:follow"), values);
            Path file = writer.writeTo(Files.createDirectories(directory.resolve("named")));
            assertThat(http.stage("trainings", space, file).status()).isEqualTo(200);
        }
        assertThat(http.change("/v1/releases/trainings/publish?partial=true").detail())
                .contains("seed-1")
                .contains("seed-77");
        stageRows("trainings", "twhin-user", "seed-77");
        assertThat(http.change("/v1/releases/trainings/publish").detail())
                .contains("twhin-relation names seed-1")
                .contains("names seed-77");
        JsonNode newest = http.get("/v1/releases").json().get(0);
        assertThat(newest.path("release").asString()).isEqualTo("trainings");
        assertThat(newest.path("state").asString()).isEqualTo("REJECTED");
    }

    @Test
    @Order(45)
    @DisplayName("S1: a stream of another training than its space's is refused before its first line")
    void aStreamOfAnotherTrainingIsAConflict() {
        Http.Answer answer = http.send(
                "POST",
                "/v1/spaces/twhin-user/upserts?training=seed-77",
                BodyPublishers.ofString("{\"id\":\"user:1\",\"delete\":true}"),
                java.util.List.of("Content-Type", "application/x-ndjson", "Authorization", "Bearer " + Http.TOKEN));
        assertThat(answer.problem()).isEqualTo("409 training-differs -");
        assertThat(answer.detail()).contains("names none, the stream seed-77");
    }

    @Test
    @Order(46)
    @DisplayName("S5: what the live release has and the next lacks is named, and left or carried over when asked to")
    void missingSpacesAreAConflictUnlessLeftOrCarried() {
        service.stage("whole", 8);
        assertThat(http.change("/v1/releases/whole/publish?force=true&reason=other%20rows%20were%20live")
                        .status())
                .isEqualTo(200);
        java.util.Map<String, Path> files = ReleaseFixture.write(directory.resolve("files-less"), 9);
        for (String release : new String[] {"less", "least"}) {
            files.forEach((space, file) -> {
                if (!space.equals("history-follow") && !space.equals("twhin-relation")) {
                    assertThat(http.stage(release, space, file).status()).isEqualTo(200);
                }
            });
        }
        Http.Answer refused = http.change("/v1/releases/less/publish");
        assertThat(refused.problem()).isEqualTo("409 spaces-missing -");
        assertThat(refused.detail())
                .contains("release less lacks spaces of the live release whole: history-follow, twhin-relation;");
        assertThat(follow().json().at("/provenance/release").asString()).isEqualTo("whole");
        assertThat(http.change("/v1/releases/less/publish?carry=twhin-relation").detail())
                .contains("whole: history-follow;");
        assertThat(http.change("/v1/releases/less/publish?carry=twhin-user").problem())
                .isEqualTo("409 nothing-to-carry -");
        assertThat(http.change("/v1/releases/less/publish?partial=perhaps").status())
                .isEqualTo(400);
        Http.Answer carried = http.change("/v1/releases/less/publish?carry=*");
        assertThat(carried.status()).as(carried.text()).isEqualTo(200);
        assertThat(carried.json().at("/carried/history-follow").asString()).isEqualTo("whole");
        assertThat(http.get("/v1/embeddings/history-follow/user:1").status()).isEqualTo(200);
        Http.Answer left = http.change("/v1/releases/least/publish?partial=true&carry=twhin-relation");
        assertThat(left.status()).as(left.text()).isEqualTo(200);
        assertThat(left.json().path("versions").propertyNames()).contains("twhin-relation");
        assertThat(http.get("/v1/embeddings/history-follow/user:1").status()).isEqualTo(404);
        assertThat(http.change("/v1/releases/whole/roll-back").status()).isEqualTo(200);
    }

    @Test
    @Order(42)
    @DisplayName(
            "V8: columns are named or guessed over HTTP, the guess is in the answer, and kind makes plain ids typed")
    void columnsAreNamedOrGuessed() {
        StringBuilder names = new StringBuilder("name,kind");
        StringBuilder values = new StringBuilder("x-1,foo");
        for (int i = 0; i < ReleaseFixture.DIMENSION; i++) {
            names.append(",f").append(i);
            values.append(',').append(i + 1);
        }
        byte[] csv = (names + "\n" + values + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        String vector = names.substring("name,kind,".length());
        Http.Answer named = rows("named", "twhin-user?format=csv&id=name&kind=user&vector=" + vector, "text/csv", csv);
        assertThat(named.status()).as(named.text()).isEqualTo(200);
        assertThat(named.json().path("columns").asString())
                .isEqualTo("id from 'name', vector from %s columns, 'f0' to 'f%s'"
                        .formatted(ReleaseFixture.DIMENSION, ReleaseFixture.DIMENSION - 1));
        assertThat(rows("named", "twhin-user?format=csv&id=name&vector=" + vector, "text/csv", csv)
                        .detail())
                .contains("an id is written kind:value, such as user:12: 'x-1'");
        assertThat(rows("named", "twhin-user?format=csv&kind=tweet", "text/csv", csv)
                        .problem())
                .isEqualTo("400 bad-import kind");
        assertThat(rows("named", "twhin-user?format=csv&id=nome", "text/csv", csv)
                        .detail())
                .startsWith("the body: there is no column nome; its columns are name, kind, f0");
        assertThat(rows("named", "twhin-user?format=csv&vector=a,a", "text/csv", csv)
                        .problem())
                .isEqualTo("400 bad-import vector");
        byte[] guessed = (names + "\n" + values + "\n")
                .replace("name,kind,", "user_id,")
                .replace("x-1,foo,", "user:7,")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertThat(rows("named", "twhin-user?format=csv", "text/csv", guessed)
                        .json()
                        .path("columns")
                        .asString())
                .startsWith("id from 'user_id', vector from");
        assertThat(rows("named", "twhin-user?format=csv", "text/csv", guessed)
                        .json()
                        .has("columns"))
                .isTrue();
        assertThat(rows("named", "twhin-user?format=csv", "text/csv", lines(0))
                        .json()
                        .has("columns"))
                .isFalse();
    }

    @Test
    @Order(43)
    void aSecondServiceOnTheSameDataIsRefusedWithTheHoldersProcess() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> TestService.start(directory, options -> options))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(service.store().toString())
                .hasMessageContaining("process " + ProcessHandle.current().pid());
        assertThat(follow().status()).isEqualTo(200);
    }

    /** Where the data directory is, is nobody's concern who asks over HTTP (S45). */
    private static void assertNoPlace(String answer) {
        assertThat(answer)
                .doesNotContain(directory.toString())
                .doesNotContain(directory.toAbsolutePath().toString());
    }
}
