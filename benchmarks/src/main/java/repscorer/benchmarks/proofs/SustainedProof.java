package repscorer.benchmarks.proofs;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import repscorer.ann.DenseIndex;
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
import repscorer.vector.VectorOps;

/** Rows stream in for minutes and are compacted beside searches, which go on at half of their idle pace at least, and find as much. */
public final class SustainedProof implements Proof {

    private static final int ROWS = 100_000;
    private static final int ROWS_A_SECOND = 2_000;
    private static final int BATCH = 100;
    private static final long MINUTES = 10;
    private static final double THROUGHPUT_MIN = 0.5;
    private static final double RECALL_LOSS_MAX = 0.01;
    private static final double COPIES_RECALL_MIN = 0.99;
    private static final double MOVED = 0.1; // of a row's length
    private static final int BURST = 50; // equal rows in a batch of copies
    private static final int K = 10;
    private static final int RECALL_QUERIES = 200;

    @Override
    public String name() {
        return "sustained";
    }

    @Override
    public String claim() {
        return String.format(
                Locale.ROOT,
                "%,d upserts a second for %s minutes are compacted beside searches, at >= %.0f %% of their idle throughput and recall within a point",
                ROWS_A_SECOND,
                MINUTES,
                100 * THROUGHPUT_MIN);
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        return holds(out, MINUTES);
    }

    @Override
    public boolean holds(PrintStream out, long minutes) throws Exception {
        return holds(out, minutes, false);
    }

    /** The same with exact copies of the data's rows, half of them in bursts. */
    public boolean holdsWithCopies(PrintStream out, OptionalLong minutes) throws Exception {
        return holds(out, minutes.orElse(MINUTES), true);
    }

    private static boolean holds(PrintStream out, long minutes, boolean copies) throws Exception {
        Quiet.store();
        StoreRows data = StoreRows.load(2 * ROWS);
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-sustained");
                RepresentationStore store = RepresentationStore.open(
                        scratch.path().resolve("store"), List.of(StoreRows.SPACE), StoreOptions.DEFAULT)) {
            data.stage(store, "base", ROWS, 0, scratch.path());
            store.publish("base", PublicationListener.NONE);
            return measure(out, store, data, minutes, copies);
        }
    }

    private static boolean measure(
            PrintStream out, RepresentationStore store, StoreRows data, long minutes, boolean copies) throws Exception {
        Supplier<DenseIndex> live = SearchLoad.live(store, StoreRows.SPACE.name());
        SearchLoad.saturation(live, data.queries(), 5);
        double idle = SearchLoad.saturation(live, data.queries(), 10);
        double recallBefore = recall(store, data);
        long sequenceBefore = sequence(store);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long end = System.nanoTime() + minutes * 60_000_000_000L;
        Thread writer = Thread.ofPlatform()
                .name("writer")
                .uncaughtExceptionHandler((t, e) -> failure.set(e))
                .start(() -> {
                    write(store, data, copies, end);
                });
        List<Double> paces = new ArrayList<>();
        List<Double> recalls = new ArrayList<>();
        int pendingMost = 0;
        while (writer.isAlive()) {
            paces.add(SearchLoad.saturation(live, data.queries(), 5) / idle);
            SpaceVersion version = version(store);
            pendingMost =
                    Math.max(pendingMost, version.ordinalsEnd() - version.file().count());
            if (paces.size() % 6 == 0) {
                recalls.add(recall(store, data));
                out.printf(
                        Locale.ROOT,
                        "%,d accepted, %,d not compacted yet: throughput %.2f of idle, recall@%s %.4f%n",
                        sequence(store) - sequenceBefore,
                        version.ordinalsEnd() - version.file().count(),
                        paces.getLast(),
                        K,
                        recalls.getLast());
            }
        }
        writer.join();
        if (failure.get() != null) {
            throw new IllegalStateException("the writer failed", failure.get());
        }
        double rate = (sequence(store) - sequenceBefore) / (60.0 * minutes);
        double pace = paces.stream().mapToDouble(x -> x).average().orElse(0);
        double worst = paces.stream().mapToDouble(x -> x).min().orElse(0);
        double recall = recalls.stream().mapToDouble(x -> x).min().orElse(0);
        out.printf(
                Locale.ROOT,
                "%,.0f upserts a second for %s min, at most %,d not compacted: throughput of one searcher %.2f of idle (at least %.1f), %.2f in its worst 5 s; recall@%s %.4f at worst, %.4f before%n",
                rate,
                minutes,
                pendingMost,
                pace,
                THROUGHPUT_MIN,
                worst,
                K,
                recall,
                recallBefore);
        double recallMin = copies ? COPIES_RECALL_MIN : recallBefore - RECALL_LOSS_MAX;
        return rate >= 0.99 * ROWS_A_SECOND && pace >= THROUGHPUT_MIN && recall >= recallMin;
    }

    private static SpaceVersion version(RepresentationStore store) {
        return store.current().space(StoreRows.SPACE.name()).orElseThrow();
    }

    private static long sequence(RepresentationStore store) {
        String version = version(store).version();
        int plus = version.indexOf('+');
        return plus < 0 ? 0 : Long.parseLong(version.substring(plus + 1));
    }

    /** Replaces entities at random, and adds as many new ones in the end as there were. */
    private static void write(RepresentationStore store, StoreRows data, boolean copies, long end) {
        SplittableRandom random = new SplittableRandom(7);
        long due = System.nanoTime();
        while (due < end) {
            List<Change> changes = new ArrayList<>(BATCH);
            for (float[] row : copies ? copied(random, data.rows()) : moved(random, data.rows())) {
                changes.add(new Change.Upsert(
                        EntityId.of(EntityKind.USER, random.nextInt(2 * ROWS)),
                        new Embedding.Dense(row),
                        OptionalLong.empty()));
            }
            store.apply("base", StoreRows.SPACE.name(), "", changes);
            due += BATCH * 1_000_000_000L / ROWS_A_SECOND;
            long wait = due - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
        }
    }

    /** As a training moves rows that it goes on from; no two are equal. */
    private static float[][] moved(SplittableRandom random, float[][] rows) {
        float[][] batch = new float[BATCH][];
        for (int i = 0; i < BATCH; i++) {
            float[] row = rows[random.nextInt(rows.length)];
            batch[i] = StoreRows.around(random, row, MOVED * VectorOps.norm(row) / Math.sqrt(row.length));
        }
        return batch;
    }

    private static float[][] copied(SplittableRandom random, float[][] rows) {
        float[][] batch = new float[BATCH][];
        Arrays.fill(batch, 0, BURST, rows[random.nextInt(rows.length)]);
        for (int i = BURST; i < BATCH; i++) {
            batch[i] = rows[random.nextInt(rows.length)];
        }
        return batch;
    }

    /** Over all rows of one snapshot, each compared with every query. */
    private static double recall(RepresentationStore store, StoreRows data) {
        SpaceVersion version = version(store);
        DenseIndex index = version.dense().orElseThrow();
        int end = version.ordinalsEnd();
        float[][] best = new float[RECALL_QUERIES][K];
        for (float[] scores : best) {
            Arrays.fill(scores, Float.NEGATIVE_INFINITY);
        }
        float[] row = new float[StoreRows.DIMENSION];
        for (int ordinal = 0; ordinal < end; ordinal++) {
            if (!version.live(ordinal)) {
                continue;
            }
            version.copyDense(ordinal, row);
            float norm = VectorOps.norm(row);
            for (int q = 0; q < RECALL_QUERIES; q++) {
                float score = VectorOps.dot(data.queries()[q], row) / norm;
                if (score > best[q][0]) {
                    best[q][0] = score;
                    Arrays.sort(best[q]);
                }
            }
        }
        long hits = 0;
        for (int q = 0; q < RECALL_QUERIES; q++) {
            float norm = VectorOps.norm(data.queries()[q]);
            for (float score :
                    index.search(data.queries()[q], SearchLoad.OPTIONS).scores()) {
                hits += score * norm >= best[q][0] * (1 - 1e-5f) ? 1 : 0;
            }
        }
        return (double) hits / ((long) RECALL_QUERIES * K);
    }
}
