package repscorer.analysis;

import java.util.ArrayList;
import java.util.Comparator;
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

    /* Isotonic regression over at most 200 groups of neighbouring scores, as many rows in each; a point for each end of a step. */

    private static final int GROUPS_MAX = 200;
    private static final int GROUP_ROWS_LEAST = 20;
    private static final int BINS = 10;

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
                error += error(calibration, judged) * judged.size() / all.size();
                constant += error(new Calibration(List.of(new Calibration.Point(0, mean))), judged)
                        * judged.size()
                        / all.size();
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
        for (Step step : IsotonicFit.of(grouped(rows))) {
            points.add(new Calibration.Point(step.from(), step.value()));
            if (step.to() > step.from()) {
                points.add(new Calibration.Point(step.to(), step.value()));
            }
        }
        return new Calibration(points);
    }

    /** Each row with the mean score of its group. */
    private static List<Point> grouped(List<Point> rows) {
        List<Point> sorted =
                rows.stream().sorted(Comparator.comparingDouble(Point::score)).toList();
        int size = Math.max(GROUP_ROWS_LEAST, (sorted.size() + GROUPS_MAX - 1) / GROUPS_MAX);
        List<Point> grouped = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += size) {
            List<Point> group = sorted.subList(from, Math.min(sorted.size(), from + size));
            double score = group.stream().mapToDouble(Point::score).average().orElseThrow();
            group.forEach(point -> grouped.add(new Point(score, point.outcome())));
        }
        return grouped;
    }

    /** Over ten bins of as many rows, by score: |mean told − mean outcome|, weighed by rows. */
    private static double error(Calibration calibration, List<Point> rows) {
        List<Point> sorted =
                rows.stream().sorted(Comparator.comparingDouble(Point::score)).toList();
        double error = 0;
        for (int bin = 0; bin < BINS; bin++) {
            List<Point> in = sorted.subList(bin * sorted.size() / BINS, (bin + 1) * sorted.size() / BINS);
            double told = in.stream()
                    .mapToDouble(point -> calibration.probability(point.score()))
                    .sum();
            double outcomes = in.stream().mapToDouble(Point::outcome).sum();
            error += Math.abs(told - outcomes) / Math.max(1, sorted.size());
        }
        return error;
    }
}
