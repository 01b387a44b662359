package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.ann.hnsw.Quantization;
import repscorer.codes.CodesMethod;
import repscorer.codes.CodesOptions;
import repscorer.core.codes.CodesLoss;
import repscorer.core.codes.RowCodes;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.SpacePolicy;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.Finding;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.store.Release.IndexCheck;
import repscorer.vector.Metric;

/** Codes of rows from a publication to a restart. */
@Timeout(60)
class RowCodesStoreTest {

    private static final int D = 8;
    private static final StoreOptions OPTIONS = new StoreOptions(3, 1 << 20, 1, 10, 1_000_000);

    @TempDir
    Path directory;

    private static DenseSpace space(CodesOptions options) {
        return new DenseSpace(
                "a",
                "m",
                EntityKind.USER,
                D,
                Metric.L2,
                "exact",
                HnswParameters.DEFAULT,
                Quantization.INT8,
                0.5,
                true,
                SpacePolicy.KEEPING,
                Optional.of(options));
    }

    private RepresentationStore open(CodesOptions options) {
        return RepresentationStore.open(directory.resolve("store"), List.of(space(options)), OPTIONS);
    }

    private void stage(RepresentationStore store, String release, int rows, float scale) throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("a", "m", EntityKind.USER, D);
        Random random = new Random(5);
        for (int row = 0; row < rows; row++) {
            float[] values = new float[D];
            for (int j = 0; j < D; j++) {
                values[j] = scale * (float) random.nextGaussian();
            }
            writer.add(EntityId.of(EntityKind.USER, row), values);
        }
        StoreFixture.stage(store, release, writer, directory);
    }

    private List<Path> codesFiles() throws IOException {
        try (var all = Files.walk(directory.resolve("store"))) {
            return all.filter(path -> path.toString().endsWith(".codes")).toList();
        }
    }

    private static byte[] read(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName(
            "codes are made by a publication with what they lose, kept, read by the next start, and mended where they are damaged")
    void codesAreMadeKeptReadAndMended() throws IOException {
        CodesOptions options = CodesOptions.of(CodesMethod.RABITQ, 0, 4);
        byte[] kept;
        String codebook;
        try (RepresentationStore store = open(options)) {
            stage(store, "r1", 300, 1);
            Release release = store.publish("r1", PublicationListener.NONE);
            CodesLoss loss = release.checks().getFirst().codes().orElseThrow();
            assertThat(loss.error()).isBetween(0.001, 0.03);
            assertThat(loss.recall()).isBetween(0.6, 1.0);
            RowCodes codes = store.current().space("a").orElseThrow().codes().orElseThrow();
            codebook = codes.rows().codebook().checksum();
            kept = read(codesFiles().getFirst());
            // Streamed rows go into the next base, by the same codebook.
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(7, 1, 2, 3, 4, 5, 6, 7, 8)));
            assertThat(store.compact("a", PublicationListener.NONE)).isTrue();
            RowCodes compacted =
                    store.current().space("a").orElseThrow().codes().orElseThrow();
            assertThat(compacted.rows().codebook().checksum()).isEqualTo(codebook);
        }
        try (RepresentationStore store = open(options)) {
            RowCodes codes = store.current().space("a").orElseThrow().codes().orElseThrow();
            assertThat(codes.rows().codebook().checksum()).isEqualTo(codebook);
            assertThat(store.findings()).isEmpty();
        }
        Path file = codesFiles().stream()
                .filter(path -> read(path).length >= kept.length)
                .findFirst()
                .orElseThrow();
        byte[] damaged = read(file);
        damaged[damaged.length - 5] ^= 1;
        Files.write(file, damaged);
        try (RepresentationStore store = open(options)) {
            assertThat(store.current().space("a").orElseThrow().codes()).isPresent();
            assertThat(store.findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Finding.Kind.REBUILT));
        }
    }

    @Test
    void everyFlippedByteOfAFileIsFound() throws IOException {
        try (RepresentationStore store = open(CodesOptions.of(CodesMethod.INT8))) {
            stage(store, "r1", 40, 1);
            store.publish("r1", PublicationListener.NONE);
            SpaceVersion version = store.current().space("a").orElseThrow();
            byte[] content = read(codesFiles().getFirst());
            for (int at = 0; at < content.length; at += 37) {
                byte[] other = content.clone();
                other[at] ^= 16;
                assertThatThrownBy(() -> RowCodes.open(
                                MemorySegment.ofArray(other), version.file().denseRows()))
                        .as("byte %s", at)
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void aSpaceOfTooFewRowsHasNone() throws IOException {
        try (RepresentationStore store = open(CodesOptions.of(CodesMethod.PQ))) {
            stage(store, "r1", 255, 1);
            assertThat(store.publish("r1", PublicationListener.NONE).checks()).isEmpty();
            assertThat(store.current().space("a").orElseThrow().codes()).isEmpty();
        }
    }

    @Test
    void rowsThatCannotBeCodedAreRefused() throws IOException {
        try (RepresentationStore store = open(CodesOptions.of(CodesMethod.FLOAT16))) {
            stage(store, "r1", 10, 1e6f);
            assertThatThrownBy(() -> store.publish("r1", PublicationListener.NONE))
                    .isInstanceOf(Rejected.class)
                    .hasMessageContaining("65504");
        }
    }

    @Test
    void aManifestTellsWhatCodesLose() {
        IndexCheck check = new IndexCheck(
                "a", OptionalDouble.empty(), OptionalInt.empty(), Optional.of(new CodesLoss(0.125, 0.75)));
        Manifest manifest = new Manifest("r", 1, Instant.EPOCH, Map.of("a", "v"), List.of(check), Optional.empty());
        assertThat(Manifest.parse(manifest.toBytes())).isEqualTo(manifest);
    }
}
