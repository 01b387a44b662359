package repscorer.benchmarks.streams;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import repscorer.benchmarks.answers.ServiceProcess;
import repscorer.client.ScorerClient;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.wire.EmbeddingsRequest;
import repscorer.wire.EmbeddingsResponse;

/** A service of one space, which a topic changes, in a process of its own that can be killed. For one thread. */
final class ItemService implements AutoCloseable {

    static final int ITEMS = 20_000;
    static final int DIMENSION = 16;

    private static final String SPACE = "items";
    private static final EntityKind KIND = new EntityKind("item");
    private static final Path ROOT = Path.of(System.getProperty("repscorer.root", ""));

    private final Path directory;
    private ServiceProcess process;
    private ScorerClient client;
    private int lives = 1;

    private ItemService(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.process = process();
        this.client = client();
    }

    /** One with a live release of items, whose first values are -1. */
    static ItemService start(Path directory, String servers, String topic) throws IOException, InterruptedException {
        Path config = directory.resolve("config");
        Files.createDirectories(config.resolve("spaces"));
        Files.createDirectories(config.resolve("surfaces"));
        Files.writeString(
                config.resolve("scorer.yaml"),
                "streams: {servers: \"%s\", topics: [\"%s=%s\"]}\n".formatted(servers, SPACE, topic));
        Files.writeString(config.resolve("signals.yaml"), "features: []\n");
        Files.writeString(config.resolve("spaces").resolve("items.yaml"), """
                model: items
                form: dense
                dimension: %s
                spaces:
                  - {name: items, kind: item, required: true}
                """.formatted(DIMENSION));
        Files.writeString(config.resolve("surfaces").resolve("items.yaml"), """
                surface: items
                kinds: [item]
                columns:
                  - {name: items, form: dense, sources: {item: items}, candidates: {item: items}, weight: 1}
                """);
        ItemService service = new ItemService(directory);
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense(SPACE, SPACE, KIND, DIMENSION);
        for (int i = 0; i < ITEMS; i++) {
            writer.add(EntityId.of(KIND, Integer.toString(i)), row(i, -1));
        }
        service.client.stage("one", SPACE, writer.writeTo(directory));
        service.client.publish("one");
        return service;
    }

    /** An item's vector: the first value tells which change made it. */
    static float[] row(int item, float first) {
        float[] row = new float[DIMENSION];
        for (int i = 1; i < DIMENSION; i++) {
            row[i] = 1_000 * (float) Math.sin(item * 0.37 + i);
        }
        row[0] = first;
        return row;
    }

    private ServiceProcess process() throws IOException, InterruptedException {
        return ServiceProcess.start(
                ROOT, directory.resolve("config"), directory.resolve("data"), directory.resolve("log-" + lives));
    }

    private ScorerClient client() {
        return ScorerClient.builder(process.address())
                .adminToken(ServiceProcess.TOKEN)
                .readTimeout(Duration.ofMinutes(1))
                .build();
    }

    /** {@code kill -9}, and a start on what is left. */
    void kill() throws IOException, InterruptedException {
        client.close();
        ProcessHandle handle = ProcessHandle.of(process.pid()).orElseThrow();
        handle.destroyForcibly();
        handle.onExit().join();
        process.close();
        lives++;
        process = process();
        client = client();
    }

    /** What a look at some items found. */
    @SuppressWarnings("ArrayRecordComponent") // looks are not compared
    record Look(long changes, float[] firsts) {}

    /** The first values of items, and how many changes the space has had since the release went live. */
    Look look(int from, int to) {
        List<String> ids = IntStream.range(from, to).mapToObj(i -> "item:" + i).toList();
        EmbeddingsResponse answer = client.embeddings(SPACE, new EmbeddingsRequest(ids, null));
        float[] firsts = new float[to - from];
        for (int i = 0; i < firsts.length; i++) {
            firsts[i] = first(answer, i);
        }
        int plus = answer.version().indexOf('+');
        return new Look(plus < 0 ? 0 : Long.parseLong(answer.version().substring(plus + 1)), firsts);
    }

    private static float first(EmbeddingsResponse answer, int i) {
        float[] vector = answer.embeddings().get(i).vector();
        return vector == null ? Float.NaN : vector[0];
    }

    @Override
    public void close() {
        client.close();
        process.close();
    }
}
