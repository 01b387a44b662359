package repscorer.cli;

import java.util.List;
import repscorer.benchmarks.proofs.DemoStartProof;
import repscorer.benchmarks.proofs.EgoTwitterProof;
import repscorer.benchmarks.proofs.LinkPredictionProof;
import repscorer.benchmarks.proofs.Proof;
import repscorer.benchmarks.proofs.SiftRecallProof;
import repscorer.benchmarks.proofs.SimClustersProof;
import repscorer.benchmarks.proofs.TrainingSpeedProof;

/** The slow proofs, in the order in which {@code bin/prove} lists them. */
final class Proofs {

    private Proofs() {}

    static List<Proof> all() {
        return List.of(
                new DemoStartProof(),
                new EgoTwitterProof(),
                new SiftRecallProof(),
                LinkPredictionProof.codexS(),
                LinkPredictionProof.fb15k237(),
                new TrainingSpeedProof(),
                new SimClustersProof());
    }
}
