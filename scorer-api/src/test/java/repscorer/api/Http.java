package repscorer.api;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to a running port in the plainest way, so that tests see what any caller sees. */
final class Http {

    static final String TOKEN = "token-of-the-tests";

    /** So long may an answer take: graphs are built by idle processors, of which a machine that runs other tests has few. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final URI base;
    private final String token;

    Http(URI base) {
        this(base, TOKEN);
    }

    Http(URI base, String token) {
        this.base = base;
        this.token = token;
    }

    /** What came back. */
    record Answer(int status, String type, String text, HttpResponse<String> response) {

        JsonNode json() {
            return JSON.readTree(text);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** {@code status code field}, which is what most tests of errors are about. */
        String problem() {
            JsonNode json = json();
            return "%s %s %s"
                    .formatted(
                            status,
                            json.path("code").asString("-"),
                            json.path("field").asString("-"));
        }

        String detail() {
            return json().path("detail").asString("");
        }
    }

    Answer get(String path) {
        return send("GET", path, BodyPublishers.noBody(), List.of());
    }

    Answer post(String path, String json) {
        return send("POST", path, BodyPublishers.ofString(json), List.of("Content-Type", "application/json"));
    }

    /** A question with the admin token. */
    Answer getAsAdmin(String path) {
        return send("GET", path, BodyPublishers.noBody(), List.of("Authorization", "Bearer " + token));
    }

    /** A change with the admin token. */
    Answer change(String path) {
        return send("POST", path, BodyPublishers.noBody(), List.of("Authorization", "Bearer " + token));
    }

    Answer stage(String release, String space, Path file) {
        try {
            return stage(release, space, BodyPublishers.ofFile(file));
        } catch (FileNotFoundException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer stage(String release, String space, BodyPublisher body) {
        return send(
                "PUT",
                "/v1/releases/%s/files/%s".formatted(release, space),
                body,
                List.of("Content-Type", "application/octet-stream", "Authorization", "Bearer " + token));
    }

    /** Packed rows, as they come. */
    byte[] packed(String path, String json) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(PATIENCE)
                .headers("Content-Type", "application/json", "Accept", "application/octet-stream")
                .POST(BodyPublishers.ofString(json))
                .build();
        try {
            return CLIENT.send(request, BodyHandlers.ofByteArray()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Bytes as they are, for what no client would send; the answer as text. */
    String raw(String request) {
        try (Socket socket = new Socket(base.getHost(), base.getPort());
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer send(String method, String path, BodyPublisher body, List<String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).method(method, body);
        if (!headers.isEmpty()) {
            request.headers(headers.toArray(String[]::new));
        }
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
            String type = response.headers().firstValue("Content-Type").orElse("");
            return new Answer(response.statusCode(), type, response.body(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
