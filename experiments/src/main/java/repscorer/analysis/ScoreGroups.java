package repscorer.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import repscorer.analysis.statistics.IsotonicFit;
import repscorer.analysis.statistics.IsotonicFit.Point;
import repscorer.analysis.statistics.IsotonicFit.Step;
import repscorer.core.blend.Calibration;

/** Scores with outcomes, in groups of neighbours: how calibrations are fitted and judged. Stateless; O(n log n). */
public final class ScoreGroups {

    /* At most 200 groups of neighbouring scores are fitted, as many rows in each, and ten are judged. */

    private static final int GROUPS_MAX = 200;
    private static final int GROUP_ROWS_LEAST = 20;
    private static final int BINS = 10;

    private ScoreGroups() {}

    private static List<Point> sorted(List<Point> rows) {
        return rows.stream().sorted(Comparator.comparingDouble(Point::score)).toList();
    }

    /** Each row with the mean score of its group. */
    static List<Point> grouped(List<Point> rows) {
        List<Point> sorted = sorted(rows);
        int size = Math.max(GROUP_ROWS_LEAST, (sorted.size() + GROUPS_MAX - 1) / GROUPS_MAX);
        List<Point> grouped = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += size) {
            List<Point> group = sorted.subList(from, Math.min(sorted.size(), from + size));
            double score = group.stream().mapToDouble(Point::score).average().orElseThrow();
            group.forEach(point -> grouped.add(new Point(score, point.outcome())));
        }
        return grouped;
    }

    /**
     * An isotonic calibration with a point in the middle of each step, so that probabilities rise with every score between the first and
     * the last one.
     *
     * @throws IllegalArgumentException where there are no rows
     */
    public static Calibration centred(List<Point> rows) {
        List<Point> grouped = grouped(rows);
        List<Calibration.Point> points = new ArrayList<>();
        int at = 0;
        for (Step step : IsotonicFit.of(grouped)) {
            double sum = 0;
            int from = at;
            while (at < grouped.size() && grouped.get(at).score() <= step.to()) {
                sum += grouped.get(at++).score();
            }
            points.add(new Calibration.Point(sum / (at - from), step.value()));
        }
        return new Calibration(points);
    }

    /**
     * The expected calibration error: over ten bins of as many rows, by score, |mean told − mean outcome|, weighed by rows.
     *
     * @param told the probability at a score
     */
    public static double error(DoubleUnaryOperator told, List<Point> rows) {
        List<Point> sorted = sorted(rows);
        double error = 0;
        for (int bin = 0; bin < BINS; bin++) {
            List<Point> in = sorted.subList(bin * sorted.size() / BINS, (bin + 1) * sorted.size() / BINS);
            double sum = in.stream()
                    .mapToDouble(point -> told.applyAsDouble(point.score()))
                    .sum();
            double outcomes = in.stream().mapToDouble(Point::outcome).sum();
            error += Math.abs(sum - outcomes) / Math.max(1, sorted.size());
        }
        return error;
    }
}
