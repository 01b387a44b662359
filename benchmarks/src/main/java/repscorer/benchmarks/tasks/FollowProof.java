package repscorer.benchmarks.tasks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ProofData;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.training.Trainer;
import repscorer.training.evaluate.ColumnsAdded;
import repscorer.training.evaluate.ColumnsAdded.Added;
import repscorer.training.evaluate.Evaluator;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.HoldOut;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.progress.TrainingProgress;

/**
 * Whom to follow on the real ego-Twitter graph, with one column after another added to the blend: the network's own links first, so that
 * it shows what vectors add to them.
 */
public final class FollowProof implements Proof {

    private static final String RELATION = "follow";
    private static final List<Integer> KS = List.of(10, 50);

    /** Four times the plan's: of a thousand the interval of recall@10 is wider than what vectors bring. */
    private static final int USERS = 4_000;

    /** So many of the first columns are the network's own. */
    private static final int NETWORK = 3;

    private static final List<String> ORDER = List.of(
            Evaluator.MUTUAL,
            Evaluator.RECIPROCITY,
            Evaluator.NEAR_POPULARITY,
            Evaluator.SIMCLUSTERS,
            Evaluator.TWHIN,
            Evaluator.MIXTURE);

    @Override
    public String name() {
        return "follow";
    }

    @Override
    public String claim() {
        return "vectors find more held-out follows than the network's own links do, beyond the interval (15 minutes)";
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        Optional<Path> data = ProofData.folder("ego-twitter");
        if (data.isEmpty()) {
            out.println("skipped: no ego-twitter in " + ProofData.root() + " (set REPSCORER_DATA)");
            return true;
        }
        TrainingPlan read = TrainingPlan.read(
                Path.of(System.getProperty("repscorer.root", "")).resolve("config/training/ego-twitter.yaml"));
        TrainingPlan plan = read.withEvaluation(read.evaluation().withUsers(USERS));
        try (ScratchDirectory release = ScratchDirectory.create("repscorer-follow")) {
            Trainer.train(plan, data.get(), release.path(), TrainingProgress.NONE);
            return holds(plan, data.get(), release.path(), out);
        }
    }

    private static boolean holds(TrainingPlan plan, Path data, Path release, PrintStream out) throws IOException {
        HoldOut.Split split = HoldOut.split(EdgeReader.read(plan, data, TrainingProgress.NONE), plan);
        boolean holds = true;
        String last = "";
        for (int k : KS) {
            List<Added> added = ColumnsAdded.of(plan, split, release, RELATION, ORDER, k, TrainingProgress.NONE);
            for (int n = 0; n < added.size(); n++) {
                Added now = added.get(n);
                out.printf(
                        Locale.ROOT,
                        "recall@%d %-18s %.4f%s%n",
                        k,
                        (n == 0 ? "" : "+ ") + ORDER.get(n),
                        now.mean(),
                        n == 0 ? "" : String.format(Locale.ROOT, "  %s", gain(now, added.get(n - 1))));
            }
            Added network = added.get(NETWORK - 1);
            Added all = added.getLast();
            holds &= all.over(network) > all.interval(network);
            last += String.format(
                    Locale.ROOT,
                    "%srecall@%d %.4f, %s by vectors",
                    last.isEmpty() ? "" : "; ",
                    k,
                    all.mean(),
                    gain(all, network));
        }
        out.println(last + ", of " + plan.evaluation().users() + " users");
        return holds;
    }

    /** With its 95 % interval, user by user. */
    private static String gain(Added now, Added before) {
        return String.format(Locale.ROOT, "%+.4f ± %.4f", now.over(before), now.interval(before));
    }
}
