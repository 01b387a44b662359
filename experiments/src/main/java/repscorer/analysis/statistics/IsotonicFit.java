package repscorer.analysis.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The rising steps nearest to outcomes by least squares: pool adjacent violators. Cost O(n log n). Stateless. */
public final class IsotonicFit {

    /* Ayer, Brunk, Ewing, Reid, Silverman, Annals of Mathematical Statistics 26 (1955). Equal scores are one step. */

    private IsotonicFit() {}

    /**
     * One step.
     *
     * @param from its least score
     * @param to its greatest score
     * @param value the mean of its outcomes
     */
    public record Step(double from, double to, double value, double weight) {}

    /** One score with its outcome, such as 0 or 1. */
    public record Point(double score, double outcome) {}

    /** The steps, by score; values rise from each to the next. */
    public static List<Step> of(List<Point> points) {
        List<Point> sorted = new ArrayList<>(points);
        sorted.sort(Comparator.comparingDouble(Point::score));
        List<Step> steps = new ArrayList<>();
        for (int from = 0; from < sorted.size(); ) {
            double score = sorted.get(from).score();
            int to = from;
            double sum = 0;
            for (; to < sorted.size() && sorted.get(to).score() == score; to++) {
                sum += sorted.get(to).outcome();
            }
            Step step = new Step(score, score, sum / (to - from), to - from);
            while (!steps.isEmpty() && steps.getLast().value() >= step.value()) {
                step = pooled(steps.removeLast(), step);
            }
            steps.add(step);
            from = to;
        }
        return steps;
    }

    private static Step pooled(Step low, Step high) {
        double weight = low.weight() + high.weight();
        return new Step(
                low.from(), high.to(), (low.value() * low.weight() + high.value() * high.weight()) / weight, weight);
    }
}
