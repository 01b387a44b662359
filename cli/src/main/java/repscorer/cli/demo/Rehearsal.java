package repscorer.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import repscorer.api.RunningService;
import repscorer.api.ScorerApplication;
import repscorer.api.ServiceOptions;
import repscorer.cli.console.ProgressLine;
import repscorer.cli.remote.Publisher;
import repscorer.client.Promotions.Terms;
import repscorer.client.ScorerClient;
import repscorer.core.disk.Disk;
import repscorer.training.Trainer;
import repscorer.training.network.NetworkOptions;
import repscorer.training.network.SyntheticNetwork;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/**
 * A service that starts, takes a small release, asks itself until it is warm, and ends: in a directory that goes with it.
 *
 * @param config the service's configuration, which also holds the demo's plan of training
 */
public record Rehearsal(Path config) {

    private static final NetworkOptions NETWORK = new NetworkOptions(400, 800, 8, 1);

    public void run() throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("repscorer-rehearsal");
        try {
            Path edges = scratch.resolve("network");
            Path release = scratch.resolve("release");
            SyntheticNetwork.write(NETWORK, edges);
            TrainingPlan plan = YamlFiles.read(config.resolve("training/demo.yaml"), TrainingPlan.class);
            Trainer.train(plan.withoutHoldOut(), edges, release, TrainingProgress.NONE);
            serve(scratch.resolve("service"), release);
        } finally {
            Disk.LOCAL.deleteTree(scratch);
        }
    }

    private void serve(Path data, Path release) throws IOException {
        Demo.quiet();
        String token = Demo.anyToken();
        ServiceOptions options = ServiceOptions.defaults()
                .withConfigDirectory(config)
                .withDataDirectory(data)
                .withAdminToken(token)
                .withSetting("management-port", "0")
                .withPort(0);
        try (RunningService service = ScorerApplication.start(options);
                ScorerClient client = ScorerClient.builder(service.uri())
                        .adminToken(token)
                        .uploadTimeout(Duration.ofMinutes(10))
                        .build()) {
            Publisher.publish(client, release, "rehearsal", Terms.STRICT, false, ProgressLine.standard());
        }
    }
}
