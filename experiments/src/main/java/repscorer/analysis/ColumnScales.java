package repscorer.analysis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import repscorer.analysis.statistics.PairMoments;

/** Mean and spread of each column over a log, by which columns become comparable. Immutable once filled. */
final class ColumnScales {

    private final Map<String, PairMoments> columns = new TreeMap<>();
    private long rows;

    void add(Map<String, Double> row) {
        rows++;
        row.forEach((column, value) ->
                columns.computeIfAbsent(column, key -> new PairMoments()).add(0, value));
    }

    /** Columns that vary, by name. */
    List<String> names() {
        return columns.entrySet().stream()
                .filter(column -> column.getValue().varianceY() > 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Those of the columns that some rows lack. */
    List<String> lacked(Collection<String> names) {
        return names.stream().filter(name -> moments(name).count() < rows).toList();
    }

    double mean(String column) {
        return moments(column).meanY();
    }

    double deviation(String column) {
        return Math.sqrt(moments(column).varianceY());
    }

    /** Each column's distance from its mean in standard deviations, 0 where it is missing; then 1 for each that is and may be, else 0. */
    double[] features(Map<String, Double> row, List<String> names, List<String> lacked) {
        List<Double> features = new ArrayList<>();
        for (String name : names) {
            Double value = row.get(name);
            features.add(value == null ? 0 : (value - mean(name)) / deviation(name));
        }
        lacked.forEach(name -> features.add(row.containsKey(name) ? 0.0 : 1.0));
        return features.stream().mapToDouble(each -> each).toArray();
    }

    /** A weighted sum of what there is; what is missing shares out its weight. Empty weights of what there is make 0. */
    double blended(Map<String, Double> row, Map<String, Double> weights) {
        double sum = 0;
        double present = 0;
        double all = 0;
        for (Map.Entry<String, Double> weight : weights.entrySet()) {
            all += weight.getValue();
            Double value = row.get(weight.getKey());
            if (value != null) {
                present += weight.getValue();
                sum += weight.getValue() * (value - mean(weight.getKey())) / deviation(weight.getKey());
            }
        }
        return present == 0 ? 0 : sum * all / present;
    }

    private PairMoments moments(String column) {
        PairMoments moments = columns.get(column);
        if (moments == null) {
            throw new IllegalArgumentException(
                    "no candidate of the log has column '%s'; there are %s".formatted(column, columns.keySet()));
        }
        return moments;
    }
}
