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
        return blend(
                recipe,
                columns,
                candidates,
                columns.stream().map(ColumnStatistics::of).toArray(ColumnStatistics[]::new));
    }

    /**
     * Blends on the scales of another blend of the same columns, of fewer candidates: those keep the scores that they had
     * there. Otherwise as {@link #blend(BlendRecipe, List, int)}.
     */
    public static Blend blend(BlendRecipe recipe, List<Column> columns, int candidates, Blend scales) {
        check(columns, candidates);
        return blend(recipe, columns, candidates, scales.statistics);
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
        Blend blend = new Blend(columns.size(), candidates);
        System.arraycopy(statistics, 0, blend.statistics, 0, columns.size());
        switch (recipe) {
            case BlendRecipe.Linear linear -> linear(linear.normalizer(), columns, blend);
            case BlendRecipe.ReciprocalRank ranked -> reciprocalRank(ranked.rankConstant(), columns, blend);
            case BlendRecipe.RoundRobin roundRobin ->
                interleaved(new Interleaver(candidates).roundRobin(columns), columns, blend);
            case BlendRecipe.CountWeighted weighted ->
                interleaved(
                        new Interleaver(candidates)
                                .countWeighted(columns, weighted.shrinkage(), weighted.adjustmentsMax()),
                        columns,
                        blend);
        }
        return blend;
    }

    private static void linear(Normalizer normalizer, List<Column> columns, Blend blend) {
        for (int c = 0; c < columns.size(); c++) {
            Column column = columns.get(c);
            for (int i = 0; i < column.values().length; i++) {
                blend.normalized[c][i] =
                        column.present(i) ? blend.statistics[c].normalize(normalizer, column.oriented(i)) : Double.NaN;
            }
        }
        for (int i = 0; i < blend.scores.length; i++) {
            addUp(columns, true, blend, i);
        }
    }

    private static void reciprocalRank(int rankConstant, List<Column> columns, Blend blend) {
        for (int c = 0; c < columns.size(); c++) {
            int[] ranks = ranks(columns.get(c));
            blend.ranks[c] = ranks;
            for (int i = 0; i < ranks.length; i++) {
                blend.normalized[c][i] = ranks[i] == 0 ? Double.NaN : 1.0 / ((double) rankConstant + ranks[i]);
            }
        }
        for (int i = 0; i < blend.scores.length; i++) {
            addUp(columns, false, blend, i);
        }
    }

    private static void interleaved(List<Interleaver.Given> given, List<Column> columns, Blend blend) {
        Arrays.fill(blend.scores, Double.NaN);
        for (int c = 0; c < columns.size(); c++) {
            blend.ranks[c] = ranks(columns.get(c));
            for (int i = 0; i < blend.scores.length; i++) {
                blend.normalized[c][i] = columns.get(c).present(i) ? 0 : Double.NaN;
            }
        }
        for (Interleaver.Given each : given) {
            double score = 1.0 / each.position();
            blend.scores[each.candidate()] = score;
            blend.normalized[each.column()][each.candidate()] = score;
            blend.weights[each.column()][each.candidate()] = 1;
            blend.contributions[each.column()][each.candidate()] = score;
        }
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
        blend.scores[candidate] = score;
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
