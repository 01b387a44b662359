package repscorer.stores;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import repscorer.api.RunningService;
import repscorer.api.ScorerApplication;
import repscorer.api.ServiceOptions;
import repscorer.client.ScorerClient;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityKind;

/** A service on a free port with the space and the surface of the page on stores, and nothing in them; and a surface that will not do. */
public final class StoreService implements AutoCloseable {

    public static final int DIMENSION = 64;

    static final String TOKEN = "token-of-the-stores";

    private static final String NORMALIZER = "normalizer: none";

    private static final class Shared {
        private static final StoreService SERVICE = started();

        private static StoreService started() {
            StoreService service = new StoreService();
            Runtime.getRuntime().addShutdownHook(new Thread(service::close));
            return service;
        }
    }

    final RunningService running;
    public final ScorerClient client;

    private StoreService() {
        try {
            Path directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "stores");
            Path config = directory.resolve("config");
            Files.createDirectories(config.resolve("spaces"));
            Files.createDirectories(config.resolve("surfaces"));
            List<String> files = StoresPageTest.blocks("yaml");
            String surface = files.get(1);
            Files.writeString(config.resolve("spaces/texts.yaml"), files.get(0));
            Files.writeString(config.resolve("surfaces/documents.yaml"), surface);
            Files.writeString(
                    config.resolve("surfaces/scaled.yaml"),
                    surface.replace("surface: documents", "surface: scaled")
                            .replace(NORMALIZER, "normalizer: z-score"));
            running = ScorerApplication.start(ServiceOptions.defaults()
                    .withConfigDirectory(config)
                    .withDataDirectory(directory.resolve("data"))
                    .withEnvironment(Map.of())
                    .withAdminToken(TOKEN)
                    .withPort(0));
            client = ScorerClient.builder(running.uri()).adminToken(TOKEN).build();
            Path file = EmbeddingFileWriter.dense("documents", "texts", new EntityKind("document"), DIMENSION)
                    .writeTo(Files.createDirectories(directory.resolve("files")));
            client.stage("one", "documents", file);
            client.publish("one");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one that all tests of a JVM ask; each leaves it as empty as it came. */
    public static StoreService shared() {
        return Shared.SERVICE;
    }

    public VectorTable table(SegmentStore segments) {
        return VectorTable.builder(client, "documents", "documents")
                .segments(segments)
                .build();
    }

    @Override
    public void close() {
        client.close();
        running.close();
    }
}
