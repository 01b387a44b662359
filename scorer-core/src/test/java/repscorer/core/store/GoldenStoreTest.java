package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.store.Release.IndexCheck;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/** A store that the first version wrote, and every later one opens: two releases, one compacted, with changes in its logs. */
class GoldenStoreTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/store");
    private static final EntityKind USER = EntityKind.USER;
    private static final List<Space> SPACES = List.of(
            new DenseSpace("dense", "d", USER, 2, Metric.L2, "exact", HnswParameters.DEFAULT, 0.9, true),
            new SparseSpace("sparse", "s", USER, 3, 10, false));

    @TempDir
    Path directory;

    private RepresentationStore open() throws IOException {
        Path store = directory.resolve("store");
        try (Stream<Path> files = Files.walk(GOLDEN)) {
            for (Path each : files.toList()) {
                Files.copy(each, store.resolve(GOLDEN.relativize(each).toString()));
            }
        }
        return RepresentationStore.open(store, SPACES, new StoreOptions(2, 1 << 20, 1, 10));
    }

    private static float[] dense(RepresentationStore store, int id) {
        return store.current()
                .space("dense")
                .orElseThrow()
                .embedding(EntityId.of(USER, id))
                .map(each -> ((Embedding.Dense) each).values())
                .orElse(new float[0]);
    }

    @Test
    void itsReleasesAndChangesAreThereAndItGoesOn() throws IOException {
        try (RepresentationStore store = open()) {
            assertThat(store.findings()).isEmpty();
            assertThat(store.releases())
                    .extracting(release -> release.name() + ":" + release.state())
                    .containsExactly("r2:LIVE", "r1:KEPT");
            assertThat(dense(store, 1)).containsExactly(9, 1);
            assertThat(dense(store, 2)).isEmpty();
            assertThat(dense(store, 3)).containsExactly(2, 3);
            assertThat(dense(store, 5)).containsExactly(9, 5);
            assertThat(dense(store, 6)).containsExactly(9, 6);
            assertThat(dense(store, 7)).containsExactly(9, 7);
            assertThat(store.current().space("dense").orElseThrow().version()).isEqualTo("0ce00ec15a1d678b+5");
            assertThat(store.current().space("sparse").orElseThrow().embedding(EntityId.of(USER, 3)))
                    .hasValue(new Embedding.Sparse(new SparseVector(new int[] {1}, new float[] {8})));
            Change repeated = new Change.Upsert(
                    EntityId.of(USER, 1), new Embedding.Dense(new float[] {0, 0}), OptionalLong.of(4));
            assertThat(store.apply("r2", "dense", "p", List.of(repeated))).containsExactly(new Outcome.Duplicate(4));
            assertThat(store.compact("dense", PublicationListener.NONE)).isTrue();
            assertThat(store.rollBack("r1").versions()).hasSize(2);
        }
    }

    @Test
    void aManifestOfTheFirstVersionIsReadAndWrittenAsItWas() throws IOException {
        byte[] golden = Files.readAllBytes(GOLDEN.resolve("releases/r2/release.manifest"));
        Manifest manifest = Manifest.parse(golden);
        assertThat(manifest.bases()).containsKey("dense");
        assertThat(manifest.checks()).isEmpty();
        assertThat(manifest.toBytes()).isEqualTo(golden);
    }

    @Test
    void checksStandInAManifestAsTheyAlwaysDid() {
        Manifest manifest = new Manifest(
                "r1",
                1,
                Instant.parse("2026-11-28T00:00:00Z"),
                Map.of("a", "1", "b", "2", "c", "3"),
                List.of(
                        new IndexCheck("a", OptionalDouble.of(0.9995), OptionalInt.of(2)),
                        new IndexCheck("b", OptionalDouble.of(1), OptionalInt.empty())),
                Optional.empty());
        assertThat(new String(manifest.toBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("check.recall@10 of a=0.9995\ncheck.recall@10 of b=1.0\ncheck.unreachable of a=2.0\ncrc32c=");
        assertThat(Manifest.parse(manifest.toBytes())).isEqualTo(manifest);
    }
}
