package repscorer.benchmarks.proofs;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import repscorer.ann.HnswParameters;
import repscorer.benchmarks.reliability.Quiet;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.store.Change;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.StoreOptions;
import repscorer.vector.Metric;

/** One writer makes a burst of rows durable and visible: rows a second, and how long a batch takes until it is visible. */
public final class UpsertsProof implements Proof {

    private static final int DIMENSION = 128;
    private static final int BASE_ROWS = 20_000;
    private static final int ROWS = 100_000;
    private static final int BATCH = 1_000;
    private static final double ROWS_A_SECOND_MIN = 20_000;
    private static final double MILLIS_P99_MAX = 100;

    @Override
    public String name() {
        return "upserts";
    }

    @Override
    public String claim() {
        return "one writer makes %,d rows x %d durable at %,.0f a second, each batch visible within %.0f ms at p99"
                .formatted(ROWS, DIMENSION, ROWS_A_SECOND_MIN, MILLIS_P99_MAX);
    }

    @Override
    public boolean holds(PrintStream out) throws IOException {
        return holds(out, ROWS);
    }

    @Override
    public boolean holds(PrintStream out, long rows) throws IOException {
        Quiet.store();
        DenseSpace space = new DenseSpace(
                "users", "m", EntityKind.USER, DIMENSION, Metric.COSINE, "exact", HnswParameters.DEFAULT, 0, true);
        SplittableRandom random = new SplittableRandom(1);
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-upserts");
                RepresentationStore store = RepresentationStore.open(
                        scratch.path().resolve("store"),
                        List.of(space),
                        new StoreOptions(1, 1L << 30, 1, 10, 10_000_000))) {
            publish(store, space, random, scratch.path());
            List<List<Change>> batches = batches(random, rows);
            double[] millis = new double[batches.size()];
            long started = System.nanoTime();
            for (int i = 0; i < millis.length; i++) {
                long before = System.nanoTime();
                store.apply("base", space.name(), "", batches.get(i));
                millis[i] = (System.nanoTime() - before) / 1e6;
            }
            double seconds = (System.nanoTime() - started) / 1e9;
            Arrays.sort(millis);
            double p99 = millis[(int) Math.min(millis.length - 1L, Math.round(0.99 * millis.length))];
            int count = store.current().space(space.name()).orElseThrow().count();
            out.printf(
                    Locale.ROOT,
                    "%d rows in %.2f s: %.0f a second (need %.0f), batches of %d visible in %.1f ms at p99 (at most %.0f), %d rows in all%n",
                    rows,
                    seconds,
                    rows / seconds,
                    ROWS_A_SECOND_MIN,
                    BATCH,
                    p99,
                    MILLIS_P99_MAX,
                    count);
            return rows / seconds >= ROWS_A_SECOND_MIN && p99 <= MILLIS_P99_MAX;
        }
    }

    private static void publish(RepresentationStore store, DenseSpace space, SplittableRandom random, Path scratch)
            throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense(space.name(), "m", EntityKind.USER, DIMENSION);
        for (int i = 0; i < BASE_ROWS; i++) {
            writer.add(EntityId.of(EntityKind.USER, i), row(random));
        }
        try (InputStream file = Files.newInputStream(writer.writeTo(scratch))) {
            store.stage("base", space.name(), file);
        }
        store.publish("base", PublicationListener.NONE);
    }

    private static List<List<Change>> batches(SplittableRandom random, long rows) {
        List<List<Change>> batches = new ArrayList<>();
        for (long i = 0; i < rows; i++) {
            if (i % BATCH == 0) {
                batches.add(new ArrayList<>());
            }
            batches.getLast()
                    .add(new Change.Upsert(
                            EntityId.of(EntityKind.USER, random.nextInt(2 * BASE_ROWS)),
                            new Embedding.Dense(row(random)),
                            OptionalLong.of(i)));
        }
        return batches;
    }

    private static float[] row(SplittableRandom random) {
        float[] row = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            row[i] = (float) random.nextDouble(-1, 1);
        }
        return row;
    }
}
