package repscorer.core.store;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.IntSupplier;
import repscorer.ann.BuildProgress;
import repscorer.ann.DenseIndex;
import repscorer.ann.exact.ExactIndex;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnswlib.HnswlibIndex;
import repscorer.ann.sparse.ClusterIndex;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;

/** Builds the index that a space declares over a file's rows. */
@FunctionalInterface
interface Indexes {

    /** Below this our own engine would scan as well: its walk at ef = 100 costs as much as a scan of some 3,200 rows. */
    int HNSW_ROWS_MIN = 5_000;

    /**
     * Below this hnswlib-java would only ever scan: its walk at ef = 100 costs as much as a scan of some 19,000 rows, so a
     * graph over fewer would be built and never walked.
     */
    int HNSWLIB_ROWS_MIN = 20_000;

    DenseIndex dense(DenseSpace space, EmbeddingFile file, BuildProgress progress) throws InterruptedException;

    /**
     * The engines, built on {@code threads} threads of {@code pool}, asked for as each build begins; graphs that were kept in
     * files are opened.
     */
    static Indexes engines(ExecutorService pool, IntSupplier threads, IndexFiles kept) {
        return (space, file, progress) -> switch (space.engine()) {
            case "exact" -> new ExactIndex(file.denseRows(), space.metric());
            case "hnsw" ->
                file.count() < HNSW_ROWS_MIN
                        ? new ExactIndex(file.denseRows(), space.metric())
                        : kept.openOrBuild(
                                space,
                                file,
                                () -> HnswIndex.build(
                                        file.denseRows(),
                                        space.metric(),
                                        space.hnsw(),
                                        space.codes(),
                                        pool,
                                        threads.getAsInt(),
                                        progress));
            case "hnswlib" ->
                file.count() < HNSWLIB_ROWS_MIN
                        ? new ExactIndex(file.denseRows(), space.metric())
                        : HnswlibIndex.build(
                                file.denseRows(), space.metric(), space.hnsw(), pool, threads.getAsInt(), progress);
            default -> throw new IllegalStateException("DenseSpace lets no other engine in: " + space.engine());
        };
    }

    default SpaceVersion build(Space space, EmbeddingFile file, BuildProgress progress) throws InterruptedException {
        return switch (space) {
            case DenseSpace dense ->
                SpaceVersion.of(space, file, Optional.of(dense(dense, file, progress)), Optional.empty());
            case SparseSpace sparse ->
                SpaceVersion.of(
                        space,
                        file,
                        Optional.empty(),
                        sparse.indexed()
                                ? Optional.of(ClusterIndex.build(file.sparseRows(), sparse.itemsPerCluster()))
                                : Optional.empty());
        };
    }
}
