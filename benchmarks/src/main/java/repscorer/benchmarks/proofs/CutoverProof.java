package repscorer.benchmarks.proofs;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import repscorer.ann.DenseIndex;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.benchmarks.proof.SearchLoad;
import repscorer.benchmarks.proof.StoreRows;
import repscorer.benchmarks.reliability.Quiet;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.StoreOptions;

/** Searches hardly notice that a release is built, checked and put live beside them. */
final class CutoverProof implements Proof {

    private static final int ROWS = 200_000;
    private static final double LOAD = 0.5;
    private static final double BEFORE_SECONDS = 15;
    private static final double CUT_OVER_SECONDS = 5;
    private static final double BUILD_RATIO_MAX = 2;
    private static final double CUT_OVER_RATIO_MAX = 1.2;
    private static final double ROLL_BACK_SECONDS_MAX = 1;

    @Override
    public String name() {
        return "cutover";
    }

    @Override
    public String claim() {
        return String.format(
                Locale.ROOT,
                "at half of a processor's saturation a release of %,d rows is built beside searches at p99 <= %.0fx, and goes live at <= %.1fx (minutes)",
                ROWS,
                BUILD_RATIO_MAX,
                CUT_OVER_RATIO_MAX);
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        return holds(out, ROWS);
    }

    @Override
    public boolean holds(PrintStream out, long rows) throws Exception {
        Quiet.store();
        StoreRows data = StoreRows.load((int) rows);
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-cutover");
                RepresentationStore store = RepresentationStore.open(
                        scratch.path().resolve("store"), List.of(StoreRows.SPACE), StoreOptions.DEFAULT)) {
            data.stage(store, "one", (int) rows, 0, scratch.path());
            store.publish("one", PublicationListener.NONE);
            data.stage(store, "two", (int) rows, 1, scratch.path());
            return measure(out, store, data);
        }
    }

    private static boolean measure(PrintStream out, RepresentationStore store, StoreRows data) throws Exception {
        Supplier<DenseIndex> live = SearchLoad.live(store, StoreRows.SPACE.name());
        SearchLoad.saturation(live, data.queries(), 3);
        double saturation = SearchLoad.saturation(live, data.queries(), 3);
        int threads = Runtime.getRuntime().availableProcessors();
        long before;
        long building;
        long cutOver;
        long end;
        double rollBackSeconds;
        AtomicLong graphDone = new AtomicLong();
        SearchLoad load = new SearchLoad(live, data.queries(), threads, LOAD * saturation);
        try (load) {
            pause(2);
            before = System.nanoTime();
            pause(BEFORE_SECONDS);
            building = System.nanoTime();
            store.publish("two", (step, done, total) -> graphDone.set(System.nanoTime()));
            cutOver = System.nanoTime();
            pause(CUT_OVER_SECONDS);
            end = System.nanoTime();
            long rollBack = System.nanoTime();
            store.rollBack("one");
            rollBackSeconds = (System.nanoTime() - rollBack) / 1e9;
        }
        // From the last step of the publication on: warming, renames, syncs, the exchange, and the first searches after
        // it.
        long from = Math.min(graphDone.get(), cutOver);
        double calm = load.p99Millis(before, building);
        double built = load.p99Millis(building, from) / calm;
        double switched = load.p99Millis(from, end) / calm;
        out.printf(
                Locale.ROOT,
                "%s rows; one thread is saturated at %,.0f searches a second; built and checked in %.0f s beside %,.0f a second%n",
                data.origin(),
                saturation,
                (cutOver - building) / 1e9,
                LOAD * saturation);
        out.printf(
                Locale.ROOT,
                "p99 %.2f ms before, %.2fx while it is built (at most %.1f), %.2fx at the cut-over (at most %.1f); rolled back in %.3f s%n",
                calm,
                built,
                BUILD_RATIO_MAX,
                switched,
                CUT_OVER_RATIO_MAX,
                rollBackSeconds);
        return built <= BUILD_RATIO_MAX && switched <= CUT_OVER_RATIO_MAX && rollBackSeconds <= ROLL_BACK_SECONDS_MAX;
    }

    private static void pause(double seconds) throws InterruptedException {
        Thread.sleep((long) (1000 * seconds));
    }
}
