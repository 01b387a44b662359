package repscorer.core.sizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnsw.Quantization;
import repscorer.ann.sparse.ClusterIndex;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.sizing.SpaceSize.Counts;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.SpaceVersion;
import repscorer.core.store.StoreOptions;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

@DisplayName("Issue 17: what three spaces take was told before they were built")
class ReleaseSizeTest {

    private static final Percentage TENTH = Percentage.withPercentage(10);
    private static final int ROWS = 6_000;
    private static final int ENTRIES = 12;
    private static final int COLUMNS = 300;
    private static final double ID_BYTES = 10; // user:10000 and on

    private static final DenseSpace COSINE = dense("cosine", 48, Metric.COSINE, Quantization.INT8);
    private static final DenseSpace WHOLE = dense("whole", 32, Metric.L2, Quantization.NONE);
    private static final SparseSpace CLUSTERS = new SparseSpace("clusters", "s", EntityKind.USER, 50, 100, true);

    @TempDir
    Path directory;

    private static DenseSpace dense(String name, int dimension, Metric metric, Quantization codes) {
        return new DenseSpace(
                name, name, EntityKind.USER, dimension, metric, "hnsw", HnswParameters.DEFAULT, codes, 0.5, true);
    }

    private static EntityId id(int row) {
        return EntityId.of(EntityKind.USER, 10_000 + row);
    }

    private static Counts counts(Space space) {
        return space instanceof SparseSpace
                ? new Counts(ROWS, ENTRIES, COLUMNS, ID_BYTES)
                : new Counts(ROWS, 0, 0, ID_BYTES);
    }

    private void stage(RepresentationStore store, Space space, SplittableRandom random) throws IOException {
        EmbeddingFileWriter writer = switch (space) {
            case DenseSpace dense ->
                EmbeddingFileWriter.dense(dense.name(), dense.model(), dense.kind(), dense.dimension());
            case SparseSpace sparse ->
                EmbeddingFileWriter.sparse(
                        sparse.name(),
                        sparse.model(),
                        sparse.kind(),
                        IntStream.range(0, COLUMNS)
                                .mapToObj(column -> EntityId.parse("cluster:" + column))
                                .toList(),
                        Map.of());
            case TextSpace text -> throw new IllegalStateException("texts are not planned here");
        };
        for (int row = 0; row < ROWS; row++) {
            if (space instanceof DenseSpace dense) {
                float[] values = new float[dense.dimension()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextGaussian();
                }
                writer.add(id(row), values);
            } else {
                int from = random.nextInt(COLUMNS - ENTRIES);
                writer.add(
                        id(row),
                        new SparseVector(IntStream.range(from, from + ENTRIES).toArray(), weights(random)));
            }
        }
        Path file = writer.writeTo(Files.createDirectories(directory.resolve("files")));
        try (InputStream in = Files.newInputStream(file)) {
            store.stage("r", space.name(), in);
        }
    }

    private static float[] weights(SplittableRandom random) {
        float[] weights = new float[ENTRIES];
        for (int i = 0; i < ENTRIES; i++) {
            weights[i] = 0.1f + random.nextFloat();
        }
        return weights;
    }

    private long onDisk(String part, String name) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("store").resolve(part))) {
            return files.filter(file -> file.getFileName().toString().contains(name))
                    .mapToLong(ReleaseSizeTest::size)
                    .sum();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void diskAndMemoryAreRightWithinATenth() throws IOException {
        List<Space> spaces = List.of(COSINE, WHOLE, CLUSTERS);
        List<SpaceSize> told =
                spaces.stream().map(space -> SpaceSize.of(space, counts(space))).toList();
        StoreOptions options = new StoreOptions(1, 1L << 30, 2, 20, 10_000, 100);
        try (RepresentationStore store = RepresentationStore.open(directory.resolve("store"), spaces, options)) {
            SplittableRandom random = new SplittableRandom(9);
            for (Space space : spaces) {
                stage(store, space, random);
            }
            store.publish("r", PublicationListener.NONE);
            for (SpaceSize size : told) {
                String name = size.space().name();
                SpaceVersion version = store.current().space(name).orElseThrow();
                assertThat(size.file()).as(name).isCloseTo(onDisk("releases", name + ".emb"), TENTH);
                if (size.space() instanceof DenseSpace) {
                    HnswIndex index = (HnswIndex) version.dense().orElseThrow();
                    assertThat(size.offHeap()).as(name).isCloseTo(index.stats().bytes(), TENTH);
                    assertThat(size.derived())
                            .as(name)
                            .isCloseTo(onDisk("indexes", version.file().checksum()), TENTH);
                } else {
                    ClusterIndex index = (ClusterIndex) version.sparse().orElseThrow();
                    assertThat(size.heap()).as(name).isCloseTo(index.bytes(), TENTH);
                }
            }
            ReleaseSize release = ReleaseSize.of(told);
            assertThat(release.disk()).isCloseTo(onDisk("releases", ".emb") + onDisk("indexes", ""), TENTH);
            // By row its number and by number its row, in three tables, and slots for twice the entities or more.
            assertThat(release.numbers()).isEqualTo(4L * (3 * ROWS + 3 * ROWS + 16_384));
        }
    }

    @Test
    void countsThatNoSpaceHasAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Counts(0, 1, 1, 10))
                .withMessage("a space has 1 to 2147483639 rows: 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new Counts(3_000_000_000L, 1, 1, 10));
        assertThatIllegalArgumentException().isThrownBy(() -> new Counts(1, Double.NaN, 1, 10));
    }
}
