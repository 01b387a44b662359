package repscorer.training.evaluate;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How well held-out edges were found.
 *
 * @param rows by relation, then method
 */
public record Evaluation(List<Row> rows) {

    /** Nothing was held out. */
    public static final Evaluation NONE = new Evaluation(List.of());

    public Evaluation {
        rows = List.copyOf(rows);
    }

    /**
     * One method on one relation.
     *
     * @param method popularity, twhin, simclusters or blend
     * @param users heads that were asked for
     * @param held edges of theirs that were held out
     * @param recall by k: the share of a head's held-out tails among its first k answers, averaged over heads
     * @param ndcg by k: Σ 1 / log2(rank + 1) over a head's held-out tails among its first k answers, as a share of the
     *     most that it could be, averaged over heads
     * @param mrr 1 / rank of the first held-out tail, 0 beyond the largest k, averaged over heads
     */
    public record Row(
            String relation,
            String method,
            int users,
            long held,
            Map<Integer, Double> recall,
            Map<Integer, Double> ndcg,
            double mrr) {

        public Row {
            recall = Collections.unmodifiableSortedMap(new TreeMap<>(recall));
            ndcg = Collections.unmodifiableSortedMap(new TreeMap<>(ndcg));
        }

        public double recall(int k) {
            return recall.getOrDefault(k, Double.NaN);
        }
    }

    /** The row of a method on a relation. */
    public Row row(String relation, String method) {
        return rows.stream()
                .filter(r -> r.relation().equals(relation) && r.method().equals(method))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not evaluated: %s on %s".formatted(method, relation)));
    }

    /** The rows as a table for people. */
    public String toTable() {
        StringBuilder table = new StringBuilder();
        String relation = "";
        for (Row row : rows) {
            if (!row.relation().equals(relation)) {
                relation = row.relation();
                table.append(String.format(
                        Locale.ROOT, "%s (%,d users, %,d edges held out)%n", relation, row.users(), row.held()));
                table.append(String.format(Locale.ROOT, "  %-12s", ""));
                row.recall().keySet().forEach(k -> table.append(String.format(Locale.ROOT, " %10s", "recall@" + k)));
                table.append(String.format(Locale.ROOT, " %8s%n", "MRR"));
            }
            table.append(String.format(Locale.ROOT, "  %-12s", row.method()));
            row.recall().values().forEach(r -> table.append(String.format(Locale.ROOT, " %10.4f", r)));
            table.append(String.format(Locale.ROOT, " %8.4f%n", row.mrr()));
        }
        return table.toString();
    }
}
