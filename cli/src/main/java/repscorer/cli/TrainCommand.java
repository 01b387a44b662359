package repscorer.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.cli.console.ProgressLine;
import repscorer.cli.console.ReportPrinter;
import repscorer.training.Trainer;
import repscorer.training.TrainingReport;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;

/** {@code repscorer train}: edges in, a directory of embedding files out. */
@Command(
        name = "train",
        description = "Learns TwHIN and SimClusters embeddings from edges and evaluates them on held-out ones.",
        mixinStandardHelpOptions = true,
        footer = {"", "Plans are described by the examples in config/training/."})
final class TrainCommand implements Callable<Integer> {

    @Option(names = "--plan", required = true, paramLabel = "FILE", description = "The training plan.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path plan;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "Holds the plan's edge files.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path data;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the release is written.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Override
    public Integer call() throws Exception {
        Home.requireFile("--plan", plan);
        Home.requireDirectory("--data", data);
        ProgressLine progress = ProgressLine.standard();
        TrainingReport report = Trainer.train(YamlFiles.read(plan, TrainingPlan.class), data, out, progress::update);
        progress.clear();
        ReportPrinter.print(report, System.out);
        return 0;
    }
}
