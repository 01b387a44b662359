package repscorer.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import repscorer.analysis.LoggedAnswers.Seen;
import repscorer.analysis.statistics.IsotonicFit;
import repscorer.analysis.statistics.IsotonicFit.Point;
import repscorer.analysis.statistics.IsotonicFit.Step;
import repscorer.core.blend.Calibration;

/**
 * The probability of an outcome at each score, fitted to a log. Immutable.
 *
 * @param rows candidates that people saw
 * @param outcomes how many of them have the outcome
 * @param error the expected calibration error: by how much a told probability is off on average, on units that the fit did not see
 * @param constantError the same of telling everybody the mean
 */
public record ScoreCalibration(Calibration calibration, long rows, long outcomes, double error, double constantError) {

    /* Isotonic regression over groups of neighbouring scores; a point for each end of a step. */

    /**
     * Fits.
     *
     * @param column what is turned into a probability; the blend where none is named
     */
    public static ScoreCalibration of(LoggedAnswers log, Optional<String> column) {
        List<Point> all = new ArrayList<>();
        List<List<Point>> folds = List.of(new ArrayList<>(), new ArrayList<>());
        for (Seen seen : log.seen()) {
            seen.value(column).ifPresent(value -> {
                Point point = new Point(value, seen.row().reward() > 0 ? 1 : 0);
                all.add(point);
                folds.get(((seen.unit().hashCode() * 0x9E3779B9) >>> 16) & 1).add(point);
            });
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no candidate of the log has column '%s'".formatted(column.orElse("")));
        }
        double error = 0;
        double constant = 0;
        for (int fold = 0; fold < 2; fold++) {
            List<Point> learnt = folds.get(fold);
            List<Point> judged = folds.get(1 - fold);
            if (!learnt.isEmpty()) {
                Calibration calibration = fitted(learnt);
                double mean =
                        learnt.stream().mapToDouble(Point::outcome).average().orElse(0);
                error += ScoreGroups.error(calibration::probability, judged) * judged.size() / all.size();
                constant += ScoreGroups.error(score -> mean, judged) * judged.size() / all.size();
            }
        }
        return new ScoreCalibration(
                fitted(all),
                all.size(),
                all.stream().filter(point -> point.outcome() > 0).count(),
                error,
                constant);
    }

    private static Calibration fitted(List<Point> rows) {
        List<Calibration.Point> points = new ArrayList<>();
        for (Step step : IsotonicFit.of(ScoreGroups.grouped(rows))) {
            points.add(new Calibration.Point(step.from(), step.value()));
            if (step.to() > step.from()) {
                points.add(new Calibration.Point(step.to(), step.value()));
            }
        }
        return new Calibration(points);
    }
}
