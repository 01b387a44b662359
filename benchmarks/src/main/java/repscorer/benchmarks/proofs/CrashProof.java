package repscorer.benchmarks.proofs;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.benchmarks.reliability.CrashRun;
import repscorer.benchmarks.reliability.Quiet;
import repscorer.benchmarks.reliability.Workload;

/** {@code kill -9} under a mixed load: acknowledged writes stay, releases are whole or absent, every start is clean. */
final class CrashProof implements Proof {

    private static final long KILLS = 200;
    private static final long SEED = 20_261_124;

    @Override
    public String name() {
        return "crash";
    }

    @Override
    public String claim() {
        return "kill -9 under upserts, deletes, signals, publications, backups and compactions, scanned and in graphs, loses nothing acknowledged (--kills N, default %s; minutes)"
                .formatted(KILLS);
    }

    @Override
    public boolean holds(PrintStream out) throws IOException, InterruptedException {
        return holds(out, KILLS);
    }

    @Override
    public boolean holds(PrintStream out, long kills) throws IOException, InterruptedException {
        Quiet.store();
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-crash")) {
            CrashRun.Result result = CrashRun.run(scratch.path(), Math.toIntExact(kills), SEED, out);
            result.differences().stream().limit(20).forEach(out::println);
            out.printf(
                    Locale.ROOT,
                    "%s kills: %s guarantees broken, %s steps acknowledged, %s backups whole, %s torn ends cut, rows find themselves in %.4f of searches%n",
                    kills,
                    result.differences().size(),
                    result.acknowledged(),
                    result.backups(),
                    result.torn(),
                    Workload.selfRecall());
            return result.differences().isEmpty() && Workload.selfRecall() >= Workload.SELF_RECALL_MIN;
        }
    }
}
