package repscorer.benchmarks.proofs;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ProofData;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.training.Trainer;
import repscorer.training.TrainingReport;
import repscorer.training.evaluate.Evaluation;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** On the real ego-Twitter graph, the blend finds more held-out edges than any part and than item-kNN in both ways, each part more than popularity. */
final class EgoTwitterProof implements Proof {

    private static final String FOLDER = "ego-twitter";
    private static final List<String> RELATIONS = List.of("follow", "interest");
    private static final List<Integer> KS = List.of(10, 50);
    private static final int COMPARISONS = 7;

    @Override
    public String name() {
        return "ego-twitter";
    }

    @Override
    public String claim() {
        return "on held-out follows and hashtags the blend beats TwHIN, SimClusters, mixtures and both item-kNN (10 minutes)";
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        Optional<Path> folder = ProofData.folder(FOLDER);
        if (folder.isEmpty()) {
            out.println("skipped: no " + FOLDER + " in " + ProofData.root() + " (set REPSCORER_DATA)");
            return true;
        }
        Path plan = Path.of(System.getProperty("repscorer.root", "")).resolve("config/training/ego-twitter.yaml");
        try (ScratchDirectory release = ScratchDirectory.create("repscorer-ego-twitter")) {
            TrainingReport report = Trainer.train(
                    YamlFiles.read(plan, TrainingPlan.class), folder.get(), release.path(), TrainingProgress.NONE);
            out.print(report.evaluation().toTable());
            out.printf(Locale.ROOT, "took %s seconds%n", report.seconds());
            List<String> failures = failures(report.evaluation());
            failures.forEach(out::println);
            out.printf(
                    Locale.ROOT,
                    "recall@10 of the blend = %.4f follow, %.4f interest; %s of %s comparisons fail%n",
                    report.evaluation().row("follow", "blend").recall(10),
                    report.evaluation().row("interest", "blend").recall(10),
                    failures.size(),
                    RELATIONS.size() * KS.size() * COMPARISONS);
            return failures.isEmpty();
        }
    }

    private static List<String> failures(Evaluation evaluation) {
        List<String> failures = new ArrayList<>();
        for (String relation : RELATIONS) {
            for (int k : KS) {
                compare(evaluation, relation, k, "blend", "twhin", failures);
                compare(evaluation, relation, k, "blend", "simclusters", failures);
                compare(evaluation, relation, k, "blend", "mixture", failures);
                compare(evaluation, relation, k, "blend", "item-knn", failures);
                compare(evaluation, relation, k, "blend", "item-knn-sums", failures);
                compare(evaluation, relation, k, "twhin", "popularity", failures);
                compare(evaluation, relation, k, "simclusters", "popularity", failures);
            }
        }
        return failures;
    }

    private static void compare(
            Evaluation evaluation, String relation, int k, String better, String worse, List<String> failures) {
        double high = evaluation.row(relation, better).recall(k);
        double low = evaluation.row(relation, worse).recall(k);
        if (!(high > low)) {
            failures.add(String.format(
                    Locale.ROOT, "%s recall@%s: %s %.4f is not above %s %.4f", relation, k, better, high, worse, low));
        }
    }
}
