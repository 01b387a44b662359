package repscorer.core.store;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import repscorer.ann.BuildProgress;
import repscorer.ann.DenseIndex;
import repscorer.ann.exact.ExactIndex;
import repscorer.ann.hnswlib.HnswlibIndex;
import repscorer.ann.sparse.ClusterIndex;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;

/** Builds the index that a space declares over a file's rows. */
@FunctionalInterface
interface Indexes {

    /**
     * Below this every engine scans: a walk of hnswlib-java at ef = 100 costs as much as a scan of some 19,000 rows, so a
     * graph over fewer would be built and never walked.
     */
    int GRAPH_ROWS_MIN = 20_000;

    DenseIndex dense(DenseSpace space, EmbeddingFile file, BuildProgress progress) throws InterruptedException;

    /** The engines, built on {@code threads} threads of {@code pool}. */
    static Indexes engines(ExecutorService pool, int threads) {
        return (space, file, progress) -> switch (space.engine()) {
            case "exact" -> new ExactIndex(file.denseRows(), space.metric());
            case "hnswlib" ->
                file.count() < GRAPH_ROWS_MIN
                        ? new ExactIndex(file.denseRows(), space.metric())
                        : HnswlibIndex.build(file.denseRows(), space.metric(), space.hnsw(), pool, threads, progress);
            default -> throw new IllegalStateException("DenseSpace lets no other engine in: " + space.engine());
        };
    }

    default SpaceVersion build(Space space, EmbeddingFile file, BuildProgress progress) throws InterruptedException {
        return switch (space) {
            case DenseSpace dense ->
                new SpaceVersion(space, file, Optional.of(dense(dense, file, progress)), Optional.empty());
            case SparseSpace sparse ->
                new SpaceVersion(
                        space,
                        file,
                        Optional.empty(),
                        sparse.indexed()
                                ? Optional.of(ClusterIndex.build(file.sparseRows(), sparse.itemsPerCluster()))
                                : Optional.empty());
        };
    }
}
