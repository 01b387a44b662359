package repscorer.benchmarks.proofs;

import com.sun.management.OperatingSystemMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ProofData;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.training.Trainer;
import repscorer.training.evaluate.TaskResult;
import repscorer.training.evaluate.Tasks;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.progress.TrainingProgress;

/** On a public link prediction benchmark the shipped plan reaches what is published, by filtered ranks on the test split. */
final class LinkPredictionProof implements Proof {

    private static final OperatingSystemMXBean MACHINE =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final String plan;
    private final String folder;
    private final double mrr;
    private final double hits10;
    private final double cpuMinutesMost;

    private LinkPredictionProof(String plan, String folder, double mrr, double hits10, double cpuMinutesMost) {
        this.plan = plan;
        this.folder = folder;
        this.mrr = mrr;
        this.hits10 = hits10;
        this.cpuMinutesMost = cpuMinutesMost;
    }

    /** The proof on FB15k-237. */
    public static LinkPredictionProof fb15k237() {
        return new LinkPredictionProof("fb15k-237", "kge/FB15k-237", 0.31, 0.49, 20);
    }

    /** The proof on CoDEx-S. */
    public static LinkPredictionProof codexS() {
        return new LinkPredictionProof("codex-s", "kge/CoDEx-S", 0.42, 0, 20);
    }

    @Override
    public String name() {
        return plan;
    }

    @Override
    public String claim() {
        return String.format(
                Locale.ROOT,
                "%s: filtered MRR at least %.2f, Hits@10 at least %.2f, trained in at most %.0f CPU minutes",
                plan,
                mrr,
                hits10,
                cpuMinutesMost);
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        Optional<Path> data = ProofData.folder(folder);
        if (data.isEmpty()) {
            out.println("skipped: no " + folder + " in " + ProofData.root() + " (set REPSCORER_DATA)");
            return true;
        }
        Path file = Path.of(System.getProperty("repscorer.root", "")).resolve("config/training/" + plan + ".yaml");
        TrainingPlan read = TrainingPlan.read(file);
        try (ScratchDirectory release = ScratchDirectory.create("repscorer-" + plan)) {
            long from = MACHINE.getProcessCpuTime();
            Trainer.train(read, data.get(), release.path(), TrainingProgress.NONE);
            double minutes = (MACHINE.getProcessCpuTime() - from) / 60e9;
            List<TaskResult> results = Tasks.evaluate(read, data.get(), release.path(), TrainingProgress.NONE);
            TaskResult result = results.getFirst();
            out.println(result);
            out.printf(
                    Locale.ROOT,
                    "%s: MRR %.4f, Hits@10 %.4f, trained in %.1f CPU minutes%n",
                    plan,
                    result.figure("mrr"),
                    result.figure("hits10"),
                    minutes);
            return result.figure("mrr") >= mrr && result.figure("hits10") >= hits10 && minutes <= cpuMinutesMost;
        }
    }
}
