package repscorer.benchmarks.proofs;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.benchmarks.reliability.FaultRun;
import repscorer.benchmarks.reliability.FlipRun;
import repscorer.benchmarks.reliability.Quiet;

/** One flipped bit anywhere in a store is found and named, and never served. */
final class FlipsProof implements Proof {

    private static final long CASES = 10_000;
    private static final int SHOWN = 10;

    @Override
    public String name() {
        return "flips";
    }

    @Override
    public String claim() {
        return "a flipped bit in any file of the store, graphs and signals too, is found, named and never served (--cases N, default %s; minutes)"
                .formatted(CASES);
    }

    @Override
    public boolean holds(PrintStream out) throws IOException {
        return holds(out, CASES);
    }

    @Override
    public boolean holds(PrintStream out, long cases) throws IOException {
        Quiet.store();
        long missed = 0;
        FlipRun run;
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-flips")) {
            run = new FlipRun(FaultRun.releases(scratch.path()));
        }
        for (long seed = 1; seed <= cases; seed++) {
            List<String> differences = run.flip(seed);
            missed += differences.isEmpty() ? 0 : 1;
            if (missed <= SHOWN) {
                differences.forEach(out::println);
            }
        }
        out.printf(
                Locale.ROOT,
                "%s of %s flipped bits were missed or served, in files of the kinds %s%n",
                missed,
                cases,
                run.kinds());
        return missed == 0;
    }
}
