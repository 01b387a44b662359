package repscorer.benchmarks.churn;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import repscorer.ann.BuildProgress;
import repscorer.ann.DenseIndex;
import repscorer.ann.SearchOptions;
import repscorer.ann.exact.ExactIndex;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.benchmarks.proof.StoreRows;
import repscorer.benchmarks.reliability.Quiet;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.store.Change;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.SpaceVersion;
import repscorer.core.store.StoreOptions;
import repscorer.vector.DenseRows;

/**
 * A space of a store whose rows change, and beside it what it must hold. Entities are numbers from 0 on. One thread changes it; others may
 * search its {@link #index} meanwhile.
 */
final class LiveSpace implements AutoCloseable {

    static final int K = 10;

    private static final String RELEASE = "base";
    private static final int BATCH = 100;
    private static final int BUILD_THREADS = Runtime.getRuntime().availableProcessors();

    private final ScratchDirectory scratch;
    private final RepresentationStore store;
    private final StoreRows data;
    private final @Nullable float[][] held;
    private final List<Change> batch = new ArrayList<>(BATCH);

    /**
     * @param entities how many there can be
     * @param rows of the data, the first of which the base holds
     */
    LiveSpace(StoreRows data, int entities, int rows) throws IOException {
        Quiet.store();
        this.data = data;
        held = new float[entities][];
        System.arraycopy(data.rows(), 0, held, 0, rows);
        scratch = ScratchDirectory.create("repscorer-churn");
        store = RepresentationStore.open(
                scratch.path().resolve("store"), List.of(StoreRows.SPACE), StoreOptions.DEFAULT);
        data.stage(store, RELEASE, rows, 0, scratch.path());
        store.publish(RELEASE, PublicationListener.NONE);
    }

    /** Gives an entity a row of the data. */
    void put(int entity, int row) {
        held[entity] = data.rows()[row];
        add(new Change.Upsert(
                EntityId.of(EntityKind.USER, entity), new Embedding.Dense(data.rows()[row]), OptionalLong.empty()));
    }

    /** Takes an entity away, whether or not it is there. */
    void delete(int entity) {
        held[entity] = null;
        add(new Change.Delete(EntityId.of(EntityKind.USER, entity), OptionalLong.empty()));
    }

    boolean has(int entity) {
        return held[entity] != null;
    }

    private void add(Change change) {
        batch.add(change);
        if (batch.size() == BATCH) {
            flush();
        }
    }

    /** Sends what is left of the last batch; changes are searched from then on. */
    void flush() {
        if (!batch.isEmpty()) {
            store.apply(RELEASE, StoreRows.SPACE.name(), "", batch);
            batch.clear();
        }
    }

    /** Compacts at once what was changed, whether or not it is due. */
    void compact() {
        store.compact(StoreRows.SPACE.name(), PublicationListener.NONE);
    }

    private SpaceVersion version() {
        return store.current().space(StoreRows.SPACE.name()).orElseThrow();
    }

    /** What is live now. */
    DenseIndex index() {
        return version().dense().orElseThrow();
    }

    /** Changes that are searched beside the base. */
    int pending() {
        return version().ordinalsEnd() - version().file().count();
    }

    /** Rows that no search of what is live comes to. */
    int unreachable() {
        return ((HnswIndex) index()).stats().unreachable();
    }

    float[][] rows() {
        return Arrays.stream(held).filter(Objects::nonNull).toArray(float[][]::new);
    }

    /** An index built anew over what the space must hold. */
    HnswIndex fresh() throws InterruptedException {
        try (ExecutorService executor = Executors.newFixedThreadPool(BUILD_THREADS)) {
            return HnswIndex.build(
                    DenseRows.copyOf(rows()),
                    StoreRows.SPACE.metric(),
                    StoreRows.SPACE.hnsw(),
                    StoreRows.SPACE.codes(),
                    executor,
                    BUILD_THREADS,
                    BuildProgress.NONE);
        }
    }

    /**
     * Of indexes over what the space must hold, the share of the best that each answers; rows of equal score are as good as each other.
     *
     * @param queries how many of the data's are asked
     */
    double[] recall(int queries, int ef, DenseIndex... indexes) {
        float[][] rows = rows();
        int k = Math.min(K, rows.length);
        long[] hits = new long[indexes.length];
        try (DenseIndex exact = new ExactIndex(DenseRows.copyOf(rows), StoreRows.SPACE.metric())) {
            for (float[] query : Arrays.copyOf(data.queries(), queries)) {
                float worst = exact.search(query, SearchOptions.of(k)).scores()[k - 1];
                for (int i = 0; i < indexes.length; i++) {
                    for (float score : indexes[i]
                            .search(query, SearchOptions.of(k).withEf(ef))
                            .scores()) {
                        hits[i] += score >= worst ? 1 : 0;
                    }
                }
            }
        }
        return Arrays.stream(hits)
                .mapToDouble(hit -> (double) hit / ((long) queries * k))
                .toArray();
    }

    @Override
    public void close() throws IOException {
        store.close();
        scratch.close();
    }
}
