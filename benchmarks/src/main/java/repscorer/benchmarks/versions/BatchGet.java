package repscorer.benchmarks.versions;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.api.RunningService;
import repscorer.api.ScorerApplication;
import repscorer.api.ServiceOptions;
import repscorer.client.CodedEmbeddings;
import repscorer.client.CodedEmbeddings.CodedRows;
import repscorer.client.ScorerClient;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.wire.EmbeddingsRequest;
import repscorer.wire.EmbeddingsResponse;

/** Many rows read from a service over HTTP, as numbers and by codes, until they are arrays of floats in the client. */
final class BatchGet {

    private static final String TOKEN = "token-of-the-compression-proof";
    private static final int WARM_UP = 15;
    private static final int ROUNDS = 15;

    private BatchGet() {}

    /** Bytes of an answer and the middle of the times that reading takes. */
    record Cost(long bytes, double millis) {}

    /** @param codebookBytes which a client reads once */
    record Both(Cost numbers, Cost codes, long codebookBytes) {}

    /**
     * Serves rows and reads some.
     *
     * @param settings of the codes, as a space's file has them
     */
    static Both measure(Path scratch, float[][] rows, String settings, int batch)
            throws IOException, InterruptedException {
        Path config = scratch.resolve("config");
        Files.createDirectories(config.resolve("spaces"));
        Files.writeString(
                config.resolve("spaces/served.yaml"), """
                model: served
                form: dense
                dimension: %s
                engine: exact
                codes: %s
                spaces:
                  - {name: served, kind: user}
                """.formatted(Integer.toString(rows[0].length), settings));
        Files.createDirectories(config.resolve("surfaces"));
        Files.writeString(config.resolve("scorer.yaml"), "port: 0\n");
        ServiceOptions options = ServiceOptions.defaults()
                .withConfigDirectory(config)
                .withDataDirectory(scratch.resolve("data"))
                .withEnvironment(Map.of())
                .withAdminToken(TOKEN);
        try (RunningService service = ScorerApplication.start(options);
                ScorerClient client = ScorerClient.builder(service.uri())
                        .adminToken(TOKEN)
                        .key(TOKEN)
                        .responseBytesMax(1 << 29)
                        .build()) {
            client.stage("one", "served", file(scratch, rows));
            client.publish("one");
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < batch; i++) {
                ids.add("user:" + (int) ((long) i * rows.length / batch));
            }
            EmbeddingsRequest request = new EmbeddingsRequest(ids, null);
            CodedEmbeddings coded = new CodedEmbeddings(client);
            double[] numbers = new double[ROUNDS];
            double[] codes = new double[ROUNDS];
            for (int round = -WARM_UP; round < ROUNDS; round++) { // in turn, so that both meet the same machine
                long begun = System.nanoTime();
                EmbeddingsResponse read = client.embeddings("served", request);
                long between = System.nanoTime();
                CodedRows rowsByCodes = coded.read("served", request);
                float[] decoded = rowsByCodes.rows();
                long end = System.nanoTime();
                if (decoded.length != read.embeddings().size() * rows[0].length) {
                    throw new IllegalStateException("codes of as many rows as there are numbers are read");
                }
                if (round >= 0) {
                    numbers[round] = (between - begun) / 1e6;
                    codes[round] = (end - between) / 1e6;
                }
            }
            String body = ids.stream().map(id -> '"' + id + '"').toList().toString();
            return new Both(
                    new Cost(bytes(service.uri(), body, "application/json"), middle(numbers)),
                    new Cost(bytes(service.uri(), body, "application/vnd.repscorer.codes"), middle(codes)),
                    get(service.uri().resolve("/v1/spaces/served/codebook"), Optional.empty(), "*/*"));
        }
    }

    private static double middle(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static long bytes(URI service, String ids, String accept) throws IOException, InterruptedException {
        return get(service.resolve("/v1/embeddings/served"), Optional.of("{\"ids\":" + ids + "}"), accept);
    }

    private static long get(URI uri, Optional<String> body, String accept) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Accept", accept)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + TOKEN);
        body.ifPresent(text -> request.POST(HttpRequest.BodyPublishers.ofString(text)));
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new IOException("%s answers %s".formatted(uri, answer.statusCode()));
            }
            return answer.body().length;
        }
    }

    private static Path file(Path scratch, float[][] rows) throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("served", "served", EntityKind.USER, rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            writer.add(EntityId.of(EntityKind.USER, Integer.toString(i)), rows[i]);
        }
        return writer.writeTo(Files.createDirectories(scratch.resolve("files")));
    }
}
