package repscorer.core.store.index;

import java.util.Optional;
import java.util.function.Supplier;
import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
import repscorer.ann.DenseIndex;
import repscorer.ann.exact.ExactIndex;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnswlib.HnswlibIndex;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;

/** Builds the index that a dense space declares over a file's rows. */
@FunctionalInterface
public interface Indexes {

    /** Below this our own engine would scan as well: its walk at ef = 100 costs as much as a scan of some 3,200 rows. */
    int HNSW_ROWS_MIN = 5_000;

    /**
     * Below this hnswlib-java would only ever scan: its walk at ef = 100 costs as much as a scan of some 19,000 rows, so a
     * graph over fewer would be built and never walked.
     */
    int HNSWLIB_ROWS_MIN = 20_000;

    /** @param before what the index may be carried on from, at the cost of what changed */
    DenseIndex dense(DenseSpace space, EmbeddingFile file, Optional<Predecessor> before, BuildProgress progress)
            throws InterruptedException;

    /**
     * The engines, built by threads that are asked for as each build begins; graphs that were kept in files are opened.
     *
     * @param graphRowsMin below this a space of our own engine is scanned
     */
    static Indexes engines(Supplier<BuildThreads> threads, IndexFiles kept, int graphRowsMin) {
        return (space, file, before, progress) -> switch (space.engine()) {
            case "exact" -> new ExactIndex(file.denseRows(), space.metric());
            case "hnsw" ->
                file.count() < graphRowsMin
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
}
