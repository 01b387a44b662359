package repscorer.guard;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What the control's last answers were like: how long they took, and their scores. What others are held to is made anew after every
 * {@value #MADE_EVERY}th, from the last {@value #KEPT}. Safe for concurrent use.
 */
public final class RecentAnswers {

    static final int KEPT = 512;
    static final int MADE_EVERY = 32;

    /** Before so many there is nothing to hold others to. */
    static final int LEAST = 64;

    private static final double TAIL = .05;

    /** By how much the middle of scores is wider than it was seen, in parts of its greater end: who are all alike may differ by little. */
    private static final double WIDER = .05;

    private final Last micros = new Last();
    private final Map<String, Last> scores = new HashMap<>();
    private volatile double medianMicros = Double.NaN;
    private volatile Map<String, Middle> middles = Map.of();

    /** Where most values lie. */
    private record Middle(double low, double high) {}

    private static final class Last {

        private final double[] values = new double[KEPT];
        private int count;

        void add(double value) {
            values[count++ % KEPT] = value;
        }

        double[] sorted() {
            double[] copy = Arrays.copyOf(values, Math.min(count, KEPT));
            Arrays.sort(copy);
            return copy;
        }
    }

    /**
     * Takes note of an answer of the control.
     *
     * @param of its scores, by what they are of
     */
    public synchronized void add(long tookMicros, Map<String, Double> of) {
        micros.add((double) tookMicros);
        of.forEach((name, score) ->
                scores.computeIfAbsent(name, each -> new Last()).add(score));
        if (micros.count >= LEAST && micros.count % MADE_EVERY == 0) {
            double[] times = micros.sorted();
            medianMicros = times[times.length / 2];
            Map<String, Middle> made = new HashMap<>();
            scores.forEach((name, last) -> {
                if (last.count >= LEAST) {
                    made.put(name, middle(last.sorted()));
                }
            });
            middles = Map.copyOf(made);
        }
    }

    private static Middle middle(double[] sorted) {
        double low = sorted[(int) (TAIL * sorted.length)];
        double high = sorted[(int) ((1 - TAIL) * sorted.length)];
        double wider = WIDER * Math.max(Math.abs(low), Math.abs(high));
        return new Middle(low - wider, high + wider);
    }

    /** Whether an answer took more than twice the median; of nothing before that is known. */
    public boolean isSlow(long tookMicros) {
        return tookMicros > 2 * medianMicros;
    }

    /** Whether any score lies outside the middle nine tenths of its like, a little widened; of nothing before those are known. */
    public boolean isUnusual(Map<String, Double> of) {
        Map<String, Middle> now = middles;
        for (Map.Entry<String, Double> each : of.entrySet()) {
            Middle middle = now.get(each.getKey());
            if (middle != null && (each.getValue() < middle.low || each.getValue() > middle.high)) {
                return true;
            }
        }
        return false;
    }
}
