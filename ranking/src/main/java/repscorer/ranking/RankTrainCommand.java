package repscorer.ranking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import repscorer.cli.console.UserError;
import repscorer.models.ModelFile;
import repscorer.training.plan.YamlFiles;

/** {@code repscorer rank train}: a model from what people saw and did. */
@Command(
        name = "train",
        description =
                "Learns a model from impressions, calibrates it, judges it by the latest of them with and without each group"
                        + " of features, and writes it as a file for config/models.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: repscorer rank train --log data/decisions --plan click.yaml --out config/models/click.json",
            "Plans are described in docs/algorithms/models.md."
        })
final class RankTrainCommand implements Callable<Integer> {

    @Option(
            names = "--log",
            paramLabel = "DIR|FILE",
            required = true,
            description =
                    "A log of decisions and outcomes, or a table of features (.csv, .tsv, .ndjson, .parquet); several"
                            + " are read together.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private List<Path> logs;

    @Option(names = "--plan", paramLabel = "FILE", required = true, description = "What is learnt, and of what.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path plan;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "The model, called after itself: NAME.json.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Option(
            names = "--window-days",
            paramLabel = "N",
            defaultValue = "7",
            description = "How long after its decision an outcome counts, 1 to 366 days (default ${DEFAULT-VALUE}).")
    private int windowDays = 7;

    @Override
    public Integer call() throws IOException {
        RankPlan known = YamlFiles.read(plan, RankPlan.class);
        Path directory = out.toAbsolutePath().getParent();
        String wanted = known.model() + ModelFile.SUFFIX;
        if (directory == null || !Files.isDirectory(directory) || !out.endsWith(wanted)) {
            throw new UserError("--out must name a file %s in a directory that is there: %s".formatted(wanted, out));
        }
        if (windowDays < 1 || windowDays > 366) {
            throw new UserError("--window-days must be 1 to 366: %s".formatted(windowDays));
        }
        RankTrainer.Trained trained;
        try {
            ImpressionReader reader = new ImpressionReader(known, Duration.ofDays(windowDays));
            for (Path log : logs) {
                reader.read(log);
            }
            trained = new RankTrainer(known).train(reader.impressions());
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
        trained.report().print(System.out);
        Files.write(out, trained.file().toBytes());
        System.out.printf("%s, digest %s%n", out, trained.file().model().digest());
        return 0;
    }
}
