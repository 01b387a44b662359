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
     *
     * Interleaving: the score is 1 / position, all of it contributed by the column that gave the candidate. A column of
     * weight 0 gives none, and a candidate that no column gives is not ranked.
     */

    private Blender() {}

    /**
     * Blends columns over {@code candidates} candidates: O(columns · n), or O(columns · n log n) with ranks.
     *
     * @param columns whose candidates are ordered by id, which breaks ties where lists are interleaved
     * @throws IllegalArgumentException when a column has another number of values
     */
    public static Blend blend(BlendRecipe recipe, List<Column> columns, int candidates) {
        check(columns, candidates);
        boolean exponentials = recipe instanceof BlendRecipe.Linear linear && linear.normalizer() == Normalizer.SOFTMAX;
        ColumnStatistics[] statistics = new ColumnStatistics[columns.size()];
        for (int c = 0; c < statistics.length; c++) {
            statistics[c] =
                    exponentials ? ColumnStatistics.of(columns.get(c)) : ColumnStatistics.moments(columns.get(c));
        }
        return blend(recipe, columns, candidates, statistics);
    }

    /**
     * Blends on the scales of another blend of the same columns, of fewer candidates: those keep the scores that they had
     * there. Otherwise as {@link #blend(BlendRecipe, List, int)}.
     */
    public static Blend blend(BlendRecipe recipe, List<Column> columns, int candidates, Blend scales) {
        check(columns, candidates);
        ColumnStatistics[] statistics = new ColumnStatistics[columns.size()];
        Arrays.setAll(statistics, scales::statistics);
        return blend(recipe, columns, candidates, statistics);
    }

    /** Blends on given scales, one a column. Otherwise as {@link #blend(BlendRecipe, List, int)}. */
    public static Blend blend(BlendRecipe recipe, List<Column> columns, int candidates, List<ColumnStatistics> scales) {
        check(columns, candidates);
        return blend(recipe, columns, candidates, scales.toArray(ColumnStatistics[]::new));
    }

    private static void check(List<Column> columns, int candidates) {
        for (Column column : columns) {
            if (column.values().length != candidates) {
                throw new IllegalArgumentException("a column has one value per candidate: %s for %s"
                        .formatted(column.values().length, candidates));
            }
        }
    }

    private static Blend blend(
            BlendRecipe recipe, List<Column> columns, int candidates, ColumnStatistics[] statistics) {
        return switch (recipe) {
            case BlendRecipe.Linear linear ->
                summed(
                        columns,
                        statistics,
                        candidates,
                        new Linear(linear.normalizer(), columns, statistics, all(columns)));
            case BlendRecipe.ReciprocalRank ranked ->
                summed(columns, statistics, candidates, new ByRank(ranked.rankConstant(), columns, ranks(columns)));
            case BlendRecipe.RoundRobin roundRobin ->
                interleaved(columns, statistics, candidates, new Interleaver(candidates).roundRobin(columns));
            case BlendRecipe.CountWeighted weighted ->
                interleaved(
                        columns,
                        statistics,
                        candidates,
                        new Interleaver(candidates)
                                .countWeighted(columns, weighted.shrinkage(), weighted.adjustmentsMax()));
        };
    }

    /** @param all the sum of all columns' weights */
    private record Linear(Normalizer normalizer, List<Column> columns, ColumnStatistics[] statistics, double all)
            implements Blend.Parts {

        @Override
        public double normalized(int column, int candidate) {
            return statistics[column].normalize(normalizer, columns.get(column).oriented(candidate));
        }

        @Override
        public double weight(int column, int candidate) {
            double present = 0;
            for (Column each : columns) {
                present += each.present(candidate) ? each.weight() : 0;
            }
            return columns.get(column).weight() * (present > 0 ? all / present : 1);
        }
    }

    private record ByRank(int rankConstant, List<Column> columns, int[][] ranks) implements Blend.Parts {

        @Override
        public double normalized(int column, int candidate) {
            return 1.0 / ((double) rankConstant + ranks[column][candidate]);
        }

        @Override
        public double weight(int column, int candidate) {
            return columns.get(column).weight();
        }

        @Override
        public int rank(int column, int candidate) {
            return ranks[column][candidate];
        }
    }

    /** @param givenBy the column that gave a candidate, by candidate */
    private record Interleaved(double[] scores, int[] givenBy, int[][] ranks) implements Blend.Parts {

        @Override
        public double normalized(int column, int candidate) {
            return givenBy[candidate] == column ? scores[candidate] : 0;
        }

        @Override
        public double weight(int column, int candidate) {
            return givenBy[candidate] == column ? 1 : 0;
        }

        @Override
        public int rank(int column, int candidate) {
            return ranks[column][candidate];
        }
    }

    private static Blend summed(
            List<Column> columns, ColumnStatistics[] statistics, int candidates, Blend.Parts parts) {
        double all = all(columns);
        double[] scores = new double[candidates];
        for (int i = 0; i < candidates; i++) {
            scores[i] = sum(columns, parts, all, i);
        }
        return new Blend(columns, statistics, scores, parts);
    }

    private static double all(List<Column> columns) {
        double all = 0;
        for (Column column : columns) {
            all += column.weight();
        }
        return all;
    }

    private static double sum(List<Column> columns, Blend.Parts parts, double all, int candidate) {
        double present = 0;
        boolean any = false;
        double score = 0;
        for (int c = 0; c < columns.size(); c++) {
            if (columns.get(c).present(candidate)) {
                present += columns.get(c).weight();
                any = true;
                score += parts.weight(c, candidate) * parts.normalized(c, candidate);
            }
        }
        return !any || (present == 0 && all > 0) ? Double.NaN : score;
    }

    private static Blend interleaved(
            List<Column> columns, ColumnStatistics[] statistics, int candidates, List<Interleaver.Given> given) {
        double[] scores = new double[candidates];
        Arrays.fill(scores, Double.NaN);
        int[] givenBy = new int[candidates];
        Arrays.fill(givenBy, -1);
        for (Interleaver.Given each : given) {
            scores[each.candidate()] = 1.0 / each.position();
            givenBy[each.candidate()] = each.column();
        }
        return new Blend(columns, statistics, scores, new Interleaved(scores, givenBy, ranks(columns)));
    }

    private static int[][] ranks(List<Column> columns) {
        return columns.stream().map(Blender::ranks).toArray(int[][]::new);
    }

    private static int[] ranks(Column column) {
        int n = column.values().length;
        double[] sorted = new double[n];
        int count = 0;
        for (int i = 0; i < n; i++) {
            if (column.present(i)) {
                sorted[count++] = -column.oriented(i);
            }
        }
        Arrays.sort(sorted, 0, count);
        int[] ranks = new int[n];
        for (int i = 0; i < n; i++) {
            ranks[i] = column.present(i) ? 1 + firstPlace(sorted, count, -column.oriented(i)) : 0;
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
}
