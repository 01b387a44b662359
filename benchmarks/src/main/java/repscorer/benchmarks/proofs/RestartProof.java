package repscorer.benchmarks.proofs;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SplittableRandom;
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

/** A store of a million rows with changes in its log answers soon after a start. */
final class RestartProof implements Proof {

    private static final int ROWS = 1_000_000;
    private static final int CHANGES = 100_000;
    private static final int BATCH = 1_000;
    private static final double SECONDS_MAX = 10;

    /** No change is compacted, so that all of them are read from the log. */
    private static final StoreOptions OPTIONS =
            new StoreOptions(1, 8L << 30, Runtime.getRuntime().availableProcessors(), 100, 10_000_000);

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public String claim() {
        return String.format(
                Locale.ROOT,
                "a store of %,d rows x %s with %,d changes in its log answers %.0f s after a start (builds the graph first: minutes)",
                ROWS,
                StoreRows.DIMENSION,
                CHANGES,
                SECONDS_MAX);
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        return holds(out, ROWS);
    }

    @Override
    public boolean holds(PrintStream out, long rows) throws Exception {
        Quiet.store();
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-restart")) {
            Path directory = scratch.path().resolve("store");
            int expected = fill(out, directory, (int) rows, scratch.path());
            long start = System.nanoTime();
            try (RepresentationStore store = RepresentationStore.open(directory, List.of(StoreRows.SPACE), OPTIONS)) {
                SpaceVersion version =
                        store.current().space(StoreRows.SPACE.name()).orElseThrow();
                int found = version.dense()
                        .orElseThrow()
                        .search(query(), SearchLoad.OPTIONS)
                        .size();
                double seconds = (System.nanoTime() - start) / 1e9;
                out.printf(
                        Locale.ROOT,
                        "%,d rows and %,d changes: the first search is answered %.1f s after the start (at most %.0f)%n",
                        rows,
                        CHANGES,
                        seconds,
                        SECONDS_MAX);
                return seconds <= SECONDS_MAX && version.count() == expected && found == 10;
            }
        }
    }

    /** Answers how many rows there are in the end. */
    private static int fill(PrintStream out, Path directory, int rows, Path scratch) throws Exception {
        try (RepresentationStore store = RepresentationStore.open(directory, List.of(StoreRows.SPACE), OPTIONS)) {
            long start = System.nanoTime();
            StoreRows.load(rows).stage(store, "base", rows, 0, scratch);
            store.publish("base", PublicationListener.NONE);
            out.printf(Locale.ROOT, "staged, built and checked in %.0f s%n", (System.nanoTime() - start) / 1e9);
            SplittableRandom random = new SplittableRandom(5);
            for (int done = 0; done < CHANGES; done += BATCH) {
                List<Change> changes = new ArrayList<>(BATCH);
                for (int i = 0; i < BATCH; i++) {
                    changes.add(new Change.Upsert(
                            EntityId.of(EntityKind.USER, random.nextInt(rows + CHANGES)),
                            new Embedding.Dense(StoreRows.around(random, new float[StoreRows.DIMENSION], 1)),
                            OptionalLong.empty()));
                }
                store.apply("base", StoreRows.SPACE.name(), "", changes);
            }
            return store.current().space(StoreRows.SPACE.name()).orElseThrow().count();
        }
    }

    private static float[] query() {
        return StoreRows.around(new SplittableRandom(6), new float[StoreRows.DIMENSION], 1);
    }
}
