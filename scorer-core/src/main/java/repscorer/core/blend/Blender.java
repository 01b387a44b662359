package repscorer.core.blend;

import java.util.Arrays;
import java.util.List;

/** Makes one score of several columns. Stateless; safe for concurrent use. */
public final class Blender {

    /*
     * A column is turned first so that higher is closer: a distance d becomes -d, and its normalised value is that of -d.
     *
     * Linear: a candidate that lacks columns has the weights of the others scaled by W / P, with W the sum of all weights
     * and P the sum of those it has. So missing counts neither as zero nor as average. Where P is 0 and W is not, nothing
     * that counts is known of the candidate and it is not ranked. Where W is 0, every candidate with a column scores 0.
     *
     * Reciprocal rank: ranks from 1 by value within a column; equal values share the better rank, and the next one is as
     * much greater as there are equals (1, 2, 2, 4). So a rank depends on values alone, not on the candidates' order.
     */

    private Blender() {}

    /**
     * Blends columns over {@code candidates} candidates: O(columns · n), or O(columns · n log n) with ranks.
     *
     * @throws IllegalArgumentException when a column has another number of values
     */
    public static Blend blend(BlendRecipe recipe, List<Column> columns, int candidates) {
        return blend(recipe, columns, candidates, candidates);
    }

    /**
     * Blends columns whose scales are those of the first {@code counted} candidates alone: what comes after them moves no
     * score. Otherwise as {@link #blend(BlendRecipe, List, int)}.
     */
    public static Blend blend(BlendRecipe recipe, List<Column> columns, int candidates, int counted) {
        for (Column column : columns) {
            if (column.values().length != candidates) {
                throw new IllegalArgumentException("a column has one value per candidate: %d for %d"
                        .formatted(column.values().length, candidates));
            }
        }
        Blend blend = new Blend(columns.size(), candidates);
        for (int c = 0; c < columns.size(); c++) {
            switch (recipe) {
                case BlendRecipe.Linear linear -> {
                    blend.affines[c] = Affine.of(linear.normalizer(), columns.get(c), counted);
                    normalize(blend.affines[c], columns.get(c), blend.normalized[c]);
                }
                case BlendRecipe.ReciprocalRank ranked -> {
                    blend.ranks[c] = ranks(columns.get(c));
                    reciprocals(ranked.rankConstant(), blend.ranks[c], blend.normalized[c]);
                }
            }
        }
        boolean shared = recipe instanceof BlendRecipe.Linear;
        for (int i = 0; i < candidates; i++) {
            addUp(columns, shared, blend, i);
        }
        return blend;
    }

    private static void addUp(List<Column> columns, boolean shared, Blend blend, int candidate) {
        double all = 0;
        double present = 0;
        boolean any = false;
        for (Column column : columns) {
            all += column.weight();
            if (column.present(candidate)) {
                present += column.weight();
                any = true;
            }
        }
        if (!any || (present == 0 && all > 0)) {
            blend.scores[candidate] = Double.NaN;
            return;
        }
        double scale = shared && present > 0 ? all / present : 1;
        double score = 0;
        for (int c = 0; c < columns.size(); c++) {
            if (columns.get(c).present(candidate)) {
                double weight = columns.get(c).weight() * scale;
                double contribution = weight * blend.normalized[c][candidate];
                blend.weights[c][candidate] = weight;
                blend.contributions[c][candidate] = contribution;
                score += contribution;
            }
        }
        blend.scores[candidate] = score + 0.0;
    }

    private static void normalize(Affine affine, Column column, double[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = column.present(i) ? affine.of(column.oriented(i)) : Double.NaN;
        }
    }

    /**
     * A normaliser with its statistics in place: (x − origin) / unit + base, and base alone where the unit is 0.
     */
    public record Affine(double origin, double unit, double base) {

        /** Whether a normaliser is of this form. */
        public static boolean has(Normalizer normalizer) {
            return switch (normalizer) {
                case NONE, MIN_MAX, Z_SCORE -> true;
            };
        }

        static Affine of(Normalizer normalizer, Column column, int counted) {
            double min = Double.POSITIVE_INFINITY;
            double max = Double.NEGATIVE_INFINITY;
            double sum = 0;
            int count = 0;
            for (int i = 0; i < counted; i++) {
                if (column.present(i)) {
                    double x = column.oriented(i);
                    min = Math.min(min, x);
                    max = Math.max(max, x);
                    sum += x;
                    count++;
                }
            }
            double mean = count == 0 ? 0 : sum / count;
            return switch (normalizer) {
                case NONE -> new Affine(0, 1, 0);
                case MIN_MAX -> max > min ? new Affine(min, max - min, 0) : new Affine(0, 0, 1);
                case Z_SCORE -> new Affine(mean, min < max ? sigma(column, mean, count, counted) : 0, 0);
            };
        }

        double of(double x) {
            return unit > 0 ? (x - origin) / unit + base : base;
        }

        /** What the value on the common scale grows by with the raw one, at least 0. */
        public double slope() {
            return unit > 0 ? 1 / unit : 0;
        }

        /** The value on the common scale of a raw value of 0. */
        public double shift() {
            return unit > 0 ? base - origin / unit : base;
        }
    }

    private static double sigma(Column column, double mean, int count, int counted) {
        double squares = 0;
        for (int i = 0; i < counted; i++) {
            if (column.present(i)) {
                double difference = column.oriented(i) - mean;
                squares += difference * difference;
            }
        }
        return Math.sqrt(squares / count);
    }

    private static int[] ranks(Column column) {
        int n = column.values().length;
        double[] sorted = new double[n];
        int count = 0;
        for (int i = 0; i < n; i++) {
            if (column.present(i)) {
                sorted[count++] = -column.oriented(i) + 0.0;
            }
        }
        Arrays.sort(sorted, 0, count);
        int[] ranks = new int[n];
        for (int i = 0; i < n; i++) {
            ranks[i] = column.present(i) ? 1 + firstPlace(sorted, count, -column.oriented(i) + 0.0) : 0;
        }
        return ranks;
    }

    /** The first place of a value that is there. */
    private static int firstPlace(double[] sorted, int count, double value) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static void reciprocals(int rankConstant, int[] ranks, double[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = ranks[i] == 0 ? Double.NaN : 1.0 / ((double) rankConstant + ranks[i]);
        }
    }
}
