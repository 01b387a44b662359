package repscorer.benchmarks.proofs;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import repscorer.ann.BuildProgress;
import repscorer.ann.DenseIndex;
import repscorer.ann.SearchOptions;
import repscorer.ann.exact.ExactIndex;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.benchmarks.proof.SearchLoad;
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
 * A space of a store half of whose rows are replaced or deleted, round after round while searches run, is as good as an index built
 * anew from what it now holds, and takes no more memory. Rows leave its graph as they do in the service: when changes are compacted.
 */
final class ChurnProof implements Proof {

    private static final int ROWS = 100_000;
    private static final int ROUNDS = 4;
    private static final int BATCH = 100;
    private static final int DELETED_ONE_IN = 10;
    private static final int K = 10;
    private static final int EF = 60;
    private static final int THREADS = 2;
    private static final int PASSES = 9;
    private static final int WARM_UP_PASSES = 10;
    private static final double RECALL_LOSS_MAX = 0.01;
    private static final double THROUGHPUT_MIN = 0.9;
    private static final double MEMORY_GROWTH_MAX = 1.25; // since the second round: the first fill pools and the heap
    private static final long SEED = 11;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Override
    public String name() {
        return "churn";
    }

    @Override
    public String claim() {
        return "after half of 100,000 rows of a store were replaced or deleted, four times over and beside searches, recall, throughput, reach and memory are a fresh index's (minutes)";
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        return holds(out, ROWS);
    }

    /** @param rows of the base */
    @Override
    public boolean holds(PrintStream out, long rows) throws Exception {
        Quiet.store();
        int count = Math.toIntExact(rows);
        StoreRows data = StoreRows.load(2 * count);
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-churn");
                RepresentationStore store = RepresentationStore.open(
                        scratch.path().resolve("store"), List.of(StoreRows.SPACE), StoreOptions.DEFAULT);
                ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
            data.stage(store, "base", count, 0, scratch.path());
            store.publish("base", PublicationListener.NONE);
            float[][] current = new float[2 * count][];
            System.arraycopy(data.rows(), 0, current, 0, count);
            List<Double> memory = new ArrayList<>();
            double leastBefore = 1;
            for (int round = 0; round < ROUNDS; round++) {
                Churned churned = churn(store, data, current, count, executor);
                double before = recall(live(store), data.queries(), current);
                int pending =
                        version(store).ordinalsEnd() - version(store).file().count();
                store.compact(StoreRows.SPACE.name(), PublicationListener.NONE);
                memory.add(residentMegabytes());
                out.printf(
                        Locale.ROOT,
                        "round %s: %,d replaced and %,d deleted in %.0f s beside %,d searches; recall@%s %.4f with %,d changes not compacted; then %,.0f MB%n",
                        round + 1,
                        churned.replaced(),
                        churned.deleted(),
                        churned.seconds(),
                        churned.searches(),
                        K,
                        before,
                        pending,
                        memory.getLast());
                leastBefore = Math.min(leastBefore, before);
            }
            return compare(store, data, current, executor, leastBefore, memory, out);
        }
    }

    private boolean compare(
            RepresentationStore store,
            StoreRows data,
            float[][] current,
            ExecutorService executor,
            double leastBefore,
            List<Double> memory,
            PrintStream out)
            throws Exception {
        HnswIndex compacted = (HnswIndex) live(store);
        HnswIndex fresh = fresh(current, executor);
        double recall = recall(compacted, data.queries(), current);
        double recallFresh = recall(fresh, data.queries(), current);
        int unreachable = compacted.stats().unreachable();
        double ratio = throughputRatio(compacted, fresh, data.queries());
        double growth = memory.getLast() / memory.get(1);
        out.printf(
                Locale.ROOT,
                "%,d rows; unreachable %s; recall@%s at ef=%s: %.4f, fresh %.4f; throughput %.2f of fresh; memory %.2f of that after the second round%n",
                compacted.count(),
                unreachable,
                K,
                EF,
                recall,
                recallFresh,
                ratio,
                growth);
        return Math.min(recall, leastBefore) >= recallFresh - RECALL_LOSS_MAX
                && unreachable == 0
                && ratio >= THROUGHPUT_MIN
                && (growth <= MEMORY_GROWTH_MAX || memory.getLast().isNaN());
    }

    private static SpaceVersion version(RepresentationStore store) {
        return store.current().space(StoreRows.SPACE.name()).orElseThrow();
    }

    private static DenseIndex live(RepresentationStore store) {
        return version(store).dense().orElseThrow();
    }

    /** Over the rows that are there, in their order. */
    private static HnswIndex fresh(float[][] current, ExecutorService executor) throws InterruptedException {
        return HnswIndex.build(
                DenseRows.copyOf(present(current)),
                StoreRows.SPACE.metric(),
                StoreRows.SPACE.hnsw(),
                StoreRows.SPACE.codes(),
                executor,
                THREADS,
                BuildProgress.NONE);
    }

    private static float[][] present(float[][] current) {
        return Arrays.stream(current).filter(Objects::nonNull).toArray(float[][]::new);
    }

    private record Churned(int replaced, int deleted, double seconds, long searches) {}

    /** Replaces or deletes half of the entities in random order, while another thread searches; as many come back or are new. */
    private Churned churn(
            RepresentationStore store, StoreRows data, float[][] current, int count, ExecutorService executor)
            throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Supplier<DenseIndex> index = SearchLoad.live(store, StoreRows.SPACE.name());
        Future<Long> searching = executor.submit(() -> {
            long searches = 0;
            for (; !done.get(); searches++) {
                float[] query = data.queries()[(int) (searches % data.queries().length)];
                int found = index.get().search(query, SearchOptions.of(K)).size();
                if (found != K) {
                    throw new IllegalStateException("a search beside changes answered " + found + " rows");
                }
            }
            return searches;
        });
        int replaced = 0;
        int deleted = 0;
        long start = System.nanoTime();
        try {
            while (replaced + deleted < count / 2) {
                List<Change> changes = new ArrayList<>(BATCH);
                for (int i = 0; i < BATCH; i++) {
                    int entity = random.nextInt(count + count / DELETED_ONE_IN);
                    EntityId id = EntityId.of(EntityKind.USER, entity);
                    if (random.nextInt(DELETED_ONE_IN) == 0) {
                        changes.add(new Change.Delete(id, OptionalLong.empty()));
                        current[entity] = null;
                        deleted++;
                    } else {
                        float[] row = data.rows()[random.nextInt(data.rows().length)];
                        changes.add(new Change.Upsert(id, new Embedding.Dense(row), OptionalLong.empty()));
                        current[entity] = row;
                        replaced++;
                    }
                }
                store.apply("base", StoreRows.SPACE.name(), "", changes);
            }
        } finally {
            done.set(true);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Churned(replaced, deleted, seconds, searching.get());
    }

    /** Memory of this process that is no file's, when what is not needed was freed; NaN where the system does not tell. */
    private static double residentMegabytes() throws IOException, InterruptedException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return Double.NaN;
        }
        for (int i = 0; i < 3; i++) {
            System.gc(); // memory off the heap is freed when its owner is found unreachable
            Thread.sleep(200);
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** The share of the best that are answered; rows of equal score are as good as each other. */
    private static double recall(DenseIndex index, float[][] queries, float[][] current) {
        long hits = 0;
        try (DenseIndex exact = new ExactIndex(DenseRows.copyOf(present(current)), StoreRows.SPACE.metric())) {
            for (float[] query : queries) {
                float worst = exact.search(query, SearchOptions.of(K)).scores()[K - 1];
                for (float score :
                        index.search(query, SearchOptions.of(K).withEf(EF)).scores()) {
                    hits += score >= worst ? 1 : 0;
                }
            }
        }
        return (double) hits / ((long) queries.length * K);
    }

    private static double throughputRatio(DenseIndex churned, DenseIndex fresh, float[][] queries) {
        for (int pass = 0; pass < WARM_UP_PASSES; pass++) {
            cpuNanos(churned, queries);
            cpuNanos(fresh, queries);
        }
        double[] ratios = new double[PASSES];
        for (int pass = 0; pass < PASSES; pass++) {
            double mine = cpuNanos(churned, queries);
            ratios[pass] = cpuNanos(fresh, queries) / mine;
        }
        Arrays.sort(ratios);
        return ratios[PASSES / 2];
    }

    private static long cpuNanos(DenseIndex index, float[][] queries) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        SearchOptions options = SearchOptions.of(K).withEf(EF);
        for (float[] query : queries) {
            index.search(query, options);
        }
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    }
}
