package repscorer.benchmarks.proofs;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.benchmarks.proof.StoreRows;
import repscorer.benchmarks.reliability.Quiet;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.store.Change;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.StoreOptions;

/** One writer makes bursts of rows durable and visible: rows a second, and how long a batch takes until it is visible. */
final class UpsertsProof implements Proof {

    private static final List<String> ENGINES = List.of("exact", "hnsw");
    private static final int BASE_ROWS = 20_000;
    private static final int ROWS = 100_000;
    private static final int BURSTS = 5;
    private static final int BATCH = 1_000;
    private static final double ROWS_A_SECOND_MIN = 20_000;
    private static final double MILLIS_P99_MAX = 100;

    @Override
    public String name() {
        return "upserts";
    }

    @Override
    public String claim() {
        return String.format(
                Locale.ROOT,
                "one writer makes bursts of %,d rows x %s durable at %,.0f a second, each batch visible within %.0f ms at p99, with and without a graph",
                ROWS,
                StoreRows.DIMENSION,
                ROWS_A_SECOND_MIN,
                MILLIS_P99_MAX);
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        return holds(out, ROWS);
    }

    @Override
    public boolean holds(PrintStream out, long rows) throws Exception {
        Quiet.store();
        StoreRows data = StoreRows.load(2 * BASE_ROWS);
        boolean holds = true;
        for (String engine : ENGINES) {
            holds &= holds(out, data, engine, (int) rows);
        }
        return holds;
    }

    private static boolean holds(PrintStream out, StoreRows data, String engine, int rows) throws Exception {
        DenseSpace space = StoreRows.space(engine);
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-upserts");
                RepresentationStore store = RepresentationStore.open(
                        scratch.path().resolve("store"), List.of(space), StoreOptions.DEFAULT)) {
            data.stage(store, "base", BASE_ROWS, 0, scratch.path());
            store.publish("base", PublicationListener.NONE);
            SplittableRandom random = new SplittableRandom(1);
            List<Double> millis = new ArrayList<>();
            double slowest = Double.POSITIVE_INFINITY;
            for (int burst = 0; burst < BURSTS; burst++) {
                slowest = Math.min(slowest, rows / burst(store, batches(data, random, rows), millis));
            }
            Collections.sort(millis);
            double p99 = millis.get((int) Math.ceil(0.99 * millis.size()) - 1); // the nearest rank
            out.printf(
                    Locale.ROOT,
                    "%s: %s bursts of %s rows, the slowest at %.0f a second (need %.0f); batches of %s visible in %.1f ms at p99 (at most %.0f), %.1f ms at worst; %s rows in all%n",
                    engine,
                    BURSTS,
                    rows,
                    slowest,
                    ROWS_A_SECOND_MIN,
                    BATCH,
                    p99,
                    MILLIS_P99_MAX,
                    millis.getLast(),
                    store.current().space(space.name()).orElseThrow().count());
            return slowest >= ROWS_A_SECOND_MIN && p99 <= MILLIS_P99_MAX;
        }
    }

    /** Answers the seconds it took. */
    private static double burst(RepresentationStore store, List<List<Change>> batches, List<Double> millis) {
        long started = System.nanoTime();
        for (List<Change> batch : batches) {
            long before = System.nanoTime();
            store.apply("base", StoreRows.SPACE.name(), "", batch);
            millis.add((System.nanoTime() - before) / 1e6);
        }
        return (System.nanoTime() - started) / 1e9;
    }

    private static List<List<Change>> batches(StoreRows data, SplittableRandom random, int rows) {
        List<List<Change>> batches = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            if (i % BATCH == 0) {
                batches.add(new ArrayList<>());
            }
            batches.getLast()
                    .add(new Change.Upsert(
                            EntityId.of(EntityKind.USER, random.nextInt(2 * BASE_ROWS)),
                            new Embedding.Dense(data.rows()[random.nextInt(data.rows().length)]),
                            OptionalLong.empty()));
        }
        return batches;
    }
}
