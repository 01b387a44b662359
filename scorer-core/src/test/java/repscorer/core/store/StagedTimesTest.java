package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.ann.hnsw.Quantization;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.EmbeddingRows;
import repscorer.core.embedding.Retention;
import repscorer.core.embedding.SpacePolicy;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/** Files that say when their rows were made go on saying it where some of the rows are dropped. */
class StagedTimesTest {

    private static final int ROWS = 9;
    private static final int ZERO_ROW = 4;

    @TempDir
    Path directory;

    /** User i was made at 1,000 i. */
    private static final class Timed implements EmbeddingRows {
        @Override
        public int count() {
            return ROWS;
        }

        @Override
        public EntityId id(int row) {
            return EntityId.of(EntityKind.USER, row);
        }

        @Override
        public void copyDense(int row, float[] into) {
            into[0] = row == ZERO_ROW ? 0 : 1;
            into[1] = row == ZERO_ROW ? 0 : row;
        }

        @Override
        public SparseVector sparse(int row) {
            throw new IllegalStateException();
        }

        @Override
        public boolean timed() {
            return true;
        }

        @Override
        public long madeMillis(int row) {
            return 1_000L * row;
        }
    }

    @Test
    void timesStayWhereZeroVectorsAreDropped() throws IOException {
        DenseSpace space = new DenseSpace(
                "a",
                "m",
                EntityKind.USER,
                2,
                Metric.COSINE,
                "exact",
                HnswParameters.DEFAULT,
                Quantization.NONE,
                0.5,
                true,
                new SpacePolicy(ZeroVectors.DROP, Retention.STORES));
        try (RepresentationStore store =
                RepresentationStore.open(directory.resolve("store"), List.of(space), StoreFixture.OPTIONS)) {
            StoreFixture.stage(
                    store,
                    "r",
                    EmbeddingFileWriter.dense("a", "m", EntityKind.USER, 2).from(new Timed()),
                    directory);
            store.publish("r", PublicationListener.NONE);
            EmbeddingFile file = store.current().space("a").orElseThrow().file();
            assertThat(file.count()).isEqualTo(ROWS - 1);
            assertThat(file.timed()).isTrue();
            for (int row = 0; row < file.count(); row++) {
                assertThat(file.madeMillis(row))
                        .isEqualTo(1_000L * Long.parseLong(file.ids().id(row).value()));
            }
        }
    }
}
