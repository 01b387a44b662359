package repscorer.benchmarks.proofs;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ProofData;
import repscorer.training.evaluate.Evaluation;
import repscorer.training.evaluate.Evaluator;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.progress.TrainingProgress;

/** On Gowalla the baseline of neighbours between items finds what is published for it, so that what beats it beats something. */
final class ItemKnnProof implements Proof {

    private static final String FOLDER = "gowalla";

    /** Recall@20 of ItemCF with cosines and 100 neighbours in the BARS benchmarks. */
    private static final double PUBLISHED = 0.1570;

    private static final double APART_MAX = 0.001;

    @Override
    public String name() {
        return "item-knn";
    }

    @Override
    public String claim() {
        return "item-kNN finds what is published for it on Gowalla: recall@20 within .001 of .1570 (a minute)";
    }

    @Override
    public boolean holds(PrintStream out) {
        Optional<Path> data = ProofData.folder(FOLDER);
        if (data.isEmpty()) {
            out.println("skipped: no " + FOLDER + " in " + ProofData.root() + " (set REPSCORER_DATA)");
            return true;
        }
        Path plan = Path.of(System.getProperty("repscorer.root", "")).resolve("config/training/gowalla.yaml");
        Evaluation evaluation = Evaluator.baselines(TrainingPlan.read(plan), data.get(), TrainingProgress.NONE);
        out.print(evaluation.toTable());
        Evaluation.Row row = evaluation.row("visit", Evaluator.ITEM_KNN);
        out.printf(
                Locale.ROOT,
                "item-kNN: recall@20 %.4f, NDCG@20 %.4f%n",
                row.recall(20),
                row.ndcg().getOrDefault(20, Double.NaN));
        return Math.abs(row.recall(20) - PUBLISHED) <= APART_MAX;
    }
}
