package repscorer.core.store.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.exact.ExactIndex;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.vector.Metric;

class IndexesTest {

    private static final int ROWS = 20;

    @TempDir
    Path directory;

    @Test
    @DisplayName("rows are scanned where there are fewer than pay for a graph")
    void fewRowsAreScanned() throws Exception {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("a", "m", EntityKind.USER, 2);
        for (int user = 1; user <= ROWS; user++) {
            writer.add(EntityId.of(EntityKind.USER, user), new float[] {user, 1});
        }
        EmbeddingFile file = EmbeddingFile.open(writer.writeTo(directory));
        try (ExecutorService builders = Executors.newSingleThreadExecutor()) {
            assertThat(index("hnsw", file, ROWS, builders)).isInstanceOf(HnswIndex.class);
            assertThat(index("hnsw", file, ROWS + 1, builders)).isInstanceOf(ExactIndex.class);
            assertThat(index("exact", file, 1, builders)).isInstanceOf(ExactIndex.class);
            assertThat(index("hnswlib", file, 1, builders))
                    .as("it would only ever scan")
                    .isInstanceOf(ExactIndex.class);
        }
    }

    private DenseIndex index(String engine, EmbeddingFile file, int graphRowsMin, ExecutorService builders)
            throws InterruptedException {
        IndexFiles kept = new IndexFiles(Disk.LOCAL, directory.resolve("graphs"), finding -> {});
        DenseSpace space =
                new DenseSpace("a", "m", EntityKind.USER, 2, Metric.L2, engine, HnswParameters.DEFAULT, 0.5, true);
        return Indexes.engines(() -> BuildThreads.of(builders, 1), kept, graphRowsMin)
                .dense(space, file, Optional.empty(), BuildProgress.NONE);
    }
}
