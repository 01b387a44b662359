package repscorer.ranking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import repscorer.core.model.ModelFeature;

/**
 * Candidates that people saw: their features, NaN where one is missing, and whether the outcome came of it; in the order of time.
 *
 * @param values row by row
 * @param times in milliseconds since 1970; all alike where nothing tells
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record Impressions(List<ModelFeature> features, float[] values, boolean[] outcomes, long[] times) {

    int rows() {
        return outcomes.length;
    }

    int positives() {
        int count = 0;
        for (boolean outcome : outcomes) {
            count += outcome ? 1 : 0;
        }
        return count;
    }

    float value(int row, int feature) {
        return values[row * features.size() + feature];
    }

    void copyRow(int row, float[] into) {
        System.arraycopy(values, row * features.size(), into, 0, features.size());
    }

    /** Some of the features, in their order. */
    Impressions of(List<ModelFeature> some) {
        int[] places = some.stream().mapToInt(features::indexOf).toArray();
        float[] part = new float[rows() * places.length];
        for (int row = 0; row < rows(); row++) {
            for (int f = 0; f < places.length; f++) {
                part[row * places.length + f] = value(row, places[f]);
            }
        }
        return new Impressions(List.copyOf(some), part, outcomes, times);
    }

    private Impressions range(int from, int to) {
        int width = features.size();
        return new Impressions(
                features,
                Arrays.copyOfRange(values, from * width, to * width),
                Arrays.copyOfRange(outcomes, from, to),
                Arrays.copyOfRange(times, from, to));
    }

    /**
     * Three parts by time, the last ones the latest. Rows of one moment stay together, as those of one answer are.
     *
     * @throws IllegalArgumentException where a part has no row with the outcome or none without
     */
    Split split(double validation, double test) {
        int first = border((int) Math.round(rows() * (1 - validation - test)));
        int second = border((int) Math.round(rows() * (1 - test)));
        Split split = new Split(range(0, first), range(first, second), range(second, rows()));
        for (Impressions part : List.of(split.learnt, split.validation, split.test)) {
            if (part.positives() == 0 || part.positives() == part.rows()) {
                throw new IllegalArgumentException(
                        "each part needs rows with the outcome and without: %s of %s, %s of %s, %s of %s have it"
                                .formatted(
                                        split.learnt.positives(),
                                        split.learnt.rows(),
                                        split.validation.positives(),
                                        split.validation.rows(),
                                        split.test.positives(),
                                        split.test.rows()));
            }
        }
        return split;
    }

    private int border(int wanted) {
        int at = wanted;
        while (at > 0 && at < rows() && times[at] == times[at - 1] && times[0] != times[rows() - 1]) {
            at++;
        }
        return at;
    }

    /** @param learnt what weights are made of */
    record Split(Impressions learnt, Impressions validation, Impressions test) {}

    /** Gathers rows, in any order. Not for several threads. */
    static final class Builder {

        private final List<ModelFeature> features;
        private final List<float[]> rows = new ArrayList<>();
        private final List<Boolean> outcomes = new ArrayList<>();
        private final List<Long> times = new ArrayList<>();

        Builder(List<ModelFeature> features) {
            this.features = List.copyOf(features);
        }

        List<ModelFeature> features() {
            return features;
        }

        void add(float[] row, boolean outcome, long timeMillis) {
            rows.add(row);
            outcomes.add(outcome);
            times.add(timeMillis);
        }

        /** Rows of one moment stay in the order in which they came. */
        Impressions build() {
            int[] order = IntStream.range(0, rows.size())
                    .boxed()
                    .sorted(Comparator.comparing(times::get))
                    .mapToInt(Integer::intValue)
                    .toArray();
            int width = features.size();
            float[] values = new float[order.length * width];
            boolean[] labels = new boolean[order.length];
            long[] at = new long[order.length];
            for (int i = 0; i < order.length; i++) {
                System.arraycopy(rows.get(order[i]), 0, values, i * width, width);
                labels[i] = outcomes.get(order[i]);
                at[i] = times.get(order[i]);
            }
            return new Impressions(features, values, labels, at);
        }
    }
}
