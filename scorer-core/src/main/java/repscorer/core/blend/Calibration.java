package repscorer.core.blend;

import java.util.List;

/**
 * Turns scores into probabilities: straight lines between points, level beyond the first and the last. Immutable; O(log points).
 *
 * @param points by score; probabilities never fall
 */
public record Calibration(List<Point> points) {

    public static final int POINTS_MAX = 1_000;

    /** @param probability of what it was fitted to, at this score */
    public record Point(double score, double probability) {}

    public Calibration {
        points = List.copyOf(points);
        if (points.isEmpty() || points.size() > POINTS_MAX) {
            throw new IllegalArgumentException(
                    "a calibration has 1 to %s points: %s".formatted(POINTS_MAX, points.size()));
        }
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            if (!(point.probability >= 0 && point.probability <= 1) || !Double.isFinite(point.score)) {
                throw new IllegalArgumentException("a point is a score and a probability of 0 to 1: %s, %s"
                        .formatted(point.score, point.probability));
            }
            if (i > 0
                    && (points.get(i - 1).score >= point.score || points.get(i - 1).probability > point.probability)) {
                throw new IllegalArgumentException("points must rise: %s, %s after %s, %s"
                        .formatted(
                                point.score,
                                point.probability,
                                points.get(i - 1).score,
                                points.get(i - 1).probability));
            }
        }
    }

    /** The probability at a score. */
    public double probability(double score) {
        int next = 0; // the first point whose score is greater
        for (int past = points.size(); next < past; ) {
            int middle = (next + past) >>> 1;
            if (points.get(middle).score <= score) {
                next = middle + 1;
            } else {
                past = middle;
            }
        }
        if (next == 0) {
            return points.getFirst().probability;
        }
        if (next == points.size()) {
            return points.getLast().probability;
        }
        Point low = points.get(next - 1);
        Point high = points.get(next);
        double part = (score - low.score) / (high.score - low.score);
        return low.probability + part * (high.probability - low.probability);
    }
}
