package repscorer.benchmarks.proofs;

import java.util.List;
import repscorer.benchmarks.ads.AdsProof;
import repscorer.benchmarks.churn.ChurnProof;
import repscorer.benchmarks.churn.FoldsProof;
import repscorer.benchmarks.churn.RunBooksProof;
import repscorer.benchmarks.experiments.ExperimentsProof;
import repscorer.benchmarks.experiments.OffPolicyProof;
import repscorer.benchmarks.image.ImageProof;
import repscorer.benchmarks.models.ModelProof;
import repscorer.benchmarks.parsers.ParsersProof;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.requests.DecisionsProof;
import repscorer.benchmarks.requests.TenantsProof;
import repscorer.benchmarks.serving.FirstRequestsProof;
import repscorer.benchmarks.serving.FuzzProof;
import repscorer.benchmarks.serving.SoakProof;
import repscorer.benchmarks.streams.StreamsProof;
import repscorer.benchmarks.tasks.FollowProof;
import repscorer.benchmarks.text.TextProof;
import repscorer.benchmarks.versions.AlignmentProof;
import repscorer.benchmarks.versions.CompressionProof;

/** The slow proofs, in the order in which {@code bin/prove} lists them. */
public final class Proofs {

    private Proofs() {}

    public static List<Proof> all() {
        return List.of(
                new DemoStartProof(),
                new SameAnswersProof(),
                new EgoTwitterProof(),
                new FollowProof(),
                new SiftRecallProof(),
                new FilterProof(),
                new OpenProof(),
                new GateProof(),
                new AlignmentProof(),
                new CompressionProof(),
                new AssignmentProof(),
                new ExperimentsProof(),
                new OffPolicyProof(),
                new DecisionsProof(),
                new TenantsProof(),
                new ChurnProof(),
                new FoldsProof(),
                new RunBooksProof(),
                new ParityProof(),
                new SimClustersRecallProof(),
                new BlendOptimalProof(),
                new CrashProof(),
                new FaultsProof(),
                new FlipsProof(),
                new UpsertsProof(),
                new StreamsProof(),
                new TextProof(),
                new ModelProof(),
                new AdsProof(),
                new SustainedProof(),
                new CutoverProof(),
                new RestartProof(),
                new OverloadProof(),
                new FirstRequestsProof(),
                new SoakProof(),
                new FuzzProof(),
                new ParsersProof(),
                new ImageProof(),
                new ItemKnnProof(),
                new ParquetProof(),
                new ReadersProof(),
                LinkPredictionProof.codexS(),
                LinkPredictionProof.fb15k237(),
                new TrainingSpeedProof(),
                new SimClustersProof(),
                new MutantsProof());
    }
}
