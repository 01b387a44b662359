package repscorer.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.cli.console.ProgressLine;
import repscorer.cli.console.UserError;
import repscorer.training.Trainer;
import repscorer.training.evaluate.TaskResult;
import repscorer.training.evaluate.Tasks;
import repscorer.training.evaluate.TrainedEdges;
import repscorer.training.plan.TrainingPlan;

/** {@code repscorer evaluate}: judges a release by the edges that its training did not see. */
@Command(
        name = "evaluate",
        description =
                "Judges a trained release by held-out edges: link prediction, recommendation, communities, content.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The plan is the one in the release's training.json, unless --plan gives another.",
            "Each task writes flat objects, such as {\"task\":\"link-prediction\",\"mrr\":0.33,\"hits10\":0.52}."
        })
final class EvaluateCommand implements Callable<Integer> {

    @Option(names = "--release", required = true, paramLabel = "DIR", description = "The embedding files to judge.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path release;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "Holds the plan's edge files.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path data;

    @Option(names = "--plan", paramLabel = "FILE", description = "The training plan, where not the release's own.")
    private @Nullable Path plan;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results there as a JSON array.")
    private @Nullable Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the results there as a page with plots.")
    private @Nullable Path html;

    @Override
    public Integer call() throws Exception {
        Home.requireDirectory("--release", release);
        Home.requireDirectory("--data", data);
        TrainingPlan read = plan();
        ProgressLine progress = ProgressLine.standard();
        List<TaskResult> results = Tasks.evaluate(read, data, release, progress::update);
        progress.clear();
        if (results.isEmpty()) {
            throw new UserError("nothing to judge by: the plan holds no edges out and names no test files");
        }
        if (TrainedEdges.read(release).isEmpty()) {
            System.err.println("repscorer: %s does not tell which edges were trained on; some of them may judge"
                    .formatted(release.resolve(Trainer.REPORT)));
        }
        System.out.print(Tasks.toText(results));
        if (json != null) {
            Tasks.writeJson(json, results);
        }
        if (html != null) {
            Tasks.writeHtml(html, read, results);
        }
        return 0;
    }

    private TrainingPlan plan() {
        if (plan != null) {
            Home.requireFile("--plan", plan);
            return TrainingPlan.read(plan);
        }
        Path report = release.resolve(Trainer.REPORT);
        if (!Files.isRegularFile(report)) {
            throw new UserError("--plan must name the training plan: there is no " + report);
        }
        return Trainer.plan(report);
    }
}
