package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.ann.HnswParameters;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.store.index.Indexes;
import repscorer.vector.Metric;

/** Stores whose bases are large enough for a graph: built and measured at publication, kept, and opened at a start. */
class KeptGraphsTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final StoreOptions OPTIONS = new StoreOptions(2, 4 << 20, 2, 50);

    @TempDir
    Path directory;

    private final List<RepresentationStore> opened = new ArrayList<>();
    private int scratch;

    /** Each after the end of the one before. */
    private RepresentationStore open(Space space) {
        close();
        RepresentationStore store = RepresentationStore.open(
                directory.resolve("store"), List.of(space), OPTIONS, Clock.systemUTC(), Disk.LOCAL, null);
        opened.add(store);
        return store;
    }

    @AfterEach
    void close() {
        opened.forEach(RepresentationStore::close);
        opened.clear();
    }

    private byte[] bytes(EmbeddingFileWriter writer) {
        try {
            return Files.readAllBytes(writer.writeTo(Files.createDirectory(directory.resolve("scratch" + scratch++))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String stage(RepresentationStore store, String release, String space, EmbeddingFileWriter writer) {
        return store.stage(release, space, new ByteArrayInputStream(bytes(writer)));
    }

    @ParameterizedTest
    @CsvSource({"hnsw, " + Indexes.HNSW_ROWS_MIN, "hnswlib, " + Indexes.HNSWLIB_ROWS_MIN})
    void aGraphOverManyRowsIsMeasured(String engine, int rows) {
        DenseSpace space = new DenseSpace(
                "twhin-user", "twhin", USER, 8, Metric.COSINE, engine, HnswParameters.DEFAULT, 0.9, true);
        RepresentationStore store = open(space);
        stage(store, "r1", "twhin-user", gaussian(rows, 4));
        Release release = store.publish("r1", PublicationListener.NONE);
        assertThat(release.checks()).singleElement().satisfies(check -> {
            assertThat(check.space()).isEqualTo("twhin-user");
            assertThat(check.recall().orElse(0)).isGreaterThan(0.9);
            assertThat(check.unreachable()).isEqualTo(engine.equals("hnsw") ? OptionalInt.of(0) : OptionalInt.empty());
        });
        assertThat(store.current()
                        .space("twhin-user")
                        .orElseThrow()
                        .dense()
                        .orElseThrow()
                        .engine())
                .isEqualTo(engine);
    }

    @Test
    void aStartOpensTheGraphsThatWereKeptAndBuildsTheDamagedAnew() throws IOException {
        DenseSpace space = new DenseSpace(
                "twhin-user", "twhin", USER, 8, Metric.COSINE, "hnsw", HnswParameters.DEFAULT, 0.9, true);
        RepresentationStore store = open(space);
        stage(store, "r1", "twhin-user", gaussian(Indexes.HNSW_ROWS_MIN, 4));
        store.publish("r1", PublicationListener.NONE);
        Path graph = onlyGraph();
        byte[] kept = Files.readAllBytes(graph);
        Files.setLastModifiedTime(graph, FileTime.fromMillis(0));
        open(space);
        assertThat(Files.getLastModifiedTime(graph).toMillis())
                .as("opened, not built")
                .isZero();
        byte[] damaged = kept.clone();
        damaged[5000] ^= 1;
        Files.write(graph, damaged);
        RepresentationStore third = open(space);
        assertThat(third.current().release()).isEqualTo("r1");
        assertThat(Files.readAllBytes(onlyGraph()))
                .as("built to the same bytes")
                .isEqualTo(kept);
    }

    private Path onlyGraph() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("store/indexes"))) {
            return assertThat(files.toList()).hasSize(1).actual().getFirst();
        }
    }

    private static EmbeddingFileWriter gaussian(int rows, long seed) {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("twhin-user", "twhin", USER, 8);
        Random random = new Random(seed);
        for (int i = 0; i < rows; i++) {
            float[] row = new float[8];
            for (int d = 0; d < 8; d++) {
                row[d] = (float) random.nextGaussian();
            }
            writer.add(EntityId.of(USER, i), row);
        }
        return writer;
    }
}
