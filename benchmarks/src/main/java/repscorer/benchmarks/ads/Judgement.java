package repscorer.benchmarks.ads;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import repscorer.benchmarks.ads.AdImpressions.Impression;

/**
 * How true probabilities are that somebody told of impressions, with intervals of 95 % over users drawn again. Its figures share no code with
 * what learns.
 */
final class Judgement {

    private static final int DRAWS = 200;
    private static final int BINS = 10;

    private final double[] told;
    private final boolean[] clicked;
    private final int[] user; // a number for each
    private final int users;
    private final Integer[] descending;
    private final double base;

    /** @param base the probability that is told of everybody by who knows nothing */
    Judgement(List<Impression> impressions, ToDoubleFunction<Impression> telling, double base) {
        this.base = base;
        int n = impressions.size();
        told = new double[n];
        clicked = new boolean[n];
        user = new int[n];
        Map<Object, Integer> numbers = new HashMap<>();
        for (int i = 0; i < n; i++) {
            Impression each = impressions.get(i);
            told[i] = Math.clamp(telling.applyAsDouble(each), 1e-9, 1 - 1e-9);
            clicked[i] = each.clicked();
            user[i] = numbers.computeIfAbsent(each.user(), id -> numbers.size());
        }
        users = numbers.size();
        descending = IntStream.range(0, n).boxed().toArray(Integer[]::new);
        Arrays.sort(descending, Comparator.comparingDouble((Integer i) -> -told[i]));
    }

    /** A figure with half the length of its interval. */
    record Figure(double value, double half) {}

    /** The mean of −ln of what was told of what came. */
    double loss() {
        double[] once = new double[users];
        Arrays.fill(once, 1);
        return loss(once) / told.length;
    }

    private double loss(double[] times) {
        double loss = 0;
        for (int i = 0; i < told.length; i++) {
            loss -= times[user[i]] * Math.log(clicked[i] ? told[i] : 1 - told[i]);
        }
        return loss;
    }

    /** By how much less it costs than telling everybody the same, in percent of that. */
    Figure relativeCrossEntropy() {
        return figure(times -> {
            double plain = 0;
            for (int i = 0; i < told.length; i++) {
                plain -= times[user[i]] * Math.log(clicked[i] ? base : 1 - base);
            }
            return 100 * (1 - loss(times) / plain);
        });
    }

    /** The mean precision at the clicks. */
    Figure precisionRecallArea() {
        return figure(times -> {
            double seen = 0;
            double clicks = 0;
            double sum = 0;
            for (int i : descending) {
                seen += times[user[i]];
                if (clicked[i] && times[user[i]] > 0) {
                    clicks += times[user[i]];
                    sum += times[user[i]] * clicks / seen;
                }
            }
            return sum / clicks;
        });
    }

    /** The mean distance of what is told from what came, in ten bins of as many. */
    double calibrationError() {
        int n = told.length;
        double error = 0;
        for (int bin = 0; bin < BINS; bin++) {
            int from = bin * n / BINS;
            int to = (bin + 1) * n / BINS;
            double difference = 0;
            for (int i = from; i < to; i++) {
                difference += told[descending[i]] - (clicked[descending[i]] ? 1 : 0);
            }
            error += Math.abs(difference) / n;
        }
        return error;
    }

    private Figure figure(ToDoubleFunction<double[]> of) {
        double[] once = new double[users];
        Arrays.fill(once, 1);
        RandomGenerator random = new java.util.SplittableRandom(1);
        double[] drawn = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            double[] times = new double[users];
            for (int u = 0; u < users; u++) {
                times[random.nextInt(users)]++;
            }
            drawn[draw] = of.applyAsDouble(times);
        }
        Arrays.sort(drawn);
        return new Figure(of.applyAsDouble(once), (drawn[(int) (.975 * DRAWS)] - drawn[(int) (.025 * DRAWS)]) / 2);
    }
}
