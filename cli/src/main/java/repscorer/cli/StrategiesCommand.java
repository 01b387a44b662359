package repscorer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.cli.console.ProgressLine;
import repscorer.cli.console.UserError;
import repscorer.core.disk.Disk;
import repscorer.training.evaluate.TaskResult;
import repscorer.training.evaluate.Tasks;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.strategies.Strategies;

/** {@code repscorer rehearse strategies}: trains the next version in four ways and tells what each costs. */
@Command(
        name = "strategies",
        description =
                "Trains the next version of dense vectors cold, warm, warm with a pull, and cold with an alignment: drift, quality, time.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The old version learns from a random part of the edges and the new one from another, or, with --earlier, from those",
            "before a time and those before the plan's hold-out-from. probe: a logistic regression that learnt from old vectors."
        })
final class StrategiesCommand implements Callable<Integer> {

    @Option(
            names = "--plan",
            required = true,
            paramLabel = "FILE",
            description = "The training plan; only its twhin is trained.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path plan;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "Holds the plan's edge files.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path data;

    @Option(
            names = "--share",
            paramLabel = "SHARE",
            defaultValue = "0.7",
            description = "Of the edges that each version has, between 0 and 1 (default ${DEFAULT-VALUE}).")
    private double share;

    @Option(
            names = "--earlier",
            paramLabel = "TIME",
            description = "In place of parts: when the old version was made, such as 2012-07-04T00:00:00Z.")
    private @Nullable String earlier;

    @Option(
            names = "--pull",
            paramLabel = "λ",
            defaultValue = "0.01",
            description = "How strongly vectors are pulled towards the old ones, 0 to 1000 (default ${DEFAULT-VALUE}).")
    private double pull;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the table there as a JSON array.")
    private @Nullable Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write it there as a page.")
    private @Nullable Path html;

    @Override
    public Integer call() throws IOException {
        Home.requireFile("--plan", plan);
        Home.requireDirectory("--data", data);
        if (!(share > 0 && share < 1)) {
            throw new UserError("--share is between 0 and 1: %s".formatted(share));
        }
        if (!(pull >= 0 && pull <= 1000)) {
            throw new UserError("--pull is 0 to 1000: %s".formatted(pull));
        }
        TrainingPlan read = TrainingPlan.read(plan);
        Optional<Instant> cut = earlier == null ? Optional.empty() : Optional.of(instant(earlier));
        Path scratch = Files.createTempDirectory("repscorer-strategies");
        ProgressLine progress = ProgressLine.standard();
        List<TaskResult> results;
        try {
            results = Strategies.run(read, data, new Strategies.Options(share, cut, pull, scratch), progress::update);
        } finally {
            progress.clear();
            Disk.LOCAL.deleteTree(scratch);
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

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new UserError("--earlier is a time such as 2012-07-04T00:00:00Z: '%s'".formatted(text));
        }
    }
}
