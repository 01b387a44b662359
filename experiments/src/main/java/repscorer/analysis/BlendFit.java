package repscorer.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import repscorer.analysis.LoggedAnswers.Seen;
import repscorer.analysis.statistics.Interval;
import repscorer.analysis.statistics.LogisticFit;

/**
 * The blend that logged outcomes speak for. Immutable.
 *
 * @param rows candidates that people saw
 * @param outcomes how many of them have the outcome
 * @param weights of columns, by name
 * @param rank what twice the rank costs, in log-odds
 */
public record BlendFit(long rows, long outcomes, List<Weight> weights, Weight rank) {

    /*
     * Logistic regression of the outcome on columns, each by its distance from its mean in standard deviations, 0 where it is missing, with an
     * indicator for each column that some candidates lack, and on the binary logarithm of the rank: what stands higher is chosen for that too.
     */

    private static final String RANK = "rank";

    public BlendFit {
        weights = List.copyOf(weights);
    }

    /**
     * One column.
     *
     * @param logOdds for one standard deviation more
     * @param interval of 1 − alpha, by units
     * @param deviation the column's standard deviation over the log
     */
    public record Weight(String column, double logOdds, Interval interval, double deviation) {}

    /** @throws IllegalArgumentException where the log has no answer to it */
    public static BlendFit of(LoggedAnswers log, double alpha) {
        List<Seen> seen = log.seen();
        ColumnScales scales = log.scales();
        List<String> columns = scales.names();
        List<String> lacked = scales.lacked(columns);
        List<String> names = new ArrayList<>(columns);
        lacked.forEach(column -> names.add(column + " missing"));
        names.add(RANK);
        List<double[]> rows = new ArrayList<>();
        boolean[] outcomes = new boolean[seen.size()];
        String[] units = new String[seen.size()];
        long count = 0;
        for (int i = 0; i < outcomes.length; i++) {
            Seen each = seen.get(i);
            double[] features = scales.features(each.row().columns(), columns, lacked);
            double[] row = Arrays.copyOf(features, names.size());
            row[names.size() - 1] = Math.log(each.rank()) / Math.log(2);
            rows.add(row);
            outcomes[i] = each.row().reward() > 0;
            units[i] = each.unit();
            count += outcomes[i] ? 1 : 0;
        }
        LogisticFit fit = LogisticFit.of(names, rows, outcomes, units);
        List<Weight> weights = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
            weights.add(new Weight(
                    columns.get(c),
                    fit.coefficients()[c + 1],
                    fit.interval(c + 1, alpha),
                    scales.deviation(columns.get(c))));
        }
        int last = names.size();
        return new BlendFit(
                outcomes.length,
                count,
                weights,
                new Weight(RANK, fit.coefficients()[last], fit.interval(last, alpha), 1));
    }

    /** Weights that sum to 1, for a blend that brings columns to one spread; a column that speaks against outcomes has 0. */
    public Map<String, Double> overrides() {
        double sum = weights.stream()
                .mapToDouble(weight -> Math.max(0, weight.logOdds()))
                .sum();
        Map<String, Double> overrides = new TreeMap<>();
        for (Weight weight : weights) {
            double share = sum == 0 ? 0 : Math.max(0, weight.logOdds()) / sum;
            overrides.put("columns.%s.weight".formatted(weight.column()), Math.round(share * 1_000) / 1_000.0);
        }
        return overrides;
    }
}
