package repscorer.core.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import repscorer.ann.HnswParameters;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.vector.Metric;

/** Small dense spaces of two dimensions, and releases of them. */
final class StoreFixture {

    static final DenseSpace A = space("a", "exact");
    static final DenseSpace B = space("b", "exact");
    static final List<Space> SPACES = List.of(A, B);
    static final StoreOptions OPTIONS = new StoreOptions(1, 1 << 20, 1, 10, 5);

    private StoreFixture() {}

    static DenseSpace space(String name, String engine) {
        return new DenseSpace(name, "m", EntityKind.USER, 2, Metric.L2, engine, HnswParameters.DEFAULT, 0.5, true);
    }

    /** Rows 1 to count of a space, each {@code {first, row}}. */
    static EmbeddingFileWriter rows(Space space, float first, int count) {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense(space.name(), "m", EntityKind.USER, 2);
        for (int row = 1; row <= count; row++) {
            writer.add(EntityId.of(EntityKind.USER, row), new float[] {first, row});
        }
        return writer;
    }

    static void stage(RepresentationStore store, String release, EmbeddingFileWriter writer, Path scratch)
            throws IOException {
        Path file = writer.writeTo(Files.createTempDirectory(scratch, "written"));
        String space = String.valueOf(file.getFileName()).replace(".emb", "");
        store.stage(release, space, new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    /** Publishes four rows of every declared space. */
    static Release publish(RepresentationStore store, String release, float first, Path scratch) throws IOException {
        for (Space space : store.spaces()) {
            stage(store, release, rows(space, first, 4), scratch);
        }
        return store.publish(release, PublicationListener.NONE);
    }

    static Change upsert(int id, float... values) {
        return new Change.Upsert(EntityId.of(EntityKind.USER, id), new Embedding.Dense(values), OptionalLong.empty());
    }
}
