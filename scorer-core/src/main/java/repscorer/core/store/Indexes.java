package repscorer.core.store;

import java.util.Optional;
import java.util.function.Supplier;
import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
import repscorer.ann.DenseIndex;
import repscorer.ann.exact.ExactIndex;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnsw.LinkedRows;
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

    /** A graph is built whole unless at least this part of its rows lie in the one before. */
    double CARRIED_SHARE_MIN = 0.5;

    /**
     * What the index of a new base is carried on from.
     *
     * @param links of the old base's rows, maybe with changes
     * @param ordinals by row of the new base: the same row's among them, or -1 where it has none
     */
    record Predecessor(LinkedRows links, int[] ordinals) {

        /** Empty where the index has no links, or too few of the rows have some. */
        static Optional<Predecessor> of(DenseIndex index, int[] ordinals) {
            int linked = 0;
            for (int ordinal : ordinals) {
                linked += ordinal >= 0 ? 1 : 0;
            }
            return index instanceof LinkedRows links && linked >= CARRIED_SHARE_MIN * ordinals.length
                    ? Optional.of(new Predecessor(links, ordinals))
                    : Optional.empty();
        }
    }

    /** @param before what the index may be carried on from, at the cost of what changed */
    DenseIndex dense(DenseSpace space, EmbeddingFile file, Optional<Predecessor> before, BuildProgress progress)
            throws InterruptedException;

    /**
     * The engines, built by threads that are asked for as each build begins; graphs that were kept in files are opened.
     */
    static Indexes engines(Supplier<BuildThreads> threads, IndexFiles kept) {
        return (space, file, before, progress) -> switch (space.engine()) {
            case "exact" -> new ExactIndex(file.denseRows(), space.metric());
            case "hnsw" ->
                file.count() < HNSW_ROWS_MIN
                        ? new ExactIndex(file.denseRows(), space.metric())
                        : kept.openOrBuild(space, file, () -> graph(space, file, before, threads.get(), progress));
            case "hnswlib" -> {
                if (file.count() < HNSWLIB_ROWS_MIN) {
                    yield new ExactIndex(file.denseRows(), space.metric());
                }
                BuildThreads builders = threads.get();
                yield HnswlibIndex.build(
                        file.denseRows(),
                        space.metric(),
                        space.hnsw(),
                        builders.executor(),
                        builders.count(),
                        progress);
            }
            default -> throw new IllegalStateException("DenseSpace lets no other engine in: " + space.engine());
        };
    }

    private static HnswIndex graph(
            DenseSpace space,
            EmbeddingFile file,
            Optional<Predecessor> before,
            BuildThreads threads,
            BuildProgress progress)
            throws InterruptedException {
        if (before.isEmpty()) {
            return HnswIndex.build(file.denseRows(), space.metric(), space.hnsw(), space.codes(), threads, progress);
        }
        // Soon done, and more changes come meanwhile.
        BuildThreads restless = BuildThreads.of(threads.executor(), threads.count());
        Predecessor old = before.get();
        return old.links().carriedOver(file.denseRows(), old.ordinals(), restless, progress);
    }

    default SpaceVersion build(Space space, EmbeddingFile file, Optional<Predecessor> before, BuildProgress progress)
            throws InterruptedException {
        return switch (space) {
            case DenseSpace dense ->
                SpaceVersion.of(space, file, Optional.of(dense(dense, file, before, progress)), Optional.empty());
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
