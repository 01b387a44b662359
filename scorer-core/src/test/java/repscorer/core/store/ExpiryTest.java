package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.ann.hnsw.Quantization;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.Aging;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SpacePolicy;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

@DisplayName("Issue 17: expired rows leave files and indexes at a compaction, on a clock of the test's")
class ExpiryTest {

    private static final int ROWS = 40;
    private static final SpacePolicy POLICY =
            SpacePolicy.KEEPING.with(new Aging(Optional.empty(), Optional.of(Duration.ofHours(10))));
    private static final List<Space> SPACES = List.of(
            dense("scanned", "exact"),
            dense("walked", "hnsw"),
            new SparseSpace("clusters", "s", EntityKind.USER, 4, 100, false, POLICY));

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private static DenseSpace dense(String name, String engine) {
        return new DenseSpace(
                name,
                "m",
                EntityKind.USER,
                2,
                Metric.L2,
                engine,
                HnswParameters.DEFAULT,
                Quantization.NONE,
                0.5,
                false,
                POLICY);
    }

    private RepresentationStore open() {
        InstantSource test = () -> now;
        Clock clock = test.withZone(ZoneOffset.UTC);
        return RepresentationStore.open(
                directory.resolve("store"),
                SPACES,
                new StoreOptions(1, 1 << 20, 1, 10, 10_000, 10),
                clock,
                Disk.LOCAL,
                null);
    }

    private static Embedding row(Space space, int id) {
        return space instanceof DenseSpace
                ? new Embedding.Dense(new float[] {1, id})
                : new Embedding.Sparse(new SparseVector(new int[] {id % 2}, new float[] {1 + id}));
    }

    private void publish(RepresentationStore store) throws IOException {
        for (Space space : SPACES) {
            EmbeddingFileWriter writer = space instanceof DenseSpace
                    ? EmbeddingFileWriter.dense(space.name(), "m", EntityKind.USER, 2)
                    : EmbeddingFileWriter.sparse(
                            space.name(),
                            "s",
                            EntityKind.USER,
                            List.of(EntityId.parse("cluster:0"), EntityId.parse("cluster:1")),
                            Map.of());
            for (int id = 0; id < ROWS; id++) {
                switch (row(space, id)) {
                    case Embedding.Dense dense -> writer.add(EntityId.of(EntityKind.USER, id), dense.values());
                    case Embedding.Sparse sparse -> writer.add(EntityId.of(EntityKind.USER, id), sparse.vector());
                    case Embedding.Text text -> throw new AssertionError("no texts are put in: " + text);
                }
            }
            StoreFixture.stage(store, "r1", writer, Files.createDirectories(directory.resolve("scratch")));
        }
        store.publish("r1", PublicationListener.NONE);
    }

    private static SpaceVersion version(RepresentationStore store, Space space) {
        return store.current().space(space.name()).orElseThrow();
    }

    /** What the file holds, and what is found now. */
    private void holds(RepresentationStore store, int inFile, int found) {
        for (Space space : SPACES) {
            SpaceVersion version = version(store, space).at(now.toEpochMilli());
            assertThat(version.file().count()).as(space.name()).isEqualTo(inFile);
            int live = 0;
            for (int id = 0; id < ROWS; id++) {
                live += version.ordinal(EntityId.of(EntityKind.USER, id)).isPresent() ? 1 : 0;
            }
            assertThat(live).as(space.name()).isEqualTo(found);
        }
    }

    private void compact(RepresentationStore store, boolean done) {
        SPACES.forEach(space -> assertThat(store.compact(space.name(), PublicationListener.NONE))
                .as(space.name())
                .isEqualTo(done));
    }

    @Test
    @DisplayName(
            "rows that came later stay; a compaction without changes takes what expired since, and the last of all")
    void rowsThatExpireLeaveAtCompactions() throws IOException {
        try (RepresentationStore store = open()) {
            publish(store);
            now = now.plus(Duration.ofHours(6));
            for (Space space : SPACES) {
                for (int id = 0; id < 20; id++) {
                    EntityId entity = EntityId.of(EntityKind.USER, id);
                    store.apply(
                            "r1",
                            space.name(),
                            "",
                            List.of(new Change.Upsert(entity, row(space, id), OptionalLong.empty())));
                }
            }
            holds(store, ROWS, ROWS);
            compact(store, true);
            compact(store, false);
            holds(store, ROWS, ROWS);
            now = now.plus(Duration.ofHours(4)); // those of the publication are ten hours old, to the millisecond
            holds(store, ROWS, 20);
            compact(store, true);
            holds(store, 20, 20);
            compact(store, false);
        }
        now = now.plus(Duration.ofHours(5));
        try (RepresentationStore store = open()) {
            holds(store, 20, 20);
            now = now.plus(Duration.ofHours(1));
            holds(store, 20, 0);
            compact(store, true);
            holds(store, 0, 0);
            compact(store, false);
            EntityId again = EntityId.of(EntityKind.USER, 3);
            for (Space space : SPACES) {
                store.apply(
                        "r1", space.name(), "", List.of(new Change.Upsert(again, row(space, 3), OptionalLong.empty())));
            }
            holds(store, 0, 1);
        }
        try (RepresentationStore store = open()) {
            holds(store, 0, 1);
            compact(store, true);
            holds(store, 1, 1);
        }
    }
}
