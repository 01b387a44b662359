package repscorer.cli.experiments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import repscorer.analysis.LoggedAnswers;
import repscorer.analysis.ScoreCalibration;
import repscorer.core.blend.Calibration;

/** {@code repscorer experiment calibrate}: the probability of an outcome at each score. */
@Command(
        name = "calibrate",
        description = "Fits the probability of an outcome at each score, and writes its points.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: repscorer experiment calibrate --log data/decisions --surface follow --goal follow --out points.yaml"
        })
final class CalibrateCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private LogOptions log;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private GoalOptions goal;

    @Option(names = "--column", paramLabel = "NAME", description = "Of a column's raw score (default: of the blend).")
    private @Nullable String column;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where the points go, as YAML.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Override
    public Integer call() throws IOException {
        LogOptions.checkWritable("--out", out);
        LoggedAnswers answers = goal.answers();
        log.read(goal.of(answers));
        ScoreCalibration calibration = ScoreCalibration.of(answers, Optional.ofNullable(column));
        new ExperimentPrinter(System.out).print(calibration);
        Files.writeString(out, yaml(calibration.calibration()));
        return 0;
    }

    /** As a surface declares it. */
    private static String yaml(Calibration calibration) {
        StringBuilder text = new StringBuilder("calibration:\n  points:\n");
        for (Calibration.Point point : calibration.points()) {
            text.append(String.format(
                    Locale.ROOT, "    - {score: %s, probability: %s}%n", point.score(), point.probability()));
        }
        return text.toString();
    }
}
