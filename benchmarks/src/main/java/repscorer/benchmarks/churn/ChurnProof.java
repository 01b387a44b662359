package repscorer.benchmarks.churn;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import repscorer.ann.DenseIndex;
import repscorer.ann.SearchOptions;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.StoreRows;

/**
 * A space of a store half of whose rows are replaced or deleted, round after round while searches run, is as good as an index built
 * anew from what it now holds, and takes no more memory. Rows leave its graph as they do in the service: when changes are compacted.
 */
public final class ChurnProof implements Proof {

    private static final int ROWS = 100_000;
    private static final int ROUNDS = 4;
    private static final int DELETED_ONE_IN = 10;
    private static final int EF = 60;
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
        int count = Math.toIntExact(rows);
        StoreRows data = StoreRows.load(2 * count);
        try (LiveSpace space = new LiveSpace(data, 2 * count, count)) {
            List<Double> memory = new ArrayList<>();
            double leastBefore = 1;
            for (int round = 0; round < ROUNDS; round++) {
                Churned churned = churn(space, data, count);
                double before = space.recall(data.queries().length, EF, space.index())[0];
                int pending = space.pending();
                space.compact();
                memory.add(residentMegabytes());
                out.printf(
                        Locale.ROOT,
                        "round %s: %,d replaced and %,d deleted in %.0f s beside %,d searches; recall@%s %.4f with %,d changes not compacted; then %,.0f MB%n",
                        round + 1,
                        churned.replaced(),
                        churned.deleted(),
                        churned.seconds(),
                        churned.searches(),
                        LiveSpace.K,
                        before,
                        pending,
                        memory.getLast());
                leastBefore = Math.min(leastBefore, before);
            }
            return compare(space, data, leastBefore, memory, out);
        }
    }

    private boolean compare(LiveSpace space, StoreRows data, double leastBefore, List<Double> memory, PrintStream out)
            throws InterruptedException {
        DenseIndex compacted = space.index();
        HnswIndex fresh = space.fresh();
        double[] recall = space.recall(data.queries().length, EF, compacted, fresh);
        int unreachable = space.unreachable();
        double ratio = throughputRatio(compacted, fresh, data.queries());
        double growth = memory.getLast() / memory.get(1);
        out.printf(
                Locale.ROOT,
                "%,d rows; unreachable %s; recall@%s at ef=%s: %.4f, fresh %.4f; throughput %.2f of fresh; memory %.2f of that after the second round%n",
                compacted.count(),
                unreachable,
                LiveSpace.K,
                EF,
                recall[0],
                recall[1],
                ratio,
                growth);
        return Math.min(recall[0], leastBefore) >= recall[1] - RECALL_LOSS_MAX
                && unreachable == 0
                && ratio >= THROUGHPUT_MIN
                && (growth <= MEMORY_GROWTH_MAX || memory.getLast().isNaN());
    }

    private record Churned(int replaced, int deleted, double seconds, long searches) {}

    /** Replaces or deletes half of the entities in random order, while another thread searches; as many come back or are new. */
    private Churned churn(LiveSpace space, StoreRows data, int count) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        int replaced = 0;
        int deleted = 0;
        long start = System.nanoTime();
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<Long> searching = executor.submit(() -> {
                long searches = 0;
                for (; !done.get(); searches++) {
                    float[] query = data.queries()[(int) (searches % data.queries().length)];
                    int found = space.index()
                            .search(query, SearchOptions.of(LiveSpace.K))
                            .size();
                    if (found != LiveSpace.K) {
                        throw new IllegalStateException("a search beside changes answered " + found + " rows");
                    }
                }
                return searches;
            });
            try {
                while (replaced + deleted < count / 2) {
                    int entity = random.nextInt(count + count / DELETED_ONE_IN);
                    if (random.nextInt(DELETED_ONE_IN) == 0) {
                        space.delete(entity);
                        deleted++;
                    } else {
                        space.put(entity, random.nextInt(data.rows().length));
                        replaced++;
                    }
                }
                space.flush();
            } finally {
                done.set(true);
            }
            return new Churned(replaced, deleted, (System.nanoTime() - start) / 1e9, searching.get());
        }
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
        SearchOptions options = SearchOptions.of(LiveSpace.K).withEf(EF);
        for (float[] query : queries) {
            index.search(query, options);
        }
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    }
}
