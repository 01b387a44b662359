package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** How bodies come: packed, and broken off. */
class BodiesHttpTest {

    private static final String QUESTION = "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"k\":2}";

    @TempDir
    static Path directory;

    private static TestService service;
    private static Http http;

    @BeforeAll
    static void start() {
        service = TestService.start(directory, options -> options.withSetting("store.staged-file-max", "2MiB"));
        http = service.http;
        service.publish("one", 1);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
            packed.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] gzip(String text) {
        return gzip(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Http.Answer send(String method, String path, String type, String encoding, byte[] body) {
        return http.send(
                method,
                path,
                BodyPublishers.ofByteArray(body),
                List.of("Content-Type", type, "Content-Encoding", encoding, "Authorization", "Bearer " + Http.TOKEN));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /v1/candidates | application/json | {`surface`:`follow`,`source`:{`id`:`user:1`},`k`:2}",
                "POST | /v1/why-not | application/json | {`id`:`user:12`,`surface`:`follow`,`source`:{`id`:`user:1`},`k`:2}",
                "POST | /v1/scores | application/json | {`surface`:`follow`,`source`:{`id`:`user:1`},`candidates`:[`user:2`]}",
                "POST | /v1/scores/pairs | application/json | {`similarity`:`dot`,`sourceSpace`:`twhin-user`,`candidateSpace`:`twhin-user`,`pairs`:[{`source`:`user:1`,`candidate`:`user:2`}]}",
                "POST | /v1/scores/matrix | application/json | {`similarity`:`dot`,`sourceSpace`:`twhin-user`,`candidateSpace`:`twhin-user`,`sources`:[`user:1`],`candidates`:[`user:2`]}",
                "POST | /v1/embeddings/twhin-user | application/json | {`ids`:[`user:1`]}",
                "POST | /v1/features/engagement | application/json | {`user`:`user:1`,`candidates`:[`tweet:1`]}",
                "POST | /v1/signals | application/json | {`signals`:[{`user`:`user:1`,`type`:`fav`,`entity`:`tweet:1`}]}",
                "POST | /v1/spaces/twhin-user/upserts | application/x-ndjson | {`id`:`user:999`,`delete`:true}",
                "PUT | /v1/releases/packed/rows/twhin-relation?format=csv&badRowsMax=1 | text/csv | relation:a,1,2"
            })
    @DisplayName(
            "S26: every endpoint with a body reads it packed with gzip as it reads it plain, and refuses other encodings")
    void everyBodyMayBePacked(String method, String path, String type, String body) {
        byte[] plain = body.replace('`', '"').getBytes(StandardCharsets.UTF_8);

        Http.Answer unpacked = send(method, path, type, "identity", plain);
        Http.Answer packed = send(method, path, type, "gzip", gzip(plain));
        byte[] half = gzip(plain);
        int middle = plain.length / 2;
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        members.writeBytes(gzip(Arrays.copyOf(plain, middle)));
        members.writeBytes(gzip(Arrays.copyOfRange(plain, middle, plain.length)));
        Http.Answer ofTwo = send(method, path, type, "x-gzip", members.toByteArray());

        assertThat(packed.status()).as(packed.text()).isEqualTo(unpacked.status());
        assertThat(ofTwo.status()).isEqualTo(unpacked.status());
        assertThat(shape(packed.text())).isEqualTo(shape(unpacked.text()));
        assertThat(shape(ofTwo.text())).isEqualTo(shape(unpacked.text()));
        for (String other : List.of("br", "deflate", "zstd", "gzip, gzip", "aes128gcm")) {
            Http.Answer refused = send(method, path, type, other, plain);
            assertThat(refused.problem()).isEqualTo("415 unsupported-encoding -");
            assertThat(refused.detail()).contains("'" + other + "'");
            assertThat(refused.header("Accept-Encoding")).isEqualTo("gzip");
        }
        for (byte[] damaged : List.of(plain, Arrays.copyOf(half, half.length - 3), flipped(half))) {
            Http.Answer refused = send(method, path, type, "gzip", damaged);
            assertThat(refused.status()).as(refused.text()).isEqualTo(400);
            assertThat(refused.text()).contains("Content-Encoding: gzip, but ").doesNotContain("java.");
        }
    }

    /** Without what differs from one answer to the next. */
    private static String shape(String answer) {
        return answer.replaceAll(
                        "\"(decisionId|sequence|stages|totalMicros|nanos|at)\":(\"[^\"]*\"|[0-9.]+|\\{[^}]*})", "")
                .replaceAll("[0-9.]+(E-?[0-9]+)?", "0");
    }

    private static byte[] flipped(byte[] packed) {
        byte[] damaged = packed.clone();
        damaged[damaged.length - 6] ^= 1; // of the checksum
        return damaged;
    }

    @Test
    @DisplayName("S26: the limit counts decoded bytes, of JSON bodies and of uploads")
    void theLimitCountsDecodedBytes() throws Exception {
        byte[] spaces = gzip(" ".repeat((4 << 20) - QUESTION.length()) + QUESTION);
        byte[] tooMany = gzip(" ".repeat((4 << 20) + 1 - QUESTION.length()) + QUESTION);
        byte[] file = Files.readAllBytes(directory.resolve("files-one").resolve("twhin-user.emb"));
        byte[] zeros = gzip(new byte[(2 << 20) + 1]);

        assertThat(spaces.length).isLessThan(10_000);
        assertThat(send("POST", "/v1/candidates", "application/json", "gzip", spaces)
                        .status())
                .isEqualTo(200);
        assertThat(send("POST", "/v1/candidates", "application/json", "gzip", tooMany)
                        .problem())
                .isEqualTo("413 body-too-large -");
        assertThat(send("PUT", "/v1/releases/packed/files/twhin-user", "application/octet-stream", "gzip", gzip(file))
                        .json()
                        .path("version")
                        .asString())
                .hasSize(16);
        assertThat(send("PUT", "/v1/releases/packed/files/twhin-user", "application/octet-stream", "gzip", zeros)
                        .problem())
                .isEqualTo("413 body-too-large body");
        assertThat(send("PUT", "/v1/releases/packed/rows/twhin-user?format=csv", "text/csv", "gzip", zeros)
                        .status())
                .isIn(413, 422);
        assertThat(send(
                                "PUT",
                                "/v1/releases/packed/rows/twhin-user?format=csv",
                                "text/csv",
                                "gzip",
                                gzip("\n".repeat((2 << 20) + 1)))
                        .problem())
                .isEqualTo("413 body-too-large body");
    }

    @Test
    @DisplayName("S26: who has no token is refused before the body is unpacked")
    void noTokenNoUnpacking() {
        assertThat(http.send(
                                "POST",
                                "/v1/signals",
                                BodyPublishers.ofString("no gzip"),
                                List.of("Content-Type", "application/json", "Content-Encoding", "gzip"))
                        .problem())
                .isEqualTo("401 token-missing -");
    }

    private static final String UPSERTS = "POST /v1/spaces/twhin-user/upserts HTTP/1.1\r\nHost: localhost\r\n"
            + "Authorization: Bearer " + Http.TOKEN + "\r\nContent-Type: application/x-ndjson\r\n"
            + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

    @Test
    @DisplayName("S25: a stream that breaks off costs one line of the log, with the cause, and what was answered stays")
    void aBrokenStreamIsOneLine() throws Exception {
        String line = "{\"id\":\"user:998\",\"delete\":true}\n";
        String chunk = Integer.toHexString(line.length()) + "\r\n" + line + "\r\n";
        List<ILoggingEvent> hungUp = logged(() -> {
            try (Socket socket = new Socket("127.0.0.1", service.running.port())) {
                OutputStream out = socket.getOutputStream();
                out.write((UPSERTS + chunk).getBytes(StandardCharsets.US_ASCII));
                out.flush();
                assertThat(untilAnswered(socket.getInputStream())).contains("ACCEPTED");
            }
        });
        StringBuilder answer = new StringBuilder();
        List<ILoggingEvent> garbage = logged(() -> {
            try (Socket socket = new Socket("127.0.0.1", service.running.port())) {
                OutputStream out = socket.getOutputStream();
                out.write((UPSERTS + chunk).getBytes(StandardCharsets.US_ASCII));
                out.flush();
                answer.append(untilAnswered(socket.getInputStream()));
                out.write("zz\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                socket.setSoTimeout(10_000);
                answer.append(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            }
        });

        for (List<ILoggingEvent> lines : List.of(hungUp, garbage)) {
            assertThat(lines).hasSize(1);
            assertThat(lines.getFirst().getLevel()).isEqualTo(Level.INFO);
            assertThat(lines.getFirst().getThrowableProxy()).isNull();
            assertThat(lines.getFirst().getFormattedMessage())
                    .contains("the stream of changes to twhin-user stopped after 1 lines")
                    .contains("the body could not be read to its end");
        }
        assertThat(answer.toString())
                .contains("\"ACCEPTED\"")
                .contains("\"accepted\":1")
                .contains("\"stopped\":\"body-broken-off\"")
                .contains("\"from\":2}");
    }

    @Test
    @DisplayName("S25: bodies and uploads that break off before an answer cost no stack trace")
    void brokenBodiesAreQuiet() throws Exception {
        String head =
                " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + Http.TOKEN + "\r\nContent-Length: 1000\r\n";
        List<ILoggingEvent> lines = logged(() -> {
            for (String request : List.of(
                    "POST /v1/candidates" + head + "Content-Type: application/json\r\n\r\n{",
                    "PUT /v1/releases/r/files/twhin-user" + head + "Content-Type: application/octet-stream\r\n\r\nx",
                    "PUT /v1/releases/r/rows/twhin-user?format=csv" + head + "Content-Type: text/csv\r\n\r\nx",
                    "POST /v1/signals" + head + "Content-Type: application/json\r\nContent-Encoding: gzip\r\n\r\nx")) {
                try (Socket socket = new Socket("127.0.0.1", service.running.port())) {
                    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                    socket.getOutputStream().flush();
                    Thread.sleep(100);
                }
            }
        });

        assertThat(lines)
                .allSatisfy(line -> assertThat(line.getThrowableProxy()).isNull());
        assertThat(lines).allSatisfy(line -> assertThat(line.getLevel()).isEqualTo(Level.INFO));
    }

    private interface Act {
        void run() throws Exception;
    }

    /** What is logged from a warning on, and by the service from a notice on, until a while after an act. */
    private static List<ILoggingEvent> logged(Act act) throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        root.addAppender(lines);
        try {
            act.run();
            for (int i = 0; i < 50 && lines.list.isEmpty(); i++) {
                Thread.sleep(50);
            }
            Thread.sleep(300);
        } finally {
            root.detachAppender(lines);
        }
        return new ArrayList<>(lines.list);
    }

    private static String untilAnswered(InputStream in) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!read.toString(StandardCharsets.UTF_8).contains("}\n")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            read.write(next);
        }
        return read.toString(StandardCharsets.UTF_8);
    }
}
