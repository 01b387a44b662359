package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.SearchOptions;
import repscorer.ann.SparseSearchOptions;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.store.RepresentationStore.Missing;
import repscorer.vector.SparseVector;

/** What a version finds once changes came. */
class SpaceVersionTest {

    private static final EntityId NEW = EntityId.of(EntityKind.USER, 9);
    private static final SparseSpace S = new SparseSpace("s", "s", EntityKind.USER, 10, 100, false);

    @TempDir
    Path directory;

    @Test
    @DisplayName("a search finds what came, and the base's own index does not")
    void aSearchFindsWhatCame() throws IOException {
        try (RepresentationStore store = RepresentationStore.open(
                directory.resolve("store"), List.of(StoreFixture.A, S), StoreFixture.OPTIONS)) {
            StoreFixture.stage(store, "r1", StoreFixture.rows(StoreFixture.A, 1, 4), directory);
            EmbeddingFileWriter sparse = EmbeddingFileWriter.sparse(
                    "s",
                    "s",
                    EntityKind.USER,
                    List.of(EntityId.parse("cluster:0"), EntityId.parse("cluster:1")),
                    Map.of());
            sparse.add(EntityId.of(EntityKind.USER, 1), new SparseVector(new int[] {0}, new float[] {1}));
            StoreFixture.stage(store, "r1", sparse, directory);
            store.publish("r1", Missing.REFUSED, PublicationListener.NONE);
            Snapshot before = store.current();
            assertThat(before.space("a").orElseThrow().changed()).isFalse();

            store.apply("r1", "a", "", List.of(StoreFixture.upsert(9, 90, 90)));
            SparseVector came = new SparseVector(new int[] {1}, new float[] {2});
            store.apply(
                    "r1", "s", "", List.of(new Change.Upsert(NEW, new Embedding.Sparse(came), OptionalLong.empty())));

            float[] query = {90, 90};
            SpaceVersion dense = store.current().space("a").orElseThrow();
            assertThat(dense.changes()).isEqualTo(1);
            assertThat(dense.changed()).isTrue();
            assertThat(dense.ordinalsEnd()).isEqualTo(5);
            assertThat(nearest(dense, query)).isEqualTo(NEW);
            assertThat(nearest(before.space("a").orElseThrow(), query)).isEqualTo(EntityId.of(EntityKind.USER, 4));
            assertThat(dense.baseDense().orElseThrow().count()).isEqualTo(4);
            SpaceVersion version = store.current().space("s").orElseThrow();
            assertThat(version.id(version.sparse()
                            .orElseThrow()
                            .search(came, SparseSearchOptions.of(1))
                            .ordinals()[0]))
                    .isEqualTo(NEW);
            assertThat(version.embedding(NEW)).contains(new Embedding.Sparse(came));
            assertThat(version.baseDense()).isEmpty();
            assertThat(store.current().facts())
                    .as("as long as any snapshot")
                    .isNotNull()
                    .isSameAs(before.facts());
        }
    }

    private static EntityId nearest(SpaceVersion version, float[] query) {
        return version.id(
                version.dense().orElseThrow().search(query, SearchOptions.of(1)).ordinals()[0]);
    }
}
