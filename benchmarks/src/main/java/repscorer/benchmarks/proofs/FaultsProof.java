package repscorer.benchmarks.proofs;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.benchmarks.reliability.FaultRun;
import repscorer.benchmarks.reliability.Quiet;
import repscorer.benchmarks.reliability.Workload;

/** The store on a disk that fails, fills up and forgets: acknowledged writes stay, refused releases are never seen. */
final class FaultsProof implements Proof {

    private static final long SEEDS = 5_000;
    private static final int SHOWN = 10;

    @Override
    public String name() {
        return "faults";
    }

    @Override
    public String claim() {
        return "no acknowledged change, release, signal or backup is lost, scanned or in graphs, on a disk that fails, fills up and forgets (--seeds N, default %s; minutes)"
                .formatted(SEEDS);
    }

    @Override
    public boolean holds(PrintStream out) throws IOException {
        return holds(out, SEEDS);
    }

    @Override
    public boolean holds(PrintStream out, long seeds) throws IOException {
        Quiet.store();
        long broken = 0;
        long acknowledged = 0;
        long failed = 0;
        long cuts = 0;
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-faults")) {
            List<Workload.ReleaseFiles> files = FaultRun.releases(scratch.path());
            for (long seed = 1; seed <= seeds; seed++) {
                FaultRun.Result result = FaultRun.run(seed, files);
                acknowledged += result.acknowledged();
                failed += result.failed();
                cuts += result.cuts();
                broken += result.differences().isEmpty() ? 0 : 1;
                if (broken <= SHOWN) {
                    result.differences().forEach(out::println);
                }
                if (seed % 1_000 == 0) {
                    out.printf(Locale.ROOT, "%s seeds, %s broken%n", seed, broken);
                }
            }
        }
        out.printf(
                Locale.ROOT,
                "%s of %s seeds broke a guarantee: %s steps acknowledged, %s failed as they should, %s power cuts, rows find themselves in %.4f of searches%n",
                broken,
                seeds,
                acknowledged,
                failed,
                cuts,
                Workload.selfRecall());
        return broken == 0 && Workload.selfRecall() >= Workload.SELF_RECALL_MIN;
    }
}
