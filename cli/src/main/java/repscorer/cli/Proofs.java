package repscorer.cli;

import java.util.List;
import repscorer.benchmarks.proofs.BlendOptimalProof;
import repscorer.benchmarks.proofs.ChurnProof;
import repscorer.benchmarks.proofs.CrashProof;
import repscorer.benchmarks.proofs.CutoverProof;
import repscorer.benchmarks.proofs.DemoStartProof;
import repscorer.benchmarks.proofs.EgoTwitterProof;
import repscorer.benchmarks.proofs.FaultsProof;
import repscorer.benchmarks.proofs.FilterProof;
import repscorer.benchmarks.proofs.FlipsProof;
import repscorer.benchmarks.proofs.LinkPredictionProof;
import repscorer.benchmarks.proofs.OpenProof;
import repscorer.benchmarks.proofs.ParityProof;
import repscorer.benchmarks.proofs.Proof;
import repscorer.benchmarks.proofs.RestartProof;
import repscorer.benchmarks.proofs.SameAnswersProof;
import repscorer.benchmarks.proofs.SiftRecallProof;
import repscorer.benchmarks.proofs.SimClustersProof;
import repscorer.benchmarks.proofs.SimClustersRecallProof;
import repscorer.benchmarks.proofs.SustainedProof;
import repscorer.benchmarks.proofs.TrainingSpeedProof;
import repscorer.benchmarks.proofs.UpsertsProof;

/** The slow proofs, in the order in which {@code bin/prove} lists them. */
final class Proofs {

    private Proofs() {}

    static List<Proof> all() {
        return List.of(
                new DemoStartProof(),
                new SameAnswersProof(),
                new EgoTwitterProof(),
                new SiftRecallProof(),
                new FilterProof(),
                new OpenProof(),
                new ChurnProof(),
                new ParityProof(),
                new SimClustersRecallProof(),
                new BlendOptimalProof(),
                new CrashProof(),
                new FaultsProof(),
                new FlipsProof(),
                new UpsertsProof(),
                new SustainedProof(),
                new CutoverProof(),
                new RestartProof(),
                LinkPredictionProof.codexS(),
                LinkPredictionProof.fb15k237(),
                new TrainingSpeedProof(),
                new SimClustersProof());
    }
}
