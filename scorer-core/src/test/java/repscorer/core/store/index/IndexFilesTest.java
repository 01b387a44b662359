package repscorer.core.store.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
import repscorer.ann.HnswParameters;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnsw.Quantization;
import repscorer.core.disk.Disk;
import repscorer.core.disk.DiskFullException;
import repscorer.core.disk.ForwardingDisk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.Finding;
import repscorer.testing.Seeds;
import repscorer.vector.Metric;

class IndexFilesTest {

    private static final DenseSpace SPACE =
            new DenseSpace("users", "m", EntityKind.USER, 4, Metric.L2, "hnsw", HnswParameters.DEFAULT, 0.9, true);

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // written before each test
    private EmbeddingFile file;

    private final RandomGenerator random = Seeds.random("IndexFilesTest");
    private final List<Finding> findings = new ArrayList<>();
    private final ExecutorService pool = Executors.newSingleThreadExecutor();
    private int built;

    @AfterEach
    void stop() {
        pool.close();
    }

    @BeforeEach
    void write() throws IOException {
        file = rows(300);
    }

    private EmbeddingFile rows(int count) throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("users", "m", EntityKind.USER, 4);
        for (int i = 0; i < count; i++) {
            float[] row = new float[4];
            for (int d = 0; d < 4; d++) {
                row[d] = (float) random.nextGaussian();
            }
            writer.add(EntityId.of(EntityKind.USER, i), row);
        }
        return EmbeddingFile.open(writer.writeTo(Files.createTempDirectory(directory, "rows")));
    }

    private IndexFiles files(Disk disk) {
        return new IndexFiles(disk, directory.resolve("indexes"), findings::add);
    }

    private HnswIndex open(IndexFiles files, DenseSpace space, EmbeddingFile rows) throws InterruptedException {
        return files.openOrBuild(space, rows, () -> {
            built++;
            return HnswIndex.build(
                    rows.denseRows(),
                    space.metric(),
                    space.hnsw(),
                    space.codes(),
                    BuildThreads.of(pool, 1),
                    BuildProgress.NONE);
        });
    }

    private List<Path> kept() throws IOException {
        try (Stream<Path> paths = Files.list(directory.resolve("indexes"))) {
            return paths.sorted().toList();
        }
    }

    @Test
    void aGraphIsBuiltOnceAndOpenedFromThenOn() throws Exception {
        open(files(Disk.LOCAL), SPACE, file);
        assertThat(open(files(Disk.LOCAL), SPACE, file).count()).isEqualTo(300);
        assertThat(built).isEqualTo(1);
        assertThat(kept())
                .singleElement()
                .satisfies(path -> assertThat(path.getFileName().toString())
                        .startsWith(file.checksum() + "-L2-")
                        .endsWith(".hnsw"));
        assertThat(findings).isEmpty();
    }

    @Test
    void otherRowsAndOtherParametersHaveGraphsOfTheirOwn() throws Exception {
        IndexFiles files = files(Disk.LOCAL);
        open(files, SPACE, file);
        open(files, SPACE, rows(200));
        DenseSpace coded = new DenseSpace(
                "users",
                "m",
                EntityKind.USER,
                4,
                Metric.L2,
                "hnsw",
                HnswParameters.DEFAULT,
                Quantization.NONE,
                0.9,
                true,
                SPACE.policy());
        open(files, coded, file);
        assertThat(built).isEqualTo(3);
        assertThat(kept()).hasSize(3);
    }

    @Test
    void aDamagedGraphIsNamedAndBuiltAnewToTheSameBytes() throws Exception {
        open(files(Disk.LOCAL), SPACE, file);
        Path graph = kept().getFirst();
        byte[] good = Files.readAllBytes(graph);
        for (int i = 0; i < 20; i++) {
            byte[] bad = good.clone();
            int at = random.nextInt(bad.length);
            bad[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(graph, bad);
            assertThat(files(Disk.LOCAL).verify(file)).as("byte %s", at).hasSize(1);
            findings.clear();
            assertThat(open(files(Disk.LOCAL), SPACE, file).count()).isEqualTo(300);
            assertThat(findings).singleElement().satisfies(finding -> {
                assertThat(finding.kind()).isEqualTo(Finding.Kind.REBUILT);
                assertThat(finding.file()).isEqualTo("indexes/" + graph.getFileName());
            });
            assertThat(built).isEqualTo(i + 2);
            assertThat(graph).hasBinaryContent(good);
        }
        assertThat(files(Disk.LOCAL).verify(file)).isEmpty();
    }

    @Test
    void aFullDiskKeepsNoGraphAndTheBuiltOneServes() throws Exception {
        Disk full = new ForwardingDisk(Disk.LOCAL) {
            @Override
            public Output create(Path path) throws IOException {
                return new ForwardingOutput(super.create(path)) {
                    @Override
                    public int write(ByteBuffer bytes) throws IOException {
                        throw new DiskFullException("No space left on device");
                    }
                };
            }
        };
        assertThat(open(files(full), SPACE, file).count()).isEqualTo(300);
        assertThat(kept()).isEmpty();
        assertThat(findings).isEmpty();
    }

    @Test
    void graphsOfFilesThatAreKeptStayAndSoDoThoseOnTheirWayIn() throws Exception {
        IndexFiles files = files(Disk.LOCAL);
        EmbeddingFile other = rows(200);
        open(files, SPACE, file);
        open(files, SPACE, other);
        Files.writeString(directory.resolve("indexes/unfinished.tmp"), "left by a crash");
        files.retain(Set.of(file.checksum()));
        assertThat(kept())
                .as("the other one was just built for a release to come")
                .hasSize(2);
        files.retain(Set.of(file.checksum(), other.checksum()));
        files.retain(Set.of(file.checksum()));
        assertThat(kept())
                .singleElement()
                .satisfies(path -> assertThat(path.getFileName().toString()).startsWith(file.checksum()));
        files.forget(file.checksum());
        assertThat(kept()).isEmpty();
    }
}
