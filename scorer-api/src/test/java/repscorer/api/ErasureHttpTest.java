package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFile.Form;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.store.StoreArchive;
import repscorer.vector.SparseVector;
import tools.jackson.databind.JsonNode;

/** A subject that is planted in every place, erased over HTTP, and sought byte by byte in all files of the service. */
class ErasureHttpTest {

    private static final String SUBJECT = "user:planted-7c1d9e";
    private static final String NEVER = "user:missing-000000";
    private static final float[] VECTOR = planted();

    @TempDir
    Path directory;

    private static float[] planted() {
        float[] values = new float[ReleaseFixture.DIMENSION];
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.123456789f + 0.01f * i;
        }
        return values;
    }

    private TestService start(String ids) {
        return TestService.start(
                directory,
                options -> options.withSetting("decisions.log", "decisions")
                        .withSetting("decisions.ids", ids)
                        .withSetting("traffic.warm-up-max", "100ms")
                        .withSetting("store.releases-kept", "3"));
    }

    /** The fixture's files with the subject in all of users, and followed by user 1. */
    private Map<String, Path> files(String release, long seed) throws IOException {
        Path plain = directory.resolve("plain-" + release);
        Path into = Files.createDirectories(directory.resolve("planted-" + release));
        Map<String, Path> files = new HashMap<>();
        for (Map.Entry<String, Path> each : ReleaseFixture.write(plain, seed).entrySet()) {
            EmbeddingFile file = EmbeddingFile.open(each.getValue());
            files.put(
                    each.getKey(),
                    file.kind().equals(EntityKind.USER) ? planted(file).writeTo(into) : each.getValue());
        }
        return files;
    }

    private static EmbeddingFileWriter planted(EmbeddingFile file) {
        EntityId subject = EntityId.parse(SUBJECT);
        EmbeddingFileWriter writer;
        if (file.form() == Form.DENSE) {
            writer = EmbeddingFileWriter.dense(file.space(), file.model(), file.kind(), file.dimension());
            for (int row = 0; row < file.count(); row++) {
                writer.add(file.ids().id(row), file.denseRows().row(row));
            }
            writer.add(subject, VECTOR);
            return writer;
        }
        List<EntityId> columns = new ArrayList<>();
        for (int column = 0; column < file.dimension(); column++) {
            columns.add(file.columns().orElseThrow().id(column));
        }
        boolean history = file.model().equals("history");
        Map<Integer, String> labels = new HashMap<>();
        for (int column = 0; column < file.dimension(); column++) {
            int number = column;
            file.columnLabel(column).ifPresent(label -> labels.put(number, label));
        }
        if (history) {
            columns.add(subject);
        }
        writer = EmbeddingFileWriter.sparse(file.space(), file.model(), file.kind(), columns, labels);
        for (int row = 0; row < file.count(); row++) {
            SparseVector vector = file.sparseRows().row(row);
            writer.add(
                    file.ids().id(row),
                    history ? new SparseVector(new int[] {1, 2, columns.size() - 1}, new float[] {1, 1, 1}) : vector);
        }
        writer.add(subject, new SparseVector(new int[] {0, 1}, new float[] {0.4321f, 0.1234f}));
        return writer;
    }

    private void stage(TestService service, String release, long seed) throws IOException {
        files(release, seed)
                .forEach((space, file) ->
                        assertThat(service.http.stage(release, space, file)).returns(200, Http.Answer::status));
    }

    private void publish(TestService service, String release, long seed) throws IOException {
        stage(service, release, seed);
        assertThat(service.http.change("/v1/releases/%s/publish".formatted(release)))
                .returns(200, Http.Answer::status);
    }

    private static Http.Answer admin(TestService service, String method, String path, String type, String body) {
        return service.http.send(
                method,
                path,
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body),
                List.of("Content-Type", type, "Authorization", "Bearer " + Http.TOKEN));
    }

    private static Http.Answer candidates(TestService service, String source, String unit) {
        return service.http.post("/v1/candidates", """
                {"surface": "follow", "source": {"id": "%s"}, "k": 30, "unit": "%s"}""".formatted(source, unit));
    }

    /** What somebody else is answered, scores and all. */
    private static String best(TestService service, String more) {
        return service.http
                .post("/v1/candidates", """
                {"surface": "follow", "source": {"id": "user:9"}, "k": 5%s}""".formatted(more))
                .json()
                .path("candidates")
                .toString();
    }

    private static void signal(TestService service, String user, String type, String entity) {
        assertThat(admin(service, "POST", "/v1/signals", "application/json", """
                {"signals": [{"user": "%s", "type": "%s", "entity": "%s"}]}""".formatted(user, type, entity)))
                .returns(200, Http.Answer::status);
    }

    private static void stream(TestService service, String id) {
        StringBuilder vector = new StringBuilder();
        for (float value : VECTOR) {
            vector.append(vector.isEmpty() ? "" : ",").append(value);
        }
        assertThat(admin(
                                service,
                                "POST",
                                "/v1/spaces/twhin-user/upserts",
                                "application/x-ndjson",
                                "{\"id\":\"%s\",\"vector\":[%s]}\n".formatted(id, vector))
                        .text())
                .contains("\"accepted\":1");
    }

    private static String erase(TestService service) {
        Http.Answer answer = admin(service, "POST", "/v1/erasures", "application/json", """
                {"ids": ["%s"], "reason": "letter 114"}""".formatted(SUBJECT));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().path("receipt").asString();
    }

    private static void awaitDone(TestService service, String receipt) throws InterruptedException {
        JsonNode told = service.http.getAsAdmin("/v1/erasures/" + receipt).json();
        for (int i = 0; i < 600 && !told.path("status").asString().equals("done"); i++) {
            Thread.sleep(100);
            told = service.http.getAsAdmin("/v1/erasures/" + receipt).json();
        }
        assertThat(told.path("status").asString()).as(told.toString()).isEqualTo("done");
    }

    private static JsonNode check(TestService service, String receipt) {
        return admin(service, "POST", "/v1/erasures/%s/check".formatted(receipt), "application/json", "")
                .json();
    }

    private static byte[] bytes(float[] values, ByteOrder order) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(order);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    /** The files of a directory that hold any of the texts or the planted row; those of Zstandard are unpacked. */
    private static List<String> filesWith(Path root, List<String> texts) {
        List<String> needles = new ArrayList<>(texts);
        float[] few = java.util.Arrays.copyOf(VECTOR, 8);
        needles.add(new String(bytes(few, ByteOrder.LITTLE_ENDIAN), StandardCharsets.ISO_8859_1));
        needles.add(new String(bytes(few, ByteOrder.BIG_ENDIAN), StandardCharsets.ISO_8859_1));
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> needles.stream().anyMatch(content(file)::contains))
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String content(Path file) {
        try (InputStream in = file.toString().endsWith(".zst")
                ? new ZstdInputStream(Files.newInputStream(file)).setContinuous(true)
                : Files.newInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers about an id without what names it or the moment. */
    private static List<String> answers(TestService service, String id) {
        List<Http.Answer> answers = new ArrayList<>();
        for (String space : List.of("twhin-user", "simclusters-interest", "history-follow")) {
            answers.add(service.http.get("/v1/embeddings/%s/%s".formatted(space, id)));
        }
        answers.add(service.http.getAsAdmin("/v1/signals/%s?types=block,follow".formatted(id)));
        answers.add(candidates(service, id, "u"));
        answers.add(service.http.post("/v1/scores", """
                {"surface": "follow", "source": {"id": "user:1"}, "candidates": ["%s", "user:4"]}""".formatted(id)));
        answers.add(service.http.post("/v1/why-not", """
                {"surface": "follow", "source": {"id": "user:1"}, "id": "%s"}""".formatted(id)));
        answers.add(service.http.post("/v1/embeddings/twhin-user", "{\"ids\": [\"%s\"]}".formatted(id)));
        return answers.stream()
                .map(each -> each.status() + " "
                        + each.text()
                                .replace(id, "ID")
                                .replaceAll("\"(decisionId|instance)\":\"[^\"]*\"", "")
                                .replaceAll("\"micros\":\\{[^}]*}", ""))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "hashed"})
    void afterAnErasureNoFileAndNoAnswerKnowsTheSubject(String ids) throws Exception {
        String hashed;
        String receipt;
        String others;
        try (TestService service = start(ids)) {
            publish(service, "one", 1);
            publish(service, "two", 2);
            stage(service, "three", 3);
            assertThat(service.http.change("/v1/releases/three/publish?stage=true"))
                    .returns(200, Http.Answer::status);
            stream(service, SUBJECT);
            signal(service, SUBJECT, "block", "user:3");
            signal(service, "user:2", "block", SUBJECT);
            String own = candidates(service, SUBJECT, SUBJECT).header("X-Decision-Id");
            Http.Answer of = candidates(service, "user:2", "user:2");
            assertThat(admin(service, "POST", "/v1/outcomes", "application/x-ndjson", """
                            {"decision":"%s","candidate":"user:3","kind":"follow"}
                            {"decision":"%s","candidate":"%s","kind":"follow"}
                            """.formatted(
                                            own, of.header("X-Decision-Id"), SUBJECT))
                            .status())
                    .isEqualTo(200);
            service.http.getAsAdmin("/v1/decisions/%s/replay".formatted(own)); // has what waits written
            hashed = hash(SUBJECT);
            assertThat(filesWith(directory.resolve("data"), List.of("planted-7c1d9e", hashed)))
                    .as("what is planted is found")
                    .hasSizeGreaterThan(12)
                    .anyMatch(file -> file.startsWith("decisions/decisions-"))
                    .anyMatch(file -> file.startsWith("decisions/outcomes-"))
                    .anyMatch(file -> file.startsWith("store/signals"));
            others = best(service, ", \"filters\": {\"excludeIds\": [\"%s\"]}".formatted(SUBJECT));

            receipt = erase(service);

            assertThat(service.http.get("/v1/embeddings/twhin-user/" + SUBJECT).status())
                    .isEqualTo(404);
            assertThat(candidates(service, "user:2", "u").text()).doesNotContain("planted");
            awaitDone(service, receipt);
            JsonNode checked = check(service, receipt);
            assertThat(checked.path("found").asLong()).as(checked.toString()).isZero();
            assertThat(checked.path("checked").size()).isGreaterThan(5);
            assertThat(filesWith(directory.resolve("data"), List.of("planted-7c1d9e", hashed)))
                    .isEmpty();
            assertThat(answers(service, SUBJECT)).isEqualTo(answers(service, NEVER));
            assertThat(best(service, "")).isEqualTo(others);
            assertThat(service.http
                            .get("/v1/releases/three")
                            .json()
                            .path("state")
                            .asString())
                    .as("it was built again")
                    .isEqualTo("STAGED");
            assertThat(service.http.getAsAdmin("/v1/audit?limit=1000").text())
                    .contains(receipt)
                    .contains("POST /v1/erasures")
                    .doesNotContain("planted");
        }
        Path data = directory.resolve("data");
        // What was asked about it afterwards is kept like any other question.
        List<String> after = filesWith(data, List.of("planted-7c1d9e", hashed)).stream()
                .filter(file -> !file.startsWith("decisions/decisions-"))
                .toList();
        assertThat(after).isEmpty();

        try (TestService service = start(ids)) {
            assertThat(answers(service, SUBJECT)).isEqualTo(answers(service, NEVER));
            publish(service, "four", 4);
            assertThat(answers(service, SUBJECT)).isEqualTo(answers(service, NEVER));
            assertThat(service.http.getAsAdmin("/v1/erasures").json()).hasSize(1);
            stream(service, SUBJECT);
            assertThat(service.http.get("/v1/embeddings/twhin-user/" + SUBJECT).status())
                    .as("what is newer")
                    .isEqualTo(200);
            assertThat(check(service, receipt).path("found").asLong()).isPositive();
        }
    }

    @Test
    void aBackupAndAServiceThatEndsMeanwhileDoNotBringTheSubjectBack() throws Exception {
        Path backup = directory.resolve("backup");
        Path store = directory.resolve("data").resolve("store");
        String receipt;
        try (TestService service = start("plain")) {
            publish(service, "one", 1);
            publish(service, "two", 2);
            signal(service, SUBJECT, "block", "user:3");
            StoreArchive.backup(store, backup);
            receipt = erase(service);
        }
        try (TestService service = start("plain")) {
            assertThat(service.http.get("/v1/embeddings/twhin-user/" + SUBJECT).status())
                    .isEqualTo(404);
            awaitDone(service, receipt);
        }
        assertThat(filesWith(directory.resolve("data"), List.of("planted-7c1d9e")))
                .isEmpty();
        Disk.LOCAL.deleteTree(store);
        StoreArchive.restore(backup, store);
        assertThat(filesWith(store, List.of("planted-7c1d9e"))).isNotEmpty();

        try (TestService service = start("plain")) {
            assertThat(service.http.get("/v1/embeddings/twhin-user/" + SUBJECT).status())
                    .isEqualTo(404);
            assertThat(service.http
                            .getAsAdmin("/v1/signals/%s?types=block".formatted(SUBJECT))
                            .text())
                    .doesNotContain("user:3");
            for (int i = 0; i < 600 && Files.notExists(store.resolve("erased")); i++) {
                Thread.sleep(100);
            }
            assertThat(check(service, receipt).path("found").asLong()).isZero();
        }
        assertThat(filesWith(directory.resolve("data"), List.of("planted-7c1d9e")))
                .isEmpty();
    }

    @Test
    void whatIsNoErasureIsRefusedAndChangesNothing() {
        try (TestService service = start("plain")) {
            Map<String, Integer> bodies = Map.of(
                    "{\"reason\": \"x\"}", 400,
                    "{\"ids\": [], \"reason\": \"x\"}", 400,
                    "{\"ids\": [\"nothing\"], \"reason\": \"x\"}", 400,
                    "{\"ids\": [\"user:1\"]}", 400,
                    "{\"ids\": [\"user:1\"], \"reason\": \" \"}", 400,
                    "{\"ids\": [\"user:1\"], \"units\": [\"\"], \"reason\": \"x\"}", 400,
                    "{\"ids\": [\"user:77\"], \"reason\": \"user:77 asked\"}", 400);
            bodies.forEach(
                    (body, status) -> assertThat(admin(service, "POST", "/v1/erasures", "application/json", body))
                            .as(body)
                            .returns(status, Http.Answer::status));
            assertThat(service.http.getAsAdmin("/v1/erasures/none").status()).isEqualTo(404);
            assertThat(service.http.getAsAdmin("/v1/erasures").json()).isEmpty();
        }
    }

    /** As decisions write ids that are hashed. */
    private String hash(String id) throws Exception {
        Path key = directory.resolve("data").resolve("decision-ids.key");
        if (Files.notExists(key)) {
            return "planted-7c1d9e";
        }
        java.security.MessageDigest digest = java.security.MessageDigest.getInstance("SHA-256");
        digest.update(HexFormat.of().parseHex(Files.readString(key).strip()));
        return HexFormat.of().formatHex(digest.digest(id.getBytes(StandardCharsets.UTF_8)), 0, 16);
    }
}
